/** The SQL of `subscription`. */
import { and, desc, eq, gt, ne, sql } from 'drizzle-orm';
import { plan, subscription } from '../../../db/schema/subscriptions.ts';
import { database } from '../../platform/database.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import type { Subscription } from './rules.ts';

export type SubscriptionRow = typeof subscription.$inferSelect;

/** How a subscription stands now. What was folded from fewer words than stand there already is older, and changes nothing. */
export async function putSubscription(
  binding: D1Database,
  { id, userId, store, ref, ...change }: Omit<SubscriptionRow, 'id' | 'userId'> & { id: Id<'sub'>; userId: UserId },
): Promise<void> {
  await database(binding)
    .insert(subscription)
    .values({ id, userId, store, ref, ...change })
    .onConflictDoUpdate({
      target: [subscription.userId, subscription.store, subscription.ref],
      set: change,
      setWhere: sql`excluded.words >= ${subscription.words}`,
    });
}

/** Those of somebody that are in force at a moment (ms) or wait to be, the better plan first. */
export async function runningRows(binding: D1Database, userId: UserId, at: number): Promise<SubscriptionRow[]> {
  const rows = await database(binding)
    .select({ subscription })
    .from(subscription)
    .innerJoin(plan, eq(plan.id, subscription.plan))
    .where(and(eq(subscription.userId, userId), ne(subscription.state, 'expired'), gt(subscription.until, at)))
    .orderBy(desc(sql`${subscription.state} <> 'paused'`), desc(plan.rank), desc(subscription.until));
  return rows.map((row) => row.subscription);
}

/** The one that counts for somebody at a moment (ms): of those in force then the best plan, else the last to change. */
export async function subscriptionRow(binding: D1Database, userId: UserId, at: number): Promise<Subscription | null> {
  const inForce = sql`${subscription.state} NOT IN ('paused', 'expired') AND ${subscription.until} > ${at}`;
  const rows = await database(binding)
    .select({ plan: subscription.plan, state: subscription.state, until: subscription.until })
    .from(subscription)
    .innerJoin(plan, eq(plan.id, subscription.plan))
    .where(and(eq(subscription.userId, userId)))
    .orderBy(
      desc(inForce),
      desc(sql`iif(${inForce}, ${plan.rank}, 0)`),
      desc(sql`iif(${inForce}, ${subscription.until}, 0)`),
      desc(subscription.changedAt),
    )
    .limit(1);
  return rows[0] ?? null;
}
