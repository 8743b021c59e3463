import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spansOf, tidyHours } from './hours.ts';
import { workedSince } from './workday.ts';

const utc = (text: string) => Date.parse(text);
const shown = (spans: readonly { at: number; until: number }[]) =>
  spans.map(({ at, until }) => `${new Date(at).toISOString().slice(0, 16)} ${(until - at) / 3_600_000}`);

describe('usual hours', () => {
  const mornings = { timeZone: 'Europe/Berlin', items: [6, 7, 1].map((weekday) => ({ weekday, from: '09:00', to: '12:00' })) };

  it('stay at the same time of day when summer time begins', () => {
    expect(shown(spansOf(mornings, utc('2026-03-27T12:00:00Z'), 7))).toEqual([
      '2026-03-28T08:00 3',
      '2026-03-29T07:00 3',
      '2026-03-30T07:00 3',
    ]);
  });

  it('over midnight end on the next day, an hour longer when the clock goes back', () => {
    const nights = { timeZone: 'Europe/Berlin', items: [{ weekday: 6, from: '22:00', to: '06:00' }] };
    expect(shown(spansOf(nights, utc('2026-10-19T00:00:00Z'), 7))).toEqual(['2026-10-24T20:00 9']);
    expect(shown(spansOf(nights, utc('2026-10-12T00:00:00Z'), 7))).toEqual(['2026-10-17T20:00 8']);
  });

  it('leave out what has begun, and what begins a week later', () => {
    const from = utc('2026-11-21T08:00:00Z');
    const saturdays = { timeZone: 'UTC', items: [{ weekday: 6, from: '08:00', to: '09:00' }] };
    expect(shown(spansOf(saturdays, from, 7))).toEqual(['2026-11-21T08:00 1']);
    expect(shown(spansOf(saturdays, from + 1, 7))).toEqual(['2026-11-28T08:00 1']);
  });

  it('are the week’s, wherever one looks from and whatever the clocks do', () => {
    const time = fc.tuple(fc.nat(23), fc.nat(59)).map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
    const item = fc.record({ weekday: fc.integer({ min: 1, max: 7 }), from: time, to: time });
    const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    const moment = fc.integer({ min: utc('2026-01-01'), max: utc('2028-01-01') });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 5 }), zone, moment, (items, timeZone, from) => {
        const spans = spansOf({ timeZone, items: tidyHours(items) }, from, 7);
        // A week's change of clocks moves one item over the edge at most once each way.
        expect(Math.abs(spans.length - tidyHours(items).length)).toBeLessThanOrEqual(tidyHours(items).length);
        expect(spans.map(({ at }) => at)).toEqual(spans.map(({ at }) => at).toSorted((a, b) => a - b));
        for (const { at, until } of spans) {
          expect(at).toBeGreaterThanOrEqual(from);
          expect(at).toBeLessThan(from + 7 * 86_400_000);
          expect(until - at).toBeLessThanOrEqual(25 * 3_600_000);
        }
      }),
    );
  });

  it('are kept once each, in the order of the week', () => {
    const hour = (weekday: number, from: string) => ({ weekday, from, to: '20:00' });
    expect(tidyHours([hour(3, '09:00'), hour(1, '10:00'), hour(3, '08:00'), hour(3, '09:00')])).toEqual([
      hour(1, '10:00'),
      hour(3, '08:00'),
      hour(3, '09:00'),
    ]);
  });
});

describe('a day at work', () => {
  it('counts shifts without breaks, from its beginning to now', () => {
    const shifts = [
      { startedAt: -5_000, endedAt: 10_000 },
      { startedAt: 20_000, endedAt: null },
    ];
    const breaks = [
      { startedAt: -3_000, endedAt: 2_000 },
      { startedAt: 25_000, endedAt: null },
    ];
    expect(workedSince({ shifts, breaks }, 0, 30_000)).toEqual({ workedSeconds: 13, breakSeconds: 7 });
  });

  it('never counts more than there was, nor less than nothing', () => {
    const stretch = fc
      .tuple(fc.integer({ min: -50_000, max: 50_000 }), fc.option(fc.nat(50_000)))
      .map(([startedAt, length]) => ({ startedAt, endedAt: length === null ? null : startedAt + length }));
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 3 }), fc.array(stretch, { maxLength: 3 }), fc.nat(50_000), (shifts, breaks, now) => {
        const { workedSeconds, breakSeconds } = workedSince({ shifts, breaks }, 0, now);
        expect(workedSeconds).toBeGreaterThanOrEqual(0);
        expect(breakSeconds).toBeGreaterThanOrEqual(0);
        expect(workedSeconds).toBeLessThanOrEqual((shifts.length * now) / 1000);
      }),
    );
  });
});
