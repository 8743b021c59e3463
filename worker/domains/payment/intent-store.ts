/** The only SQL for `payment_intent` and `stripe_customer`. */
import { and, asc, eq, inArray, lt } from 'drizzle-orm';
import { paymentIntent, stripeCustomer } from '../../../db/schema/payment.ts';
import { database, statementOf } from '../../platform/database.ts';
import type { Id, UserId } from '../../protocol/ids.ts';

export type IntentRow = typeof paymentIntent.$inferSelect;

export const insertIntent = (binding: D1Database, row: IntentRow): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(paymentIntent).values(row));

export const intentRow = (binding: D1Database, id: Id<'pin'>): Promise<IntentRow | undefined> =>
  database(binding).select().from(paymentIntent).where(eq(paymentIntent.id, id)).get();

export const intentUnder = (
  binding: D1Database,
  { userId, idempotencyKey }: { userId: UserId; idempotencyKey: string },
): Promise<IntentRow | undefined> =>
  database(binding)
    .select()
    .from(paymentIntent)
    .where(and(eq(paymentIntent.userId, userId), eq(paymentIntent.idempotencyKey, idempotencyKey)))
    .get();

export const intentOfTransaction = (binding: D1Database, transactionId: string): Promise<IntentRow | undefined> =>
  database(binding).select().from(paymentIntent).where(eq(paymentIntent.transactionId, transactionId)).get();

const open = inArray(paymentIntent.state, ['created', 'requires_action']);

export const openIntentsOf = (binding: D1Database, userId: UserId): Promise<IntentRow[]> =>
  database(binding)
    .select()
    .from(paymentIntent)
    .where(and(eq(paymentIntent.userId, userId), open))
    .orderBy(asc(paymentIntent.createdAt));

/** Open intents whose time was over before `before` (ms). */
export const overdueIntents = (binding: D1Database, before: number, limit: number): Promise<IntentRow[]> =>
  database(binding)
    .select()
    .from(paymentIntent)
    .where(and(lt(paymentIntent.expiresAt, before), open))
    .orderBy(asc(paymentIntent.expiresAt))
    .limit(limit);

export type IntentChange = Partial<Pick<IntentRow, 'state' | 'storeRef' | 'transactionId' | 'url' | 'failure' | 'expiresAt'>>;

/** Changes an intent that still stands as it was read; false where it has moved on. A trigger refuses states that don't follow. */
export async function changeIntent(
  binding: D1Database,
  { id, state }: Pick<IntentRow, 'id' | 'state'>,
  change: IntentChange & { changedAt: number },
): Promise<boolean> {
  const done = await database(binding)
    .update(paymentIntent)
    .set(change)
    .where(and(eq(paymentIntent.id, id), eq(paymentIntent.state, state)))
    .returning({ id: paymentIntent.id });
  return done.length > 0;
}

export async function customerRow(binding: D1Database, userId: UserId): Promise<string | null> {
  const row = await database(binding).select().from(stripeCustomer).where(eq(stripeCustomer.userId, userId)).get();
  return row?.customer ?? null;
}

/** Keeps who a member is at Stripe; the first word stands. */
export async function keepCustomer(binding: D1Database, row: typeof stripeCustomer.$inferInsert): Promise<void> {
  await database(binding).insert(stripeCustomer).values(row).onConflictDoNothing({ target: stripeCustomer.userId });
}
