/**
 * What the outside tells the Worker of payments: sent at once, or held until somebody lets it go, also late, twice and in
 * another order. Each is signed anew when it is sent, as the real ones sign a repeat anew.
 */
import { randomUUID } from 'node:crypto';

export type Teller = 'stripe' | 'adapty' | 'apple' | 'google' | 'apphud';

/** A request to the Worker's `/webhooks/:source`, ready to be sent. */
export interface Call {
  readonly source: Teller;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Delivery {
  readonly id: string;
  readonly source: Teller;
  /** What it tells, in the source's own word. */
  readonly what: string;
  /** Whose purchase or subscription it is about: an id in the shop's lists. */
  readonly about: string;
  /** When it happened, ms since the epoch. */
  readonly at: number;
  /** What the Worker answered, one for each time it was sent; 0: no answer. */
  readonly statuses: readonly number[];
}

type Kept = { -readonly [Key in keyof Delivery]: Delivery[Key] } & {
  statuses: number[];
  readonly sign: (now: number) => Call | Promise<Call>;
};

/** Sends a call; the status of the answer. */
export type Send = (call: Call) => Promise<number>;

/** As many as a desk and its tests need; the oldest go first. */
const KEPT = 5_000;

export class Deliveries {
  readonly #all: Kept[] = [];
  readonly #send: Send | null;
  /** True: nothing is sent by itself. */
  isHeld = false;

  /** @param send null: nobody listens, so that all is held and taken by `take` */
  constructor(send: Send | null) {
    this.#send = send;
  }

  /** Newest first. */
  list(): readonly Delivery[] {
    return this.#all.map(({ sign: _, ...delivery }) => delivery);
  }

  add(told: Pick<Delivery, 'source' | 'what' | 'about' | 'at'>, sign: Kept['sign']): void {
    const delivery: Kept = { ...told, id: randomUUID(), statuses: [], sign };
    this.#all.unshift(delivery);
    this.#all.length = Math.min(this.#all.length, KEPT);
    // After the answer to whoever made it happen: the real ones do not wait either.
    if (!this.isHeld && this.#send) setImmediate(() => void this.#deliver(delivery));
  }

  /** Sends one again, so many times. @returns false where there is none */
  async again(id: string, times: number): Promise<boolean> {
    const delivery = this.#all.find((each) => each.id === id);
    if (!delivery) return false;
    for (let n = 0; n < times; n++) await this.#deliver(delivery);
    return true;
  }

  /** Lets go what was never sent, in this order; from now on all is sent at once. */
  async release(order: 'as_made' | 'backwards' | 'shuffled', chance: () => number = Math.random): Promise<number> {
    this.isHeld = false;
    const waiting = this.#all.filter(({ statuses }) => statuses.length === 0);
    if (order !== 'backwards') waiting.reverse();
    if (order === 'shuffled') shuffle(waiting, chance);
    for (const delivery of waiting) await this.#deliver(delivery);
    return waiting.length;
  }

  /** The calls of what was never taken (about one thing), oldest first, signed for `now`; for tests, which hand them on themselves. */
  async take(now: number, about: string | null): Promise<Call[]> {
    const waiting = this.#all.filter((each) => each.statuses.length === 0 && (about === null || each.about === about)).reverse();
    for (const { statuses } of waiting) statuses.push(0);
    return Promise.all(waiting.map(({ sign }) => sign(now)));
  }

  async #deliver(delivery: Kept): Promise<void> {
    const call = await delivery.sign(Date.now());
    const status = (await this.#send?.(call).catch(() => 0)) ?? 0;
    delivery.statuses.push(status);
  }
}

function shuffle<Item>(items: Item[], chance: () => number): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(chance() * (last + 1));
    [items[last], items[other]] = [items[other] as Item, items[last] as Item];
  }
}
