/** The only SQL for `automatic_top_up`. */
import { and, eq, sql } from 'drizzle-orm';
import { automaticTopUp } from '../../../db/schema/payment.ts';
import { database } from '../../platform/database.ts';
import type { UserId } from '../../protocol/ids.ts';

export type AutomaticRow = typeof automaticTopUp.$inferSelect;

export const automaticRow = (binding: D1Database, userId: UserId): Promise<AutomaticRow | undefined> =>
  database(binding).select().from(automaticTopUp).where(eq(automaticTopUp.userId, userId)).get();

export async function putAutomatic(binding: D1Database, row: AutomaticRow): Promise<void> {
  const { userId: _, ...terms } = row;
  await database(binding).insert(automaticTopUp).values(row).onConflictDoUpdate({ target: automaticTopUp.userId, set: terms });
}

/** One more failure in a row; the second one switches it off. Answers whether it did. */
export async function countFailure(binding: D1Database, userId: UserId, now: number): Promise<boolean> {
  const rows = await database(binding)
    .update(automaticTopUp)
    .set({
      failures: sql`${automaticTopUp.failures} + 1`,
      state: sql`CASE WHEN ${automaticTopUp.failures} >= 1 THEN 'off' ELSE ${automaticTopUp.state} END`,
      changedAt: now,
    })
    .where(and(eq(automaticTopUp.userId, userId), eq(automaticTopUp.state, 'on')))
    .returning({ state: automaticTopUp.state });
  return rows[0]?.state === 'off';
}

export async function forgetFailures(binding: D1Database, userId: UserId, now: number): Promise<void> {
  await database(binding)
    .update(automaticTopUp)
    .set({ failures: 0, changedAt: now })
    .where(and(eq(automaticTopUp.userId, userId), sql`${automaticTopUp.failures} > 0`, eq(automaticTopUp.state, 'on')));
}
