import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comingTurns, isComplaint, type Schedule, scheduleOf } from './schedule-rules.ts';

const NOW = Date.parse('2027-01-15T08:00:30Z');
const MINUTE = 60_000;
const DAY = 86_400_000;

function mustBe(cron: string, zone = 'UTC'): Schedule {
  const made = scheduleOf({ cron, zone }, NOW);
  if (isComplaint(made)) throw new Error(made.message);
  return made;
}
const turns = (cron: string, zone: string, from: string, count: number) =>
  comingTurns(mustBe(cron, zone), Date.parse(from), count).map((ms) => new Date(ms).toISOString().slice(5, 16));

describe('daylight saving in Berlin', () => {
  it.each([
    ['a time of day that is missing comes right after the gap', '30 2 * * *', '2027-03-27T03:00Z', ['03-28T01:00', '03-29T00:30']],
    ['a time of day that comes twice comes once', '30 2 * * *', '2027-10-30T03:00Z', ['10-31T00:30', '11-01T01:30']],
    ['times in a list that meet after the gap come once', '15,45 2 * * *', '2027-03-28T00:00Z', ['03-28T01:00', '03-29T00:15']],
    ['an interval goes on through the gap', '*/30 * * * *', '2027-03-28T00:20Z', ['03-28T00:30', '03-28T01:00', '03-28T01:30']],
    ['an interval comes in both hours', '*/30 2 * * *', '2027-10-30T12:00Z', ['10-31T00:00', '10-31T00:30', '10-31T01:00', '10-31T01:30']],
    ['nine in the morning is nine in the morning', '0 9 * * *', '2027-03-27T09:00Z', ['03-28T07:00', '03-29T07:00']],
  ])('%s', (_, cron, from, expected) => {
    expect(turns(cron, 'Europe/Berlin', from, expected.length)).toEqual(expected);
  });

  it('midnight that is skipped comes at the first moment of the day', () => {
    expect(turns('0 0 * * *', 'America/Sao_Paulo', '2018-11-03T12:00Z', 2)).toEqual(['11-04T03:00', '11-05T02:00']);
  });
});

describe('an expression', () => {
  it.each([
    ['', /five fields/],
    ['* * * *', /five fields/],
    ['* * * * * *', /five fields/],
    ['@daily', /five fields/],
    ['61 * * * *', /minute: 61/],
    ['0 24 * * *', /hour: 24/],
    ['* * * * 8', /8/],
    ['*/0 * * * *', /stepping/],
    ['5-1 * * * *', /larger/],
    ['a b c d e', /illegal/],
    ['* * * * 1#6', /1-5/],
    ['0 0 30 2 *', /never comes/],
    [`${'1,'.repeat(80)}1 * * * *`, /five fields/],
  ])('“%s” is refused', (cron, message) => {
    expect(scheduleOf({ cron, zone: 'UTC' }, NOW)).toEqual({ path: 'cron', message: expect.stringMatching(message) });
  });

  it.each(['Mars/Olympus', '', '+01:00', 'Berlin', 'UTC; DROP'])('no clock hangs in “%s”', (zone) => {
    expect(scheduleOf({ cron: '* * * * *', zone }, NOW)).toMatchObject({ path: 'zone' });
  });

  it('of a leap day comes, however far away', () => {
    expect(turns('0 0 29 2 *', 'UTC', '2097-01-01T00:00Z', 1)).toEqual(['02-29T00:00']);
  });
});

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata'];
const crons = [
  '* * * * *',
  '*/7 1,2 * * *',
  '30 2 * * *',
  '0 3 * * 0',
  '15,45 2 * * *',
  '0 * * * *',
  '0 0 1 * *',
  '5 1-3 * * *',
  '*/30 2 * * *',
];
const changes = ['2027-03-14', '2027-03-28', '2027-04-04', '2027-10-03', '2027-10-31', '2027-11-07', '2027-06-01'].map((day) =>
  Date.parse(day),
);

it('looking back finds what looking ahead found, across every change of the clocks', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(...crons),
      fc.constantFrom(...changes),
      fc.integer({ min: 0, max: 2 * DAY }),
      (zone, cron, day, offset) => {
        const schedule = mustBe(cron, zone);
        const at = day - DAY + offset;
        const [newest = 0] = schedule.newest(at, 1);
        const next = schedule.next(newest) ?? Number.POSITIVE_INFINITY;
        expect(newest).toBeLessThanOrEqual(at);
        expect(next).toBeGreaterThan(at);
        expect(newest % MINUTE).toBe(0);
        expect(schedule.newest(newest, 1)).toEqual([newest]);
      },
    ),
    { numRuns: 400 },
  );
});
