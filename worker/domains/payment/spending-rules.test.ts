import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capAt, type Guard, isUnusual, noGuard, RAISE_AFTER_MS, withCap, withPause } from './spending-rules.ts';

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const cap = fc.option(fc.integer({ min: 0, max: 50_000 }));
const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 * HOUR }), cap), { minLength: 1, maxLength: 12 });
const orNone = (value: number | null): number => value ?? Number.POSITIVE_INFINITY;

describe('a member’s cap', () => {
  it('is never higher within a day of a wish than it was, and as low as was wished at once', () => {
    fc.assert(
      fc.property(steps, (wishes) => {
        let [guard, at]: [Guard, number] = [noGuard, NOW];
        for (const [pause, wish] of wishes) {
          at += pause;
          const held = capAt(guard, at);
          guard = withCap(guard, wish, at);
          expect(capAt(guard, at)).toBe(orNone(wish) <= orNone(held) ? wish : held);
          expect(orNone(capAt(guard, at + RAISE_AFTER_MS - 1))).toBeLessThanOrEqual(orNone(held));
          expect(capAt(guard, at + RAISE_AFTER_MS)).toBe(wish);
        }
      }),
    );
  });

  it('that is lowered takes a raise back that was waiting', () => {
    const raised = withCap(withCap(noGuard, 2_000, NOW), 9_000, NOW + HOUR);
    expect(capAt(withCap(raised, 1_000, NOW + 2 * HOUR), NOW + 100 * HOUR)).toBe(1_000);
  });
});

it('a pause is never cut short', () => {
  const long = withPause(noGuard, NOW + 9 * HOUR);
  expect(withPause(long, NOW + HOUR).pauseUntil).toBe(NOW + 9 * HOUR);
});

describe('“are you sure?”', () => {
  const days = (n: number) => NOW - n * 24 * HOUR;
  it.each([
    ['the first purchase, however dear', [], 20_000, false],
    ['the first of the day', [{ cents: 499, at: days(3) }], 20_000, false],
    ['a little more', [{ cents: 1_299, at: NOW - HOUR }], 1_299, false],
    ['more than is usual for anybody', [{ cents: 3_999, at: NOW - HOUR }], 1_299, true],
    [
      'much, but usual for them',
      [...[2, 3, 4].map((n) => ({ cents: 3_999, at: days(n) })), { cents: 3_999, at: NOW - HOUR }],
      3_999,
      false,
    ],
    [
      'the third of their usual ones',
      [...[2, 3, 4].map((n) => ({ cents: 3_999, at: days(n) })), { cents: 8_000, at: NOW - HOUR }],
      4_000,
      true,
    ],
  ] as const)('%s', (_, spent, cents, unusual) => {
    expect(isUnusual(spent, cents, NOW)).toBe(unusual);
  });
});
