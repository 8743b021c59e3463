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
  { name: 'video.sweep', cron: '* * * * *', missed: 'once', overlaps: true, run: async (ctx) => mustBeSwept(await sweepCalls(ctx)) },
];

export interface Swept {
  /** Calls that could not be asked. */
  readonly failed: number;
  /** Whether the time was enough for all. */
  readonly all: boolean;
}

/** @throws Error where calls were left behind, so that staff learn of it */
export function mustBeSwept({ failed, all }: Swept): void {
  if (failed > 0) throw new Error(`unsettled calls that could not be asked: ${failed}`);
  if (!all) throw new Error('more unsettled calls than a sweep has time for');
}

/**
 * Asks every unsettled call older than a minute to go on with whatever is due; a call without an object never was. The
 * oldest first, all of them if the time allows.
 */
export async function sweepCalls(ctx: Context, { clock = Date.now, page = PAGE } = {}): Promise<Swept> {
  const began = clock();
  let failed = 0;
  const { count, all } = await throughPages<CallRow>({
    read: (last) => unsettledCalls(ctx.env.DB, { before: ctx.now - YOUNG_MS, last, limit: page }),
    each: async (row) => {
      if (!(await sweep(ctx, row))) failed++;
    },
    atOnce: AT_ONCE,
    timeLeft: () => clock() - began < BUDGET_MS,
  });
  if (!all) ctx.log.error('more unsettled calls than a sweep has time for', { swept: count });
  return { failed, all };
}

/** False where it could not be asked. */
async function sweep(ctx: Context, row: CallRow): Promise<boolean> {
  try {
    const answer = await callSession(ctx.env, row.id as CallId).reconcile(ctx.now);
    if (!answer.ok || answer.value.known) return answer.ok;
    const call = { ...callOfRow(row), state: 'ended' as const, endReason: 'refused' as const, endedAt: new Date(ctx.now).toISOString() };
    await recordCall(ctx, { call, started: false, settledAt: ctx.now });
    return true;
  } catch (thrown) {
    ctx.log.error('a call could not be swept', { callId: row.id, cause: causeOf(thrown) });
    return false;
  }
}
