/** Whom this person must not see, read again whenever it is older than a block may take to be felt. */
import type { UserId } from '../../worker/protocol/ids.ts';

/** A block closes or filters every open socket within two seconds (realtime.md). */
const FRESH_MS = 1_500;

export class HiddenPeople {
  readonly #read: (now: number) => Promise<ReadonlySet<UserId>>;
  #held: { readonly at: number; readonly people: Promise<ReadonlySet<UserId>> } | null = null;

  constructor(read: (now: number) => Promise<ReadonlySet<UserId>>) {
    this.#read = read;
  }

  /** @throws what the read throws; the next call reads again */
  async has(userId: UserId, now: number): Promise<boolean> {
    if (this.#held === null || Math.abs(now - this.#held.at) > FRESH_MS) this.#held = { at: now, people: this.#read(now) };
    const held = this.#held;
    try {
      return (await held.people).has(userId);
    } catch (thrown) {
      if (this.#held === held) this.#held = null;
      throw thrown;
    }
  }
}
