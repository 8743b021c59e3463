/** What staff see of runs, and a run that they ask for. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Job } from '../../platform/jobs.ts';
import type { JobRun, runOutcome } from '../../protocol/http/timetable.ts';
import type { RunId, UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { auditStatement } from '../event_log/service.ts';
import { jobCalled, mustBeSchedule, timesOf } from './plans.ts';
import { carryOut, leaseOf, type Machine, machine } from './running.ts';
import { insertion, jobRows, oneRun, type RunRow, runsOf, unlessRefused } from './store.ts';

const DEFAULT_PAGE = 50;
const position = z.int();

/**
 * Runs of a job, newest first.
 * @throws Problem `not_found`
 */
export async function listRuns(
  ctx: Context,
  jobs: readonly Job[],
  asked: { job: string; outcome?: z.infer<typeof runOutcome> | undefined; cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: JobRun[]; nextCursor: string | null }> {
  const { name } = jobCalled(jobs, asked.job);
  const limit = asked.limit ?? DEFAULT_PAGE;
  const before = fromCursor(asked.cursor, position);
  const rows = await runsOf(ctx.env.DB, { job: name, before, outcome: asked.outcome ?? null, limit: limit + 1 });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(toWireRun), nextCursor: rows.length > limit && last ? toCursor(last.seq) : null };
}

/**
 * Runs a job because somebody asks for it, and answers when it is over. It goes on where they don't wait for it; what of it the
 * platform cuts off then is lost, as any run.
 * @throws Problem `not_found`, `job_running` where a run of it is not over and may not be doubled
 */
export async function runNow(
  ctx: Context,
  jobs: readonly Job[],
  order: { job: string; actor: UserId },
  on: Machine = machine,
): Promise<JobRun> {
  const job = jobCalled(jobs, order.job);
  const { DB } = ctx.env;
  const row = (await jobRows(DB)).find(({ name }) => name === job.name);
  const id = newId('run');
  const begun = on.clock();
  const run = {
    ...{ id, job: job.name, slot: null, due: begun, attempt: 1, askedBy: order.actor, requestId: ctx.requestId },
    ...{ startedAt: begun, leasedUntil: begun + leaseOf(job), overlaps: job.overlaps === true, seenSeq: null, skipped: false },
  };
  const change = { actor: order.actor, action: 'timetable.run', subject: `job:${job.name}`, before: null, after: { run: id } };
  try {
    await DB.batch([insertion(DB, run), unlessRefused(DB, id), auditStatement(ctx, change)]);
  } catch (thrown) {
    if (refusedWith(thrown, 'malformed JSON')) throw new Problem('job_running', 'A run of this job is not over yet; look again soon.');
    throw thrown;
  }
  const schedule = mustBeSchedule(job.name, timesOf(job, row), ctx.now);
  const work = carryOut(ctx, on, { job, id, slot: begun, schedule });
  ctx.later(work);
  await work;
  const over = await oneRun(DB, id);
  if (!over) throw new Error(`the run ${id} was forgotten before it was over`);
  return toWireRun(over);
}

const moment = (ms: number | null): string | null => (ms === null ? null : toTimestamp(ms));

export const toWireRun = (row: RunRow): JobRun => ({
  id: row.id as RunId,
  job: row.job,
  slot: moment(row.slot),
  due: toTimestamp(row.due),
  attempt: row.attempt,
  askedBy: row.askedBy as UserId | null,
  startedAt: toTimestamp(row.startedAt),
  finishedAt: moment(row.finishedAt),
  outcome: row.outcome,
  error: row.error,
  requestId: row.requestId,
});
