/** The desk of conversations: who answers which, who waits, handing on and taking over. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem, unwrap } from '../../platform/errors.ts';
import { causeOf } from '../../platform/log.ts';
import type { Principal } from '../../platform/principal.ts';
import { type ChatNews, chatRoom } from '../../platform/stubs.ts';
import { sentKind } from '../../protocol/chat/message.ts';
import type { DeskItem, DeskList, DeskMove, listColleagues, readDesk, readDeskConversation } from '../../protocol/http/desk.ts';
import type { AnswerOf, QueryOf } from '../../protocol/http/endpoint.ts';
import { type ChatId, chatId, type UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { blockedBetween, hiddenFrom } from '../blocklist/service.ts';
import { companionById, listCompanions } from '../companions/service.ts';
import { eventStatement } from '../event_log/service.ts';
import { quoteCall } from '../pricing/service.ts';
import { cardsOf, publicProfiles } from '../profile/service.ts';
import { setting } from '../settings/service.ts';
import { onShift } from '../shifts/service.ts';
import { userById } from '../user/service.ts';
import { byNearness, type DeskClock, finds, isToReturn, listsOf, takeOf, transferOf, waitingAt } from './desk-rules.ts';
import {
  answeredFromQueue,
  countsOf,
  type DeskRow,
  deskRow,
  everNamed,
  type MoveRow,
  markSeated,
  moveStatements,
  movesOf,
  rowsIn,
  rowsOfPair,
  seatInLists,
  unansweredRows,
  unseatedRows,
  upsertFacts,
} from './desk-store.ts';
import { pairRow } from './store.ts';

/**
 * Takes in what a room tells, as statements for the batch that takes it into the lists. An answer is a companion's own
 * word; what a rule or the house wrote is none.
 */
export function deskStatements(
  ctx: Context,
  { chatId: id, seq, at, last, waitingSince }: ChatNews,
  { memberId, companionId }: { readonly memberId: string; readonly companionId: string },
): D1PreparedStatement[] {
  const facts = { chatId: id, memberId, companionId, waitingSince, lastAt: last ? Date.parse(last.at) : at, seq, now: ctx.now };
  const answered = last !== null && last.sender !== memberId && !last.automatic && isSentKind(last.kind) ? last : null;
  return [
    upsertFacts(ctx.env.DB, facts),
    ...(answered?.sender
      ? answeredFromQueue(ctx.env.DB, { chatId: id, by: answered.sender, at: Date.parse(answered.at), now: ctx.now })
      : []),
  ];
}

const isSentKind = (kind: string): boolean => sentKind.options.some((sent) => sent === kind);

const clockOf = async (ctx: Context): Promise<DeskClock> => {
  const [answerWithinMs, returnAfterMs] = await Promise.all([setting(ctx, 'chat.answerWithinMs'), setting(ctx, 'chat.returnAfterMs')]);
  return { answerWithinMs, returnAfterMs };
};

const DEFAULT_PAGE = 50;
const position = z.tuple([z.number(), chatId]);

