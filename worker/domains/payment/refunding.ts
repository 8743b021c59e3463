/**
 * Refunds as staff order them: recognised by their Idempotency-Key, above the limit approved by a second person, audited. An
 * order is carried to Stripe under its own id, so that no repetition sends money twice; what it takes back comes by the
 * pipeline, like a refund that was made anywhere else.
 */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { RefundOrder } from '../../protocol/http/shop-desk.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { auditStatement } from '../event_log/service.ts';
import { setting } from '../settings/service.ts';
import {
  insertOrder,
  leftOrders,
  moveOrder,
  orderRow,
  orderRows,
  ordersOf,
  orderUnder,
  type RefundablePayment,
  type RefundOrderRow,
  refundablePayment,
} from './refund-order-store.ts';
import { refundAt } from './stripe-money.ts';

export interface RefundWish {
  readonly paymentId: Id<'pur'>;
  /** In the smallest unit; null: all that is left of it. */
  readonly amount: number | null;
  readonly reason: string;
  readonly idempotencyKey: string;
  readonly actor: UserId;
}

/**
 * Orders a refund. The same key and body give the same answer again.
 * @throws Problem `not_found`, `idempotency_conflict`, `not_refundable`, `overloaded`
 */
export async function orderRefund(ctx: Context, wish: RefundWish): Promise<RefundOrder> {
  const { actor, idempotencyKey } = wish;
  const bodyHash = JSON.stringify([wish.paymentId, wish.amount, wish.reason]);
  const known = await orderUnder(ctx.env.DB, { requestedBy: actor, idempotencyKey });
  const payment = await refundablePayment(ctx.env.DB, wish.paymentId);
  if (!payment) throw new Problem('not_found', 'There is no such payment.');
  const order = known ?? (await place(ctx, payment, wish, bodyHash));
  if (order.bodyHash !== bodyHash)
    throw new Problem('idempotency_conflict', 'This Idempotency-Key was used for another refund. Use a new key for a new one.');
  return toWire(order.state === 'open' ? await carryOut(ctx, order, payment, actor) : order, payment.userId);
}

async function leftOf(ctx: Context, payment: RefundablePayment): Promise<{ paid: number; left: number; currency: string }> {
  const { amount: paid, currency, store } = payment;
  if (store !== 'stripe') throw new Problem('not_refundable', 'What was bought in an app is refunded by its store.');
  if (paid === null || currency === null || paid === 0) throw new Problem('not_refundable', 'This payment brought no money.');
  const ordered = (await ordersOf(ctx.env.DB, payment.id)).filter(({ state }) => state !== 'refused' && state !== 'rejected');
  return { paid, currency, left: paid - payment.backElsewhere - ordered.reduce((sum, { amount }) => sum + amount, 0) };
}

/**
 * How much of a payment can be sent back, orders that wait or are on their way taken off.
 * @throws Problem `not_found`, `not_refundable`
 */
export async function refundableOf(ctx: Context, id: Id<'pur'>): Promise<{ amount: number; currency: string }> {
  const payment = await refundablePayment(ctx.env.DB, id);
  if (!payment) throw new Problem('not_found', 'There is no such payment.');
  const { left, currency } = await leftOf(ctx, payment);
  return { amount: left, currency };
}

/** Refunds of a payment that staff ordered, newest first. */
export const refundsOf = async (ctx: Context, { id, userId }: { id: Id<'pur'>; userId: UserId }): Promise<RefundOrder[]> =>
  (await ordersOf(ctx.env.DB, id)).toSorted((a, b) => b.id.localeCompare(a.id)).map((row) => toWire(row, userId));

async function place(ctx: Context, payment: RefundablePayment, wish: RefundWish, bodyHash: string): Promise<RefundOrderRow> {
  const { paid, left, currency } = await leftOf(ctx, payment);
  const amount = wish.amount ?? left;
  if (amount > left || amount <= 0) throw new Problem('not_refundable', 'That is more than is left of this payment.');
  const order: RefundOrderRow = {
    id: newId('rfo'),
    payment: payment.id,
    paid,
    amount,
    currency,
    reason: wish.reason,
    state: amount > (await setting(ctx, 'shop.refundLimit')) ? 'waiting' : 'open',
    requestedBy: wish.actor,
    idempotencyKey: wish.idempotencyKey,
    bodyHash,
    decidedBy: null,
    storeRef: null,
    refusal: null,
    createdAt: ctx.now,
    changedAt: ctx.now,
  };
  try {
    await ctx.env.DB.batch([insertOrder(ctx.env.DB, order), audited(ctx, wish.actor, payment.userId, null, order)]);
    return order;
  } catch (thrown) {
    if (refusedWith(thrown, 'more_than_paid')) throw new Problem('not_refundable', 'That is more than is left of this payment.');
    if (!refusedWith(thrown, 'UNIQUE')) throw thrown;
    const first = await orderUnder(ctx.env.DB, order);
    if (!first) throw thrown;
    return first;
  }
}

