/** The only SQL for `payment` and `payment_refund`. */
import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { payment, paymentRefund, product } from '../../../db/schema/payment.ts';
import { database, refusedWith, statementOf } from '../../platform/database.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import type { Money, Store } from './payment-event.ts';
import type { Payment, StoredPayment, StoredRefund } from './till.ts';

type PaymentRow = typeof payment.$inferSelect;
type RefundRow = typeof paymentRefund.$inferSelect;

const moneyOf = ({ amount, currency }: { amount: number | null; currency: string | null }): Money | null =>
  amount === null || currency === null ? null : { amount, currency };

const toPayment = ({ amount, currency, postedAt, ...row }: PaymentRow, refunds: readonly RefundRow[]): StoredPayment => ({
  ...row,
  money: moneyOf({ amount, currency }),
  posted: postedAt !== null,
  refunds: refunds.map(toRefund),
});

const toRefund = ({ kind, refundId, key, eventId, change, occurredAt, postedAt, ...money }: RefundRow): StoredRefund => ({
  kind,
  refundId,
  money: moneyOf(money),
  key,
  eventId,
  change,
  occurredAt,
  posted: postedAt !== null,
});

/** A payment with the words of its refunds in the order in which they were told. */
export async function paymentRow(binding: D1Database, store: Store, transactionId: string): Promise<StoredPayment | null> {
  const db = database(binding);
  const [rows, refunds] = await db.batch([
    db
      .select()
      .from(payment)
      .where(and(eq(payment.store, store), eq(payment.transactionId, transactionId))),
    db
      .select()
      .from(paymentRefund)
      .where(and(eq(paymentRefund.store, store), eq(paymentRefund.transactionId, transactionId)))
      .orderBy(asc(paymentRefund.n)),
  ]);
  return rows[0] ? toPayment(rows[0], refunds) : null;
}

/** Adds a payment, unless its transaction has one: UNIQUE decides. */
export async function insertPayment(binding: D1Database, { money, ...row }: Payment, now: number): Promise<void> {
  await database(binding)
    .insert(payment)
    .values({ ...row, amount: money?.amount ?? null, currency: money?.currency ?? null, createdAt: now })
    .onConflictDoNothing();
}

/** Adds the nth word of a refund; false where another one has its place or its key. */
export async function insertRefund(
  binding: D1Database,
  { store, transactionId }: Payment,
  n: number,
  { money, ...row }: Omit<StoredRefund, 'posted'>,
  now: number,
): Promise<boolean> {
  try {
    await database(binding)
      .insert(paymentRefund)
      .values({ store, transactionId, n, ...row, amount: money?.amount ?? null, currency: money?.currency ?? null, createdAt: now });
    return true;
  } catch (thrown) {
    if (refusedWith(thrown, 'UNIQUE constraint failed: payment_refund.')) return false;
    throw thrown;
  }
}

/** Whether the word of a refund is another payment's. */
export async function isElsewhere(binding: D1Database, { store, transactionId }: Payment, key: string): Promise<boolean> {
  const rows = await database(binding).select().from(paymentRefund).where(eq(paymentRefund.key, key));
  return rows[0] !== undefined && (rows[0].store !== store || rows[0].transactionId !== transactionId);
}

/** Writes down that a payment is in the books, in one batch with what says so; both once. */
export const notePaymentPosted = (binding: D1Database, { store, transactionId }: Payment, now: number, told: D1PreparedStatement) =>
  once(binding, [
    statementOf(
      binding,
      database(binding)
        .update(payment)
        .set({ postedAt: now })
        .where(and(eq(payment.store, store), eq(payment.transactionId, transactionId))),
    ),
    told,
  ]);

export const noteRefundPosted = (binding: D1Database, { key }: StoredRefund, now: number, told: D1PreparedStatement) =>
  once(binding, [
    statementOf(binding, database(binding).update(paymentRefund).set({ postedAt: now }).where(eq(paymentRefund.key, key))),
    told,
  ]);

async function once(binding: D1Database, statements: D1PreparedStatement[]): Promise<void> {
  try {
    await binding.batch(statements);
  } catch (thrown) {
    if (!refusedWith(thrown, 'posted_before')) throw thrown;
  }
}

/** Payments of these transactions that refunds were told of. */
export async function refundedPayments(binding: D1Database, store: Store, transactionIds: readonly string[]): Promise<StoredPayment[]> {
  if (transactionIds.length === 0) return [];
  const ids = JSON.stringify(transactionIds);
  const rows = await database(binding)
    .select({ payment, refund: paymentRefund })
    .from(paymentRefund)
    .innerJoin(payment, and(eq(payment.store, paymentRefund.store), eq(payment.transactionId, paymentRefund.transactionId)))
    .where(and(eq(paymentRefund.store, store), sql`${paymentRefund.transactionId} IN (SELECT value FROM json_each(${ids}))`))
    .orderBy(asc(paymentRefund.n));
  const byPayment = Map.groupBy(rows, ({ payment }) => payment.id);
  return [...byPayment.values()].flatMap((own) =>
    own[0]
      ? [
          toPayment(
            own[0].payment,
            own.map(({ refund }) => refund),
          ),
        ]
      : [],
  );
}

export interface PurchaseRow {
  readonly payment: StoredPayment;
  readonly product: typeof product.$inferSelect;
}

/** What somebody bought, newest first, behind `after` (occurredAt, id). */
export async function purchaseRows(
  binding: D1Database,
  userId: UserId,
  { after, limit }: { after: readonly [number, string] | null; limit: number },
): Promise<PurchaseRow[]> {
  const db = database(binding);
  const rows = await db
    .select({ payment, product })
    .from(payment)
    .innerJoin(product, eq(product.id, payment.product))
    .where(
      and(
        eq(payment.userId, userId),
        after === null ? undefined : sql`(${payment.occurredAt}, ${payment.id}) < (${after[0]}, ${after[1]})`,
      ),
    )
    .orderBy(desc(payment.occurredAt), desc(payment.id))
    .limit(limit);
  return withRefunds(binding, rows);
}

/** One, by our name of it or the store's. */
export async function purchaseRow(
  binding: D1Database,
  by: { id: PaymentRow['id'] } | { store: Store; transactionId: string },
): Promise<PurchaseRow | undefined> {
  const rows = await database(binding)
    .select({ payment, product })
    .from(payment)
    .innerJoin(product, eq(product.id, payment.product))
    .where('id' in by ? eq(payment.id, by.id) : and(eq(payment.store, by.store), eq(payment.transactionId, by.transactionId)));
  return (await withRefunds(binding, rows))[0];
}

async function withRefunds(
  binding: D1Database,
  rows: readonly { payment: PaymentRow; product: PurchaseRow['product'] }[],
): Promise<PurchaseRow[]> {
  const stores = Map.groupBy(rows, (row) => row.payment.store);
  const refunded = await Promise.all(
    [...stores].map(([store, own]) =>
      refundedPayments(
        binding,
        store,
        own.map((row) => row.payment.transactionId),
      ),
    ),
  );
  const whole = new Map(refunded.flat().map((one) => [one.id, one]));
  return rows.map((row) => ({ payment: whole.get(row.payment.id) ?? toPayment(row.payment, []), product: row.product }));
}

/** Whether this payment was granted to this person. */
export async function isPaymentOf(binding: D1Database, userId: UserId, id: Id<'pur'>): Promise<boolean> {
  const row = await database(binding)
    .select({ id: payment.id })
    .from(payment)
    .where(and(eq(payment.id, id), eq(payment.userId, userId)))
    .get();
  return row !== undefined;
}
