/**
 * Runs what is due. Cron fires every minute, at least once and late at times; `insertRun` decides which firing runs what. Each
 * job fails alone. A run that ends without a word (its machine is gone) is lost when its lease runs out.
 */
import type { Context } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { Job } from '../../platform/jobs.ts';
import { causeOf, logWith } from '../../platform/log.ts';
import { tellAlerts } from './alerts.ts';
import { mustBeSchedule, timesOf } from './plans.ts';
import { alertAfter, dueRuns, errorWords, firstSince, LEASE_MS, type Run } from './rules.ts';
import type { Schedule } from './schedule-rules.ts';
import { finishRun, insertJob, insertRun, type JobRow, jobRows, lastTurns, openRuns, type RunRow, renewLease } from './store.ts';

/** What of the machine a test takes into its hands. */
export interface Machine {
  /** ms since the epoch, as it passes. */
  readonly clock: () => number;
  /** Calls `beat` every so many ms until it is told to stop. */
  readonly pulse: (everyMs: number, beat: () => void) => () => void;
}
export const machine: Machine = {
  clock: () => Date.now(),
  pulse: (everyMs, beat) => {
    const timer = setInterval(beat, everyMs);
    return () => clearInterval(timer);
  },
};

/** A living run renews its lease so often in the length of it. */
const BEATS = 4;

export const leaseOf = ({ leaseMs = LEASE_MS }: Job): number => leaseMs;

/** Runs every job that is due at `ctx.now`; answers the names of those that ran well and those that failed. */
export async function runDueJobs(ctx: Context, jobs: readonly Job[], on: Machine = machine): Promise<{ ran: string[]; failed: string[] }> {
  const { DB } = ctx.env;
  const names = jobs.map(({ name }) => name);
  const rows = new Map((await jobRows(DB)).map((row) => [row.name, row]));
  const open = await settleLost(ctx, jobs, rows, await openRuns(DB));
  const last = new Map((await lastTurns(DB, names)).map((run) => [run.job, run]));
  const ran: string[] = [];
  const failed: string[] = [];
  await Promise.all(
    jobs.map(async (job) => {
      try {
        const well = await runDue(ctx, on, { job, row: rows.get(job.name), last: last.get(job.name), held: open.has(job.name) });
        if (well !== null) (well ? ran : failed).push(job.name);
      } catch (thrown) {
        failed.push(job.name);
        ctx.log.error('job could not be begun', { job: job.name, cause: causeOf(thrown) });
      }
    }),
  );
  await tellAlerts(ctx).catch((thrown) => ctx.log.error('staff could not be told of jobs', { cause: causeOf(thrown) }));
  return { ran, failed };
}

/** Notes runs whose lease is over as lost; answers the jobs that others hold. */
async function settleLost(
  ctx: Context,
  jobs: readonly Job[],
  rows: ReadonlyMap<string, JobRow>,
  open: readonly RunRow[],
): Promise<Set<string>> {
  const held = new Set<string>();
  for (const run of open) {
    if (run.leasedUntil > ctx.now) {
      held.add(run.job);
      continue;
    }
    const job = jobs.find(({ name }) => name === run.job);
    const after = job ? alertAfter(mustBeSchedule(job.name, timesOf(job, rows.get(job.name)), ctx.now), ctx.now) : 1;
    const lost = await finishRun(ctx.env.DB, { id: run.id, at: ctx.now, outcome: 'lost', error: 'lease_ran_out', alertAfter: after });
    if (lost) ctx.log.error('job lost', { job: run.job, runId: run.id });
  }
  return held;
}

interface Standing {
  readonly job: Job;
  readonly row: JobRow | undefined;
  readonly last: RunRow | undefined;
  readonly held: boolean;
}

/** Runs the turns of a job that are due, one after the other; null where none was. */
async function runDue(ctx: Context, on: Machine, { job, row, last, held }: Standing): Promise<boolean | null> {
  const { DB } = ctx.env;
  const times = timesOf(job, row);
  const schedule = mustBeSchedule(job.name, times, ctx.now);
  const since = row?.since ?? firstSince(schedule, ctx.now);
  if (!row) await insertJob(DB, job.name, since);
  const { skipped, runs } = dueRuns(
    { schedule, missed: times.missed, enabled: row?.enabled ?? true, overlaps: job.overlaps ?? false },
    {
      since,
      last: last?.slot == null ? null : { slot: last.slot, due: last.due, attempt: last.attempt, lost: last.outcome === 'lost' },
      held,
    },
    ctx.now,
  );
  let seenSeq = last?.seq ?? null;
  const insert = (turn: Omit<Run, 'attempt'> & { attempt?: number }, id: string, nobody: boolean): Promise<number | null> =>
    insertRun(DB, {
      ...{ id, job: job.name, slot: turn.slot, due: turn.due, attempt: turn.attempt ?? 1, askedBy: null, requestId: ctx.requestId },
      ...{
        startedAt: on.clock(),
        leasedUntil: on.clock() + leaseOf(job),
        overlaps: nobody || job.overlaps === true,
        seenSeq,
        skipped: nobody,
      },
    });
  if (skipped) {
    seenSeq = await insert(skipped, newId('run'), true);
    if (seenSeq === null) return null;
    ctx.log.warn('turns of a job were skipped', { job: job.name, from: skipped.due, to: skipped.slot });
  }
  let well: boolean | null = null;
  for (const run of runs) {
    const id = newId('run');
    seenSeq = await insert(run, id, false);
    if (seenSeq === null) break;
    well = (await carryOut(ctx, on, { job, id, slot: run.slot, schedule })) && well !== false;
  }
  return well;
}

/** Does the work of a run that was begun, and notes how it ended; true where it went well. */
export async function carryOut(
  ctx: Context,
  on: Machine,
  { job, id, slot, schedule }: { job: Job; id: string; slot: number; schedule: Schedule },
): Promise<boolean> {
  const { DB } = ctx.env;
  const log = logWith({ requestId: ctx.requestId, job: job.name, runId: id });
  const lease = leaseOf(job);
  const stop = on.pulse(lease / BEATS, () => {
    renewLease(DB, id, on.clock() + lease).catch((thrown) => log.error('job lease could not be renewed', { cause: causeOf(thrown) }));
  });
  let error: string | null = null;
  try {
    await job.run({ ...ctx, log }, slot);
  } catch (thrown) {
    error = errorWords(causeOf(thrown)) || 'failed';
    log.error('job failed', { cause: causeOf(thrown) });
  } finally {
    stop();
  }
  const at = on.clock();
  const outcome = error === null ? 'ok' : 'failed';
  try {
    const noted = await finishRun(DB, { id, at, outcome, error, alertAfter: alertAfter(schedule, at) });
    if (!noted) log.error('job ended after it was given up as lost');
  } catch (thrown) {
    log.error('end of a job could not be noted', { cause: causeOf(thrown) });
  }
  return error === null;
}
