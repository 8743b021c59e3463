/** Conversations from the outside: opening one, the list, reading, what one keeps of it, sending without a socket. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem, unwrap } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { causeOf } from '../../platform/log.ts';
import type { Principal } from '../../platform/principal.ts';
import { Also } from '../../platform/serve.ts';
import type { ChatStanding } from '../../platform/stubs.ts';
import type { Message, SentMessage } from '../../protocol/chat/message.ts';
import type { Chat, changeChat as changeEndpoint, listChats as listEndpoint, readChatEvents } from '../../protocol/http/chats.ts';
import type { AnswerOf, BodyOf, QueryOf } from '../../protocol/http/endpoint.ts';
import { type ChatId, chatId, type UserId } from '../../protocol/ids.ts';
import type { PersonCard } from '../../protocol/people.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { blockedBetween, hiddenFrom } from '../blocklist/service.ts';
import { companionById } from '../companions/service.ts';
import { eventStatement } from '../event_log/service.ts';
import { isFavorite } from '../favorites/service.ts';
import { acquaintanceOf } from '../interaction/service.ts';
import { cardsOf } from '../profile/service.ts';
import { usersByIds } from '../user/service.ts';
import { haveCalled } from '../video/service.ts';
import { askRoom, mustBeIn, openRoom, peerOf } from './rooms.ts';
import { openingOf, type Pair, pairOf, shortText } from './rules.ts';
import { type ChatRow, changeOwn, insertChat, type OwnRow, ownRows, pairRow, unreadSum } from './store.ts';

/** Where a conversation's socket opens. */
export const socketOf = (id: ChatId): { url: string } => ({ url: `/api/v1/chats/${id}/socket` });

/**
 * The conversation with somebody, made the first time.
 * @throws Problem `not_found`, `blocked`, `forbidden` (a companion and a member they don't know)
 */
export async function openChat(ctx: Context, principal: Principal, peerId: UserId): Promise<Chat> {
  const pair = await pairWith(ctx, principal.userId, peerId);
  if (!pair) throw new Problem('not_found', 'There is nobody with this id to write to.');
  const there = await pairRow(ctx.env.DB, pair);
  const verdict = openingOf(principal.role === 'companion' ? 'companion' : 'member', {
    open: there !== undefined,
    ...(there ? { blocked: false, approved: true, known: true } : await acquaintance(ctx, pair)),
  });
  if (verdict === 'blocked') throw new Problem('blocked', 'One of you has blocked the other.');
  if (verdict === 'not_found') throw new Problem('not_found', 'There is nobody with this id to write to.');
  if (verdict === 'forbidden') throw new Problem('forbidden', 'Write to members whom you have talked with, or whose favourite you are.');
  const { id } = await chatOfPair(ctx, pair);
  return readChat(ctx, principal, id as ChatId);
}

async function pairWith(ctx: Context, selfId: UserId, peerId: UserId): Promise<Pair | null> {
  const users = await usersByIds(ctx, [selfId, peerId]);
  const self = users.get(selfId);
  const peer = users.get(peerId);
  return self && peer ? pairOf(self, peer) : null;
}

async function acquaintance(ctx: Context, { memberId, companionId }: Pair) {
  const [blocked, companion, talks, called, favorite] = await Promise.all([
    blockedBetween(ctx, memberId, companionId),
    companionById(ctx, companionId),
    acquaintanceOf(ctx, { userId: companionId, role: 'companion' }, memberId),
    haveCalled(ctx, memberId, companionId),
    isFavorite(ctx, { userId: memberId, favoriteId: companionId }),
  ]);
  return { blocked, approved: companion !== null, known: talks !== null || called || favorite };
}

/** The conversation of a pair, with its room; made where there is none. Of two who make it at once both get the same. */
export async function chatOfPair(ctx: Context, pair: Pair): Promise<ChatRow> {
  const there = await pairRow(ctx.env.DB, pair);
  if (there) return there;
  const id = newId('chat');
  await insertChat(ctx.env.DB, { id, ...pair, createdAt: ctx.now });
  const made = await pairRow(ctx.env.DB, pair);
  if (!made) throw new Error('a conversation that was just made is not there');
  await openRoom(ctx, made);
  if (made.id === id) await eventStatement(ctx, { type: 'chat.opened', subject: id, payload: { ...pair } }).run();
  return made;
}

const DEFAULT_PAGE = 30;
const position = z.tuple([z.int(), z.int(), chatId]);

/** Own conversations: pinned ones first, then by their newest message. */
export async function listChats(
  ctx: Context,
  { userId }: Principal,
  asked: QueryOf<typeof listEndpoint>,
): Promise<AnswerOf<typeof listEndpoint>> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const after = fromCursor(asked.cursor, position);
  const [rows, unread] = await Promise.all([ownRows(ctx.env.DB, userId, { after, limit: limit + 1 }), unreadSum(ctx.env.DB, userId)]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: await toItems(ctx, userId, shown),
    nextCursor: rows.length > limit && last ? toCursor([Number(last.own.pinned), last.own.newestAt, last.chat.id]) : null,
    unread,
  };
}

