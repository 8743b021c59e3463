/** Sees to the messages that have no place yet: of each sender the first, then the next (money.md, "Paid messages"). */
import type { UserId } from '../../worker/protocol/ids.ts';
import { retryPauseMs } from '../kit/alarms.ts';
import type { SettleOrder } from './core/orders.ts';
import type { Reply } from './core/state.ts';
import type { OpenIntent, RoomStore } from './store.ts';
import type { Tick } from './tick.ts';

export interface TillHost {
  readonly store: RoomStore;
  readonly tick: Tick;
  /** What becomes of it; null where nobody knows. Never throws. */
  outcomeOf(intent: OpenIntent): Promise<SettleOrder['outcome'] | null>;
  /** Nobody here waits for it any more: its sender's devices are to be told. */
  tell(intent: OpenIntent, reply: Reply): void;
  /** It gets no place. */
  dropped(intent: OpenIntent): void;
  /** Nothing of this sender is under way any more. */
  rested(): void;
  failed(what: string, thrown: unknown): void;
}

export class Till {
  readonly #host: TillHost;
  /** Who waits for a message, by sender and name. */
  readonly #waiting = new Map<string, ((reply: Reply) => void)[]>();
  /** Senders whose first message is being seen to. */
  readonly #underWay = new Map<UserId, Promise<void>>();

  constructor(host: TillHost) {
    this.#host = host;
  }

  /** Tells `answer` what becomes of a message, and sees to it. */
  wait(sender: UserId, clientId: string, answer: (reply: Reply) => void): void {
    const name = `${sender} ${clientId}`;
    this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), answer]);
    void this.see(sender);
  }

  /** Goes on with a sender's messages, as far as it can now. Never throws. */
  see(sender: UserId): Promise<void> {
    const underWay = this.#underWay.get(sender);
    if (underWay) return underWay;
    const work = this.#seeToAll(sender)
      .catch((thrown: unknown) => this.#host.failed('messages could not be paid', thrown))
      .finally(() => {
        this.#underWay.delete(sender);
        this.#host.rested();
      });
    this.#underWay.set(sender, work);
    return work;
  }

  isSeeingTo(sender: UserId): boolean {
    return this.#underWay.has(sender);
  }

  async #seeToAll(sender: UserId): Promise<void> {
    const { store, outcomeOf } = this.#host;
    for (;;) {
      const intent = store.firstIntents().find((first) => first.sender === sender);
      if (!intent || intent.dueAt > Date.now()) return;
      const outcome = await outcomeOf(intent);
      if (!outcome || !(await this.#settle(intent, outcome))) {
        store.postpone(intent, Date.now() + retryPauseMs(intent.tries + 1));
        return;
      }
    }
  }

  /** @returns false where it was not stored: the same is found again by the alarm */
  #settle(intent: OpenIntent, outcome: SettleOrder['outcome']): Promise<boolean> {
    return new Promise((resolve) =>
      this.#host.tick.queue({ type: 'settle', intent, outcome }, (reply) => {
        const stored = reply.is !== 'refused' || outcome.is === 'dropped';
        if (stored) this.#settled(intent, reply);
        resolve(stored);
      }),
    );
  }

  #settled(intent: OpenIntent, reply: Reply): void {
    const name = `${intent.sender} ${intent.clientId}`;
    const waiting = this.#waiting.get(name);
    this.#waiting.delete(name);
    if (reply.is === 'refused') this.#host.dropped(intent);
    if (!waiting) this.#host.tell(intent, reply);
    for (const answer of waiting ?? []) answer(reply);
  }
}
