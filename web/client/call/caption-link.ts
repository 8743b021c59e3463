/** Captions of a running call: carries out what `captions.ts` decides, over the way that the media client opened. */
import * as z from 'zod/mini';
import type { Clock } from '../clock.ts';
import { parseJson } from '../hub.ts';
import { Store } from '../store.ts';
import { type CaptionEffect, type CaptionEvent, type CaptionState, captionMessage, captionStep, noCaptions } from './captions.ts';
import { browserRecognizer, type Recognizer } from './recognizer.ts';

/** Without a word of the other's device for so long, it can't write, ms: it is another program, or an older one. */
export const ANSWER_MS = 8_000;

export interface CaptionLinkOptions {
  readonly clock: Clock;
  readonly send: (text: string) => void;
  /** Null: this device can't write. The browser's own unless a test brings another. */
  readonly recognizer?: Recognizer | null;
}

export class CaptionLink {
  readonly state = new Store<CaptionState>(noCaptions);
  readonly #options: CaptionLinkOptions;
  readonly #recognizer: Recognizer | null;
  #track: MediaStreamTrack | null = null;
  #stopListening: (() => void) | null = null;
  #stopWaiting: (() => void) | null = null;
  #over = false;
  /** Lines are counted over all the recognisers of this page, which each begin at nought. */
  #first = 0;
  #last = 0;

  constructor(options: CaptionLinkOptions) {
    this.#options = options;
    this.#recognizer = options.recognizer === undefined ? browserRecognizer() : options.recognizer;
  }

  /** What this person reads (null: captions are off) and speaks, as language tags, the dearest first. */
  prefer(reads: readonly string[] | null, speaks: readonly string[]): void {
    this.#do({ type: 'preferred', reads, speaks });
    this.#awaitAnswer();
  }

  opened(open: boolean): void {
    this.#do({ type: open ? 'opened' : 'closed' });
    this.#awaitAnswer();
  }

  told(text: string): void {
    const parsed = z.safeParse(captionMessage, parseJson(text));
    if (parsed.success) this.#do({ type: 'told', message: parsed.data });
  }

  /** The microphone's track while the call is active and it is not muted; null otherwise. */
  speaking(track: MediaStreamTrack | null): void {
    if (track === this.#track) return;
    this.#do({ type: 'live', live: false });
    this.#track = track;
    if (track) {
      this.#do({ type: 'live', live: true });
      this.#awaitAnswer();
    }
  }

  /** The person allows to fetch the language. */
  fetch(): void {
    this.#do({ type: 'fetch' });
  }

  leave(): void {
    this.#do({ type: 'closed' });
    this.#over = true;
    this.#stopWaiting?.();
  }

  #awaitAnswer(): void {
    this.#stopWaiting?.();
    const { reads, theirs, live } = this.state.get();
    if (reads !== null && theirs === 'unknown' && live)
      this.#stopWaiting = this.#options.clock.after(ANSWER_MS, () => this.#do({ type: 'waited' }));
  }

  #do(event: CaptionEvent): void {
    if (this.#over) return;
    const { state, effects } = captionStep(this.state.get(), event);
    this.state.set(state);
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: CaptionEffect): void {
    if (effect.type === 'send') this.#options.send(JSON.stringify(effect.message));
    else if (effect.type === 'ask') void this.#ability(effect.lang);
    else if (effect.type === 'fetch') void this.#fetch(effect.lang);
    else if (effect.type === 'listen') this.#listen(effect.lang);
    else {
      this.#stopListening?.();
      this.#stopListening = null;
    }
  }

  #listen(lang: string): void {
    if (!this.#recognizer || !this.#track) return;
    this.#first = this.#last;
    this.#stopListening = this.#recognizer.listen(lang, this.#track, {
      heard: (line) => {
        const n = this.#first + line.n;
        this.#last = Math.max(this.#last, n + 1);
        this.#do({ type: 'heard', line: { ...line, n } });
      },
      broken: () => this.#do({ type: 'broken' }),
    });
  }

  async #ability(lang: string): Promise<void> {
    const mine = (await this.#recognizer?.ability(lang)) ?? 'unable';
    this.#do({ type: 'ability', lang, mine });
  }

  async #fetch(lang: string): Promise<void> {
    const fetched = await this.#recognizer?.fetch(lang);
    if (fetched) return this.#ability(lang);
    this.#do({ type: 'ability', lang, mine: 'unable' });
  }
}
