/** Tells others what they must know: at once, and again by the alarm when that fails or the process dies. */
import type { NamedAlarms } from '../kit/alarms.ts';
import { type Delivery, Outbox } from '../kit/outbox.ts';
import type { Matter } from './outward.ts';

/** When the alarm looks after what was begun, and the shortest pause between two of its looks, ms. */
const LOOK_AFTER_MS = 1_000;
/** With pauses of at most a minute: most of a day. */
const MAX_TRIES = 1_000;

export class Telling {
  readonly #state: DurableObjectState;
  readonly #alarms: Pick<NamedAlarms<'outbox'>, 'set' | 'setAtLatest' | 'clear'>;
  readonly #outbox: Outbox<Matter>;
  readonly #deliver: (matter: Matter) => Promise<Delivery>;

  /** @param failed told of every delivery that threw */
  constructor(
    state: DurableObjectState,
    alarms: Pick<NamedAlarms<'outbox'>, 'set' | 'setAtLatest' | 'clear'>,
    deliver: (matter: Matter) => Promise<Delivery>,
    failed: (matter: Matter, thrown: unknown) => void,
  ) {
    this.#state = state;
    this.#alarms = alarms;
    this.#deliver = deliver;
    this.#outbox = new Outbox<Matter>(state.storage, ({ body }, thrown) => failed(body, thrown), { maxTries: MAX_TRIES });
  }

  /** Puts a matter into the outbox (once, while it is inside) and begins to tell it. */
  tell(matter: Matter): void {
    const now = Date.now();
    this.#outbox.put(entityOf(matter), matter, now, keyOf(matter));
    this.#alarms.setAtLatest('outbox', now + LOOK_AFTER_MS);
    this.#state.waitUntil(this.drain());
  }

  async drain(): Promise<void> {
    await this.#outbox.drain(Date.now, ({ body }) => this.#deliver(body));
    const next = this.#outbox.nextAt();
    if (next === null) this.#alarms.clear('outbox');
    else this.#alarms.set('outbox', Math.max(next, Date.now() + LOOK_AFTER_MS));
  }
}

/** Matters of one call, conversation or notification go in order; the others stand for themselves. */
const entityOf = (matter: Matter): string =>
  'id' in matter ? matter.id : 'callId' in matter ? matter.callId : 'chatId' in matter ? matter.chatId : matter.kind;

/** Entries with one key are one matter: it is in the outbox once. */
function keyOf(matter: Matter): string {
  if (matter.kind === 'close') return `close:${matter.callId}:${matter.sessionId ?? '*'}`;
  if (matter.kind === 'closeChat') return `closeChat:${matter.chatId}:${matter.sessionId ?? '*'}`;
  if (matter.kind === 'climb') return `climb:${matter.id}:${matter.rung}`;
  if (matter.kind === 'call_over') return `call_over:${matter.id}`;
  return matter.kind === 'ask' ? `ask:${matter.callId}` : matter.kind;
}
