/** The only SQL for plans and subscriptions. */
import { asc, eq } from 'drizzle-orm';
import { plan, subscription } from '../../../db/schema/subscriptions.ts';
import { database } from '../../platform/database.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import type { PlanTerms, Subscription } from './rules.ts';

export const planRows = (binding: D1Database): Promise<PlanTerms[]> =>
  database(binding)
    .select({ id: plan.id, dailySeconds: plan.dailySeconds, dailyMessages: plan.dailyMessages, overage: plan.overage })
    .from(plan)
    .orderBy(asc(plan.rank));

/** The newest word of a person's subscription takes the place of the one before. */
export async function putSubscription(
  binding: D1Database,
  { userId, ...word }: Subscription & { id: Id<'sub'>; userId: UserId; changedAt: number },
): Promise<void> {
  const { id: _kept, ...change } = word;
  await database(binding)
    .insert(subscription)
    .values({ userId, ...word })
    .onConflictDoUpdate({ target: subscription.userId, set: change });
}

export async function subscriptionRow(binding: D1Database, userId: UserId): Promise<Subscription | null> {
  const rows = await database(binding)
    .select({ plan: subscription.plan, state: subscription.state, until: subscription.until })
    .from(subscription)
    .where(eq(subscription.userId, userId));
  return rows[0] ?? null;
}
