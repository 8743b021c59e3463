import { describe, expect, it } from 'vitest';
import { type Breaker, closed, failed, letsThrough, MOST_FAILURES, PAUSE_MS, WINDOW_MS, worked } from './breaker.ts';

const T = 1_800_000_000_000;
const failing = (times: number, everyMs: number, from: Breaker = closed): Breaker => {
  let breaker = from;
  for (let time = 0; time < times; time++) breaker = failed(breaker, T + time * everyMs);
  return breaker;
};

describe('a breaker', () => {
  it('opens on too many failures in a short while', () => {
    expect(letsThrough(failing(MOST_FAILURES - 1, 10), T + 1_000)).toBe(true);
    expect(letsThrough(failing(MOST_FAILURES, 10), T + 1_000)).toBe(false);
  });

  it('stays closed when they are spread out', () => {
    const every = WINDOW_MS / (MOST_FAILURES - 1) + 1;
    expect(letsThrough(failing(100, every), T + 100 * every)).toBe(true);
  });

  it('forgets failures when something works', () => {
    const breaker = worked(failing(MOST_FAILURES - 1, 10), T + 500);
    expect(letsThrough(failed(breaker, T + 600), T + 601)).toBe(true);
  });

  it('lets one through after the pause: it closes or opens it again', () => {
    const open = failing(MOST_FAILURES, 0);
    expect(letsThrough(open, T + PAUSE_MS - 1)).toBe(false);
    expect(letsThrough(worked(open, T + PAUSE_MS - 1), T + PAUSE_MS - 1)).toBe(false);
    expect(letsThrough(open, T + PAUSE_MS)).toBe(true);
    expect(letsThrough(failed(open, T + PAUSE_MS), T + PAUSE_MS + 1)).toBe(false);
    expect(worked(open, T + PAUSE_MS)).toEqual(closed);
  });
});
