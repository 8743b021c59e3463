/** What staff see and change of when jobs run. */
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import type { Job, MissedPolicy } from '../../platform/jobs.ts';
import type { TimetableJob } from '../../protocol/http/timetable.ts';
import type { UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { auditStatement } from '../event_log/service.ts';
import { jobCalled, mustBeSchedule, type Times, timesInCode, timesOf } from './plans.ts';
import { alertAfter } from './rules.ts';
import { toWireRun } from './runs.ts';
import { comingTurns, isComplaint, type Schedule, scheduleOf } from './schedule-rules.ts';
import { type JobRow, jobRows, lastRuns, type RunRow, streaks, unlessChangedSince, upsertJob } from './store.ts';

/** Turns shown before somebody decides. */
const SHOWN = 5;

export async function listJobs(ctx: Context, jobs: readonly Job[]): Promise<TimetableJob[]> {
  const { DB } = ctx.env;
  const names = jobs.map(({ name }) => name);
  const [rows, runs, failures] = await Promise.all([jobRows(DB), lastRuns(DB, names), streaks(DB, names)]);
  return jobs.map((job) =>
    toWire(ctx, job, {
      row: rows.find(({ name }) => name === job.name),
      run: runs.find((run) => run.job === job.name),
      failures: failures.get(job.name) ?? 0,
    }),
  );
}

/**
 * Changes a job's plan and writes the audit entry with it. Its turns count from now on: none before is owed.
 * @param change.seenChangedAt `changedAt` of what the editor saw
 * @throws Problem `not_found`, `validation_failed` (fields `cron`, `zone`), `version_conflict`
 */
export async function changeJob(
  ctx: Context,
  jobs: readonly Job[],
  change: {
    name: string;
    cron?: string | undefined;
    zone?: string | undefined;
    missed?: MissedPolicy | undefined;
    enabled?: boolean | undefined;
    seenChangedAt?: string | null | undefined;
    actor: UserId;
  },
): Promise<{ job: TimetableJob; turns: string[] }> {
  const { DB } = ctx.env;
  const job = jobCalled(jobs, change.name);
  const row = (await jobRows(DB)).find(({ name }) => name === job.name);
  const inCode = timesInCode(job);
  const before = { ...timesOf(job, row), enabled: row?.enabled ?? true };
  const after = {
    cron: change.cron?.trim().replace(/\s+/g, ' ') ?? before.cron,
    zone: change.zone?.trim() ?? before.zone,
    missed: change.missed ?? before.missed,
    enabled: change.enabled ?? before.enabled,
  };
  const schedule = scheduleFor(ctx, after);
  // What is as in code stays bound to it.
  const own = <K extends keyof Times>(key: K): Times[K] | null => (after[key] === inCode[key] ? null : after[key]);
  const kept: JobRow = {
    ...{ name: job.name, cron: own('cron'), zone: own('zone'), missed: own('missed'), enabled: after.enabled },
    ...{ since: ctx.now, changedAt: ctx.now, changedBy: change.actor },
  };
  const seen = change.seenChangedAt;
  try {
    await DB.batch([
      ...(seen === undefined ? [] : [unlessChangedSince(DB, job.name, seen === null ? null : Date.parse(seen))]),
      upsertJob(DB, kept),
      auditStatement(ctx, { actor: change.actor, action: 'timetable.edit', subject: `job:${job.name}`, before, after }),
    ]);
  } catch (thrown) {
    if (refusedWith(thrown, 'malformed JSON')) throw new Problem('version_conflict', 'Somebody changed this job meanwhile.');
    throw thrown;
  }
  const [[run], failures] = await Promise.all([lastRuns(DB, [job.name]), streaks(DB, [job.name])]);
  return {
    job: toWire(ctx, job, { row: kept, run, failures: failures.get(job.name) ?? 0 }),
    turns: shown(schedule, ctx.now),
  };
}

/**
 * The next turns of an expression.
 * @throws Problem `validation_failed` (fields `cron`, `zone`)
 */
export const previewTurns = (ctx: Context, times: { cron: string; zone: string }): string[] =>
  shown(scheduleFor(ctx, { cron: times.cron.trim(), zone: times.zone.trim() }), ctx.now);

const shown = (schedule: Schedule, now: number): string[] => comingTurns(schedule, now, SHOWN).map(toTimestamp);

function scheduleFor(ctx: Context, times: { cron: string; zone: string }): Schedule {
  const made = scheduleOf(times, ctx.now);
  if (isComplaint(made)) throw new Problem('validation_failed', 'No job can run by this.', { fields: [made] });
  return made;
}

function toWire(
  ctx: Context,
  job: Job,
  { row, run, failures }: { row: JobRow | undefined; run: RunRow | undefined; failures: number },
): TimetableJob {
  const times = timesOf(job, row);
  const schedule = mustBeSchedule(job.name, times, ctx.now);
  const enabled = row?.enabled ?? true;
  const next = enabled ? schedule.next(ctx.now) : null;
  return {
    ...{ name: job.name, ...times, enabled, usually: timesInCode(job), overlaps: job.overlaps ?? false },
    nextAt: next === null ? null : toTimestamp(next),
    lastRun: run ? toWireRun(run) : null,
    failures,
    alertAfter: alertAfter(schedule, ctx.now),
    changedAt: row?.changedAt == null ? null : toTimestamp(row.changedAt),
    changedBy: (row?.changedBy ?? null) as UserId | null,
  };
}
