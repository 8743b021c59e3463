/**
 * What arrives together is decided and written together. The platform makes every acknowledgement wait for the disk and
 * groups nothing by itself: so this is the one good use of a timer in an object. Who is alone need not wait for one.
 */
import { newId } from '../../worker/platform/ids.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import { decide } from './core/decide.ts';
import type { MarkOrder, Order } from './core/orders.ts';
import type { WireEvent } from './core/resuming.ts';
import type { Reply, Room, Step, Windows } from './core/state.ts';
import type { RoomStore } from './store.ts';

/** The rest of the object, as a tick sees it. */
export interface TickHost {
  readonly storage: DurableObjectStorage;
  readonly store: RoomStore;
  room(): Room | null;
  windows(): Windows;
  /** Inside the transaction: something was written. */
  writing(before: Room, after: Room, now: number): void;
  /** After it: the room as it is stored now, and what is new. */
  stored(room: Room): void;
  deliver(events: readonly WireEvent[], now: number): void;
  /** The transaction was undone as a whole. */
  undone(): void;
  failed(what: string, thrown: unknown): void;
}

/** What somebody is told whose order could not be seen to. */
export const askAgain = { is: 'refused', code: 'overloaded', detail: 'This can’t be done at the moment. Please try again.' } as const;

interface Job {
  readonly order: Order;
  readonly answer: (reply: Reply) => void;
}

export class Tick {
  readonly #host: TickHost;
  #group: Job[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Whether the last group was of several, and whether it is still on its way to the disk: then others come soon. */
  #several = false;
  #onItsWay = false;
  /** What people's devices have said in this tick of what they have and have seen. */
  readonly #marks = new Map<UserId, MarkOrder>();

  constructor(host: TickHost) {
    this.#host = host;
  }

  /** Takes an order into the group. */
  queue(order: Order, answer: (reply: Reply) => void): void {
    this.#group.push({ order, answer });
    this.#begin();
  }

  ask(order: Order): Promise<Reply> {
    return new Promise((resolve) => this.queue(order, resolve));
  }

  /** [RR3] Takes a watermark in; of several of one tick the highest counts. */
  mark(by: UserId, kind: 'delivered' | 'read', seq: number): void {
    const said = this.#marks.get(by) ?? { type: 'mark', by, delivered: 0, read: 0 };
    this.#marks.set(by, { ...said, [kind]: Math.max(said[kind], seq) });
    // Nobody waits for it: others may join.
    this.#timer ??= setTimeout(() => this.#flush(), 0);
  }

  /**
   * A timer costs more than a write: where one message at a time comes, each is written as it comes. What follows while
   * it is on its way to the disk makes a group.
   */
  #begin(): void {
    if (this.#timer !== null) return;
    if (this.#several || this.#onItsWay) this.#timer = setTimeout(() => this.#flush(), 0);
    else this.#flush();
  }

  #wrote(): void {
    this.#onItsWay = true;
    const done = (): void => {
      this.#onItsWay = false;
    };
    this.#host.storage.sync().then(done, done);
  }

  /** [RS3] One transaction, a savepoint each; then the answers, then one frame of events. */
  #flush(): void {
    const host = this.#host;
    this.#timer = null;
    const group = this.#group;
    for (const order of this.#marks.values()) group.push({ order, answer: () => {} });
    this.#group = [];
    this.#marks.clear();
    this.#several = group.length > 1;
    const before = host.room();
    if (!before) return;
    const now = Date.now();
    const events: WireEvent[] = [];
    let room = before;
    let replies: Reply[];
    try {
      replies = host.storage.transactionSync(() => {
        let wrote = false;
        const answers = group.map(({ order }): Reply => {
          const step = this.#step(room, order, events, now);
          room = step.room;
          wrote ||= step.writes.length > 0;
          return step.reply;
        });
        if (wrote) host.writing(before, room, now);
        return answers;
      });
      this.#wrote();
    } catch (thrown) {
      host.failed('a group of orders was not stored', thrown);
      host.undone();
      for (const job of group) job.answer(askAgain);
      return;
    }
    host.stored(room);
    group.forEach((job, at) => void job.answer(replies[at] ?? askAgain));
    host.deliver(events, now);
  }

  /** Decides and writes one order. One that can't be written fails alone, and leaves nothing. */
  #step(room: Room, order: Order, events: WireEvent[], now: number): Step {
    const { storage, store, failed } = this.#host;
    const had = events.length;
    try {
      const step = decide(room, store, order, this.#host.windows(), { now, messageId: () => newId('msg') });
      if (step.writes.length === 0) return step;
      storage.transactionSync(() => {
        for (const write of step.writes) {
          const event = store.write(write, now);
          if (event) events.push(event);
        }
      });
      return step;
    } catch (thrown) {
      failed(`an order was not stored: ${order.type}`, thrown);
      events.length = had;
      store.recall();
      return { room, writes: [], reply: { is: 'refused', code: 'internal', detail: 'This went wrong on our side.' } };
    }
  }
}
