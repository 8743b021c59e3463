/**
 * For tests: plays a call without a platform. Two devices ping, a ledger with one balance answers, alarms fire when the
 * record asks for them. Time is an argument everywhere.
 */
import { goldenTariff } from '../../../worker/domains/billing/golden-tariff.ts';
import type { ChargeOrder, PostedCheckpoint } from '../../../worker/domains/pricing/port.ts';
import type { CallLimits, PlaceOrder } from '../../../worker/platform/stubs.ts';
import type { CallParty } from '../../../worker/protocol/call/call.ts';
import type { CallDown } from '../../../worker/protocol/call/down.ts';
import type { Tariff } from '../../../worker/protocol/http/tariffs.ts';
import { begin, decide, nextWake } from './decide.ts';
import type { Effect } from './effects.ts';
import type { CallEvent } from './events.ts';
import { nextAtOf } from './money.ts';
import { type CallRecord, isOver, sides } from './state.ts';
import type { Answer } from './step.ts';

export const T = 1_800_000_000_000;
const id = <P extends string>(prefix: P, last: string) => `${prefix}_01hzzzzzzzzzzzzzzzzzzzzzz${last}` as const;

export const limits: CallLimits = {
  ringMs: 30_000,
  connectMs: 20_000,
  heartbeatMs: 5_000,
  deadMs: 15_000,
  reconnectMs: 30_000,
  soloMs: 60_000,
  frozenMs: 90_000,
  maxSeconds: 28_800,
  resumeMs: 120_000,
};

/** The golden example of money.md. */
export const golden: Tariff = {
  id: id('tar', 'g'),
  lineId: id('tar', 'g'),
  version: 1,
  state: 'published',
  ...goldenTariff,
  createdAt: new Date(T).toISOString(),
  publishedAt: new Date(T).toISOString(),
  effectiveAt: new Date(T).toISOString(),
};

const person = (last: string, role: 'member' | 'companion') => ({
  id: id('usr', last),
  displayName: last,
  portrait: null,
  role,
  ledgerShard: 0,
});

/** Ada, a member, rings Grace, a companion. */
export const order = (change: Partial<PlaceOrder> = {}): PlaceOrder => ({
  callId: id('call', 'c'),
  caller: person('a', 'member'),
  callee: person('g', 'companion'),
  payer: 'caller',
  media: 'video',
  kind: 'direct',
  now: T,
  sessionId: id('ses', 'a'),
  resumes: null,
  carried: null,
  tariff: golden,
  quote: { tariffId: golden.id, unit: 'COIN', firstAmount: 9, then: null, checkpoints: [], secondsAffordable: null },
  payerVersion: 'tokens',
  means: { seconds: 0, amount: 500 },
  limits,
  ...change,
});

export const calleePhone = id('ses', 'g');
export const calleeTablet = id('ses', 'h');

export class Rehearsal {
  record: CallRecord;
  now: number;
  /** Everything decided so far. */
  readonly effects: Effect[] = [];
  readonly pings: Record<CallParty, number | null> = { caller: null, callee: null };
  /** Who pings. */
  readonly awake: Record<CallParty, boolean> = { caller: true, callee: true };
  coins: number;
  earned = 0;
  /** False: they ping by the heartbeat alone. */
  provesWhenAsked = true;
  /** How often the object woke by itself. */
  wakes = 0;
  house = 0;
  ledger: 'up' | 'down' = 'up';
  /** Grace the ledger still gives. */
  graceLeft = 3;
  #unanswered: ChargeOrder[] = [];
  readonly #posted = new Map<string, Extract<CallEvent, { type: 'charge.posted' }>>();

  constructor(change: Partial<PlaceOrder> = {}) {
    const placing = order(change);
    const first = begin(placing);
    this.record = first.state;
    this.now = placing.now;
    this.coins = placing.means.amount;
    this.effects.push(...first.effects);
  }

  do(event: CallEvent): Answer {
    const decision = decide(this.record, event, this.now);
    this.record = decision.state;
    this.effects.push(...decision.effects);
    for (const effect of decision.effects) if (effect.kind === 'charge') this.#unanswered.push(effect.order);
    this.answer();
    return decision.answer;
  }

