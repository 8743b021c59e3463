/** The only SQL for `deferred_link` and `campaign_touch`. */
import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import { campaignTouch, deferredLink } from '../../../db/schema/ads.ts';
import { database, statementOf } from '../../platform/database.ts';

type DeferredRow = typeof deferredLink.$inferSelect;
export type TouchRow = typeof campaignTouch.$inferSelect;

/**
 * Keeps a link. False where its network has kept `most` since `since` already; the database counts, so that requests at
 * once don't slip past each other. Aborts (UNIQUE) where the code is taken.
 */
export async function insertDeferred(
  binding: D1Database,
  row: Omit<DeferredRow, 'claimedBy' | 'claimedAt'>,
  { most, since }: { most: number; since: number },
): Promise<boolean> {
  const { meta } = await binding
    .prepare(
      `INSERT INTO deferred_link (code, link, campaign, network_hash, created_at, expires_at)
       SELECT ?1, ?2, ?3, ?4, ?5, ?6
       WHERE ?4 IS NULL OR (SELECT count(*) FROM deferred_link WHERE network_hash = ?4 AND created_at > ?7) < ?8`,
    )
    .bind(row.code, row.link, row.campaign, row.networkHash, row.createdAt, row.expiresAt, since, most)
    .run();
  return meta.changes === 1;
}

/** Gives a kept link to this person, unless somebody else has it or its day is over. */
export const claimDeferred = (
  binding: D1Database,
  { code, userId, now }: { code: string; userId: string; now: number },
): Promise<DeferredRow | undefined> =>
  database(binding)
    .update(deferredLink)
    .set({ claimedBy: userId, claimedAt: sql`coalesce(${deferredLink.claimedAt}, ${now})` })
    .where(
      and(
        eq(deferredLink.code, code),
        gt(deferredLink.expiresAt, now),
        or(isNull(deferredLink.claimedBy), eq(deferredLink.claimedBy, userId)),
      ),
    )
    .returning()
    .get();

/** Deletes so many whose day was over at `now`; answers how many they were. */
export async function deleteExpired(binding: D1Database, now: number, atOnce: number): Promise<number> {
  const { meta } = await binding
    .prepare('DELETE FROM deferred_link WHERE code IN (SELECT code FROM deferred_link WHERE expires_at <= ?1 LIMIT ?2)')
    .bind(now, atOnce)
    .run();
  return meta.changes;
}

/** The touches of a person: two at most. */
export const touchRows = (binding: D1Database, userId: string): Promise<TouchRow[]> =>
  database(binding).select().from(campaignTouch).where(eq(campaignTouch.userId, userId)).all();

/** The earliest is the first and the latest the last, in whatever order they are told. */
export function touchStatement(binding: D1Database, row: TouchRow): D1PreparedStatement {
  const { userId, place, ...told } = row;
  const nearer = row.place === 'first' ? lt(sql`excluded.at`, campaignTouch.at) : gt(sql`excluded.at`, campaignTouch.at);
  return statementOf(
    binding,
    database(binding)
      .insert(campaignTouch)
      .values(row)
      .onConflictDoUpdate({ target: [campaignTouch.userId, campaignTouch.place], set: told, setWhere: nearer }),
  );
}

export async function deleteTouches(binding: D1Database, userId: string): Promise<void> {
  await database(binding).delete(campaignTouch).where(eq(campaignTouch.userId, userId)).run();
}
