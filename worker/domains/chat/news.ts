/** What rooms tell of themselves, for the lists; what the house tells rooms. */

import type * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { causeOf } from '../../platform/log.ts';
import { type ChatNews, type ChatRoomStub, chatRoom } from '../../platform/stubs.ts';
import type { Receipt } from '../../protocol/call/call.ts';
import type { callBody } from '../../protocol/chat/message.ts';
import type { CallId, ChatId, UserId } from '../../protocol/ids.ts';
import { blockedBetween } from '../blocklist/service.ts';
import { advanceStatement, unreadEvents } from '../event_log/service.ts';
import { usersByIds } from '../user/service.ts';
import { chatOfPair } from './conversations.ts';
import { deskStatements } from './desk-service.ts';
import { askRoom } from './rooms.ts';
import { type Pair, shortText } from './rules.ts';
import { chatRow, chatsOfBoth, newsStatements, pairRow } from './store.ts';

/** Takes in what a room tells: the latest `seq` wins, the same again changes nothing. */
export async function indexed(ctx: Context, news: ChatNews): Promise<void> {
  const { chatId, seq, at, last, people } = news;
  const row = await chatRow(ctx.env.DB, chatId);
  if (!row) {
    ctx.log.error('a room told of a conversation that is not there', { chatId });
    return;
  }
  const short = last && { sender: last.sender, kind: last.kind, text: shortText(last), at: Date.parse(last.at) };
  await ctx.env.DB.batch([
    ...newsStatements(ctx.env.DB, { chatId, seq, at, last: short, people }),
    ...deskStatements(ctx, news, { memberId: row.memberId, companionId: row.companionId }),
  ]);
}

// ── calls ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A call that rang and is settled, as its two people find it in their conversation. */
export type CallCard = Omit<z.infer<typeof callBody>, 'paid' | 'earned'> & { readonly totals: Receipt['totals'] };

/**
 * Puts a call into the conversation of its two people, which is made where there is none and nobody has blocked the
 * other. Once for a call, however often it is told.
 */
export async function noteCall(ctx: Context, pair: Pair, card: CallCard): Promise<void> {
  const there = await pairRow(ctx.env.DB, pair);
  if (!there && !(await mayBegin(ctx, pair))) return;
  const chat = there ?? (await chatOfPair(ctx, pair));
  const { totals, ...facts } = card;
  const body = { ...facts, paid: [...totals.payer], earned: [...totals.payee] };
  const post = { key: keyOfCall(card.callId), sender: card.callerId, automatic: false, kind: 'call', body, now: ctx.now } as const;
  const answer = await askRoom(ctx, chat, (room) => room.post(post));
  if (!answer.ok) throw new Error(answer.detail);
}

/** Both are still here, and neither has blocked the other. */
async function mayBegin(ctx: Context, { memberId, companionId }: Pair): Promise<boolean> {
  const [users, blocked] = await Promise.all([usersByIds(ctx, [memberId, companionId]), blockedBetween(ctx, memberId, companionId)]);
  return users.size === 2 && !blocked;
}

const keyOfCall = (id: CallId): string => `call:${id}`;

// ── blocks ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Lets the rooms of two people look at their blocks at once. What can't be told now is told by the job. */
export async function blockChanged(ctx: Context, a: UserId, b: UserId): Promise<void> {
  try {
    await tellRooms(ctx, a, b);
  } catch (thrown) {
    ctx.log.error('a room was not told of a block', { cause: causeOf(thrown) });
  }
}

async function tellRooms(ctx: Context, a: UserId, b: UserId): Promise<void> {
  const chats = await chatsOfBoth(ctx.env.DB, a, b);
  await Promise.all(
    chats.map(async ({ id }) => {
      const answer = await (chatRoom(ctx.env, id as ChatId) satisfies ChatRoomStub).blockChanged({ now: ctx.now });
      // A room that was never made has nobody to tell.
      if (!answer.ok && answer.code !== 'not_found') throw new Error(answer.detail);
    }),
  );
}

const READER = 'chat.tell_blocks';
const AT_ONCE = 200;

/** Tells rooms of every block that was made or lifted since the last time: whatever failed or crashed on the way of the request. */
export async function tellBlocks(ctx: Context): Promise<void> {
  for (;;) {
    const events = await unreadEvents(ctx, { reader: READER, types: ['block.made', 'block.lifted'], limit: AT_ONCE });
    const last = events.at(-1);
    if (!last) return;
    for (const { actor, subject } of events) if (actor !== null) await tellRooms(ctx, actor, subject as UserId);
    await ctx.env.DB.batch([advanceStatement(ctx, { reader: READER, seq: last.seq })]);
    if (events.length < AT_ONCE) return;
  }
}
