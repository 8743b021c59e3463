/** Reading calls, receipts and timelines: one's own, or anybody's with the permission `call.read_any`. */
import type * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { Problem } from '../../platform/errors.ts';
import type { Principal } from '../../platform/principal.ts';
import { callSession } from '../../platform/stubs.ts';
import type { Call, Receipt, TimelineItem } from '../../protocol/call/call.ts';
import type { callListItem, listCalls as listCallsEndpoint, StoryItem, StorySummary } from '../../protocol/http/calls.ts';
import type { QueryOf } from '../../protocol/http/endpoint.ts';
import { type CallId, callId, type UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { cardsOf } from '../profile/service.ts';
import { calledBetween, callsOf, markSeen, unseenCount } from './history-store.ts';
import { type CallRow, callRow } from './store.ts';
import { itemsOf, summaryOf } from './story.ts';

type ListItem = z.infer<typeof callListItem>;
const DEFAULT_PAGE = 30;

/** The call as its row has it; its object knows more while it runs. */
export const callOfRow = (row: CallRow): Call => ({
  id: row.id as CallId,
  state: row.state as Call['state'],
  media: row.media as Call['media'],
  kind: row.kind as Call['kind'],
  callerId: row.callerId as UserId,
  calleeId: row.calleeId as UserId,
  createdAt: toTimestamp(row.createdAt),
  endReason: row.endReason as Call['endReason'],
  connectedMs: row.connectedMs,
  endedAt: row.endedAt === null ? null : toTimestamp(row.endedAt),
  settled: row.settledAt !== null,
  resumes: row.resumes as CallId | null,
});

/**
 * The row of a call this person may see.
 * @throws Problem `not_found` for a call that is not there or not theirs: nobody learns which
 */
export async function visibleRow(ctx: Context, principal: Principal, id: CallId): Promise<CallRow> {
  const row = await callRow(ctx.env.DB, id);
  const own = row !== undefined && [row.callerId, row.calleeId].includes(principal.userId);
  if (row && (own || principal.permissions.has('call.read_any'))) return row;
  throw new Problem('not_found', 'There is no such call.');
}

/** The row of a call this person is in. */
export async function ownRow(ctx: Context, principal: Principal, id: CallId): Promise<CallRow> {
  const row = await callRow(ctx.env.DB, id);
  if (row && [row.callerId, row.calleeId].includes(principal.userId)) return row;
  throw new Problem('not_found', 'There is no such call.');
}

export async function readCall(ctx: Context, principal: Principal, id: CallId): Promise<Call> {
  const row = await visibleRow(ctx, principal, id);
  if (row.settledAt !== null) return callOfRow(row);
  const live = await callSession(ctx.env, id).read();
  return live.ok ? live.value.call : callOfRow(row);
}

/** No badge needs a larger number. */
const MOST_UNSEEN = 100;

/** Own calls, newest first; calls that come meanwhile never shift a later page. `unseen` counts missed ones, to 100 at most. */
export async function listCalls(
  ctx: Context,
  principal: Principal,
  asked: QueryOf<typeof listCallsEndpoint>,
): Promise<{ items: ListItem[]; nextCursor: string | null; unseen: number }> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const before = fromCursor(asked.cursor, callId) ?? undefined;
  const { userId } = principal;
  const missed = asked.missed === undefined ? undefined : asked.missed === 'true';
  const [rows, unseen] = await Promise.all([
    callsOf(ctx.env.DB, { userId, state: asked.state, direction: asked.direction, missed, before, limit: limit + 1 }),
    unseenCount(ctx.env.DB, userId, MOST_UNSEEN),
  ]);
  const page = rows.slice(0, limit).map(callOfRow);
  const cards = await cardsOf(ctx, [...new Set(page.flatMap(({ callerId, calleeId }) => [callerId, calleeId]))]);
  const card = (id: UserId) => cards.get(id) ?? { id, displayName: '', portrait: null };
  return {
    items: page.map((call) => ({ call, caller: card(call.callerId), callee: card(call.calleeId) })),
    nextCursor: rows.length > limit ? toCursor(page.at(-1)?.id) : null,
    unseen,
  };
}

/**
 * Missed calls up to this one (all without) have been seen; what was seen stays seen.
 * @throws Problem `not_found` for a call that is not theirs
 */
export async function markCallsSeen(ctx: Context, principal: Principal, upTo: CallId | undefined): Promise<number> {
  if (upTo !== undefined) await ownRow(ctx, principal, upTo);
  await markSeen(ctx.env.DB, principal.userId, upTo);
  return unseenCount(ctx.env.DB, principal.userId, MOST_UNSEEN);
}

/** Whether one of the two has ever rung the other. */
export const haveCalled = (ctx: Context, a: UserId, b: UserId): Promise<boolean> => calledBetween(ctx.env.DB, a, b);

export async function readReceipt(ctx: Context, principal: Principal, id: CallId): Promise<Receipt> {
  const row = await visibleRow(ctx, principal, id);
  const receipt = await callSession(ctx.env, id).receipt();
  if (receipt.ok) return receipt.value;
  // A row whose object never was: nothing was connected and nothing charged.
  return { callId: id, connectedMs: 0, settled: row.settledAt !== null, checkpoints: [], totals: { payer: [], payee: [] } };
}

export async function readTimeline(ctx: Context, principal: Principal, id: CallId): Promise<{ items: TimelineItem[] }> {
  await visibleRow(ctx, principal, id);
  const timeline = await callSession(ctx.env, id).timeline();
  return timeline.ok ? timeline.value : { items: [] };
}

/**
 * The call in plain words to one of the two who were in it.
 * @throws Problem `not_found` for anybody else, staff too: they read the timeline
 */
export async function readStory(ctx: Context, principal: Principal, id: CallId): Promise<{ summary: StorySummary; items: StoryItem[] }> {
  const row = await ownRow(ctx, principal, id);
  const reader = row.callerId === principal.userId ? ('caller' as const) : ('callee' as const);
  const other = (reader === 'caller' ? row.calleeId : row.callerId) as UserId;
  const [call, receipt, { items: timeline }, cards] = await Promise.all([
    readCall(ctx, principal, id),
    readReceipt(ctx, principal, id),
    readTimeline(ctx, principal, id),
    cardsOf(ctx, [other]),
  ]);
  const told = { call, reader, payer: row.payerId === row.callerId ? ('caller' as const) : ('callee' as const), timeline, receipt };
  const card = cards.get(other) ?? { id: other, displayName: '', portrait: null };
  return { summary: summaryOf(told, card), items: itemsOf(told) };
}
