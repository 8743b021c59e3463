/**
 * Scheduled work. Cron fires every minute, at least once; a lease row decides which firing runs a job, so that two
 * overlapping firings never run it twice. Each job fails alone.
 */
import type { Context } from './context.ts';
import { causeOf } from './log.ts';

export interface Job {
  /** Unique, `domain.what`: `video.sweep`. */
  readonly name: string;
  /** Runs once in each slot of this many minutes, counted from the epoch. */
  readonly everyMinutes: number;
  /**
   * True where two runs at once do no harm: then a run that died holds up its own slot only, instead of all of them until
   * it must be dead.
   */
  readonly overlaps?: true;
  /** Must be safe to repeat: a crash after its work and before the lease is given back runs it again in the next slot. */
  run(ctx: Context): Promise<void>;
}

/** A scheduled handler may run this long; a lease older than that belongs to a run that died. */
const LEASE_MS = 15 * 60_000;
/** Cron is late by a little at times: a lease that should end with its slot ends so much before it. */
const LATE_MS = 5_000;

const leaseOf = ({ everyMinutes, overlaps }: Job): number => (overlaps ? everyMinutes * 60_000 - LATE_MS : LEASE_MS);

/** Runs every job that is due at `ctx.now`; answers the names of those that ran and those that failed. */
export async function runDueJobs(ctx: Context, jobs: readonly Job[]): Promise<{ ran: string[]; failed: string[] }> {
  const ran: string[] = [];
  const failed: string[] = [];
  await Promise.all(
    jobs.map(async (job) => {
      try {
        if (!(await take(ctx, job))) return;
      } catch (thrown) {
        failed.push(job.name);
        ctx.log.error('job could not be leased', { job: job.name, cause: causeOf(thrown) });
        return;
      }
      let well = false;
      try {
        await job.run(ctx);
        well = true;
        ran.push(job.name);
      } catch (thrown) {
        failed.push(job.name);
        ctx.log.error('job failed', { job: job.name, cause: causeOf(thrown) });
      }
      await giveBack(ctx, job, well).catch((thrown) =>
        ctx.log.error('job lease could not be given back', { job: job.name, cause: causeOf(thrown) }),
      );
    }),
  );
  return { ran, failed };
}

/** True for the one firing that may run the job in this slot. The database decides, in one statement. */
async function take(ctx: Context, job: Job): Promise<boolean> {
  const slot = Math.floor(ctx.now / (job.everyMinutes * 60_000));
  const taken = await ctx.env.DB.prepare(
    `INSERT INTO job_lease (name, slot, leased_until, started_at) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (name) DO UPDATE SET slot = excluded.slot, leased_until = excluded.leased_until,
       started_at = excluded.started_at, finished_at = NULL
     WHERE job_lease.slot < excluded.slot AND job_lease.leased_until <= excluded.started_at
     RETURNING name`,
  )
    .bind(job.name, slot, ctx.now + leaseOf(job), ctx.now)
    .first();
  return taken !== null;
}

async function giveBack(ctx: Context, job: Job, well: boolean): Promise<void> {
  await ctx.env.DB.prepare(
    `UPDATE job_lease SET leased_until = 0, finished_at = ?2, failures = CASE WHEN ?3 = 1 THEN 0 ELSE failures + 1 END
     WHERE name = ?1 AND started_at = ?4`,
  )
    .bind(job.name, Date.now(), well ? 1 : 0, ctx.now)
    .run();
}
