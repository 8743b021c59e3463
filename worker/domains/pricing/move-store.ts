/** The only SQL for moves from one pricing model to another. */
import { and, asc, eq, isNull, lt } from 'drizzle-orm';
import { versionMove } from '../../../db/schema/pricing.ts';
import { database, statementOf } from '../../platform/database.ts';
import type { PostingId, UserId } from '../../protocol/ids.ts';

export type MoveRow = typeof versionMove.$inferSelect;

/** Moves the member as it is written; refused with `moved_meanwhile` where they are not where it begins. */
export const insertMove = (binding: D1Database, row: MoveRow): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(versionMove).values(row));

export const moveUnder = (
  binding: D1Database,
  { requestedBy, idempotencyKey }: Pick<MoveRow, 'requestedBy' | 'idempotencyKey'>,
): Promise<MoveRow | undefined> =>
  database(binding)
    .select()
    .from(versionMove)
    .where(and(eq(versionMove.requestedBy, requestedBy), eq(versionMove.idempotencyKey, idempotencyKey)))
    .get();

/** The move is in the member's books. */
export async function markMoved(binding: D1Database, id: string, postingId: PostingId): Promise<void> {
  await database(binding)
    .update(versionMove)
    .set({ postingId })
    .where(and(eq(versionMove.id, id), isNull(versionMove.postingId)));
}

/** Moves that were made before `before` (ms) and are not in the books, oldest first. */
export const untoldMoves = (binding: D1Database, before: number, limit: number): Promise<MoveRow[]> =>
  database(binding)
    .select()
    .from(versionMove)
    .where(and(isNull(versionMove.postingId), lt(versionMove.createdAt, before)))
    .orderBy(asc(versionMove.createdAt))
    .limit(limit);

/** Whether somebody has ever been moved. */
export const hasMoved = async (binding: D1Database, userId: UserId): Promise<boolean> =>
  (await database(binding).select({ id: versionMove.id }).from(versionMove).where(eq(versionMove.userId, userId)).limit(1).get()) !==
  undefined;
