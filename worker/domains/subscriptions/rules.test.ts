import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayBeganAt, dayTurnsAt, planInForce } from './rules.ts';

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);
const none = { before: null, after: null };
const since = (before: number | null) => ({ before, after: null });

describe('the day of a plan', () => {
  it('begins at the member’s own midnight', () => {
    expect(dayBeganAt(at('2030-01-05T12:00:00Z'), 'Europe/Berlin', none)).toBe(at('2030-01-04T23:00:00Z'));
    expect(dayBeganAt(at('2030-01-05T03:00:00Z'), 'America/New_York', none)).toBe(at('2030-01-04T05:00:00Z'));
  });

  it('goes on through the same day and turns at the next midnight', () => {
    const monday = at('2030-01-06T23:00:00Z');
    expect(dayBeganAt(at('2030-01-07T22:59:59.999Z'), 'Europe/Berlin', since(monday))).toBe(monday);
    expect(dayBeganAt(at('2030-01-07T23:00:00Z'), 'Europe/Berlin', since(monday))).toBe(at('2030-01-07T23:00:00Z'));
    expect(dayTurnsAt(monday, 'Europe/Berlin')).toBe(at('2030-01-07T23:00:00Z'));
  });

  it('is 23 and 25 hours long where clocks change, and turns at midnight all the same', () => {
    const spring = at('2030-03-30T23:00:00Z');
    expect(dayTurnsAt(spring, 'Europe/Berlin') - spring).toBe(23 * HOUR);
    const autumn = at('2030-10-26T22:00:00Z');
    expect(dayTurnsAt(autumn, 'Europe/Berlin') - autumn).toBe(25 * HOUR);
  });

  it('gives nobody a second day for a flight: the midnight of the new zone comes too soon', () => {
    const inBerlin = at('2030-01-06T23:00:00Z');
    // Six hours later it is midnight in New York, and they have landed there.
    const landed = at('2030-01-07T06:00:00Z');
    expect(dayBeganAt(landed, 'America/New_York', since(inBerlin))).toBe(inBerlin);
    expect(dayTurnsAt(inBerlin, 'America/New_York')).toBe(at('2030-01-08T05:00:00Z'));
    expect(dayBeganAt(at('2030-01-08T05:00:00Z'), 'America/New_York', since(inBerlin))).toBe(at('2030-01-08T05:00:00Z'));
  });

  it('holds what is told late, also when the next has begun meanwhile', () => {
    const [monday, tuesday] = [at('2030-01-06T23:00:00Z'), at('2030-01-07T23:00:00Z')];
    expect(dayBeganAt(tuesday - 1, 'Europe/Berlin', { before: monday, after: tuesday })).toBe(monday);
    expect(dayBeganAt(tuesday - 1, 'Europe/Berlin', { before: null, after: tuesday })).toBe(monday);
    // They moved: a midnight within 20 hours of the day that stands already begins none of its own.
    expect(dayBeganAt(tuesday - 1, 'Asia/Kathmandu', { before: null, after: tuesday })).toBe(tuesday);
  });

  it('never begins sooner than 20 hours after the one before, wherever one goes', () => {
    const zones = ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'UTC'];
    const journey = fc.array(fc.record({ zone: fc.constantFrom(...zones), hours: fc.integer({ min: 1, max: 40 }) }), { minLength: 1 });
    fc.assert(
      fc.property(journey, (legs) => {
        let now = at('2030-02-01T00:00:00Z');
        let last: number | null = null;
        for (const { zone, hours } of legs) {
          now += hours * HOUR;
          const began: number = dayBeganAt(now, zone, since(last));
          expect(began).toBeLessThanOrEqual(now);
          if (last !== null && began !== last) expect(began - last).toBeGreaterThanOrEqual(20 * HOUR);
          last = began;
        }
      }),
    );
  });
});

describe('the plan in force', () => {
  const until = at('2030-02-01T00:00:00Z');
  it('is that of a subscription that runs, is being collected for, or was cancelled and is paid for', () => {
    for (const state of ['active', 'grace', 'cancelled'] as const)
      expect([planInForce({ plan: 'plus', state, until }, until - 1), planInForce({ plan: 'plus', state, until }, until)]).toEqual([
        'plus',
        null,
      ]);
  });
  it('is none while it is paused, when it is over, or where there is none', () => {
    for (const state of ['paused', 'expired'] as const) expect(planInForce({ plan: 'plus', state, until }, until - 1)).toBeNull();
    expect(planInForce(null, 0)).toBeNull();
  });
});
