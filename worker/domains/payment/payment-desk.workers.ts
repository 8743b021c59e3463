/** For tests of payments: a source that only says what it is told to, people, a catalogue, and a queue that can be looked into. */
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import type { Env } from '../../env.ts';
import { type Context, contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { MonetizationVersion } from '../../protocol/people.ts';
import type { PaymentMessage } from '../../protocol/queue/messages.ts';
import type { Owner } from '../balance/service.ts';
import { consumePayments } from './consumer.ts';
import type { Delivery, PaymentEvent, PaymentSource } from './payment-event.ts';
import { type Received, receiveDelivery } from './receiving.ts';
import type { Source } from './source.ts';
import type { Sources } from './sources.ts';
import type { DeliveryState, PaymentEventId } from './till.ts';

export const bindings = env as unknown as Env;
export const NOON = Date.parse('2030-01-01T12:00:00.000Z');
export const DAY = 86_400_000;

export const contextAt = (now = NOON, over: Partial<Env> = {}): Context =>
  contextOf({ ...bindings, ...over }, { now, requestId: 'test', waitUntil: (work) => void work.catch(() => {}) });

/** Stands for the signatures of a source alone: what begins with `{` is its own, and says what it is. */
export const madeUp = (name: PaymentSource): Source => ({
  name,
  verify: async (_ctx, { bytes }) => {
    const raw = new TextDecoder().decode(bytes);
    if (raw === 'check') return { outcome: 'answered', body: { checked: true } };
    if (!raw.startsWith('{')) return { outcome: 'refused', cause: 'not signed' };
    return { outcome: 'verified', sourceEventId: JSON.parse(raw).sourceEventId, raw };
  },
  interpret: async (_ctx, { raw }) => {
    const read = JSON.parse(raw);
    return read.outcome ? read : { outcome: 'event', event: read };
  },
});

export const sources: Sources = { stripe: madeUp('stripe'), adapty: madeUp('adapty'), apple: madeUp('apple'), google: madeUp('google') };

/** What waits on the queue. */
export const queued: PaymentEventId[] = [];

/** Keeps the queue to itself: nothing is consumed but by `work`. Call it before each test. */
export function catchQueue(): void {
  queued.length = 0;
  const queue = Object.getPrototypeOf(bindings.WEBHOOKS) as Queue<PaymentMessage>;
  const keep = (body: PaymentMessage) => void (body.kind === 'payment' && queued.push(body.id as PaymentEventId));
  vi.spyOn(queue, 'send').mockImplementation(async (message) => keep(message) as never);
  vi.spyOn(queue, 'sendBatch').mockImplementation(async (batch) => [...batch].forEach(({ body }) => void keep(body)) as never);
}

/** Works through the queue; what is to be retried is taken up again, so often at most. */
export async function work(ctx: Context = contextAt(), retries = 5, from = sources): Promise<void> {
  for (let id = queued.shift(); id; id = queued.shift()) {
    const delivery = await consumePayments(ctx, { kind: 'payment', id }, from).catch(() => ({ retry: true as const, code: 'thrown' }));
    if ('retry' in delivery && retries-- > 0) queued.push(id);
  }
}

let told = 0;
/** A fact as a source would tell it; each a delivery of its own unless it is named. */
export const fact = (over: Partial<PaymentEvent> = {}): PaymentEvent => ({
  source: 'stripe',
  sourceEventId: `evt_${told++}_${crypto.randomUUID()}`,
  store: 'stripe',
  kind: 'purchase',
  storeTransactionId: `pi_${crypto.randomUUID()}`,
  storeRefundId: null,
  storeSubscriptionId: null,
  customerRefs: [],
  productRef: 'coins-300',
  money: { amount: 999, currency: 'EUR' },
  period: null,
  occurredAt: NOON,
  signedByStore: true,
  ...over,
});

/** Has a source tell something; it is kept and waits on the queue. */
export async function tell(event: PaymentEvent, ctx: Context = contextAt()): Promise<PaymentEventId> {
  const received = await deliver(event.source, event, ctx);
  if (received.outcome !== 'kept') throw new Error(`it was ${received.outcome}`);
  return received.id;
}

export function deliver(name: PaymentSource, body: object, ctx: Context = contextAt(), sentBy: UserId | null = null): Promise<Received> {
  const source = sources[name];
  if (!source) throw new Error(`${name} is not made up here`);
  const delivery: Delivery = { from: 'source', bytes: new TextEncoder().encode(JSON.stringify(body)), headers: new Headers() };
  return receiveDelivery(ctx, source, delivery, sentBy);
}

/** Tells it and works it through. */
export async function happen(event: PaymentEvent, ctx: Context = contextAt()): Promise<PaymentEventId> {
  const id = await tell(event, ctx);
  await work(ctx);
  return id;
}

export interface Standing {
  readonly state: DeliveryState;
  readonly reason: string | null;
  readonly note: string | null;
  readonly userId: UserId | null;
}

export async function standing(id: PaymentEventId): Promise<Standing> {
  const row = await bindings.DB.prepare(
    `SELECT d.state, d.reason, d.note, e.user_id AS userId FROM payment_delivery d LEFT JOIN payment_event e ON e.id = d.id WHERE d.id = ?`,
  )
    .bind(id)
    .first<Standing>();
  if (!row) throw new Error(`there is no delivery ${id}`);
  return row;
}

/** A member; no address unless one is given. */
export async function member(over: { version?: MonetizationVersion; shard?: number; email?: string } = {}): Promise<Owner> {
  const owner: Owner = { userId: newId('usr'), shard: over.shard ?? 0 };
  await bindings.DB.prepare(
    `INSERT INTO user (id, role, monetization_version, ledger_shard, email, created_at) VALUES (?1, 'member', ?2, ?3, ?4, ?5)`,
  )
    .bind(owner.userId, over.version ?? 'tokens', owner.shard, over.email ?? null, NOON)
    .run();
  return owner;
}

export const named = ({ userId }: Owner): PaymentEvent['customerRefs'] => [{ kind: 'user', value: userId }];

/** Has something for sale at every store, under its own id. */
export async function sellAs(id: string, of: { kind: string; amount: number | null; plan: string | null }): Promise<void> {
  const { DB } = bindings;
  const price = 'INSERT INTO price (id, product, platform, store, store_ref, currency, amount, active_from, created_at)';
  await DB.batch([
    DB.prepare(
      `INSERT INTO product (id, kind, amount, plan, period, rank, state, created_at, changed_at) VALUES (?, ?, ?, ?, ?, 0, 'live', 0, 0)`,
    ).bind(id, of.kind, of.amount, of.plan, of.plan === null ? null : 'month'),
    ...(['web stripe', 'ios apple', 'android google'] as const).map((where) =>
      DB.prepare(`${price} VALUES (?, ?, ?, ?, ?, 'EUR', 999, 0, 0)`).bind(newId('pri'), id, ...where.split(' '), id),
    ),
  ]);
}

/** Coins, moments and plans; call it once a file. */
export async function stock(): Promise<void> {
  await sellAs('coins-300', { kind: 'coins', amount: 300, plan: null });
  await sellAs('moments-5', { kind: 'moments', amount: 5, plan: null });
  await sellAs('plus-month', { kind: 'plan', amount: null, plan: 'plus' });
  await sellAs('premium-month', { kind: 'plan', amount: null, plan: 'premium' });
}

/** Balance and debt of one unit. */
export async function purse({ userId, shard }: Owner, unit = 'COIN'): Promise<{ has: number; owes: number }> {
  const ledger = shard === 0 ? bindings.LEDGER_0 : bindings.LEDGER_1;
  const { results } = await ledger
    .prepare('SELECT id, balance FROM account WHERE owner = ?1 AND unit = ?2')
    .bind(userId, unit)
    .all<{ id: string; balance: number }>();
  const of = (id: string) => results.find((row) => row.id === id)?.balance ?? 0;
  return { has: of(`${userId}:${unit}`), owes: 0 - of(`${userId}:debt:${unit}`) };
}

export async function postings({ userId, shard }: Owner): Promise<string[]> {
  const ledger = shard === 0 ? bindings.LEDGER_0 : bindings.LEDGER_1;
  const { results } = await ledger.prepare('SELECT key FROM posting WHERE owner = ?1 ORDER BY seq').bind(userId).all<{ key: string }>();
  return results.map(({ key }) => key);
}

export async function events(subjectOf: Owner): Promise<string[]> {
  const { results } = await bindings.DB.prepare(
    `SELECT type FROM event WHERE type LIKE 'payment.%' AND payload->>'userId' = ?1 ORDER BY seq`,
  )
    .bind(subjectOf.userId)
    .all<{ type: string }>();
  return results.map(({ type }) => type);
}
