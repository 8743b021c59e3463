/** Plays a voice note: one large button, where it stands, and how fast. Fetched when it is first played. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clock } from '../format.ts';
import { ChatIcon } from './icons.tsx';

const KEPT = 'hearthline.voiceSpeed';
const speeds = [
  [0.75, 'chat.speed0'],
  [1, 'chat.speed1'],
  [1.25, 'chat.speed2'],
  [1.5, 'chat.speed3'],
  [2, 'chat.speed4'],
] as const;

/** As this device was left; anything else is normal. */
const keptSpeed = (): number => speeds.find(([speed]) => String(speed) === localStorage.getItem(KEPT))?.[0] ?? 1;

export interface VoicePlayerProps {
  readonly src: string;
  /** Null where only the bytes know, once they are here. */
  readonly durationMs: number | null;
  readonly label: string;
  readonly onError?: () => void;
}

export function VoicePlayer({ src, durationMs, label, onError }: VoicePlayerProps) {
  const { t } = useTranslation();
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [at, setAt] = useState(0);
  const [found, setFound] = useState<number | null>(null);
  const [speed, setSpeed] = useState(keptSpeed);
  const seconds = durationMs === null ? (found ?? 0) : durationMs / 1000;

  // What is played has the chosen speed also after its bytes were fetched anew.
  useEffect(() => {
    if (audio.current) audio.current.playbackRate = speed;
  }, [speed]);
  // A new address after a failure goes on where somebody pressed the button.
  const wanted = useRef(false);
  useEffect(() => {
    if (wanted.current) void audio.current?.play().catch(() => undefined);
  }, [src]);

  function toggle(): void {
    const element = audio.current;
    if (!element) return;
    wanted.current = element.paused;
    if (element.paused) void element.play().catch(() => undefined);
    else element.pause();
  }

  return (
    <fieldset className="voice" aria-label={label}>
      {/* biome-ignore lint/a11y/useMediaCaption: the words stand below where somebody wrote them */}
      <audio
        ref={audio}
        src={src}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => {
          wanted.current = false;
          setAt(0);
        }}
        onLoadedMetadata={({ currentTarget }) => {
          currentTarget.playbackRate = speed;
          if (Number.isFinite(currentTarget.duration)) setFound(currentTarget.duration);
        }}
        onTimeUpdate={({ currentTarget }) => setAt(currentTarget.currentTime)}
        onError={onError}
      />
      <button type="button" className="voice-go" onClick={toggle}>
        <ChatIcon name={playing ? 'pause' : 'play'} size={30} />
        {t(playing ? 'chat.pause' : 'chat.play')}
      </button>
      <div className="voice-line">
        <input
          type="range"
          aria-label={t('chat.position')}
          aria-valuetext={clock(at * 1000)}
          min={0}
          max={Math.max(1, Math.ceil(seconds))}
          step={1}
          value={Math.min(at, Math.max(1, Math.ceil(seconds)))}
          onChange={({ currentTarget }) => {
            setAt(Number(currentTarget.value));
            if (audio.current && audio.current.readyState > 0) audio.current.currentTime = Number(currentTarget.value);
          }}
        />
        <span className="number" data-testid="voice-time">
          {clock(at * 1000)}
          {seconds > 0 && ` / ${clock(seconds * 1000)}`}
        </span>
      </div>
      <label className="voice-speed">
        {t('chat.speed')}
        <select
          value={String(speed)}
          onChange={({ currentTarget }) => {
            setSpeed(Number(currentTarget.value));
            localStorage.setItem(KEPT, currentTarget.value);
          }}
        >
          {speeds.map(([value, words]) => (
            <option key={value} value={String(value)}>
              {t(words)}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}
