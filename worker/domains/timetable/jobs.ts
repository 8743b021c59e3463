/** The timetable's own job: its history does not grow for ever. */
import type { Context } from '../../platform/context.ts';
import type { Job } from '../../platform/jobs.ts';
import { forgetRuns, jobsWithRuns } from './store.ts';

const DAY_MS = 24 * 60 * 60_000;
/** How long what went well is kept, and what did not. */
const QUIET_MS = 2 * DAY_MS;
const KEEP_MS = 90 * DAY_MS;
/** Runs of each job that are kept however old they are. */
const NEWEST = 100;
const AT_ONCE = 1_000;

export async function forgetOldRuns(ctx: Context, { keep = NEWEST, atOnce = AT_ONCE } = {}): Promise<void> {
  const asked = { quietBefore: ctx.now - QUIET_MS, before: ctx.now - KEEP_MS, keep, limit: atOnce };
  for (const job of await jobsWithRuns(ctx.env.DB)) while ((await forgetRuns(ctx.env.DB, { job, ...asked })) === atOnce);
}

export const jobs: readonly Job[] = [
  { name: 'timetable.forget_old', cron: '37 * * * *', missed: 'once', run: (ctx) => forgetOldRuns(ctx) },
];