/** One list of this companion's desk, and how many stand in each. */
export async function deskOf(ctx: Context, viewer: Principal, query: QueryOf<typeof readDesk>): Promise<AnswerOf<typeof readDesk>> {
  const { list, limit = DEFAULT_PAGE, cursor } = query;
  const after = fromCursor(cursor, position);
  const [clock, hidden] = await Promise.all([clockOf(ctx), hiddenFrom(ctx, viewer.userId)]);
  const desk = { viewerId: viewer.userId, overdueSince: ctx.now - clock.answerWithinMs, hidden: [...hidden] };
  const [rows, counts] = await Promise.all([rowsIn(ctx.env.DB, list, { ...desk, after, limit: limit + 1 }), countsOf(ctx.env.DB, desk)]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = await toItems(
    ctx,
    shown.map(({ row }) => row),
    viewer.userId,
    clock,
  );
  return {
    items,
    nextCursor: rows.length > limit && last ? toCursor([last.place, last.row.chatId]) : null,
    counts,
    now: toTimestamp(ctx.now),
  };
}

const MOVES = 20;

/**
 * One conversation with how it came to who answers it.
 * @throws Problem `not_found` where it is not at this desk
 */
export async function deskConversation(ctx: Context, viewer: Principal, id: ChatId): Promise<AnswerOf<typeof readDeskConversation>> {
  const row = await atTheirDesk(ctx, viewer.userId, id);
  const [item, moves, plan] = await Promise.all([toItem(ctx, row, viewer.userId), movesOf(ctx.env.DB, id, MOVES), planOf(ctx, row)]);
  return { item, moves: await toMoves(ctx, moves), plan };
}

/**
 * Takes a conversation out of the queue. Of two who take it at once the database lets one; the other learns who has it.
 * @throws Problem `not_found`, `taken` (its field `assignee` is the name of who has it)
 */
export async function take(ctx: Context, viewer: Principal, id: ChatId): Promise<DeskItem> {
  const row = await unblockedRow(ctx, viewer.userId, id);
  switch (takeOf(row, viewer.userId)) {
    case 'taken':
      throw await takenBy(ctx, row);
    case 'take':
      if (!(await move(ctx, row, { kind: 'taken', toId: viewer.userId, byId: viewer.userId, note: null }))) return take(ctx, viewer, id);
      break;
    case 'has_it':
  }
  return seatAndShow(ctx, viewer, id);
}

/**
 * Hands a conversation to another companion, or (null) into the queue.
 * @throws Problem `not_found`, `taken` where another answers it, `callee_unavailable` for who is not at work, unless it is
 *   the member's own companion
 */
export async function transfer(
  ctx: Context,
  viewer: Principal,
  order: { chatId: ChatId; to: UserId | null; note: string },
): Promise<DeskItem> {
  const row = await unblockedRow(ctx, viewer.userId, order.chatId);
  const wish = transferOf(row, viewer.userId, order.to);
  if (wish === 'not_yours') {
    if (row.assigneeId !== null) throw await takenBy(ctx, row);
    throw new Problem('forbidden', 'Take the conversation first: nobody answers it now.');
  }
  if (wish === 'transfer') {
    if (order.to !== null) await mustBeAbleToAnswer(ctx, row, order.to);
    const moved = await move(ctx, row, { kind: 'transferred', toId: order.to, byId: viewer.userId, note: order.note });
    if (!moved) return transfer(ctx, viewer, order);
  }
  return seatAndShow(ctx, viewer, order.chatId);
}

/** To whom one's conversation could be handed. @throws Problem `not_found` */
export async function colleagues(ctx: Context, viewer: Principal, id: ChatId): Promise<AnswerOf<typeof listColleagues>> {
  const row = await atTheirDesk(ctx, viewer.userId, id);
  const [all, hidden] = await Promise.all([listCompanions(ctx), hiddenFrom(ctx, row.memberId as UserId)]);
  const ids = all.map(({ userId }) => userId).filter((userId) => userId !== row.assigneeId && !hidden.has(userId));
  const [working, profiles] = await Promise.all([
    onShift(ctx, ids),
    publicProfiles(ctx, [
      ...ids.map((userId) => ({ id: userId, role: 'companion' as const })),
      { id: row.memberId as UserId, role: 'member' as const },
    ]),
  ]);
  const wanted = profiles.get(row.memberId as UserId)?.languages ?? [];
  const items = ids.flatMap((userId) => {
    const person = profiles.get(userId);
    const own = userId === row.companionId;
    const atWork = working.has(userId);
    if (!person || !(own || atWork)) return [];
    const { id: personId, displayName, portrait, languages } = person;
    const spoken = wanted.filter((language) => languages.includes(language));
    return [{ person: { id: personId, displayName, portrait }, atWork, own, languages: spoken }];
  });
  return { items: items.toSorted(byNearness) };
}

/** How a companion knows a member by writing: whether they answer a conversation of theirs now, and whether they have one at all. */
export async function writesWith(
  ctx: Context,
  companionId: UserId,
  memberId: UserId,
): Promise<{ readonly answers: boolean; readonly has: boolean }> {
  // The room tells the desk of a conversation a moment after it began.
  const [rows, own] = await Promise.all([
    rowsOfPair(ctx.env.DB, { companionId, memberId }),
    pairRow(ctx.env.DB, { companionId, memberId }),
  ]);
  return { answers: rows.some(({ assigneeId }) => assigneeId === companionId), has: own !== undefined || rows.length > 0 };
}

const AT_ONCE = 100;
/** A move that is younger than this is still being seated by who made it, ms. */
const SEATING_MS = 30_000;

/** Gives to the queue what its companion has not answered in time. */
export async function returnUnanswered(ctx: Context): Promise<void> {
  const clock = await clockOf(ctx);
  const rows = await unansweredRows(ctx.env.DB, ctx.now - clock.returnAfterMs, AT_ONCE);
  for (const row of rows) {
    if (!isToReturn(row, clock, ctx.now)) continue;
    if (!(await move(ctx, row, { kind: 'returned', toId: null, byId: null, note: null }))) continue;
    // Said as a courtesy: it lies in the queue whether or not the room hears of it.
    await tell(ctx, row.chatId as ChatId, row.version + 1, 'returned', {}).catch((thrown) =>
      ctx.log.warn('a member could not be told that somebody else will answer', { chatId: row.chatId, cause: causeOf(thrown) }),
    );
  }
}

/** Gives the place in the room to who answers, where a crash came between the two. */
export async function seatUnseated(ctx: Context): Promise<void> {
  for (const row of await unseatedRows(ctx.env.DB, ctx.now - SEATING_MS, AT_ONCE))
    try {
      await seat(ctx, row);
    } catch (thrown) {
      ctx.log.error('a companion could not be seated in a conversation', { chatId: row.chatId, cause: causeOf(thrown) });
    }
}

/** True where it was done; false where who answers has changed since `row` was read. */
async function move(ctx: Context, row: DeskRow, change: Pick<MoveRow, 'kind' | 'toId' | 'byId' | 'note'>): Promise<boolean> {
  const happened = eventStatement(ctx, {
    type: `desk.${change.kind}`,
    subject: row.chatId,
    ...(change.byId === null ? {} : { actor: change.byId as UserId }),
    payload: { memberId: row.memberId, from: row.assigneeId, to: change.toId },
  });
  try {
    await ctx.env.DB.batch([
      ...moveStatements(ctx.env.DB, { ...change, chatId: row.chatId, version: row.version, fromId: row.assigneeId, at: ctx.now }),
      happened,
    ]);
    return true;
  } catch (thrown) {
    if (refusedWith(thrown, 'UNIQUE')) return false;
    throw thrown;
  }
}

async function seatAndShow(ctx: Context, viewer: Principal, id: ChatId): Promise<DeskItem> {
  const row = await mustRow(ctx, id);
  await seat(ctx, row);
  return toItem(ctx, row, viewer.userId);
}

/**
 * Gives the place in the room to who answers: everybody before them loses it, also who was let in and then forgotten by a
 * crash. A stand-in sees the conversation from the member's first unanswered message on. In the queue who sat there last
 * keeps the place: their answer takes it back.
 */
async function seat(ctx: Context, row: DeskRow): Promise<void> {
  const { assigneeId, seatedId } = row;
  if (assigneeId === null) await emptySeats(ctx, row, seatedId as UserId);
  else if (assigneeId !== seatedId) await seatAlone(ctx, row, assigneeId as UserId);
}

async function seatAlone(ctx: Context, row: DeskRow, userId: UserId): Promise<void> {
  const id = row.chatId as ChatId;
  const [user, cards] = await Promise.all([userById(ctx, userId), cardsOf(ctx, [userId])]);
  if (!user) throw new Error('who answers a conversation is not there');
  const { role, ledgerShard } = user;
  const person = { userId, role, ledgerShard };
  // In before out: the member is never alone in the room.
  unwrap(await chatRoom(ctx.env, id).join({ person, from: userId === row.companionId ? 'all' : 'unanswered', now: ctx.now }));
  const before = await namedAfter(ctx, id, userId);
  if (before) return seatAlone(ctx, before, before.assigneeId);
  const leave = await emptySeats(ctx, row, userId);
  await seatInLists(ctx.env.DB, { chatId: id, joins: userId, leave, now: ctx.now });
  await markSeated(ctx.env.DB, id, userId);
  const after = await namedAfter(ctx, id, userId);
  if (after) return seatAlone(ctx, after, after.assigneeId);
  await tell(ctx, id, row.version, 'transferred', { userId, name: cards.get(userId)?.displayName ?? '' });
}

/** Who answers now, where somebody else was named while this one was being seated: who took their place has to give it up. */
async function namedAfter(ctx: Context, id: ChatId, userId: UserId): Promise<(DeskRow & { assigneeId: UserId }) | null> {
  const row = await mustRow(ctx, id);
  const { assigneeId } = row;
  return assigneeId === null || assigneeId === userId ? null : { ...row, assigneeId: assigneeId as UserId };
}

/** Shows everybody out who could sit there but one. @returns who those are */
async function emptySeats(ctx: Context, { chatId, companionId, seatedId }: DeskRow, but: UserId): Promise<UserId[]> {
  const named = new Set([companionId, seatedId, ...(await everNamed(ctx.env.DB, chatId))] as UserId[]);
  named.delete(but);
  const room = chatRoom(ctx.env, chatId as ChatId);
  for (const userId of named) unwrap(await room.leave({ userId, now: ctx.now }));
  return [...named];
}

/** What the member reads of it, once for each change of who answers. */
async function tell(ctx: Context, id: ChatId, version: number, what: string, detail: Record<string, string>): Promise<void> {
  const key = `desk:${id}:${version}`;
  const said = { kind: 'system', body: { what, detail } } as const;
  unwrap(await chatRoom(ctx.env, id).post({ key, sender: null, automatic: true, now: ctx.now, ...said }));
}

async function mustRow(ctx: Context, id: ChatId): Promise<DeskRow> {
  const row = await deskRow(ctx.env.DB, id);
  if (row) return row;
  throw new Problem('not_found', 'There is no such conversation at your desk.');
}

/** Another's conversation is named to nobody but who comes too late to take it. */
async function atTheirDesk(ctx: Context, viewerId: UserId, id: ChatId): Promise<DeskRow> {
  const row = await unblockedRow(ctx, viewerId, id);
  if (finds(row, viewerId)) return row;
  throw new Problem('not_found', 'There is no such conversation at your desk.');
}

async function unblockedRow(ctx: Context, viewerId: UserId, id: ChatId): Promise<DeskRow> {
  const row = await mustRow(ctx, id);
  if (await blockedBetween(ctx, viewerId, row.memberId as UserId))
    throw new Problem('not_found', 'There is no such conversation at your desk.');
  return row;
}

async function takenBy(ctx: Context, { assigneeId }: DeskRow): Promise<Problem> {
  const card = assigneeId === null ? undefined : (await cardsOf(ctx, [assigneeId as UserId])).get(assigneeId as UserId);
  const name = card?.displayName ?? '';
  return new Problem('taken', `Taken by ${name}.`, { fields: [{ path: 'assignee', message: name }] });
}

async function mustBeAbleToAnswer(ctx: Context, row: DeskRow, to: UserId): Promise<void> {
  const [companion, blocked, working] = await Promise.all([
    companionById(ctx, to),
    blockedBetween(ctx, to, row.memberId as UserId),
    onShift(ctx, [to]),
  ]);
  if (!companion || blocked) throw new Problem('not_found', 'There is no companion with this id for this member.');
  if (!working.has(to) && to !== row.companionId)
    throw new Problem('callee_unavailable', 'They are not at work now. Choose somebody who is.');
}

/** What the member can pay for, in minutes of a voice call: time, and never the balance itself. */
async function planOf(ctx: Context, { memberId, companionId }: DeskRow): Promise<{ model: string; minutesLeft: number } | null> {
  const user = await userById(ctx, memberId as UserId);
  if (!user) return null;
  const asked = { payer: { userId: user.id, shard: user.ledgerShard }, payeeId: companionId as UserId, media: 'audio' } as const;
  const seconds = (await quoteCall(ctx, user.monetizationVersion, asked))?.secondsAffordable ?? null;
  return seconds === null ? null : { model: user.monetizationVersion, minutesLeft: Math.floor(seconds / 60) };
}

async function toItem(ctx: Context, row: DeskRow, viewerId: UserId): Promise<DeskItem> {
  const [item] = await toItems(ctx, [row], viewerId, await clockOf(ctx));
  if (!item) throw new Error('a conversation of the desk has no people');
  return item;
}

async function toItems(ctx: Context, rows: readonly DeskRow[], viewerId: UserId, clock: DeskClock): Promise<DeskItem[]> {
  const members = rows.map(({ memberId }) => ({ id: memberId as UserId, role: 'member' as const }));
  const companions = rows.flatMap(({ companionId, assigneeId }) => [companionId, ...(assigneeId === null ? [] : [assigneeId])]);
  const [profiles, cards] = await Promise.all([publicProfiles(ctx, members), cardsOf(ctx, [...new Set(companions)] as UserId[])]);
  return rows.flatMap((row) => {
    const member = profiles.get(row.memberId as UserId);
    const companion = cards.get(row.companionId as UserId);
    if (!member || !companion) return [];
    const waiting = waitingAt(row, clock, ctx.now);
    return [
      {
        chatId: row.chatId as ChatId,
        member: { id: member.id, displayName: member.displayName, portrait: member.portrait, languages: member.languages },
        companion,
        assignee: cards.get(row.assigneeId as UserId) ?? null,
        assignedAt: toTimestamp(row.assignedAt),
        lastAt: toTimestamp(row.lastAt),
        waiting: waiting && {
          since: toTimestamp(waiting.since),
          dueAt: toTimestamp(waiting.dueAt),
          overdue: waiting.overdue,
          returnsAt: waiting.returnsAt === null ? null : toTimestamp(waiting.returnsAt),
        },
        lists: listsOf(row, viewerId, clock, ctx.now) as DeskList[],
        version: row.version,
      },
    ];
  });
}

async function toMoves(ctx: Context, rows: readonly MoveRow[]): Promise<DeskMove[]> {
  const ids = rows.flatMap(({ fromId, toId }) => [fromId, toId]).filter((id) => id !== null);
  const cards = await cardsOf(ctx, [...new Set(ids)] as UserId[]);
  return rows.map(({ kind, fromId, toId, note, at }) => ({
    kind,
    from: cards.get(fromId as UserId) ?? null,
    to: cards.get(toId as UserId) ?? null,
    note,
    at: toTimestamp(at),
  }));
}
