/** What a job follows now: what stands beside it in code, and above it what staff have changed. */
import { Problem } from '../../platform/errors.ts';
import type { Job, MissedPolicy } from '../../platform/jobs.ts';
import { isComplaint, type Schedule, scheduleOf } from './schedule-rules.ts';
import type { JobRow } from './store.ts';

export const UTC = 'UTC';

/** When a job runs, as people write it. */
export interface Times {
  readonly cron: string;
  readonly zone: string;
  readonly missed: MissedPolicy;
}

export const timesInCode = ({ cron, zone = UTC, missed }: Job): Times => ({ cron, zone, missed });

export const timesOf = (job: Job, row: JobRow | undefined): Times => {
  const inCode = timesInCode(job);
  return { cron: row?.cron ?? inCode.cron, zone: row?.zone ?? inCode.zone, missed: row?.missed ?? inCode.missed };
};

/** @throws Problem `not_found` */
export function jobCalled(jobs: readonly Job[], name: string): Job {
  const job = jobs.find((one) => one.name === name);
  if (!job) throw new Problem('not_found', 'There is no job with this name.');
  return job;
}

/** @throws Error where it can't be read: what staff change is checked before it is kept, what stands in code by a test */
export function mustBeSchedule(job: string, times: Times, now: number): Schedule {
  const schedule = scheduleOf(times, now);
  if (isComplaint(schedule)) throw new Error(`the ${schedule.path} of ${job} ${schedule.message}`);
  return schedule;
}