async function toItems(ctx: Context, viewer: UserId, rows: readonly OwnRow[]): Promise<Chat[]> {
  const peers = rows.map(({ chat }) => peerOf(chat, viewer));
  const [cards, hidden, users] = await Promise.all([cardsOf(ctx, peers), hiddenFrom(ctx, viewer), usersByIds(ctx, peers)]);
  return rows.map(({ chat, own }) => {
    const peer = peerOf(chat, viewer);
    return {
      ...kept(cards, chat, own, viewer),
      seq: chat.seq,
      readSeq: own.readSeq,
      unread: own.unread,
      // What was said before their time is not theirs to read.
      last: own.newestAt === chat.lastAt ? lastOf(chat) : null,
      closed: !users.has(peer) ? ('gone' as const) : hidden.has(peer) ? ('blocked' as const) : null,
    };
  });
}

/** What of it the room does not know. */
const kept = (cards: ReadonlyMap<UserId, PersonCard>, chat: ChatRow, own: OwnRow['own'], viewer: UserId) => {
  const peer = peerOf(chat, viewer);
  return {
    id: chat.id as ChatId,
    peer: cards.get(peer) ?? { id: peer, displayName: '', portrait: null },
    createdAt: toTimestamp(chat.createdAt),
    pinned: own.pinned,
    draft: own.draft,
  };
};

const lastOf = ({ lastSender, lastKind, lastText, lastAt }: ChatRow): Chat['last'] =>
  lastKind === null || lastAt === null
    ? null
    : { sender: lastSender as UserId | null, kind: lastKind, text: lastText ?? '', at: toTimestamp(lastAt) };

/** The newest message as lists have it. */
export const lastInShort = (message: Message | null): Chat['last'] =>
  message && { sender: message.sender, kind: message.kind, text: shortText(message), at: message.at };

/**
 * One conversation as its room has it this moment.
 * @throws Problem `not_found`
 */
export async function readChat(ctx: Context, { userId }: Principal, id: ChatId): Promise<Chat> {
  const row = await mustBeIn(ctx, userId, id);
  const standing = unwrap(await askRoom(ctx, row.chat, (room) => room.read({ by: userId })));
  return toWire(ctx, userId, row, standing);
}

async function toWire(ctx: Context, viewer: UserId, { chat, own }: OwnRow, standing: ChatStanding): Promise<Chat> {
  const cards = await cardsOf(ctx, [peerOf(chat, viewer)]);
  const { seq, readSeq, unread, last, closed } = standing;
  return { ...kept(cards, chat, own, viewer), seq, readSeq, unread, last: lastInShort(last), closed };
}

/**
 * Pins it, or keeps what was begun to write; for oneself alone.
 * @throws Problem `not_found`, `too_many` pinned ones
 */
export async function changeChat(ctx: Context, principal: Principal, id: ChatId, change: BodyOf<typeof changeEndpoint>): Promise<Chat> {
  const { userId } = principal;
  await mustBeIn(ctx, userId, id);
  const { pinned, draft } = change;
  if (pinned !== undefined || draft !== undefined)
    try {
      await changeOwn(ctx.env.DB, {
        userId,
        chatId: id,
        ...(pinned === undefined ? {} : { pinned }),
        ...(draft === undefined ? {} : { draft }),
      });
    } catch (thrown) {
      if (refusedWith(thrown, 'too_many_pinned')) throw new Problem('too_many', 'Ten conversations can be pinned. Unpin one first.');
      throw thrown;
    }
  return readChat(ctx, principal, id);
}

/** A contiguous piece of the sequence. */
export async function eventsOf(
  ctx: Context,
  { userId }: Principal,
  id: ChatId,
  asked: QueryOf<typeof readChatEvents>,
): Promise<AnswerOf<typeof readChatEvents>> {
  const { chat } = await mustBeIn(ctx, userId, id);
  return unwrap(await askRoom(ctx, chat, (room) => room.events({ by: userId, ...asked })));
}

/**
 * Sends without a socket. The key names the message for good, so it is the message's own.
 * @throws Problem `validation_failed` for another key; what the room refuses with
 */
export async function sendMessage(
  ctx: Context,
  { userId }: Principal,
  id: ChatId,
  { message, key }: { message: SentMessage; key: string },
): Promise<{ message: Message } | Also> {
  if (key !== message.clientId)
    throw new Problem('validation_failed', 'The Idempotency-Key is the message’s clientId.', {
      fields: [{ path: 'Idempotency-Key', message: 'must be the same as clientId' }],
    });
  const { chat } = await mustBeIn(ctx, userId, id);
  const sent = unwrap(await askRoom(ctx, chat, (room) => room.send({ by: userId, message, now: ctx.now })));
  return 'pending' in sent ? new Also({ pending: true, clientId: message.clientId }) : sent;
}

/** How many rooms are asked at once. */
const AT_ONCE = 8;

/** Asks the rooms of several conversations, a few at a time. A room that can't be asked answers null. */
export async function askRooms<T, R extends Pick<ChatRow, 'id' | 'memberId' | 'companionId'>>(
  ctx: Context,
  chats: readonly R[],
  ask: (chat: R) => Promise<T>,
): Promise<(T | null)[]> {
  const answers = new Array<T | null>(chats.length).fill(null);
  let next = 0;
  const work = async () => {
    for (let n = next++; n < chats.length; n = next++) {
      const chat = chats[n] as R;
      try {
        answers[n] = await ask(chat);
      } catch (thrown) {
        ctx.log.warn('a conversation could not be asked', { chatId: chat.id, cause: causeOf(thrown) });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return answers;
}
