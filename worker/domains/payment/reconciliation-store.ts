/** The SQL of `reconciliation_day`, and of what a day of ours consists of. */
import { and, asc, desc, eq, gte, lt, ne, or, sql } from 'drizzle-orm';
import { payment, paymentDelivery, paymentRefund, reconciliationDay } from '../../../db/schema/payment.ts';
import { database, statementOf } from '../../platform/database.ts';
import type { Store } from './payment-event.ts';

export type DayRow = typeof reconciliationDay.$inferSelect;
export type PaymentOfDay = typeof payment.$inferSelect;
export type RefundOfDay = typeof paymentRefund.$inferSelect & { readonly unit: PaymentOfDay['unit'] };

interface Asked {
  readonly store: Store;
  readonly from: number;
  readonly until: number;
  /** These too, of whatever day they are. */
  readonly ids: readonly string[];
}

const named = (ids: readonly string[]) => sql`(SELECT value FROM json_each(${JSON.stringify(ids)}))`;

export const paymentsOfDay = (binding: D1Database, { store, from, until, ids }: Asked): Promise<PaymentOfDay[]> =>
  database(binding)
    .select()
    .from(payment)
    .where(
      and(
        eq(payment.store, store),
        or(and(gte(payment.occurredAt, from), lt(payment.occurredAt, until)), sql`${payment.transactionId} IN ${named(ids)}`),
      ),
    );

/** Refunds and chargebacks; what took one of them back is no movement of its own. */
export async function refundsOfDay(binding: D1Database, { store, from, until, ids }: Asked): Promise<RefundOfDay[]> {
  const rows = await database(binding)
    .select({ refund: paymentRefund, unit: payment.unit })
    .from(paymentRefund)
    .innerJoin(payment, and(eq(payment.store, paymentRefund.store), eq(payment.transactionId, paymentRefund.transactionId)))
    .where(
      and(
        eq(paymentRefund.store, store),
        ne(paymentRefund.kind, 'refund_reversal'),
        or(and(gte(paymentRefund.occurredAt, from), lt(paymentRefund.occurredAt, until)), sql`${paymentRefund.refundId} IN ${named(ids)}`),
      ),
    );
  return rows.map(({ refund, unit }) => ({ ...refund, unit }));
}

/** Deliveries of these sources that came in the time and had no effect. */
export async function stuckDeliveries(
  binding: D1Database,
  { sources, from, until }: { sources: readonly string[]; from: number; until: number },
): Promise<string[]> {
  const rows = await database(binding)
    .select({ id: paymentDelivery.id })
    .from(paymentDelivery)
    .where(
      and(
        sql`${paymentDelivery.source} IN ${named(sources)}`,
        gte(paymentDelivery.receivedAt, from),
        lt(paymentDelivery.receivedAt, until),
        sql`${paymentDelivery.state} NOT IN ('applied', 'nothing')`,
      ),
    )
    .orderBy(asc(paymentDelivery.id))
    .limit(500);
  return rows.map(({ id }) => id);
}

/** What was found last stands. */
export const putDay = (binding: D1Database, row: DayRow): D1PreparedStatement => {
  const { day, store, ...found } = row;
  return statementOf(
    binding,
    database(binding)
      .insert(reconciliationDay)
      .values({ day, store, ...found })
      .onConflictDoUpdate({ target: [reconciliationDay.day, reconciliationDay.store], set: found }),
  );
};

/** Newest first, behind a day and its store. */
export const dayRows = (
  binding: D1Database,
  asked: { state: DayRow['state'] | undefined; after: readonly [string, string] | null; limit: number },
): Promise<DayRow[]> =>
  database(binding)
    .select()
    .from(reconciliationDay)
    .where(
      and(
        asked.state === undefined ? undefined : eq(reconciliationDay.state, asked.state),
        asked.after === null
          ? undefined
          : sql`(${reconciliationDay.day}, ${reconciliationDay.store}) < (${asked.after[0]}, ${asked.after[1]})`,
      ),
    )
    .orderBy(desc(reconciliationDay.day), desc(reconciliationDay.store))
    .limit(asked.limit);
