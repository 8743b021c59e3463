/** The SQL of `subscription`. */
import { eq } from 'drizzle-orm';
import { subscription } from '../../../db/schema/subscriptions.ts';
import { database } from '../../platform/database.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import type { Subscription } from './rules.ts';

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
