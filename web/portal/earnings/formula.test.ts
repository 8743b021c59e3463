import { expect, test } from 'vitest';
import type { ExplainedEarning } from '../../../worker/protocol/http/earnings.ts';
import { checked, times } from './formula.ts';

const formula = (tariffAmount: number, multiplier: string, ...parts: [string, string][]) =>
  ({
    tariff: { id: 'tar_1', name: 'Direct calls', version: 1 },
    checkpoint: { n: 0, atSeconds: 60 },
    tariffAmount,
    multiplier,
    parts: parts.map(([key, value]) => ({ key, value })),
  }) as NonNullable<ExplainedEarning['formula']>;

test('half is rounded up, and decimals are exact', () => {
  expect(times(30, '1.00')).toBe(30);
  expect(times(5, '1.10')).toBe(6);
  expect(times(5, '1.09')).toBe(5);
  expect(times(100, '1.005')).toBe(101);
  expect(times(3, '0.50')).toBe(2);
  expect(times(-3, '0.50')).toBe(-1);
});

test('a number agrees where its parts make the multiplier and the multiplier the amount', () => {
  expect(checked({ amount: 36, formula: formula(30, '1.20', ['skill', '0.15'], ['night', '0.05']) })).toEqual({
    comesTo: 36,
    agrees: true,
  });
  expect(checked({ amount: 36, formula: formula(30, '1.20', ['skill', '0.15']) })?.agrees).toBe(false);
  expect(checked({ amount: 35, formula: formula(30, '1.20', ['skill', '0.20']) })).toEqual({ comesTo: 36, agrees: false });
  expect(checked({ amount: 30, formula: null })).toBeNull();
});
