import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { deferUntil, type QuietHours } from './quiet-rules.ts';

const at = (text: string): number => Temporal.ZonedDateTime.from(text).epochMilliseconds;
const night: QuietHours = { on: true, from: '22:00', to: '07:00' };
const HOUR = 3_600_000;

describe('quiet hours', () => {
  it('end in the morning, whether it is asked before midnight or after', () => {
    const morning = at('2027-02-10T07:00[Europe/Berlin]');
    expect(deferUntil(at('2027-02-09T22:00[Europe/Berlin]'), night, 'Europe/Berlin')).toBe(morning);
    expect(deferUntil(at('2027-02-10T00:00[Europe/Berlin]'), night, 'Europe/Berlin')).toBe(morning);
    expect(deferUntil(at('2027-02-10T06:59:59.999[Europe/Berlin]'), night, 'Europe/Berlin')).toBe(morning);
  });

  it('hold nothing back outside of them, or while they are off', () => {
    expect(deferUntil(at('2027-02-10T07:00[Europe/Berlin]'), night, 'Europe/Berlin')).toBeNull();
    expect(deferUntil(at('2027-02-10T21:59:59[Europe/Berlin]'), night, 'Europe/Berlin')).toBeNull();
    expect(deferUntil(at('2027-02-10T02:00[Europe/Berlin]'), { ...night, on: false }, 'Europe/Berlin')).toBeNull();
  });

  it('within one day begin and end on it', () => {
    const nap = { on: true, from: '13:00', to: '14:30' };
    expect(deferUntil(at('2027-02-10T13:10[Europe/Berlin]'), nap, 'Europe/Berlin')).toBe(at('2027-02-10T14:30[Europe/Berlin]'));
    expect(deferUntil(at('2027-02-10T15:00[Europe/Berlin]'), nap, 'Europe/Berlin')).toBeNull();
  });

  it.each([
    ['Europe/Berlin', '2027-03-27', '2027-03-28', 8],
    ['Europe/Berlin', '2027-10-30', '2027-10-31', 10],
    ['America/New_York', '2027-03-13', '2027-03-14', 8],
    ['America/New_York', '2027-11-06', '2027-11-07', 10],
    ['Australia/Lord_Howe', '2027-04-03', '2027-04-04', 9.5],
  ])('in %s over the change of clocks from %s to %s last %d hours', (zone, evening, morning, hours) => {
    const began = at(`${evening}T22:00[${zone}]`);
    expect(deferUntil(began, night, zone)).toBe(began + hours * HOUR);
    expect(deferUntil(began, night, zone)).toBe(at(`${morning}T07:00[${zone}]`));
  });

  it('whose end is skipped are over when the clock jumps over it', () => {
    const early = { on: true, from: '22:00', to: '02:30' };
    // 02:00 in Berlin is 03:00 on that night; in New York on another.
    expect(deferUntil(at('2027-03-28T01:15[Europe/Berlin]'), early, 'Europe/Berlin')).toBe(at('2027-03-28T03:00[Europe/Berlin]'));
    expect(deferUntil(at('2027-03-14T01:15[America/New_York]'), early, 'America/New_York')).toBe(at('2027-03-14T03:00[America/New_York]'));
  });

  it('whose end comes twice are over at the first, and again at the second for who asks between', () => {
    const early = { on: true, from: '22:00', to: '02:30' };
    const first = at('2027-10-31T02:30+02:00[Europe/Berlin]');
    const second = at('2027-10-31T02:30+01:00[Europe/Berlin]');
    expect(deferUntil(at('2027-10-31T02:10+02:00[Europe/Berlin]'), early, 'Europe/Berlin')).toBe(first);
    expect(deferUntil(first, early, 'Europe/Berlin')).toBeNull();
    expect(deferUntil(at('2027-10-31T02:10+01:00[Europe/Berlin]'), early, 'Europe/Berlin')).toBe(second);
  });

  it('go by the clock of the person, wherever that is', () => {
    const now = at('2027-06-01T12:00[Europe/Berlin]');
    expect(deferUntil(now, night, 'Pacific/Auckland')).toBe(at('2027-06-02T07:00[Pacific/Auckland]'));
    expect(deferUntil(now, night, 'Europe/Berlin')).toBeNull();
  });

  it('end at the first minute that a clock shows outside of them, at any time of two years, in any zone', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Casablanca', 'UTC'];
    const minute = fc.integer({ min: 0, max: 1_439 });
    const shown = (n: number): string => `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}`;
    const moment = fc.integer({ min: at('2027-01-01T00:00[UTC]') / 60_000, max: at('2029-01-01T00:00[UTC]') / 60_000 });
    fc.assert(
      fc.property(fc.constantFrom(...zones), minute, minute, moment, (zone, from, to, minutes) => {
        fc.pre(from !== to);
        const quiet = { on: true, from: shown(from), to: shown(to) };
        const now = minutes * 60_000;
        const until = deferUntil(now, quiet, zone);
        if (until === null) return;
        expect(until).toBeGreaterThan(now);
        expect(deferUntil(until, quiet, zone)).toBeNull();
        // A minute before, and at some moment between, it is still quiet: nothing is held back for longer than it must be.
        expect(deferUntil(until - 60_000, quiet, zone)).toBe(until);
        expect(deferUntil(now + Math.floor((until - now) / 120_000) * 60_000, quiet, zone)).toBe(until);
      }),
      { numRuns: 300 },
    );
  });
});
