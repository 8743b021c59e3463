/** The only SQL for `chat`, `chat_member` and `favourite_message`. */
import { and, desc, eq, isNull, lte, or, sql } from 'drizzle-orm';
import { chat, chatMember, favouriteMessage } from '../../../db/schema/chat.ts';
import { database, statementOf } from '../../platform/database.ts';

export type ChatRow = typeof chat.$inferSelect;
export type MemberRow = typeof chatMember.$inferSelect;
/** A conversation as one of its people has it. */
export interface OwnRow {
  readonly chat: ChatRow;
  readonly own: MemberRow;
}

/** Writes a conversation with both its people; where the pair has one already, nothing. */
export async function insertChat(
  binding: D1Database,
  { id, memberId, companionId, createdAt }: Pick<ChatRow, 'id' | 'memberId' | 'companionId' | 'createdAt'>,
): Promise<void> {
  const person = (userId: string) =>
    binding
      .prepare(
        `INSERT INTO chat_member (user_id, chat_id, joined_at, newest_at)
         SELECT ?1, id, created_at, created_at FROM chat WHERE id = ?2
         ON CONFLICT DO NOTHING`,
      )
      .bind(userId, id);
  await binding.batch([
    statementOf(binding, database(binding).insert(chat).values({ id, memberId, companionId, createdAt }).onConflictDoNothing()),
    person(memberId),
    person(companionId),
  ]);
}

export const chatRow = (binding: D1Database, id: string): Promise<ChatRow | undefined> =>
  database(binding).select().from(chat).where(eq(chat.id, id)).get();

export const pairRow = (binding: D1Database, { memberId, companionId }: Pick<ChatRow, 'memberId' | 'companionId'>) =>
  database(binding)
    .select()
    .from(chat)
    .where(and(eq(chat.memberId, memberId), eq(chat.companionId, companionId)))
    .get();

/** Every conversation between two people: those that are theirs, and those that one of them answers for another now. */
export const chatsOfBoth = (binding: D1Database, a: string, b: string): Promise<Pick<ChatRow, 'id'>[]> =>
  database(binding)
    .select({ id: chatMember.chatId })
    .from(chatMember)
    .where(
      and(
        eq(chatMember.userId, a),
        or(
          and(
            isNull(chatMember.leftAt),
            sql`EXISTS (SELECT 1 FROM chat_member o WHERE o.user_id = ${b} AND o.chat_id = ${chatMember.chatId} AND o.left_at IS NULL)`,
          ),
          sql`EXISTS (SELECT 1 FROM chat c WHERE c.id = ${chatMember.chatId} AND ${b} IN (c.member_id, c.companion_id) AND ${a} IN (c.member_id, c.companion_id))`,
        ),
      ),
    );

/** A conversation for somebody who is in it now. */
export const ownRow = (binding: D1Database, userId: string, chatId: string): Promise<OwnRow | undefined> =>
  database(binding)
    .select({ chat, own: chatMember })
    .from(chatMember)
    .innerJoin(chat, eq(chat.id, chatMember.chatId))
    .where(and(eq(chatMember.userId, userId), eq(chatMember.chatId, chatId), isNull(chatMember.leftAt)))
    .get();

export type ListPosition = readonly [pinned: number, newestAt: number, chatId: string];

/** Somebody's conversations: pinned ones first, then by their newest message, from behind `after`. */
export const ownRows = (
  binding: D1Database,
  userId: string,
  { after, limit }: { after: ListPosition | null; limit: number },
): Promise<OwnRow[]> =>
  database(binding)
    .select({ chat, own: chatMember })
    .from(chatMember)
    .innerJoin(chat, eq(chat.id, chatMember.chatId))
    .where(
      and(
        eq(chatMember.userId, userId),
        isNull(chatMember.leftAt),
        after
          ? sql`(${chatMember.pinned}, ${chatMember.newestAt}, ${chatMember.chatId}) < (${after[0]}, ${after[1]}, ${after[2]})`
          : undefined,
      ),
    )
    .orderBy(desc(chatMember.pinned), desc(chatMember.newestAt), desc(chatMember.chatId))
    .limit(limit);

/** Somebody's conversations, the one with the newest message first, whatever is pinned. */
export const newestRows = (binding: D1Database, userId: string, limit: number): Promise<OwnRow[]> =>
  database(binding)
    .select({ chat, own: chatMember })
    .from(chatMember)
    .innerJoin(chat, eq(chat.id, chatMember.chatId))
    .where(and(eq(chatMember.userId, userId), isNull(chatMember.leftAt)))
    .orderBy(desc(chatMember.newestAt), desc(chatMember.chatId))
    .limit(limit);

