/** The only SQL for `push_device`. Triggers take a device away with its session, and the oldest of more than twenty. */
import { and, desc, eq, lt, ne, sql } from 'drizzle-orm';
import { pushDevice } from '../../../db/schema/notification.ts';
import { database, statementOf } from '../../platform/database.ts';
import type { UserId } from '../../protocol/ids.ts';

export type PushDeviceRow = typeof pushDevice.$inferSelect;

/**
 * Stores a device in one transaction: whoever had this token before has it no more, and a session has one device of each
 * platform, which keeps its id. Aborts with `session_is_over`.
 */
export async function upsertDevice(binding: D1Database, row: PushDeviceRow): Promise<PushDeviceRow> {
  const db = database(binding);
  const { userId, sessionId, platform, token, p256dh, auth, seenAt } = row;
  const mine = and(eq(pushDevice.sessionId, sessionId), eq(pushDevice.platform, platform));
  await binding.batch([
    statementOf(
      binding,
      db.delete(pushDevice).where(and(eq(pushDevice.platform, platform), eq(pushDevice.token, token), ne(pushDevice.sessionId, sessionId))),
    ),
    statementOf(
      binding,
      db
        .insert(pushDevice)
        .values(row)
        .onConflictDoUpdate({
          target: [pushDevice.sessionId, pushDevice.platform],
          set: { userId, token, p256dh, auth, seenAt },
        }),
    ),
  ]);
  return (await db.select().from(pushDevice).where(mine).get()) ?? row;
}

/** The devices of these people, the one that was registered last first. */
export const devicesOf = (binding: D1Database, ids: readonly UserId[]): Promise<PushDeviceRow[]> =>
  database(binding)
    .select()
    .from(pushDevice)
    .where(sql`${pushDevice.userId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .orderBy(desc(pushDevice.seenAt), desc(pushDevice.id));

/** Takes a device away; of this person only, where one is named, and of this token only. False: there was none. */
export async function deleteDevice(binding: D1Database, of: { id: string; userId?: UserId; token?: string }): Promise<boolean> {
  const gone = await database(binding)
    .delete(pushDevice)
    .where(
      and(
        eq(pushDevice.id, of.id),
        of.userId === undefined ? undefined : eq(pushDevice.userId, of.userId),
        of.token === undefined ? undefined : eq(pushDevice.token, of.token),
      ),
    )
    .returning({ id: pushDevice.id });
  return gone.length > 0;
}

/** Devices that nobody has registered since `before` (ms). */
export async function deleteSilentDevices(binding: D1Database, before: number): Promise<void> {
  await database(binding).delete(pushDevice).where(lt(pushDevice.seenAt, before));
}
