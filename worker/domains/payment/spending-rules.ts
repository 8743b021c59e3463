/** What members set themselves as limits, and what looks unlike them. The database keeps the limits; here is what is written. */

const DAY_MS = 86_400_000;
/** A cap that is raised holds after so long, ms: whoever raises it in the heat has slept over it. */
export const RAISE_AFTER_MS = DAY_MS;
/** Spending is counted over so long, ms, whatever day of the week it is. */
export const WEEK_MS = 7 * DAY_MS;

/** All times in ms since the epoch; caps in cents, null for none. */
export interface Guard {
  readonly cap: number | null;
  readonly nextCap: number | null;
  readonly nextFrom: number | null;
  readonly pauseUntil: number | null;
}

export const noGuard: Guard = { cap: null, nextCap: null, nextFrom: null, pauseUntil: null };

/** The cap that holds at a moment. */
export const capAt = ({ cap, nextCap, nextFrom }: Guard, at: number): number | null =>
  nextFrom !== null && nextFrom <= at ? nextCap : cap;

/** The guard with another cap: lower at once, higher after a day. A raise that waits gives way to whatever is said later. */
export function withCap(guard: Guard, wish: number | null, now: number): Guard {
  const held = capAt(guard, now);
  const { pauseUntil } = guard;
  if (held === null || (wish !== null && wish <= held)) return { cap: wish, nextCap: null, nextFrom: null, pauseUntil };
  return { cap: held, nextCap: wish, nextFrom: now + RAISE_AFTER_MS, pauseUntil };
}

/** The guard with a pause until a moment; a longer one that runs already stays. */
export const withPause = (guard: Guard, until: number): Guard => ({ ...guard, pauseUntil: Math.max(until, guard.pauseUntil ?? 0) });

export interface Spent {
  readonly cents: number;
  readonly at: number;
}

/** Below this in a day nobody is asked, cents. */
const USUAL_DAY = 5_000;
/** A day is unusual that comes to so many times what one purchase usually is. */
const TIMES_USUAL = 3;

/**
 * Whether somebody should be asked “are you sure?” before this purchase: they have bought in the last 24 hours already, and
 * with it the day comes to more than is usual for anybody and for them.
 * @param spent what they bought in the last thirty days
 */
export function isUnusual(spent: readonly Spent[], cents: number, now: number): boolean {
  const isToday = ({ at }: Spent): boolean => at > now - DAY_MS;
  const today = spent.filter(isToday);
  if (today.length === 0) return false;
  const before = spent.filter((one) => !isToday(one)).map((one) => one.cents);
  const sum = today.reduce((total, one) => total + one.cents, cents);
  return sum > Math.max(USUAL_DAY, TIMES_USUAL * medianOf(before));
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
