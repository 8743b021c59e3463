import { describe, expect, test } from 'vitest';
import { centsOf, moneyText } from './money.ts';

describe('money as staff type it', () => {
  test.each([
    ['9.99', 'EUR', 999],
    ['9,99', 'EUR', 999],
    ['9,9', 'EUR', 990],
    [' 10 ', 'EUR', 1000],
    ['0.29', 'EUR', 29],
    ['19.99', 'USD', 1999],
    ['500', 'JPY', 500],
    ['1.234', 'KWD', 1234],
  ])('%s in %s is %d of the smallest unit', (text, currency, cents) => expect(centsOf(text, currency)).toBe(cents));

  test.each([
    ['', 'EUR'],
    ['0', 'EUR'],
    ['-5', 'EUR'],
    ['9.999', 'EUR'],
    ['500.5', 'JPY'],
    ['1,000.00', 'EUR'],
    ['5', 'euro'],
  ])('“%s” in %s is none', (text, currency) => expect(centsOf(text, currency)).toBeNull());

  test('what a field shows is read as the same amount', () => {
    for (const [amount, currency] of [
      [29, 'EUR'],
      [500, 'JPY'],
      [1234, 'KWD'],
    ] as const)
      expect(centsOf(moneyText({ amount, currency }), currency)).toBe(amount);
  });
});
