/**
 * Cron expressions read off a clock somewhere: which turns there are. Where the clock is put forward, a turn of the hour
 * that is missing comes right after it; where it is put back, a turn at one time of day comes once, one of an interval each
 * time (docs/decisions/0009).
 */
import { Cron } from 'croner';

/** The turns of one expression in one time zone, ms since the epoch, to the minute. */
export interface Schedule {
  /** The first turn later than `ms`. */
  next(ms: number): number | null;
  /** The newest turns at or before `ms`, oldest first. */
  newest(ms: number, count: number): number[];
}

/** What is wrong with which of the two, in a sentence. */
export interface Complaint {
  readonly path: 'cron' | 'zone';
  readonly message: string;
}

const FIELDS = 5;
/** A turn may lie so far ahead of `now` at most: leap days come within eight years, also around 2100. */
const HORIZON_MS = 9 * 366 * 86_400_000;
export const LONGEST_CRON = 120;

/** The schedule, or what is wrong with it; `now` decides whether it ever comes. */
export function scheduleOf({ cron, zone }: { cron: string; zone: string }, now: number): Schedule | Complaint {
  if (!isZone(zone)) return { path: 'zone', message: 'must be a time zone like Europe/Berlin or UTC' };
  if (cron.length > LONGEST_CRON || cron.trim().split(/\s+/).length !== FIELDS)
    return { path: 'cron', message: 'must have five fields: minute, hour, day of month, month, day of week' };
  let turns: Cron;
  try {
    turns = new Cron(cron.trim(), { timezone: zone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true });
  } catch (thrown) {
    return { path: 'cron', message: wordsOf(thrown) };
  }
  const next = (ms: number): number | null => turns.nextRun(new Date(ms))?.getTime() ?? null;
  const first = next(now);
  if (first === null || first > now + HORIZON_MS) return { path: 'cron', message: 'never comes: there is no such day' };
  return {
    next,
    // The library looks strictly before a moment, to the second.
    newest: (ms, count) =>
      turns
        .previousRuns(count, new Date(Math.floor(ms / 1_000) * 1_000 + 1_000))
        .map((turn) => turn.getTime())
        .reverse(),
  };
}

export const isComplaint = (made: Schedule | Complaint): made is Complaint => 'message' in made;

/** The turns that come next, at most `count`. */
export function comingTurns(schedule: Schedule, now: number, count: number): number[] {
  const turns: number[] = [];
  for (let turn = schedule.next(now); turn !== null && turns.length < count; turn = schedule.next(turn)) turns.push(turn);
  return turns;
}

function isZone(zone: string): boolean {
  try {
    // Offsets like +01:00 are taken too, but they know no summer time and no place.
    return /^[A-Za-z]/.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }) !== null;
  } catch {
    return false;
  }
}

/** `CronPattern: Invalid value for minute: 61` without the class it comes from. */
const wordsOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message.replace(/^Cron\w+: /, '') : 'can’t be read');
