/** The only SQL for `chat_media`. */
import { and, asc, eq, gt, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import { chatMedia } from '../../../db/schema/chat.ts';
import { database, statementOf } from '../../platform/database.ts';

export type MediaRow = typeof chatMedia.$inferSelect;
type NewMedia = Pick<MediaRow, 'id' | 'chatId' | 'uploaderId' | 'kind' | 'type' | 'askedBytes' | 'durationMs' | 'createdAt'>;

/** Aborts with `too_many_uploads` where the person has asked for too many that no message names yet. */
export async function insertMedia(binding: D1Database, row: NewMedia): Promise<void> {
  await database(binding)
    .insert(chatMedia)
    .values({ ...row, state: 'pending' })
    .run();
}

export const mediaRow = (binding: D1Database, id: string): Promise<MediaRow | undefined> =>
  database(binding).select().from(chatMedia).where(eq(chatMedia.id, id)).get();

/** Says what was uploaded; what was said before stays. */
export async function markUploaded(
  binding: D1Database,
  { id, ...facts }: Pick<MediaRow, 'id' | 'uploadedAt' | 'bytes' | 'width' | 'height' | 'durationMs' | 'hash' | 'state'>,
): Promise<void> {
  await database(binding)
    .update(chatMedia)
    .set(facts)
    .where(and(eq(chatMedia.id, id), isNull(chatMedia.uploadedAt), isNull(chatMedia.claimedBy)))
    .run();
}

/** A message names it. */
export const SENT = 'message';
/** That message was reported. */
export const REPORTED = 'reported';
/** It was reported, and deleted since: for whoever looks at the case alone. */
export const KEPT = 'kept';

/** Keeps an upload from being swept away: a message is about to name it. Nothing where it is another's, or not there (any more). */
export const claim = (
  binding: D1Database,
  { id, chatId, uploaderId }: Pick<MediaRow, 'id' | 'chatId' | 'uploaderId'>,
): Promise<MediaRow | undefined> =>
  database(binding)
    .update(chatMedia)
    .set({ claimedBy: SENT })
    .where(
      and(
        eq(chatMedia.id, id),
        eq(chatMedia.chatId, chatId),
        eq(chatMedia.uploaderId, uploaderId),
        isNotNull(chatMedia.uploadedAt),
        or(isNull(chatMedia.claimedBy), eq(chatMedia.claimedBy, SENT)),
      ),
    )
    .returning()
    .get();

/** No message has it after all. */
export async function unclaim(binding: D1Database, { id, chatId }: Pick<MediaRow, 'id' | 'chatId'>): Promise<void> {
  await database(binding)
    .update(chatMedia)
    .set({ claimedBy: null })
    .where(and(eq(chatMedia.id, id), eq(chatMedia.chatId, chatId), eq(chatMedia.claimedBy, SENT)))
    .run();
}

/** Being taken away: no message can have it any more. */
export const SWEPT = 'swept';

/** Takes unclaimed ones from before `before` (ms) out of everybody's reach; those, and what an earlier sweep left half done. */
export async function sweptRows(binding: D1Database, before: number, limit: number): Promise<Pick<MediaRow, 'id' | 'chatId'>[]> {
  const db = database(binding);
  await db
    .update(chatMedia)
    .set({ claimedBy: SWEPT })
    .where(and(isNull(chatMedia.claimedBy), lt(chatMedia.createdAt, before)))
    .run();
  return db.select({ id: chatMedia.id, chatId: chatMedia.chatId }).from(chatMedia).where(eq(chatMedia.claimedBy, SWEPT)).limit(limit);
}

/** Keeps the medium of a reported message for whoever looks at the case. */
export const reportStatement = (binding: D1Database, id: string): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .update(chatMedia)
      .set({ claimedBy: REPORTED })
      .where(and(eq(chatMedia.id, id), eq(chatMedia.claimedBy, SENT))),
  );

/** Of a deleted message that was reported: kept, and true; false for any other. */
export async function keepReported(binding: D1Database, id: string): Promise<boolean> {
  const rows = await database(binding)
    .update(chatMedia)
    .set({ claimedBy: KEPT })
    .where(and(eq(chatMedia.id, id), inArray(chatMedia.claimedBy, [REPORTED, KEPT])))
    .returning({ id: chatMedia.id });
  return rows.length > 0;
}

export async function deleteMedia(binding: D1Database, ids: readonly string[]): Promise<void> {
  await database(binding)
    .delete(chatMedia)
    .where(sql`${chatMedia.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`)
    .run();
}

/** Sent media that nobody has looked at, the oldest first, behind `after`. */
export const waitingRows = (binding: D1Database, { after, limit }: { after: string | undefined; limit: number }): Promise<MediaRow[]> =>
  database(binding)
    .select()
    .from(chatMedia)
    .where(
      and(
        eq(chatMedia.state, 'pending'),
        inArray(chatMedia.claimedBy, [SENT, REPORTED]),
        after === undefined ? undefined : gt(chatMedia.id, after),
      ),
    )
    .orderBy(asc(chatMedia.id))
    .limit(limit);

/** What was decided; the room has still to learn it. */
export const decideStatement = (
  binding: D1Database,
  { id, state, decidedAt }: { id: string; state: 'passed' | 'refused'; decidedAt: number },
): D1PreparedStatement =>
  statementOf(binding, database(binding).update(chatMedia).set({ state, decidedAt, told: false }).where(eq(chatMedia.id, id)));

/** The room has learned this; what was decided since it has not. */
export async function markTold(binding: D1Database, { id, state }: Pick<MediaRow, 'id' | 'state'>): Promise<void> {
  await database(binding)
    .update(chatMedia)
    .set({ told: true })
    .where(and(eq(chatMedia.id, id), eq(chatMedia.state, state)))
    .run();
}

export const untoldRows = (binding: D1Database, limit: number): Promise<MediaRow[]> =>
  database(binding).select().from(chatMedia).where(eq(chatMedia.told, false)).orderBy(asc(chatMedia.id)).limit(limit);
