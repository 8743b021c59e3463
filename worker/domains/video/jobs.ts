/** The sweeper: no call stays unsettled for longer than a minute (calls.md, "Order of a beginning"). */
import type { Context } from '../../platform/context.ts';
import type { Job } from '../../platform/jobs.ts';
import { causeOf } from '../../platform/log.ts';
import { throughPages } from '../../platform/pages.ts';
import { callSession } from '../../platform/stubs.ts';
import type { CallId } from '../../protocol/ids.ts';
import { callOfRow } from './reading.ts';
import { recordCall } from './service.ts';
import { type CallRow, unsettledCalls } from './store.ts';

/** A call this young is still on its own way, ms. */
const YOUNG_MS = 60_000;
const AT_ONCE = 50;
const PAGE = 500;
/** It stops here, so that it is over before its next turn, ms. */
const BUDGET_MS = 50_000;

export const jobs: readonly Job[] = [
  { name: 'video.sweep', cron: '* * * * *', missed: 'once', overlaps: true, run: (ctx) => sweepCalls(ctx) },
];

/**
 * Asks every unsettled call older than a minute to go on with whatever is due; a call without an object never was. The
 * oldest first, all of them if the time allows.
 */
export async function sweepCalls(ctx: Context, { clock = Date.now, page = PAGE } = {}): Promise<void> {
  const began = clock();
  const { count, all } = await throughPages<CallRow>({
    read: (last) => unsettledCalls(ctx.env.DB, { before: ctx.now - YOUNG_MS, last, limit: page }),
    each: (row) => sweep(ctx, row),
    atOnce: AT_ONCE,
    timeLeft: () => clock() - began < BUDGET_MS,
  });
  if (!all) ctx.log.error('more unsettled calls than a sweep has time for', { swept: count });
}

async function sweep(ctx: Context, row: CallRow): Promise<void> {
  try {
    const answer = await callSession(ctx.env, row.id as CallId).reconcile(ctx.now);
    if (!answer.ok || answer.value.known) return;
    const call = { ...callOfRow(row), state: 'ended' as const, endReason: 'refused' as const, endedAt: new Date(ctx.now).toISOString() };
    await recordCall(ctx, { call, started: false, settledAt: ctx.now });
  } catch (thrown) {
    ctx.log.error('a call could not be swept', { callId: row.id, cause: causeOf(thrown) });
  }
}
