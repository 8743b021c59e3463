/**
 * What a scheduled job is. Each domain lists its own in `jobs.ts`, `worker/jobs.ts` joins the lists, and the domain
 * `timetable` runs them: one run at a time, with a history, led by what staff have changed.
 */
import type { Context } from './context.ts';

/** What becomes of turns that nobody ran: cron was away, or the run before still went on. */
export const missedPolicies = ['skip', 'once', 'each'] as const;
/** `skip`: nothing, the next turn comes; `once`: one run for all of them; `each`: a run for each of the newest ones. */
export type MissedPolicy = (typeof missedPolicies)[number];

export interface Job {
  /** Unique, `domain.what`: `video.sweep`. What it does stands in the panel's words, below `job`. */
  readonly name: string;
  /** When, until staff change it: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** Where the clock hangs that `cron` is read off; default `UTC`. */
  readonly zone?: string;
  readonly missed: MissedPolicy;
  /** True where two runs at once do no harm: then none waits for another. */
  readonly overlaps?: true;
  /** How long a run that died holds up the next one, ms; a living one renews it. Default: two minutes. */
  readonly leaseMs?: number;
  /**
   * Must be safe to repeat: a crash after its work and before that was noted runs it again.
   * @param slot the turn it is for, ms since the epoch; the moment it was asked for where staff did
   */
  run(ctx: Context, slot: number): Promise<void>;
}
