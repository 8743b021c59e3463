/** What staff see of calls: everybody's, one whole, and the end of one that must not go on. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { Problem, unwrap } from '../../platform/errors.ts';
import type { Principal } from '../../platform/principal.ts';
import { callSession } from '../../platform/stubs.ts';
import type { Call } from '../../protocol/call/call.ts';
import type { AnswerOf, QueryOf } from '../../protocol/http/endpoint.ts';
import type { BoardCall, listAllCalls, readAnyCall } from '../../protocol/http/staff-calls.ts';
import type { CallId, TariffId, UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { tariffById } from '../billing/service.ts';
import { audit } from '../event_log/service.ts';
import { cardsOf } from '../profile/service.ts';
import { boardRows, type CallGroup, endedGroups } from './board-store.ts';
import { callOfRow, readCall, readReceipt, readTimeline, visibleRow } from './reading.ts';
import type { CallRow } from './store.ts';

export type { CallGroup } from './board-store.ts';

const DEFAULT_PAGE = 50;
const position = z.tuple([z.int(), z.string()]);

/** Everybody's calls, newest first; calls that come meanwhile never shift a later page. */
export async function allCalls(
  ctx: Context,
  asked: QueryOf<typeof listAllCalls>,
): Promise<{ items: BoardCall[]; nextCursor: string | null }> {
  const { limit = DEFAULT_PAGE, cursor, since, ...filter } = asked;
  const before = fromCursor(cursor, position) ?? undefined;
  const rows = await boardRows(ctx.env.DB, {
    ...filter,
    since: since === undefined ? undefined : Date.parse(since),
    before: before && [before[0], before[1]],
    limit: limit + 1,
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { items: await boardCalls(ctx, page), nextCursor: rows.length > limit && last ? toCursor([last.createdAt, last.id]) : null };
}

async function boardCalls(ctx: Context, rows: readonly CallRow[]): Promise<BoardCall[]> {
  const cards = await cardsOf(ctx, [...new Set(rows.flatMap(({ callerId, calleeId }) => [callerId as UserId, calleeId as UserId]))]);
  const card = (id: UserId) => cards.get(id) ?? { id, displayName: '', portrait: null };
  return rows.map((row) => ({
    call: callOfRow(row),
    caller: card(row.callerId as UserId),
    callee: card(row.calleeId as UserId),
    payerId: row.payerId as UserId,
    stateSince: toTimestamp(row.stateSince ?? row.endedAt ?? row.createdAt),
  }));
}

/**
 * One call whole. While it runs, its object tells what its row can't.
 * @throws Problem `not_found`
 */
export async function wholeCall(ctx: Context, principal: Principal, id: CallId): Promise<AnswerOf<typeof readAnyCall>> {
  const row = await visibleRow(ctx, principal, id);
  const [[board], call, tariff, receipt, timeline] = await Promise.all([
    boardCalls(ctx, [row]),
    readCall(ctx, principal, id),
    tariffById(ctx, row.tariffId as TariffId),
    readReceipt(ctx, principal, id),
    readTimeline(ctx, principal, id),
  ]);
  if (!board) throw new Error('a call that was just read is not there');
  return {
    ...board,
    call,
    tariff: tariff && { id: tariff.id, name: tariff.name, version: tariff.version },
    receipt,
    timeline: timeline.items,
  };
}

/**
 * Ends a running call as moderated. The audit comes first: it lies in another database than the call, and no call is
 * stopped without its entry.
 * @throws Problem `not_found`, `call_ended`
 */
export async function stopCall(ctx: Context, principal: Principal, order: { id: CallId; reason: string }): Promise<Call> {
  const { id, reason } = order;
  const before = await readCall(ctx, principal, id);
  if (before.state === 'ended') throw new Problem('call_ended', 'This call is over already.');
  await audit(ctx, {
    actor: principal.userId,
    action: 'call.stop',
    subject: id,
    before: { state: before.state },
    after: { state: 'ended', endReason: 'moderated', reason },
  });
  return unwrap(await callSession(ctx.env, id).stop({ reason: 'moderated', now: ctx.now })).call;
}

/** A day of calls of every length falls into far fewer groups; beyond this the oldest groups are left out. */
const MAX_GROUPS = 20_000;

/** Connected calls since `since` (ms) as groups that a tariff sees alike; `complete` is false where the oldest are left out. */
export async function callGroups(ctx: Context, since: number): Promise<{ groups: CallGroup[]; complete: boolean }> {
  const groups = await endedGroups(ctx.env.DB, since, MAX_GROUPS + 1);
  return { groups: groups.slice(0, MAX_GROUPS), complete: groups.length <= MAX_GROUPS };
}
