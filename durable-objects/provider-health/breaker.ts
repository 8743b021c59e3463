/**
 * A circuit breaker: too many failures in a short while open it, and it stays open until a pause is over; then one try
 * is let through, and its outcome decides. Pure; times are ms since the epoch.
 */

export interface Breaker {
  /** When the failures within the last `WINDOW_MS` happened, oldest first. */
  readonly failures: readonly number[];
  /** Nobody is let through before this; null while closed. */
  readonly openUntil: number | null;
}

export const WINDOW_MS = 60_000;
/** One person's bad line is not an outage. */
export const MOST_FAILURES = 10;
export const PAUSE_MS = 30_000;

export const closed: Breaker = { failures: [], openUntil: null };

export const failed = (breaker: Breaker, now: number): Breaker => {
  const failures = [...breaker.failures.filter((at) => at > now - WINDOW_MS), now].slice(-MOST_FAILURES);
  // A failure after the pause was the try that was let through.
  const tried = breaker.openUntil !== null && now >= breaker.openUntil;
  return failures.length >= MOST_FAILURES || tried ? { failures, openUntil: now + PAUSE_MS } : { ...breaker, failures };
};

/** Something worked: while open that may be an old try coming in, so only one after the pause closes it. */
export const worked = (breaker: Breaker, now: number): Breaker =>
  breaker.openUntil !== null && now < breaker.openUntil ? breaker : closed;

/** Whether to use the provider now. */
export const letsThrough = (breaker: Breaker, now: number): boolean => breaker.openUntil === null || now >= breaker.openUntil;
