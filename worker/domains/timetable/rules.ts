/** Which runs are due: from a job's plan, its last turn and `now`. No turn is run twice, none is passed over in silence. */
import type { MissedPolicy } from '../../platform/jobs.ts';
import type { Schedule } from './schedule-rules.ts';

/** Cron fires late at times: a turn this young is not missed, ms. */
export const ON_TIME_MS = 5 * 60_000;
/** A turn further ahead than this is none that was: the clock went wrong and came back, ms. */
export const STEP_MS = 60 * 60_000;
/** So many missed turns are made up one by one; older ones are skipped. */
export const MOST_EACH = 24;
/** So often a turn is begun whose runs are lost. */
export const MOST_ATTEMPTS = 3;
/** How long a run that died holds its job, ms. */
export const LEASE_MS = 2 * 60_000;

/** Staff are told of so many failures in a row, or of the first where the next turn is further away than an hour. */
export const ALERT_AFTER = 3;
const SELDOM_MS = 60 * 60_000;

export interface Plan {
  readonly schedule: Schedule;
  readonly missed: MissedPolicy;
  readonly enabled: boolean;
  readonly overlaps: boolean;
}

export interface Standing {
  /** Turns up to this moment are owed by nobody; null: the job was never seen. */
  readonly since: number | null;
  /** The newest run of a turn, skipped ones too. */
  readonly last: { readonly slot: number; readonly due: number; readonly attempt: number; readonly lost: boolean } | null;
  /** A run that is not over holds the job. */
  readonly held: boolean;
}

/** A run of one turn, which stands in for all since `due`. */
export interface Run {
  readonly due: number;
  readonly slot: number;
  readonly attempt: number;
}

export interface Decision {
  /** Turns that nobody will run, from the oldest to the newest. */
  readonly skipped: { readonly due: number; readonly slot: number } | null;
  /** In this order, one after the other. */
  readonly runs: readonly Run[];
}

const nothing: Decision = { skipped: null, runs: [] };
const once = (due: number, slot = due): Run => ({ due, slot, attempt: 1 });

export function dueRuns(plan: Plan, standing: Standing, now: number): Decision {
  const { schedule, missed, overlaps } = plan;
  const { last } = standing;
  if (!plan.enabled || (standing.held && !overlaps)) return nothing;
  const after = doneUpTo(schedule, standing, now);
  const [newest = after] = schedule.newest(now, 1);
  const again = missed !== 'skip' && isWorthAgain(standing, now) ? last : null;
  if (newest <= after) return again ? { skipped: null, runs: [{ ...once(again.due, again.slot), attempt: again.attempt + 1 }] } : nothing;
  const first = schedule.next(after) ?? newest;
  if (missed === 'once') return { skipped: null, runs: [once(again?.due ?? first, newest)] };
  if (missed === 'skip') {
    if (now - newest >= ON_TIME_MS) return { skipped: { due: first, slot: newest }, runs: [] };
    return { skipped: upTo(schedule, first, newest), runs: [once(newest)] };
  }
  const slots = schedule.newest(now, MOST_EACH).filter((slot) => slot > after);
  const lost = again ? [{ ...once(again.due, again.slot), attempt: again.attempt + 1 }] : [];
  return { skipped: upTo(schedule, first, slots[0] ?? newest), runs: [...lost, ...slots.map((slot) => once(slot))] };
}

/** Up to where nothing is owed any more. A mark of a clock that ran ahead by far counts for nothing. */
function doneUpTo(schedule: Schedule, { since, last }: Standing, now: number): number {
  const marks = [since, last?.slot ?? null].filter((mark) => mark !== null && mark <= now + STEP_MS) as number[];
  return marks.length > 0 ? Math.max(...marks) : firstSince(schedule, now);
}

/** From when on the turns of a job count that was never seen: the one that has just come is its first. */
export function firstSince(schedule: Schedule, now: number): number {
  const [newest] = schedule.newest(now, 1);
  return newest !== undefined && now - newest < ON_TIME_MS ? newest - 1 : now;
}

/** A turn whose run was lost, unless its time was before the plan's or it was begun too often. */
const isWorthAgain = ({ last, since }: Standing, now: number): boolean =>
  last?.lost === true && last.slot <= now && last.slot > (since ?? 0) && last.attempt < MOST_ATTEMPTS;

/** The turns from `first` to the one before `end`; null where there is none. */
function upTo(schedule: Schedule, first: number, end: number): Decision['skipped'] {
  if (first >= end) return null;
  const [slot = first] = schedule.newest(end - 1, 1);
  return { due: first, slot };
}

/** After how many failures in a row staff are told. */
export function alertAfter(schedule: Schedule, now: number): number {
  const next = schedule.next(now);
  const then = next === null ? null : schedule.next(next);
  return next === null || then === null || then - next > SELDOM_MS ? 1 : ALERT_AFTER;
}

const LONGEST_ERROR = 200;

/**
 * What the history keeps of a failure: a code, or a sentence in which whatever could be somebody's (addresses, quoted
 * words, long numbers) is left out.
 */
export function errorWords(cause: string): string {
  return cause
    .replace(/^Error: /, '')
    .replace(/\S+@\S+/g, '…')
    .replace(/"[^"]*"|'[^']*'|“[^”]*”|‘[^’]*’/g, '“…”')
    .replace(/\+?\d[\d\s()/-]{5,}\d/g, '…')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, LONGEST_ERROR);
}