/** Sends an open order to Stripe and writes down what came of it. */
async function carryOut(ctx: Context, order: RefundOrderRow, payment: RefundablePayment, actor: UserId): Promise<RefundOrderRow> {
  const sent = await refundAt(ctx, { orderId: order.id, transactionId: payment.transactionId, amount: order.amount });
  const moved =
    sent.outcome === 'sent'
      ? ({ ...order, state: 'sent', storeRef: sent.ref, changedAt: ctx.now } as const)
      : ({ ...order, state: 'refused', refusal: sent.code, changedAt: ctx.now } as const);
  await ctx.env.DB.batch([
    moveOrder(ctx.env.DB, order, { state: moved.state, storeRef: moved.storeRef, refusal: moved.refusal, changedAt: ctx.now }),
    audited(ctx, actor, payment.userId, order, moved),
  ]);
  return moved;
}

/**
 * The second person's word. Approved, it is sent.
 * @throws Problem `not_found`, `forbidden` (one's own), `version_conflict` (decided otherwise), `overloaded`
 */
export async function decideRefund(ctx: Context, wish: { id: Id<'rfo'>; approve: boolean; actor: UserId }): Promise<RefundOrder> {
  const { DB } = ctx.env;
  const order = await orderRow(DB, wish.id);
  const payment = order && (await refundablePayment(DB, order.payment));
  if (!order || !payment) throw new Problem('not_found', 'There is no such refund.');
  if (order.requestedBy === wish.actor) throw ownApproval();
  if (order.state === 'waiting') await sayWord(ctx, order, payment, wish);
  const now = await orderRow(DB, wish.id);
  if (!now || now.decidedBy !== wish.actor || (now.state === 'rejected') === wish.approve)
    throw new Problem('version_conflict', 'Somebody has decided this already.');
  return toWire(now.state === 'open' ? await carryOut(ctx, now, payment, wish.actor) : now, payment.userId);
}

async function sayWord(
  ctx: Context,
  order: RefundOrderRow,
  payment: RefundablePayment,
  { approve, actor }: { approve: boolean; actor: UserId },
): Promise<void> {
  const word = { state: approve ? 'open' : 'rejected', decidedBy: actor, changedAt: ctx.now } as const;
  try {
    await ctx.env.DB.batch([moveOrder(ctx.env.DB, order, word), audited(ctx, actor, payment.userId, order, { ...order, ...word })]);
  } catch (thrown) {
    if (refusedWith(thrown, 'own_approval')) throw ownApproval();
    if (!refusedWith(thrown, 'already_decided')) throw thrown;
  }
}

const ownApproval = () => new Problem('forbidden', 'Somebody else must decide this: you asked for it.');

const audited = (ctx: Context, actor: UserId, subject: UserId, before: RefundOrderRow | null, after: RefundOrderRow) =>
  auditStatement(ctx, { actor, action: 'payments.refund', subject, before: before && seen(before), after: seen(after) });
const seen = ({ id, payment, amount, currency, reason, state, storeRef, refusal }: RefundOrderRow) => ({
  ...{ id, payment, amount, currency },
  ...{ reason, state, storeRef, refusal },
});

/** An order is left to whoever placed it for this long, ms. Stripe knows its key for a day. */
const LEFT_AFTER_MS = 60_000;
const AT_ONCE = 50;

/** The job: orders that Stripe did not answer for are sent again, under the same key. */
export async function finishRefunds(ctx: Context): Promise<void> {
  for (const order of await leftOrders(ctx.env.DB, ctx.now - LEFT_AFTER_MS, AT_ONCE)) {
    const payment = await refundablePayment(ctx.env.DB, order.payment);
    if (!payment) throw new Error('the payment of a refund is not there');
    try {
      await carryOut(ctx, order, payment, order.decidedBy ?? order.requestedBy);
    } catch (thrown) {
      if (!(thrown instanceof Problem)) throw thrown;
      ctx.log.warn('a refund could not be sent', { id: order.id, code: thrown.code });
    }
  }
}

const DEFAULT_PAGE = 50;

/** Newest first. */
export async function listRefunds(
  ctx: Context,
  asked: { state?: RefundOrderRow['state'] | undefined; cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: RefundOrder[]; nextCursor: string | null }> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const before = fromCursor(asked.cursor, z.string()) ?? undefined;
  const rows = await orderRows(ctx.env.DB, { state: asked.state, before, limit: limit + 1 });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(({ order, userId }) => toWire(order, userId)),
    nextCursor: rows.length > limit && last ? toCursor(last.order.id) : null,
  };
}

const toWire = ({ id, payment, amount, currency, reason, state, refusal, ...row }: RefundOrderRow, userId: UserId): RefundOrder => ({
  id,
  paymentId: payment,
  userId,
  money: { amount, currency },
  reason,
  state,
  refusal,
  requestedBy: row.requestedBy,
  decidedBy: row.decidedBy,
  createdAt: toTimestamp(row.createdAt),
});
