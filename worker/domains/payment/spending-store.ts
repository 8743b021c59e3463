/** The only SQL for `spending_guard` and `spending`. */
import { and, eq, gt, isNull } from 'drizzle-orm';
import { spending, spendingGuard } from '../../../db/schema/payment.ts';
import { database, statementOf } from '../../platform/database.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { Guard, Spent } from './spending-rules.ts';

export async function guardRow(binding: D1Database, userId: UserId): Promise<Guard | null> {
  const row = await database(binding).select().from(spendingGuard).where(eq(spendingGuard.userId, userId)).get();
  return row ? { cap: row.cap, nextCap: row.nextCap, nextFrom: row.nextFrom, pauseUntil: row.pauseUntil } : null;
}

/** Triggers refuse (`too_soon`) what would loosen a limit before its time. */
export async function putGuard(binding: D1Database, userId: UserId, guard: Guard, setAt: number): Promise<void> {
  const row = { ...guard, setAt };
  await database(binding)
    .insert(spendingGuard)
    .values({ userId, ...row })
    .onConflictDoUpdate({ target: spendingGuard.userId, set: row });
}

/** Counts a purchase; its batch is refused (`spending_limit`, `spending_paused`, `automatic_limit`) where it passes a limit. */
export const insertSpending = (binding: D1Database, row: Omit<typeof spending.$inferInsert, 'releasedAt'>): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(spending).values(row));

/** Counts what a store told of, once. */
export const noteSpending = (binding: D1Database, row: Omit<typeof spending.$inferInsert, 'releasedAt'>): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(spending).values(row).onConflictDoNothing());

export const releaseSpending = (binding: D1Database, ref: string, now: number): D1PreparedStatement =>
  statementOf(binding, database(binding).update(spending).set({ releasedAt: now }).where(eq(spending.ref, ref)));

/** What counts of what somebody spent after `since` (ms). */
export const spentSince = (binding: D1Database, userId: UserId, since: number): Promise<Spent[]> =>
  database(binding)
    .select({ cents: spending.cents, at: spending.at })
    .from(spending)
    .where(and(eq(spending.userId, userId), isNull(spending.releasedAt), gt(spending.at, since)));
