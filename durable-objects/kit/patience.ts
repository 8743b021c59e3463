/**
 * How much a socket (or whatever stands for somebody without one) may try our patience: frames a second, and bad frames in
 * a row. Kept in memory on purpose: an object
 * hibernates only when nobody has sent anything for a while, and by then all is forgiven anyway.
 */
import type { CloseReason } from '../../worker/protocol/errors.ts';
import { MAX_BAD_FRAMES } from '../../worker/protocol/sockets.ts';

export interface FrameBudget {
  /** Frames that may come at once. */
  readonly burst: number;
  /** Frames a second in the long run. */
  readonly perSecond: number;
}

interface Mood {
  tokens: number;
  at: number;
  bad: number;
  over: number;
}

export class Patience {
  readonly #present: () => FrameBudget;
  readonly #moods = new WeakMap<object, Mood>();

  /** @param budget or how to learn what it is at present */
  constructor(budget: FrameBudget | (() => FrameBudget)) {
    this.#present = typeof budget === 'function' ? budget : () => budget;
  }

  /** A frame came. `limited`: answer `rate_limited` and do nothing; a close reason: it went on regardless. */
  take(socket: object, now: number): 'fine' | 'limited' | CloseReason {
    const { burst, perSecond } = this.#present();
    const mood = this.#mood(socket, now);
    mood.tokens = Math.min(burst, mood.tokens + (Math.max(0, now - mood.at) / 1000) * perSecond);
    mood.at = now;
    if (mood.tokens >= 1) {
      mood.tokens -= 1;
      // Paid back one by one: a flood that lets a frame through now and then is a flood all the same.
      mood.over = Math.max(0, mood.over - 1);
      return 'fine';
    }
    mood.over += 1;
    return mood.over > burst ? 'rate_limited' : 'limited';
  }

  /** A frame was bad; true when it was one too many in a row. */
  bad(socket: object, now: number): boolean {
    const mood = this.#mood(socket, now);
    mood.bad += 1;
    return mood.bad >= MAX_BAD_FRAMES;
  }

  /** A frame was good. */
  good(socket: object, now: number): void {
    this.#mood(socket, now).bad = 0;
  }

  #mood(socket: object, now: number): Mood {
    const known = this.#moods.get(socket);
    if (known) return known;
    const fresh: Mood = { tokens: this.#present().burst, at: now, bad: 0, over: 0 };
    this.#moods.set(socket, fresh);
    return fresh;
  }
}
