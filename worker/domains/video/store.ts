/** The only SQL for `call`. */
import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm';
import { call } from '../../../db/schema/video.ts';
import { database } from '../../platform/database.ts';

export type CallRow = typeof call.$inferSelect;

/** Writes the row a call begins with; false where one is there already, which stays. Throws where `resumesClaim` is taken. */
export async function insertCall(
  binding: D1Database,
  row: Omit<CallRow, 'endReason' | 'connectedMs' | 'endedAt' | 'settledAt' | 'stateSince'>,
): Promise<boolean> {
  const done = await database(binding)
    .insert(call)
    .values({ ...row, stateSince: row.createdAt })
    .onConflictDoNothing({ target: call.id })
    .run();
  return done.meta.changes > 0;
}

/** Brings a row up to what its object says at `now` (ms). A settled row never moves again. */
export async function updateCall(
  binding: D1Database,
  {
    id,
    now,
    ...change
  }: Pick<CallRow, 'id' | 'state' | 'media' | 'endReason' | 'connectedMs' | 'endedAt' | 'settledAt'> & { resumesClaim?: null; now: number },
): Promise<void> {
  await database(binding)
    .update(call)
    .set({ ...change, stateSince: sql`iif(${call.state} = ${change.state}, ${call.stateSince}, ${now})` })
    .where(and(eq(call.id, id), isNull(call.settledAt)))
    .run();
}

export const callRow = (binding: D1Database, id: string): Promise<CallRow | undefined> =>
  database(binding).select().from(call).where(eq(call.id, id)).get();

/** So many minutes lie between two questions to a call that runs. */
const RUNNING_EVERY = 5;

/**
 * Calls that are not settled, older than `before` (ms), oldest first, after `last`. Of those that run, the ones whose turn
 * it is in this minute: they have an alarm of their own, and each question wakes them.
 */
export const unsettledCalls = (
  binding: D1Database,
  { before, last, limit }: { before: number; last: Pick<CallRow, 'createdAt' | 'id'> | null; limit: number },
): Promise<CallRow[]> =>
  database(binding)
    .select()
    .from(call)
    .where(
      and(
        isNull(call.settledAt),
        lt(call.createdAt, before),
        sql`(${call.state} <> 'active' OR (${before} - ${call.createdAt}) / 60000 % ${RUNNING_EVERY} = 0)`,
        last ? sql`(${call.createdAt}, ${call.id}) > (${last.createdAt}, ${last.id})` : undefined,
      ),
    )
    .orderBy(asc(call.createdAt), asc(call.id))
    .limit(limit);
