/** The till of this Worker: its tables, the ledger, the queue, and the event log. */
import type { Context } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { UserId } from '../../protocol/ids.ts';
import { credit, type Owner, type PostAnswer, postOne, sourceOf, takeBack } from '../balance/service.ts';
import { eventStatement } from '../event_log/service.ts';
import { tellRunningCall } from '../pricing/service.ts';
import { keepSubscription } from '../subscriptions/service.ts';
import { type User, userByAddress, userById } from '../user/service.ts';
import { aliasRows, bindAliases } from './alias-store.ts';
import { soldAs } from './catalogue.ts';
import { type Alias, aliasAt, aliasesOf, type Claim, ownIdIn } from './claim-rules.ts';
import {
  claimEvent,
  deliveryRow,
  eventRow,
  insertEvent,
  moveDelivery,
  parkedOn,
  pendingWith,
  subscriptionsOf,
  wordRows,
} from './delivery-store.ts';
import { paymentKey } from './grant-rules.ts';
import type { CustomerRef, Store } from './payment-event.ts';
import {
  insertPayment,
  insertRefund,
  isElsewhere,
  notePaymentPosted,
  noteRefundPosted,
  paymentRow,
  refundedPayments,
} from './payment-store.ts';
import { standingOf } from './refund-rules.ts';
import type { Sources } from './sources.ts';
import { paidUntil, type SubscriptionWord } from './subscription-rules.ts';
import type { Booked, Noted, Payment, PaymentEventId, StoredEvent, StoredRefund, Till } from './till.ts';

/** Messages of one call to the queue. */
const MESSAGES_AT_ONCE = 100;

export function d1Till(ctx: Context, sources: Sources): Till {
  const { DB } = ctx.env;
  const owner = async (userId: UserId): Promise<Owner> => ({ userId, shard: (await userOf(ctx, userId)).ledgerShard });
  return {
    delivery: (id) => deliveryRow(DB, id),
    interpret: async (delivery) => {
      const source = sources[delivery.source];
      if (!source) return { outcome: 'later', why: `${delivery.source} is not set up here` };
      const read = await source.interpret(ctx, delivery);
      const { sentBy } = delivery;
      if (read.outcome !== 'event' || sentBy === null) return read;
      // Whoever signed in and sent it says by that whose it is.
      return { outcome: 'event', event: { ...read.event, customerRefs: [...read.event.customerRefs, { kind: 'user', value: sentBy }] } };
    },
    keepEvent: (id, event) => insertEvent(DB, id, { ...event, customerRefs: event.customerRefs.map(normal) }),
    event: (id) => eventRow(DB, id),
    settle: async (id, state, { reason = null, note = null } = {}) => {
      // Somebody has to look; what the source says is for the panel alone.
      if (state === 'dead') ctx.log.error('a payment event can’t be processed', { id, reason: reason?.split(':')[0] ?? null });
      await moveDelivery(DB, id, { state, reason, note, changedAt: ctx.now });
    },

    claimsOn: (event) => claimsOn(ctx, event),
    claim: (id, userId) => claimEvent(DB, id, userId),
    bind: (aliases, userId) => bindAliases(DB, aliases, userId, ctx.now),
    pendingWith: (aliases) => pendingWith(DB, ...apart(aliases)),
    parkedOn: (store, transactionId) => parkedOn(DB, store, transactionId),
    enqueue: (ids) => enqueue(ctx, ids),

    soldAs: async (store, productRef) => (await soldAs(ctx, store, productRef))?.product ?? null,
    versionOf: async (userId) => (await userOf(ctx, userId)).monetizationVersion,
    payment: (store, transactionId) => paymentRow(DB, store, transactionId),
    addPayment: async (wish) => {
      await insertPayment(DB, { ...wish, id: newId('pur') }, ctx.now);
      const standing = await paymentRow(DB, wish.store, wish.transactionId);
      if (!standing) throw new Error('a payment just added is not there');
      return standing;
    },
    addRefund: async (payment, n, refund) => {
      if (await insertRefund(DB, payment, n, refund, ctx.now)) return 'added';
      return (await isElsewhere(DB, payment, refund.key)) ? 'elsewhere' : 'again';
    },

    postPayment: async (payment, metadata) => post(ctx, await owner(payment.userId), payment, metadata),
    postRefund: async (payment, refund) => postBack(ctx, await owner(payment.userId), payment, refund),
    notePosted: (noted) => notePosted(ctx, noted),

    subscriptionsOf: (store, transactionId) => subscriptionsOf(DB, store, transactionId),
    wordsOf: (userId, store, ref) => wordsOf(ctx, userId, store, ref),
    putSubscription: async (subscription) => {
      await keepSubscription(ctx, subscription);
      ctx.later(tellRunningCall(ctx, subscription.userId));
    },
  };
}

async function userOf(ctx: Context, userId: UserId): Promise<User> {
  const user = await userById(ctx, userId);
  if (!user) throw new Error(`there is no user ${userId}`);
  return user;
}

/** Addresses as they are compared; ids as they are. */
const normal = ({ kind, value }: CustomerRef): CustomerRef => ({
  kind,
  value: kind === 'email' ? value.trim().toLowerCase() : value.trim(),
});

