/**
 * One measurement of a room: writers that keep so many messages on their way for a while, until each is answered and has
 * come to everybody. What was sent is counted, not what was finished: who starves is seen.
 */
import { percentile } from '../statistics.ts';

/** A socket that writes; `send` gives the message a number of its own among this socket's. */
export interface Voice {
  send(n: number): void;
}

/** What is told of the sockets while they are measured. */
export interface Hearing {
  /** The room has answered message `n` of a voice: it is acknowledged. */
  answered(voice: number, n: number): void;
  /** So many messages came to some socket, of whomever. */
  delivered(count: number): void;
  /** Something happened after which there is nothing to measure. */
  broken(why: string): void;
}

export interface Load {
  readonly inFlight: number;
  /** How long is written, ms. */
  readonly forMs: number;
  /** How many sockets each message must come to. */
  readonly audience: number;
}

export interface Measured {
  /** Messages a second, answered and come to everybody; from the first word to the last. */
  readonly perSecond: number;
  /** From sending to the answer, ms. */
  readonly p50: number;
  readonly p99: number;
  /** The longest that a message was without an answer, ms. */
  readonly oldest: number;
  /** Answers within the time of writing, of the voice with the fewest and of the one with the most. */
  readonly fewest: number;
  readonly most: number;
}

/** Longer than anything may take: a room that stands still is told, not waited for. */
const PATIENCE_MS = 60_000;

export class Meter implements Hearing {
  readonly #load: Load;
  readonly #voices: readonly Voice[];
  readonly #writing: readonly number[];
  readonly #sentAt: Map<number, number>[];
  readonly #next: number[];
  readonly #answers: number[];
  readonly #latencies: number[] = [];
  #sent = 0;
  #came = 0;
  #going = false;
  #over: (() => void) | null = null;
  #broken: string | null = null;

  /**
   * @param writing which of the voices write
   * @param numbers the next number of each voice: a name is never used twice in a room
   */
  constructor(voices: readonly Voice[], writing: readonly number[], load: Load, numbers: number[]) {
    this.#voices = voices;
    this.#writing = writing;
    this.#load = load;
    this.#next = numbers;
    this.#sentAt = voices.map(() => new Map());
    this.#answers = voices.map(() => 0);
  }

  async run(): Promise<Measured> {
    const began = performance.now();
    this.#going = true;
    const over = new Promise<void>((resolve) => {
      this.#over = resolve;
    });
    for (const voice of this.#writing) for (let n = 0; n < this.#load.inFlight; n++) this.#send(voice);
    const stop = setTimeout(() => {
      this.#going = false;
      this.#look();
    }, this.#load.forMs);
    const patience = setTimeout(() => this.#over?.(), PATIENCE_MS);
    await over;
    clearTimeout(stop);
    clearTimeout(patience);
    const now = performance.now();
    // What was never answered is as old as it is now.
    const open = this.#sentAt.flatMap((sent) => [...sent.values()].map((at) => now - at));
    if (this.#broken !== null) throw new Error(this.#broken);
    if (this.#came < this.#sent * this.#load.audience)
      throw new Error(`${this.#sent} messages, ${open.length} unanswered, ${this.#came} of ${this.#sent * this.#load.audience} deliveries`);
    const answers = this.#writing.map((voice) => this.#answers[voice] ?? 0);
    return {
      perSecond: (this.#sent * 1_000) / (now - began),
      p50: percentile(this.#latencies, 0.5),
      p99: percentile(this.#latencies, 0.99),
      oldest: this.#latencies.reduce((most, each) => Math.max(most, each), 0),
      fewest: Math.min(...answers),
      most: Math.max(...answers),
    };
  }

  answered(voice: number, n: number): void {
    const at = this.#sentAt[voice]?.get(n);
    if (at === undefined) return;
    this.#sentAt[voice]?.delete(n);
    this.#latencies.push(performance.now() - at);
    if (this.#going) {
      this.#answers[voice] = (this.#answers[voice] ?? 0) + 1;
      this.#send(voice);
    } else this.#look();
  }

  delivered(count: number): void {
    this.#came += count;
    if (!this.#going) this.#look();
  }

  broken(why: string): void {
    this.#broken ??= why;
    this.#over?.();
  }

  #send(voice: number): void {
    const n = this.#next[voice] ?? 0;
    this.#next[voice] = n + 1;
    this.#sent += 1;
    this.#sentAt[voice]?.set(n, performance.now());
    this.#voices[voice]?.send(n);
  }

  #look(): void {
    if (!this.#going && this.#latencies.length === this.#sent && this.#came >= this.#sent * this.#load.audience) this.#over?.();
  }
}
