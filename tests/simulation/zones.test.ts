import { describe, expect, it } from 'vitest';
import { dayBeganAt } from '../../worker/domains/subscriptions/rules.ts';
import { midnightBefore, zones } from './zones.ts';

describe('midnights by hand', () => {
  it.each(zones.map(({ name }) => name))('are those of the calendar in %s, also where clocks change', (zone) => {
    // A step that meets every minute of the day sooner or later.
    for (let at = Date.parse('2026-01-10T00:00Z'); at < Date.parse('2026-12-20T00:00Z'); at += 6_661_000)
      expect(midnightBefore(at, zone), new Date(at).toISOString()).toBe(dayBeganAt(at, zone, { before: null, after: null }));
  });
});
