/** The only SQL for `block`. */
import { and, desc, eq, gt, isNull, lt, or } from 'drizzle-orm';
import { block } from '../../../db/schema/blocklist.ts';
import { database, statementOf } from '../../platform/database.ts';

export type BlockRow = typeof block.$inferSelect;

const standing = isNull(block.liftedAt);
const by = (blockerId: string, blockedId: string) => and(eq(block.blockerId, blockerId), eq(block.blockedId, blockedId));

export const standingRow = (binding: D1Database, blockerId: string, blockedId: string): Promise<BlockRow | undefined> =>
  database(binding)
    .select()
    .from(block)
    .where(and(standing, by(blockerId, blockedId)))
    .get();

/** A block in either direction that stands. */
export const eitherRow = (binding: D1Database, a: string, b: string): Promise<Pick<BlockRow, 'id'> | undefined> =>
  database(binding)
    .select({ id: block.id })
    .from(block)
    .where(and(standing, or(by(a, b), by(b, a))))
    .limit(1)
    .get();

/** Everybody this person has blocked or is blocked by. */
export const partners = (binding: D1Database, userId: string): Promise<Pick<BlockRow, 'blockerId' | 'blockedId'>[]> =>
  database(binding)
    .select({ blockerId: block.blockerId, blockedId: block.blockedId })
    .from(block)
    .where(and(standing, or(eq(block.blockerId, userId), eq(block.blockedId, userId))));

/** Blocks by this person, newest first, older than the block `before`. */
export const rowsBy = (
  binding: D1Database,
  blockerId: string,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<BlockRow[]> =>
  database(binding)
    .select()
    .from(block)
    .where(and(standing, eq(block.blockerId, blockerId), before === undefined ? undefined : lt(block.id, before)))
    .orderBy(desc(block.id))
    .limit(limit);

/** Standing blocks by this person and of them, newest first. */
export const rowsAround = (binding: D1Database, userId: string, limit: number): Promise<BlockRow[]> =>
  database(binding)
    .select()
    .from(block)
    .where(and(standing, or(eq(block.blockerId, userId), eq(block.blockedId, userId))))
    .orderBy(desc(block.id))
    .limit(limit);

/** A new block; where one stands already only what was said of it changes. */
export const upsert = (binding: D1Database, row: Omit<BlockRow, 'liftedAt' | 'callEndedAt'>): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .insert(block)
      .values(row)
      .onConflictDoUpdate({
        target: [block.blockerId, block.blockedId],
        targetWhere: standing,
        set: { reason: row.reason, text: row.text, callEndedAt: null },
      }),
  );

export const lift = (binding: D1Database, id: string, now: number): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .update(block)
      .set({ liftedAt: now })
      .where(and(standing, eq(block.id, id))),
  );

/** Notes that no call between the two runs since the block. */
export async function noteCallEnded(binding: D1Database, id: string, now: number): Promise<void> {
  await database(binding).update(block).set({ callEndedAt: now }).where(eq(block.id, id));
}

/** Standing blocks made before `before` (ms) after which nobody has seen to a running call yet, in order, after `last`. */
export const unfinished = (
  binding: D1Database,
  { before, last, limit }: { before: number; last: BlockRow | null; limit: number },
): Promise<BlockRow[]> =>
  database(binding)
    .select()
    .from(block)
    .where(and(standing, isNull(block.callEndedAt), lt(block.at, before), last ? gt(block.id, last.id) : undefined))
    .orderBy(block.id)
    .limit(limit);
