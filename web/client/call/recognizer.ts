/**
 * The browser's own recogniser, on the device alone: it is used only where `SpeechRecognition.available` promises that
 * nothing of the voice leaves the device, and it is told so again before it starts.
 */
import type { Line } from './captions.ts';

export interface Recognizer {
  ability(lang: string): Promise<'able' | 'unable' | 'fetchable'>;
  /** Fetches what the device needs for a language; false where that fails. */
  fetch(lang: string): Promise<boolean>;
  /** Writes what the track says until the answer is called; `onBroken` where it can't go on. */
  listen(lang: string, track: MediaStreamTrack, on: { heard: (line: Line) => void; broken: () => void }): () => void;
}

interface Result {
  readonly isFinal: boolean;
  readonly [index: number]: { readonly transcript: string };
}

interface Recognition {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  processLocally: boolean;
  onresult: ((event: { resultIndex: number; results: ArrayLike<Result> }) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
  start(track?: MediaStreamTrack): void;
  abort(): void;
}

interface LocalOnly {
  readonly langs: readonly string[];
  readonly processLocally: true;
}

interface RecognitionClass {
  new (): Recognition;
  available?: (options: LocalOnly) => Promise<'unavailable' | 'downloadable' | 'downloading' | 'available'>;
  install?: (options: LocalOnly) => Promise<boolean>;
}

/** A recogniser ends by itself after a silence; it is begun again after so long, ms. */
const AGAIN_MS = 250;
/** Endings in a row without a word between them, each within a second of its start: it doesn't work here. */
const MOST_FAILURES = 5;
const passing = new Set(['no-speech', 'aborted', 'network']);

/** Null where the browser has none, or none that promises to stay on the device. */
export function browserRecognizer(): Recognizer | null {
  const { SpeechRecognition: Class } = globalThis as { SpeechRecognition?: RecognitionClass };
  if (!Class?.available) return null;
  const local = (lang: string): LocalOnly => ({ langs: [lang], processLocally: true });
  return {
    ability: async (lang) => {
      try {
        const told = await Class.available?.(local(lang));
        if (told === 'available') return 'able';
        return (told === 'downloadable' || told === 'downloading') && Class.install ? 'fetchable' : 'unable';
      } catch {
        return 'unable';
      }
    },
    fetch: async (lang) => {
      try {
        return (await Class.install?.(local(lang))) === true;
      } catch {
        return false;
      }
    },
    listen: (lang, track, { heard, broken }) => {
      let stopped = false;
      let failures = 0;
      let first = 0;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let running: Recognition | null = null;
      const giveUp = (): void => {
        if (stopped) return;
        stopped = true;
        broken();
      };
      const begin = (): void => {
        if (stopped) return;
        const began = performance.now();
        const recognition = new Class();
        running = recognition;
        let count = 0;
        Object.assign(recognition, { lang, continuous: true, interimResults: true, processLocally: true });
        recognition.onresult = ({ resultIndex, results }) => {
          if (stopped) return;
          failures = 0;
          for (let index = resultIndex; index < results.length; index++) {
            const result = results[index];
            if (result?.[0]) heard({ n: first + index, text: result[0].transcript, final: result.isFinal });
          }
          count = results.length;
        };
        recognition.onerror = ({ error }) => {
          if (!passing.has(error)) giveUp();
        };
        recognition.onend = () => {
          first += count;
          failures = performance.now() - began < 1_000 ? failures + 1 : 0;
          if (failures >= MOST_FAILURES) giveUp();
          else if (!stopped) timer = setTimeout(begin, AGAIN_MS);
        };
        try {
          recognition.start(track);
        } catch {
          giveUp();
        }
      };
      begin();
      return () => {
        stopped = true;
        clearTimeout(timer);
        running?.abort();
      };
    },
  };
}
