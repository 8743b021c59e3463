/** Finding messages by their words, in one conversation or across all of somebody's, and favourite messages. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem, unwrap } from '../../platform/errors.ts';
import type { Principal } from '../../platform/principal.ts';
import type { Message } from '../../protocol/chat/message.ts';
import type {
  listFavouriteMessages,
  searchChat as searchChatEndpoint,
  searchChats as searchChatsEndpoint,
} from '../../protocol/http/chats.ts';
import type { AnswerOf, QueryOf } from '../../protocol/http/endpoint.ts';
import { type ChatId, type MessageId, messageId, type UserId } from '../../protocol/ids.ts';
import type { PersonCard } from '../../protocol/people.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { cardsOf } from '../profile/service.ts';
import { askRooms } from './conversations.ts';
import { askRoom, mustBeIn, peerOf } from './rooms.ts';
import { nameFits } from './rules.ts';
import { type ChatRow, deleteFavourite, favouriteRows, insertFavourite, newestRows, ownRow } from './store.ts';

interface Hit {
  readonly chatId: ChatId;
  readonly peer: PersonCard;
  readonly message: Message;
}

const DEFAULT_PAGE = 20;

/** Messages of one conversation with words that begin so, newest first. */
export async function searchChat(
  ctx: Context,
  { userId }: Principal,
  id: ChatId,
  { q, limit = DEFAULT_PAGE, cursor }: QueryOf<typeof searchChatEndpoint>,
): Promise<AnswerOf<typeof searchChatEndpoint>> {
  const { chat } = await mustBeIn(ctx, userId, id);
  const before = fromCursor(cursor, z.int()) ?? undefined;
  const { items, next } = unwrap(await askRoom(ctx, chat, (room) => room.search({ by: userId, q, before, limit })));
  const peer = peerOf(chat, userId);
  const card = (await cardsOf(ctx, [peer])).get(peer) ?? unknown(peer);
  return { items: items.map((message) => ({ chatId: id, peer: card, message })), nextCursor: next === null ? null : toCursor(next) };
}

/** So many conversations are looked through, those with the newest messages. */
export const MOST_ROOMS = 50;

/** The same across somebody's conversations, and the people of them. */
export async function searchChats(
  ctx: Context,
  { userId }: Principal,
  { q, limit = DEFAULT_PAGE }: QueryOf<typeof searchChatsEndpoint>,
): Promise<AnswerOf<typeof searchChatsEndpoint>> {
  const rows = await newestRows(ctx.env.DB, userId, MOST_ROOMS + 1);
  const chats = rows.slice(0, MOST_ROOMS).map(({ chat }) => chat);
  const cards = await cardsOf(
    ctx,
    chats.map((chat) => peerOf(chat, userId)),
  );
  const cardOf = (chat: ChatRow): PersonCard => cards.get(peerOf(chat, userId)) ?? unknown(peerOf(chat, userId));
  // Where nothing was said there is nothing to find, and no room to wake.
  const spoken = chats.filter(({ lastAt }) => lastAt !== null);
  const found = await askRooms(ctx, spoken, async (chat): Promise<Hit[]> => {
    const { items } = unwrap(await askRoom(ctx, chat, (room) => room.search({ by: userId, q, limit })));
    return items.map((message) => ({ chatId: chat.id as ChatId, peer: cardOf(chat), message }));
  });
  const items = found
    .flatMap((hits) => hits ?? [])
    .toSorted((a, b) => (a.message.at === b.message.at ? 0 : a.message.at < b.message.at ? 1 : -1))
    .slice(0, limit);
  return {
    items,
    people: chats.flatMap((chat) => (nameFits(cardOf(chat).displayName, q) ? [{ chatId: chat.id as ChatId, peer: cardOf(chat) }] : [])),
    complete: rows.length <= MOST_ROOMS && !found.includes(null),
  };
}

const unknown = (id: UserId): PersonCard => ({ id, displayName: '', portrait: null });

/**
 * Keeps a message of a conversation of one's own.
 * @throws Problem `not_found`, `too_many`
 */
export async function keepMessage(ctx: Context, { userId }: Principal, id: ChatId, kept: MessageId): Promise<void> {
  const { chat } = await mustBeIn(ctx, userId, id);
  const { items } = unwrap(await askRoom(ctx, chat, (room) => room.messages({ by: userId, ids: [kept] })));
  if (items.length === 0) throw new Problem('not_found', 'There is no such message.');
  try {
    await insertFavourite(ctx.env.DB, { userId, messageId: kept, chatId: id, at: ctx.now });
  } catch (thrown) {
    if (refusedWith(thrown, 'too_many_favourites')) throw new Problem('too_many', 'There is room for 500. Take one away first.');
    throw thrown;
  }
}

/** No favourite any more; what was none stays so. */
export async function dropMessage(ctx: Context, { userId }: Principal, id: ChatId, dropped: MessageId): Promise<void> {
  await mustBeIn(ctx, userId, id);
  await deleteFavourite(ctx.env.DB, { userId, messageId: dropped, chatId: id });
}

const position = z.tuple([z.int(), messageId]);

/** Favourite messages of all conversations, the newest favourite first. Those of a room that can't be asked are left out. */
export async function listKept(
  ctx: Context,
  { userId }: Principal,
  { limit = DEFAULT_PAGE, cursor }: QueryOf<typeof listFavouriteMessages>,
): Promise<AnswerOf<typeof listFavouriteMessages>> {
  const rows = await favouriteRows(ctx.env.DB, userId, { before: fromCursor(cursor, position), limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const ids = [...new Set(shown.map(({ chatId }) => chatId))];
  const chats = (await Promise.all(ids.map((id) => ownRow(ctx.env.DB, userId, id)))).flatMap((row) => (row ? [row.chat] : []));
  const cards = await cardsOf(
    ctx,
    chats.map((chat) => peerOf(chat, userId)),
  );
  const found = await askRooms(ctx, chats, async (chat): Promise<Hit[]> => {
    const wanted = shown.filter((row) => row.chatId === chat.id).map((row) => row.messageId as MessageId);
    const { items } = unwrap(await askRoom(ctx, chat, (room) => room.messages({ by: userId, ids: wanted })));
    const peer = peerOf(chat, userId);
    return items.map((message) => ({ chatId: chat.id as ChatId, peer: cards.get(peer) ?? unknown(peer), message }));
  });
  const hits = new Map(found.flatMap((some) => some ?? []).map((hit) => [hit.message.id as string, hit]));
  const last = shown.at(-1);
  return {
    items: shown.flatMap((row) => {
      const hit = hits.get(row.messageId);
      return hit ? [{ ...hit, at: toTimestamp(row.at) }] : [];
    }),
    nextCursor: rows.length > limit && last ? toCursor([last.at, last.messageId]) : null,
  };
}