  /** Lets the ledger answer what it was asked. */
  answer(): void {
    const orders = this.#unanswered;
    this.#unanswered = [];
    for (const each of orders) {
      if (this.ledger === 'down') {
        this.#unanswered.push(each);
        const { pending } = this.record.money;
        if (pending?.unknowns === 0) this.do({ type: 'charge.unknown', atSeconds: each.atSeconds });
      } else {
        this.do(this.#post(each));
      }
    }
  }

  #post(each: ChargeOrder): CallEvent {
    const key = `${each.callId}:${each.atSeconds}`;
    const known = this.#posted.get(key);
    if (known) return known;
    const { payerCheckpoint: payer, payeeCheckpoint: payee, atSeconds } = each;
    const items: PostedCheckpoint[] = [];
    const line = { atSeconds, postingId: 'pst_x' as const, at: this.now };
    if (payer) {
      const paidBy = payer.amount <= this.coins ? 'coins' : each.outage ? 'outage' : each.grace && this.graceLeft > 0 ? 'grace' : null;
      if (paidBy === null) return { type: 'charge.refused', atSeconds, outage: each.outage };
      const had = paidBy === 'coins' ? this.coins : null;
      if (paidBy === 'coins') this.coins -= payer.amount;
      else this.house += payer.amount;
      if (paidBy === 'grace') this.graceLeft--;
      const { n, unit, amount } = payer;
      const took = paidBy === 'coins' ? { unit, amount } : null;
      items.push({ ...line, party: 'payer', n, unit, amount, paidBy, took, had, balance: this.coins });
    }
    if (payee) {
      this.earned += payee.amount;
      const { n, unit, amount } = payee;
      items.push({ ...line, party: 'payee', n, unit, amount, paidBy: 'house', took: null, had: null, balance: this.earned });
    }
    const event = { type: 'charge.posted', atSeconds, items } as const;
    this.#posted.set(key, event);
    return event;
  }

  /** An alarm: the object reads the platform's last pings and decides. */
  wake(): this {
    this.wakes++;
    this.do({ type: 'tick', proofs: { ...this.pings } });
    return this;
  }

  /** Up to the moment both have media. */
  connect(): this {
    this.do({ type: 'locks.taken' });
    this.do({ type: 'accept', party: 'callee', sessionId: calleePhone });
    for (const party of sides) this.open(party);
    return this;
  }

  /** A device opens its socket and reports media. */
  open(party: CallParty): void {
    this.do({ type: 'socket.opened', party });
    this.pings[party] = this.now;
    this.do({ type: 'media.connected', party });
  }

  /** Time passes: devices ping every heartbeat and at the next checkpoint, alarms fire on time (`late` ms late). */
  pass(ms: number, late = 0): this {
    const end = this.now + ms;
    const beat = this.record.limits.heartbeatMs;
    while (this.now < end) {
      const wake = nextWake(this.record, this.now);
      const asked = this.provesWhenAsked ? Date.parse(nextAtOf(this.record) ?? '') : Number.NaN;
      const extra = asked || Number.POSITIVE_INFINITY;
      const nextBeat = T + (Math.floor((this.now - T) / beat) + 1) * beat;
      const next = Math.min(end, nextBeat, extra > this.now ? extra : end, wake === null ? end : Math.max(wake + late, this.now + 1));
      this.now = next;
      if (next === nextBeat || next === extra) for (const party of sides) if (this.awake[party]) this.pings[party] = next;
      if (wake !== null && next >= wake + late) this.wake();
    }
    return this;
  }

  /** Hangs up; whoever is awake was heard at that very moment. */
  hangUp(party: CallParty = 'caller'): this {
    for (const each of sides) if (this.awake[each] || each === party) this.pings[each] = this.now;
    this.do({ type: 'hangup', party, proofs: { ...this.pings } });
    return this;
  }

  /** Lines of the receipt: `payer:2 60 coins`. */
  get lines(): string[] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'line' ? [`${effect.line.party}:${effect.line.n} ${effect.line.amount} ${effect.line.paidBy}`] : [],
    );
  }

  /** Frames of one type sent to a party. */
  frames<K extends CallDown['type']>(to: CallParty, type: K): Extract<CallDown, { type: K }>[] {
    return this.effects.flatMap((effect) =>
      effect.kind === 'send' && effect.to === to && effect.frame.type === type ? [effect.frame as Extract<CallDown, { type: K }>] : [],
    );
  }

  has(kind: Effect['kind']): boolean {
    return this.effects.some((effect) => effect.kind === kind);
  }

  get over(): boolean {
    return isOver(this.record);
  }

  /** How it ended: reason and proved ms. */
  get outcome(): [CallRecord['endReason'], number] {
    return [this.record.endReason, Math.min(this.record.clock?.connectedMs ?? 0, this.record.money.stopAt * 1000)];
  }
}
