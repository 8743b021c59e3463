/** Sounds of the apps, made on the spot: warm notes, nothing to download, as loud as the person wants them. */

export interface Ringing {
  stop(): void;
}

/** Set from the person's comfort settings; 0 is silent, 1 is as loud as we go. */
export const soundSettings = { volume: 0.8, vibration: true };

const sounds = {
  /** Somebody calls: three rising notes that come again. */
  incoming: { notes: [523.25, 659.25, 783.99], gain: 0.28, everyMs: 2_800, vibration: [300, 150, 300] },
  /** It rings at the other's: one low, quiet note twice. */
  outgoing: { notes: [392, 392], gain: 0.09, everyMs: 2_800, vibration: [] },
  /** The balance runs low: two falling notes, once. */
  warning: { notes: [659.25, 523.25], gain: 0.22, everyMs: null, vibration: [200, 100, 200] },
  /** Somebody waits for an answer: two soft notes, once. */
  waiting: { notes: [587.33, 880], gain: 0.1, everyMs: null, vibration: [] },
  /** Both are connected: two notes up, once. */
  connected: { notes: [523.25, 783.99], gain: 0.12, everyMs: null, vibration: [] },
} as const;
export type SoundName = keyof typeof sounds;

/** Sounds until stopped (once where it does not come again). Where the browser lets no page make sound before a tap, the screen must do alone. */
export function ring(name: SoundName): Ringing {
  const { notes, gain: loudness, everyMs, vibration } = sounds[name];
  let context: AudioContext;
  try {
    context = new AudioContext();
  } catch {
    return { stop: () => undefined };
  }
  const play = (): void => {
    if (soundSettings.vibration && vibration.length > 0) navigator.vibrate?.([...vibration]);
    const loud = loudness * soundSettings.volume;
    if (context.state !== 'running' || loud <= 0) return;
    notes.forEach((frequency, index) => {
      const start = context.currentTime + index * 0.24;
      const tone = context.createOscillator();
      const gain = context.createGain();
      tone.frequency.value = frequency;
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(loud, start + 0.04);
      gain.gain.exponentialRampToValueAtTime(0.001, start + 0.9);
      tone.connect(gain).connect(context.destination);
      tone.start(start);
      tone.stop(start + 1);
    });
  };
  void context.resume().then(play, () => undefined);
  const timer = everyMs === null ? undefined : setInterval(play, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      if (vibration.length > 0) navigator.vibrate?.(0);
      // Stopped twice is stopped once.
      if (context.state !== 'closed') void context.close();
    },
  };
}
