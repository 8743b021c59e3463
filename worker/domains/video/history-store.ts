/** The SQL on `call` of people's own lists, and on `missed_seen`. */
import { and, desc, eq, gt, inArray, isNull, ne, notInArray, or, type SQL, sql } from 'drizzle-orm';
import { call, missedSeen } from '../../../db/schema/video.ts';
import { database } from '../../platform/database.ts';
import type { CallRow } from './store.ts';

const outgoing = (userId: string) => and(eq(call.callerId, userId), or(isNull(call.endReason), ne(call.endReason, 'refused')));
const incoming = (userId: string) =>
  and(eq(call.calleeId, userId), ne(call.state, 'placing'), or(isNull(call.endReason), notInArray(call.endReason, ['refused', 'busy'])));
/** Rang, and was not answered before it stopped. */
const missed = (userId: string): SQL | undefined =>
  and(eq(call.calleeId, userId), eq(call.state, 'ended'), inArray(call.endReason, ['no_answer', 'cancelled']));

export interface HistoryQuestion {
  readonly userId: string;
  readonly state?: string | undefined;
  readonly direction?: 'incoming' | 'outgoing' | undefined;
  readonly missed?: boolean | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

/**
 * A person's calls, newest first, from before the id `before`. Calls that never rang are left out: the ones their caller
 * was refused, and for the callee those that came while they were busy.
 *
 * Read by each end's own index and joined here: asked for both at once, the database would sort all calls of a lifetime.
 */
export async function callsOf(binding: D1Database, asked: HistoryQuestion): Promise<CallRow[]> {
  const { userId, state, direction, before } = asked;
  const db = database(binding);
  const end = (whose: SQL | undefined) =>
    db
      .select()
      .from(call)
      .where(
        and(
          whose,
          asked.missed === undefined ? undefined : asked.missed ? missed(userId) : sql`NOT coalesce(${missed(userId)}, 0)`,
          state === undefined ? undefined : eq(call.state, state as CallRow['state']),
          before === undefined ? undefined : sql`${call.id} < ${before}`,
        ),
      )
      .orderBy(desc(call.id))
      .limit(asked.limit);
  if (direction) return end(direction === 'outgoing' ? outgoing(userId) : incoming(userId));
  const [out, come] = await db.batch([end(outgoing(userId)), end(incoming(userId))]);
  return [...out, ...come].toSorted((a, b) => (a.id < b.id ? 1 : -1)).slice(0, asked.limit);
}

/** Whether one of the two has ever rung the other. */
export async function calledBetween(binding: D1Database, a: string, b: string): Promise<boolean> {
  const from = (caller: string, callee: string) =>
    and(eq(call.callerId, caller), eq(call.calleeId, callee), sql`${call.endReason} IS NOT 'refused'`);
  const found = await database(binding)
    .select({ id: call.id })
    .from(call)
    .where(or(from(a, b), from(b, a)))
    .limit(1)
    .get();
  return found !== undefined;
}

/** Missed calls behind the last one seen; no more than `most` are counted. */
export async function unseenCount(binding: D1Database, userId: string, most: number): Promise<number> {
  const db = database(binding);
  const seen = sql`coalesce((SELECT up_to FROM missed_seen WHERE user_id = ${userId}), '')`;
  const rows = await db
    .select({ id: call.id })
    .from(call)
    .where(and(missed(userId), gt(call.id, seen)))
    .limit(most);
  return rows.length;
}

/** Notes up to where somebody has seen; never goes back. Without an id: up to the newest call there is of theirs. */
export async function markSeen(binding: D1Database, userId: string, upTo: string | undefined): Promise<void> {
  const newest = sql<string>`coalesce((SELECT max(id) FROM call WHERE callee_id = ${userId}), '')`;
  await database(binding)
    .insert(missedSeen)
    .values({ userId, upTo: upTo ?? newest } as { userId: string; upTo: string })
    .onConflictDoUpdate({ target: missedSeen.userId, set: { upTo: sql`max(up_to, excluded.up_to)` } })
    .run();
}
