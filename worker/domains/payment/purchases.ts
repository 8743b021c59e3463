/** What somebody bought, for their own eyes. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import type { Purchase } from '../../protocol/http/payment-events.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { isPaymentOf, type PurchaseRow, purchaseRows } from './payment-store.ts';
import { standingOf } from './refund-rules.ts';

const position = z.tuple([z.int(), z.string()]);
const DEFAULT_PAGE = 50;

/** Whether this is something that they bought. */
export const isPurchaseOf = (ctx: Context, userId: UserId, id: Id<'pur'>): Promise<boolean> => isPaymentOf(ctx.env.DB, userId, id);

/** Newest first; what is bought meanwhile never shifts a later page. */
export async function purchasesOf(
  ctx: Context,
  userId: UserId,
  asked: { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: Purchase[]; nextCursor: string | null }> {
  const { rows, nextCursor } = await boughtBy(ctx, userId, asked);
  return { items: rows.map(purchaseToWire), nextCursor };
}

/** The same as it is kept. */
export async function boughtBy(
  ctx: Context,
  userId: UserId,
  asked: { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ rows: PurchaseRow[]; nextCursor: string | null }> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const rows = await purchaseRows(ctx.env.DB, userId, { after: fromCursor(asked.cursor, position), limit: limit + 1 });
  const items = rows.slice(0, limit);
  const last = items.at(-1)?.payment;
  return { rows: items, nextCursor: rows.length > limit && last ? toCursor([last.occurredAt, last.id]) : null };
}

export function purchaseToWire({ payment, product }: PurchaseRow): Purchase {
  const { id, occurredAt, store, unit, granted, money, subscriptionRef } = payment;
  const { taken, whole, refunded } = standingOf(payment, payment.refunds);
  const state = whole ? 'refunded' : refunded === 0 ? 'paid' : 'partly_refunded';
  return {
    id,
    at: toTimestamp(occurredAt),
    store,
    product: { id: product.id, kind: product.kind, plan: product.plan },
    granted: unit === null ? null : { unit, amount: granted },
    takenBack: taken,
    money,
    refunded: state === 'paid' || refunded === null || money === null ? null : { amount: refunded, currency: money.currency },
    state,
    ofSubscription: subscriptionRef !== null,
  };
}