/** How many messages of others somebody has not read, in all their conversations. */
export async function unreadSum(binding: D1Database, userId: string): Promise<number> {
  const found = await database(binding)
    .select({ n: sql<number>`coalesce(sum(${chatMember.unread}), 0)`.mapWith(Number) })
    .from(chatMember)
    .where(and(eq(chatMember.userId, userId), isNull(chatMember.leftAt)))
    .get();
  return found?.n ?? 0;
}

/** What one person keeps of it. Aborts with `too_many_pinned`. */
export async function changeOwn(
  binding: D1Database,
  { userId, chatId, ...change }: Pick<MemberRow, 'userId' | 'chatId'> & Partial<Pick<MemberRow, 'pinned' | 'draft'>>,
): Promise<void> {
  await database(binding)
    .update(chatMember)
    .set(change)
    .where(and(eq(chatMember.userId, userId), eq(chatMember.chatId, chatId)))
    .run();
}

export interface Told {
  readonly chatId: string;
  readonly seq: number;
  readonly at: number;
  readonly last: { readonly sender: string | null; readonly kind: string; readonly text: string; readonly at: number } | null;
  readonly people: readonly { readonly userId: string; readonly readSeq: number; readonly unread: number; readonly newestAt: number }[];
}

/**
 * What a room told, unless the index knows later news already. The conversation's row goes last: while it is old, its
 * people's rows are written; and all of it is one batch.
 */
export function newsStatements(binding: D1Database, { chatId, seq, at, last, people }: Told): D1PreparedStatement[] {
  const isNews = 'EXISTS (SELECT 1 FROM chat WHERE id = ?1 AND seq <= ?2)';
  return [
    ...people.map(({ userId, readSeq, unread, newestAt }) =>
      binding
        .prepare(
          `INSERT INTO chat_member (user_id, chat_id, joined_at, read_seq, unread, newest_at)
           SELECT ?3, ?1, ?4, ?5, ?6, ?7 WHERE ${isNews}
           ON CONFLICT (user_id, chat_id) DO UPDATE SET left_at = NULL, read_seq = excluded.read_seq, unread = excluded.unread,
             newest_at = excluded.newest_at`,
        )
        .bind(chatId, seq, userId, at, readSeq, unread, newestAt),
    ),
    binding
      .prepare(
        `UPDATE chat_member SET left_at = ?3, pinned = 0, unread = 0
         WHERE chat_id = ?1 AND left_at IS NULL AND user_id NOT IN (SELECT value FROM json_each(?4)) AND ${isNews}`,
      )
      .bind(chatId, seq, at, JSON.stringify(people.map(({ userId }) => userId))),
    statementOf(
      binding,
      database(binding)
        .update(chat)
        .set({
          seq,
          lastSender: last?.sender ?? null,
          lastKind: last?.kind ?? null,
          lastText: last?.text ?? null,
          lastAt: last?.at ?? null,
        })
        .where(and(eq(chat.id, chatId), lte(chat.seq, seq))),
    ),
  ];
}

// ── favourite messages ──────────────────────────────────────────────────────────────────────────────────────────────

export type FavouriteRow = typeof favouriteMessage.$inferSelect;

/** Keeps a message; the first moment stays. Aborts with `too_many_favourites`. */
export async function insertFavourite(binding: D1Database, row: FavouriteRow): Promise<void> {
  await database(binding).insert(favouriteMessage).values(row).onConflictDoNothing().run();
}

export async function deleteFavourite(
  binding: D1Database,
  { userId, messageId, chatId }: Pick<FavouriteRow, 'userId' | 'messageId' | 'chatId'>,
): Promise<void> {
  await database(binding)
    .delete(favouriteMessage)
    .where(and(eq(favouriteMessage.userId, userId), eq(favouriteMessage.messageId, messageId), eq(favouriteMessage.chatId, chatId)))
    .run();
}

export type FavouritePosition = readonly [at: number, messageId: string];

/** Favourites in conversations that are still theirs, newest first. */
export const favouriteRows = (
  binding: D1Database,
  userId: string,
  { before, limit }: { before: FavouritePosition | null; limit: number },
): Promise<FavouriteRow[]> =>
  database(binding)
    .select()
    .from(favouriteMessage)
    .where(
      and(
        eq(favouriteMessage.userId, userId),
        sql`EXISTS (SELECT 1 FROM chat_member m WHERE m.user_id = ${userId} AND m.chat_id = ${favouriteMessage.chatId} AND m.left_at IS NULL)`,
        before ? sql`(${favouriteMessage.at}, ${favouriteMessage.messageId}) < (${before[0]}, ${before[1]})` : undefined,
      ),
    )
    .orderBy(desc(favouriteMessage.at), desc(favouriteMessage.messageId))
    .limit(limit);

/** The companions with whom a member has a conversation. */
export async function peersOf(binding: D1Database, memberId: string): Promise<string[]> {
  const rows = await database(binding).select({ id: chat.companionId }).from(chat).where(eq(chat.memberId, memberId));
  return rows.map(({ id }) => id);
}
