/** The only SQL for `talk`, `rating` and `wrap_up`. */
import { and, count, desc, eq, gte, min, sum } from 'drizzle-orm';
import { rating, talk, wrapUp } from '../../../db/schema/interaction.ts';
import { database, statementOf } from '../../platform/database.ts';

export type TalkRow = typeof talk.$inferSelect;
export type RatingRow = typeof rating.$inferSelect;
export type WrapUpRow = typeof wrapUp.$inferSelect;

/** Writes a talk, or what it came to since it was first told of. */
export async function upsertTalk(binding: D1Database, row: TalkRow): Promise<void> {
  const { connectedMs, media, endedAt } = row;
  await database(binding).insert(talk).values(row).onConflictDoUpdate({ target: talk.callId, set: { connectedMs, media, endedAt } }).run();
}

/** A talk with what was said of it. */
export async function talkRow(
  binding: D1Database,
  callId: string,
): Promise<{ talk: TalkRow; rating: RatingRow | null; wrapUp: WrapUpRow | null } | null> {
  const found = await database(binding)
    .select({ talk, rating, wrapUp })
    .from(talk)
    .leftJoin(rating, eq(rating.callId, talk.callId))
    .leftJoin(wrapUp, eq(wrapUp.callId, talk.callId))
    .where(eq(talk.callId, callId))
    .get();
  return found ?? null;
}

export const upsertRating = (binding: D1Database, row: RatingRow): D1PreparedStatement => {
  const { stars, reasons, text } = row;
  return statementOf(
    binding,
    database(binding).insert(rating).values(row).onConflictDoUpdate({ target: rating.callId, set: { stars, reasons, text } }),
  );
};

export const upsertWrapUp = (binding: D1Database, row: WrapUpRow): D1PreparedStatement => {
  const { note, followUp, flag } = row;
  return statementOf(
    binding,
    database(binding).insert(wrapUp).values(row).onConflictDoUpdate({ target: wrapUp.callId, set: { note, followUp, flag } }),
  );
};

/** All that a pair has had: in numbers, the last `limit` talks, and the last that was wrapped up; read as of one moment. */
export async function pairRows(
  binding: D1Database,
  { companionId, memberId, limit }: { companionId: string; memberId: string; limit: number },
): Promise<{
  total: { talks: number; connectedMs: number; since: number | null };
  last: TalkRow[];
  lastWrapUp: WrapUpRow | undefined;
}> {
  const db = database(binding);
  const pair = and(eq(talk.companionId, companionId), eq(talk.memberId, memberId));
  const [[total], last, [wrapped]] = await db.batch([
    db
      .select({ talks: count(), connectedMs: sum(talk.connectedMs).mapWith(Number), since: min(talk.at) })
      .from(talk)
      .where(pair),
    db.select().from(talk).where(pair).orderBy(desc(talk.at), desc(talk.callId)).limit(limit),
    db
      .select({ wrapUp })
      .from(talk)
      .innerJoin(wrapUp, eq(wrapUp.callId, talk.callId))
      .where(pair)
      .orderBy(desc(talk.at), desc(talk.callId))
      .limit(1),
  ]);
  const { talks = 0, connectedMs = 0, since = null } = total ?? {};
  return { total: { talks, connectedMs, since }, last, lastWrapUp: wrapped?.wrapUp };
}

/** A companion's talks that ended at `from` (ms) or later. */
export const talksSince = (binding: D1Database, companionId: string, from: number): Promise<Pick<TalkRow, 'endedAt' | 'connectedMs'>[]> =>
  database(binding)
    .select({ endedAt: talk.endedAt, connectedMs: talk.connectedMs })
    .from(talk)
    .where(and(eq(talk.companionId, companionId), gte(talk.endedAt, from)));
