import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computedFrom, DAYS, dayOf, daysBack, daysOfWeek } from './rules.ts';

const utc = (text: string) => Date.parse(text);

describe('days', () => {
  it('are where the companion lives, newest first, none left out and none twice', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Beirut');
    fc.assert(
      fc.property(fc.integer({ min: utc('2025-01-01'), max: utc('2029-01-01') }), zones, (now, zone) => {
        const days = daysBack(now, zone);
        expect(days).toHaveLength(DAYS);
        const [today] = days;
        expect(today && today.from <= now && now < today.to).toBe(true);
        for (const [n, day] of days.entries()) if (n > 0) expect(day.to).toBe(days[n - 1]?.from);
      }),
      { numRuns: 50 },
    );
  });

  it('of a change of clocks has its own length', () => {
    const { from, to } = dayOf('2026-10-25', 'Europe/Berlin');
    expect((to - from) / 3_600_000).toBe(25);
  });

  it.each([
    ['2026-11-23T00:00:00Z', 'UTC', 1],
    ['2026-11-22T23:59:59Z', 'UTC', 7],
    ['2026-11-22T23:30:00Z', 'Europe/Berlin', 1],
  ])('of the week at %s in %s: %i', (now, zone, count) => {
    expect(daysOfWeek(utc(now), zone)).toBe(count);
  });
});

describe('how a number came about', () => {
  const metadata = {
    tariffId: 'tar_x',
    n: 2,
    atSeconds: 60,
    tariffAmount: 30,
    multiplier: '1.15',
    multiplierParts: [{ key: 'peak', value: '0.15' }],
  };

  it('is what the posting holds', () => {
    expect(computedFrom(metadata)).toEqual({
      tariffId: 'tar_x',
      checkpoint: { n: 2, atSeconds: 60 },
      tariffAmount: 30,
      multiplier: '1.15',
      parts: [{ key: 'peak', value: '0.15' }],
    });
  });

  it.each([{}, { tariffId: 'tar_x' }, { ...metadata, tariffAmount: '30' }, { adjustmentId: 'adj_x' }])('is no tariff’s: %j', (other) => {
    expect(computedFrom(other)).toBe(null);
  });
});
