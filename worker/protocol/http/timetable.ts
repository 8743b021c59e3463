/** Staff: scheduled jobs, when they run, how their runs went. */
import * as z from 'zod/mini';
import { runId, userId } from '../ids.ts';
import { page, pageQuery } from '../paging.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

export const missedPolicy = z.enum(['skip', 'once', 'each']);
export const runOutcome = z.enum(['ok', 'failed', 'lost', 'skipped']);

export const jobRun = z.object({
  id: runId,
  job: z.string(),
  /** The turn it was for, and the oldest one it stood in for; no turn: somebody asked for it. */
  slot: z.nullable(timestamp),
  due: timestamp,
  /** Above 1: a run of the same turn was lost before. */
  attempt: z.int(),
  askedBy: z.nullable(userId),
  startedAt: timestamp,
  finishedAt: z.nullable(timestamp),
  /** Null while it runs; `lost`: it ended without a word; `skipped`: nobody ran these turns. */
  outcome: z.nullable(runOutcome),
  error: z.nullable(z.string()),
  /** What its lines in the log carry. */
  requestId: z.string(),
});
export type JobRun = z.infer<typeof jobRun>;

const cron = z.string().check(z.maxLength(200));
const zone = z.string().check(z.maxLength(80));
const times = { cron: z.string(), zone: z.string(), missed: missedPolicy };

export const job = z.object({
  name: z.string(),
  ...times,
  enabled: z.boolean(),
  /** What stands in code, for the way back. */
  usually: z.object(times),
  /** Runs at once do no harm. */
  overlaps: z.boolean(),
  /** Its next turn; null while it is switched off. */
  nextAt: z.nullable(timestamp),
  /** The newest run, also one that is not over; skipped turns are none. */
  lastRun: z.nullable(jobRun),
  /** Runs in a row that failed or were lost, and after how many staff are told. */
  failures: z.int(),
  alertAfter: z.int(),
  changedAt: z.nullable(timestamp),
  changedBy: z.nullable(userId),
});
export type TimetableJob = z.infer<typeof job>;

/** `domain.what`, so that no other word below `/admin/jobs/` is taken for one. */
const byName = z.strictObject({
  name: z.string().check(z.maxLength(80), z.regex(/^[a-z0-9_]+\.[a-z0-9_]+$/, 'must be the name of a job')),
});

export const listJobs = endpoint({
  name: 'listJobs',
  method: 'GET',
  path: '/admin/jobs',
  tag: 'timetable',
  summary: 'Every scheduled job: when it runs, how it went, what staff changed',
  access: 'timetable.read',
  status: 200,
  answer: page(job),
});

export const listJobRuns = endpoint({
  name: 'listJobRuns',
  method: 'GET',
  path: '/admin/jobs/:name/runs',
  tag: 'timetable',
  summary: 'Runs of a job, newest first',
  access: 'timetable.read',
  params: byName,
  query: z.strictObject({ ...pageQuery, outcome: z.optional(runOutcome) }),
  status: 200,
  answer: page(jobRun),
});

export const runJob = endpoint({
  name: 'runJob',
  method: 'POST',
  path: '/admin/jobs/:name/run',
  tag: 'timetable',
  summary: 'Run a job now, also one that is switched off; answers when it is over',
  access: 'timetable.run',
  params: byName,
  body: z.strictObject({}),
  status: 200,
  answer: z.object({ run: jobRun }),
  errors: ['job_running'],
});

export const changeJob = endpoint({
  name: 'changeJob',
  method: 'PATCH',
  path: '/admin/jobs/:name',
  tag: 'timetable',
  summary: 'Change when a job runs, what becomes of missed turns, or switch it off and on',
  access: 'timetable.edit',
  params: byName,
  body: z
    .strictObject({
      cron: z.optional(cron),
      zone: z.optional(zone),
      missed: z.optional(missedPolicy),
      enabled: z.optional(z.boolean()),
      /** `changedAt` as the editor saw it; where it has moved on since, nothing is written. */
      seenChangedAt: z.optional(z.nullable(timestamp)),
    })
    .check(z.refine(({ seenChangedAt: _, ...changes }) => Object.keys(changes).length > 0, 'must change something')),
  status: 200,
  answer: z.object({ job, turns: z.array(timestamp) }),
  errors: ['version_conflict'],
});

export const previewTurns = endpoint({
  name: 'previewTurns',
  method: 'POST',
  path: '/admin/jobs/preview',
  tag: 'timetable',
  summary: 'The next five turns of an expression in a time zone',
  access: 'timetable.read',
  body: z.strictObject({ cron, zone }),
  status: 200,
  answer: z.object({ turns: z.array(timestamp) }),
});
