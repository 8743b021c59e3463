/** What of a companion's shifts and breaks falls into a day. */

/** ms since the epoch; an open end is null. */
export interface Stretch {
  readonly startedAt: number;
  readonly endedAt: number | null;
}

const within = (stretches: readonly Stretch[], from: number, now: number): number =>
  stretches.reduce((sum, { startedAt, endedAt }) => sum + Math.max(0, Math.min(endedAt ?? now, now) - Math.max(startedAt, from)), 0);

/** Time at work without breaks, and time on breaks, since `from` (ms), in whole seconds. */
export function workedSince(
  { shifts, breaks }: { readonly shifts: readonly Stretch[]; readonly breaks: readonly Stretch[] },
  from: number,
  now: number,
): { workedSeconds: number; breakSeconds: number } {
  const paused = within(breaks, from, now);
  return {
    workedSeconds: Math.floor(Math.max(0, within(shifts, from, now) - paused) / 1000),
    breakSeconds: Math.floor(paused / 1000),
  };
}
