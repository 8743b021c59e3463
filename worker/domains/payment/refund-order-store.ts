/** The only SQL for `refund_order`. */
import { and, asc, desc, eq, inArray, lt } from 'drizzle-orm';
import { payment, paymentRefund, refundOrder } from '../../../db/schema/payment.ts';
import { database, statementOf } from '../../platform/database.ts';
import type { Id, UserId } from '../../protocol/ids.ts';

export type RefundOrderRow = typeof refundOrder.$inferSelect;
type Order = Pick<RefundOrderRow, 'id' | 'state'>;

export interface RefundablePayment {
  readonly id: Id<'pur'>;
  readonly store: string;
  readonly transactionId: string;
  readonly userId: UserId;
  readonly amount: number | null;
  readonly currency: string | null;
  /** What went back by words that no order of ours stands behind: made at the store itself. */
  readonly backElsewhere: number;
}

export async function refundablePayment(binding: D1Database, id: Id<'pur'>): Promise<RefundablePayment | null> {
  const db = database(binding);
  const row = await db.select().from(payment).where(eq(payment.id, id)).get();
  if (!row) return null;
  const { store, transactionId, userId, amount, currency } = row;
  const of = and(eq(paymentRefund.store, store), eq(paymentRefund.transactionId, transactionId));
  const [words, orders] = await db.batch([
    db
      .select()
      .from(paymentRefund)
      .where(and(of, inArray(paymentRefund.kind, ['refund', 'chargeback']))),
    db.select({ storeRef: refundOrder.storeRef }).from(refundOrder).where(eq(refundOrder.payment, id)),
  ]);
  const ours = new Set(orders.map(({ storeRef }) => storeRef));
  const elsewhere = words.filter(({ refundId }) => !ours.has(refundId));
  return {
    id,
    store,
    transactionId,
    userId,
    amount,
    currency,
    backElsewhere: elsewhere.reduce((sum, word) => sum + (word.amount ?? 0), 0),
  };
}

/** A trigger refuses the batch (`more_than_paid`) where orders of one payment would come to more than it brought. */
export const insertOrder = (binding: D1Database, row: RefundOrderRow): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(refundOrder).values(row));

export const orderUnder = (
  binding: D1Database,
  { requestedBy, idempotencyKey }: Pick<RefundOrderRow, 'requestedBy' | 'idempotencyKey'>,
): Promise<RefundOrderRow | undefined> =>
  database(binding)
    .select()
    .from(refundOrder)
    .where(and(eq(refundOrder.requestedBy, requestedBy), eq(refundOrder.idempotencyKey, idempotencyKey)))
    .get();

export const orderRow = (binding: D1Database, id: Id<'rfo'>): Promise<RefundOrderRow | undefined> =>
  database(binding).select().from(refundOrder).where(eq(refundOrder.id, id)).get();

export const ordersOf = (binding: D1Database, payment: Id<'pur'>): Promise<RefundOrderRow[]> =>
  database(binding).select().from(refundOrder).where(eq(refundOrder.payment, payment));

/** Newest first, older than `before`, each with whose payment it is of. */
export const orderRows = (
  binding: D1Database,
  asked: { state: RefundOrderRow['state'] | undefined; before: string | undefined; limit: number },
): Promise<{ order: RefundOrderRow; userId: UserId }[]> =>
  database(binding)
    .select({ order: refundOrder, userId: payment.userId })
    .from(refundOrder)
    .innerJoin(payment, eq(payment.id, refundOrder.payment))
    .where(
      and(
        asked.state === undefined ? undefined : eq(refundOrder.state, asked.state),
        asked.before === undefined ? undefined : lt(refundOrder.id, asked.before as RefundOrderRow['id']),
      ),
    )
    .orderBy(desc(refundOrder.id))
    .limit(asked.limit);

/** Approved, or without need of it, and not heard of since `before` (ms). */
export const leftOrders = (binding: D1Database, before: number, limit: number): Promise<RefundOrderRow[]> =>
  database(binding)
    .select()
    .from(refundOrder)
    .where(and(eq(refundOrder.state, 'open'), lt(refundOrder.changedAt, before)))
    .orderBy(asc(refundOrder.changedAt))
    .limit(limit);

/** Triggers refuse: `own_approval` from the same person, `already_decided` after another word. */
export const moveOrder = (
  binding: D1Database,
  { id, state }: Order,
  change: Pick<RefundOrderRow, 'state' | 'changedAt'> & Partial<Pick<RefundOrderRow, 'decidedBy' | 'storeRef' | 'refusal'>>,
): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .update(refundOrder)
      .set(change)
      .where(and(eq(refundOrder.id, id), eq(refundOrder.state, state))),
  );
