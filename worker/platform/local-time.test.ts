import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, dateAt, momentOf, startOfDate, weekdayOf } from './local-time.ts';

const HOUR = 3_600_000;
const utc = (text: string) => Date.parse(text);

describe('where summer time begins and ends', () => {
  it.each([
    ['Europe/Helsinki', '2026-03-29', 23],
    ['Europe/Helsinki', '2026-10-25', 25],
    ['Europe/Helsinki', '2026-06-01', 24],
    ['America/New_York', '2026-03-08', 23],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['Asia/Tokyo', '2026-03-29', 24],
  ])('%s on %s has %s hours', (zone, date, hours) => {
    expect((startOfDate(addDays(date, 1), zone) - startOfDate(date, zone)) / HOUR).toBe(hours);
  });

  it('a time that is skipped is later, one that comes twice is the first', () => {
    expect(momentOf('2026-03-29', '02:30', 'Europe/Berlin')).toBe(utc('2026-03-29T01:30:00Z'));
    expect(momentOf('2026-10-25', '02:30', 'Europe/Berlin')).toBe(utc('2026-10-25T00:30:00Z'));
  });

  it('a day whose midnight is skipped begins at its first moment', () => {
    // Beirut goes from 23:59 to 01:00.
    expect(startOfDate('2026-03-29', 'Asia/Beirut')).toBe(utc('2026-03-28T22:00:00Z'));
  });
});

it('knows the date and the weekday where somebody lives', () => {
  const late = utc('2026-11-21T23:30:00Z');
  expect([dateAt(late, 'UTC'), dateAt(late, 'Asia/Tokyo'), dateAt(late, 'America/Los_Angeles')]).toEqual([
    '2026-11-21',
    '2026-11-22',
    '2026-11-21',
  ]);
  expect([weekdayOf('2026-11-21'), weekdayOf('2026-11-23')]).toEqual([6, 1]);
});

it('every moment lies in the day of its date, in every zone', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'Africa/Cairo',
    'Asia/Beirut',
  );
  fc.assert(
    fc.property(fc.integer({ min: utc('2024-01-01'), max: utc('2030-01-01') }), zones, (ms, zone) => {
      const date = dateAt(ms, zone);
      expect(startOfDate(date, zone)).toBeLessThanOrEqual(ms);
      expect(startOfDate(addDays(date, 1), zone)).toBeGreaterThan(ms);
    }),
  );
});
