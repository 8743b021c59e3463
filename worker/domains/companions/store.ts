/** The only SQL for `companion`. */
import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import { companion } from '../../../db/schema/companions.ts';
import { database } from '../../platform/database.ts';
import type { CallMedia } from '../../protocol/call/call.ts';

export type CompanionRow = typeof companion.$inferSelect;

const approved = isNotNull(companion.approvedAt);
const takes = (media: CallMedia): SQL => sql`EXISTS (SELECT 1 FROM json_each(${companion.media}) WHERE value = ${media})`;

/** Approved ones among `ids`. One bound parameter however many are asked for. */
export const rowsByIds = (binding: D1Database, ids: readonly string[]): Promise<CompanionRow[]> =>
  database(binding)
    .select()
    .from(companion)
    .where(and(approved, sql`${companion.userId} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`));

export const rows = (binding: D1Database, filter: { media?: CallMedia | undefined; tier?: string | undefined }): Promise<CompanionRow[]> =>
  database(binding)
    .select()
    .from(companion)
    .where(
      and(
        approved,
        filter.media === undefined ? undefined : takes(filter.media),
        filter.tier === undefined ? undefined : eq(companion.tier, filter.tier),
      ),
    );

export async function upsert(binding: D1Database, row: CompanionRow): Promise<void> {
  await database(binding)
    .insert(companion)
    .values(row)
    .onConflictDoUpdate({ target: companion.userId, set: { media: row.media, tier: row.tier, approvedAt: row.approvedAt } });
}