/** Puts deliveries on the queue, by id alone. */
export async function enqueue(ctx: Context, ids: readonly PaymentEventId[]): Promise<void> {
  for (let from = 0; from < ids.length; from += MESSAGES_AT_ONCE)
    await ctx.env.WEBHOOKS.sendBatch(ids.slice(from, from + MESSAGES_AT_ONCE).map((id) => ({ body: { kind: 'payment', id } })));
}

// ── whose ───────────────────────────────────────────────────────────────────────────────────────────────────────────

async function claimsOn(ctx: Context, event: StoredEvent): Promise<Claim[]> {
  const rows = await aliasRows(ctx.env.DB, aliasesOf(event));
  const byName = Map.groupBy(rows, ({ kind, value }) => `${kind} ${value}`);
  const claims = [...byName.values()].flatMap((own): Claim[] => {
    const claim = aliasAt(own, event.occurredAt);
    return claim ? [claim] : [];
  });
  for (const ref of event.customerRefs) {
    const own = ownIdIn(ref);
    if (own && (await userById(ctx, own))) claims.push({ strength: 'known', userId: own });
    const addressee = ref.kind === 'email' ? { email: ref.value } : ref.kind === 'phone' ? { phone: ref.value } : null;
    const user = addressee && (await userByAddress(ctx, addressee));
    if (user) claims.push({ strength: 'address', userId: user.id });
  }
  return claims;
}

/** Names of customers apart from those of subscriptions, which stand in columns of their own. */
function apart(aliases: readonly Alias[]): [{ kind: string; value: string }[], { store: Store; ref: string }[]] {
  const subscriptions = aliases.flatMap(({ kind, value }) => {
    const store = /^(stripe|apple|google)_subscription$/.exec(kind)?.[1] as Store | undefined;
    return store ? [{ store, ref: value }] : [];
  });
  return [aliases.filter(({ kind }) => !kind.endsWith('_subscription')), subscriptions];
}

// ── the books ───────────────────────────────────────────────────────────────────────────────────────────────────────

function booked(answer: PostAnswer): Booked {
  if (answer.outcome === 'posted' || answer.outcome === 'unknown') return answer.outcome;
  return 'conflict';
}

async function post(ctx: Context, owner: Owner, payment: Payment, metadata: Readonly<Record<string, unknown>>): Promise<Booked> {
  const { unit, granted, product, occurredAt } = payment;
  return booked(
    await postOne(ctx, {
      owner,
      key: paymentKey(payment),
      kind: unit === null ? 'plan_period' : 'purchase',
      ref: payment.id,
      actor: owner.userId,
      eventAt: occurredAt,
      intent: { product, unit, amount: granted },
      metadata,
      moves: unit === null ? [] : [credit(owner, unit, sourceOf(unit), granted)],
    }),
  );
}

async function postBack(ctx: Context, owner: Owner, { id, unit }: Payment, { key, change, occurredAt }: StoredRefund): Promise<Booked> {
  if (unit === null) return 'posted';
  const common = { owner, key, ref: id, actor: 'system', eventAt: occurredAt };
  if (change > 0) return booked(await takeBack(ctx, { ...common, unit, amount: change, kind: 'refund', to: sourceOf(unit) }));
  const moves = [credit(owner, unit, sourceOf(unit), -change)];
  return booked(await postOne(ctx, { ...common, kind: 'refund_reversal', intent: { unit, amount: -change }, moves }));
}

async function notePosted(ctx: Context, noted: Noted): Promise<void> {
  const { payment } = noted;
  const { id, userId, store, transactionId, product, unit, granted, money } = payment;
  const about = { userId, store, transactionId, product, unit, granted, money };
  if ('kind' in noted) {
    const payload = { ...about, kind: noted.kind };
    const told = eventStatement(ctx, { type: 'payment.applied', subject: id, payload });
    return notePaymentPosted(ctx.env.DB, payment, ctx.now, told);
  }
  const { refund } = noted;
  const type = refund.kind === 'refund_reversal' ? 'payment.refund_reversed' : 'payment.refunded';
  const payload = { ...about, how: refund.kind, refundId: refund.refundId, refunded: refund.money, taken: refund.change };
  return noteRefundPosted(ctx.env.DB, refund, ctx.now, eventStatement(ctx, { type, subject: id, payload }));
}

// ── subscriptions ───────────────────────────────────────────────────────────────────────────────────────────────────

async function wordsOf(ctx: Context, userId: UserId, store: Store, ref: string): Promise<{ words: SubscriptionWord[]; count: number }> {
  const rows = await wordRows(ctx.env.DB, userId, store, ref);
  const transactions = rows.flatMap(({ event }) => (event.transactionId === null ? [] : [event.transactionId]));
  const refunded = await refundedPayments(ctx.env.DB, store, [...new Set(transactions)]);
  const whole = new Set(refunded.flatMap((payment) => (standingOf(payment, payment.refunds).whole ? [payment.transactionId] : [])));
  const words = rows.map(({ event, plan, period }): SubscriptionWord => {
    const paid = event.transactionId !== null && period !== null ? paidUntil(event.occurredAt, period) : null;
    return {
      id: event.id,
      kind: event.kind as SubscriptionWord['kind'],
      occurredAt: event.occurredAt,
      transactionId: event.transactionId,
      plan,
      until: event.periodUntil ?? paid,
      refunded: event.transactionId !== null && whole.has(event.transactionId),
    };
  });
  return { words, count: rows.length + refunded.reduce((sum, { refunds }) => sum + refunds.length, 0) };
}
