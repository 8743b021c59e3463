/** The only SQL for deliveries. */
import { eq, lt, sql } from 'drizzle-orm';
import { notificationDelivery as delivery } from '../../../db/schema/notification.ts';
import { database } from '../../platform/database.ts';

/** Takes a message for sending: `taken`, `sent` before, or `busy` with somebody else. One statement decides. */
export async function claimDelivery(
  binding: D1Database,
  order: { id: string; kind: string; channel: string; now: number; until: number },
): Promise<'taken' | 'sent' | 'busy'> {
  const db = database(binding);
  const { id, kind, channel, now, until } = order;
  const taken = await db
    .insert(delivery)
    .values({ id, kind, channel, attempts: 1, claimedUntil: until, createdAt: now })
    .onConflictDoUpdate({
      target: delivery.id,
      set: { attempts: sql`${delivery.attempts} + 1`, claimedUntil: until },
      setWhere: sql`${delivery.sentAt} IS NULL AND ${delivery.claimedUntil} <= ${now}`,
    })
    .returning({ id: delivery.id });
  if (taken.length > 0) return 'taken';
  const rows = await db.select({ sentAt: delivery.sentAt }).from(delivery).where(eq(delivery.id, id));
  return rows[0]?.sentAt == null ? 'busy' : 'sent';
}

/** The provider took it. */
export async function markSent(binding: D1Database, id: string, now: number, providerId: string | null): Promise<void> {
  await database(binding).update(delivery).set({ sentAt: now, providerId, failedCode: null }).where(eq(delivery.id, id));
}

/** It did not go out; the claim is given back at once. */
export async function markFailed(binding: D1Database, id: string, code: string): Promise<void> {
  await database(binding).update(delivery).set({ failedCode: code, claimedUntil: 0 }).where(eq(delivery.id, id));
}

export async function forgetDeliveries(binding: D1Database, before: number): Promise<void> {
  await database(binding).delete(delivery).where(lt(delivery.createdAt, before));
}
