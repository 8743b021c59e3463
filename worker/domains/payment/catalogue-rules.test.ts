import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyFor, isInForce, kindsFor, priceInForce } from './catalogue-rules.ts';

describe('what somebody is offered', () => {
  it.each([
    ['tokens', 'stop', true, ['coins']],
    ['tokens', 'coins', false, ['coins']],
    ['subscription', 'coins', true, ['plan', 'coins']],
    ['subscription', 'stop', true, ['plan']],
    ['subscription', 'coins', false, ['coins']],
    ['subscription', 'stop', false, []],
    ['moments', 'coins', true, ['moments']],
  ] as const)('%s, beyond the day %s, plans sold %s: %j', (version, overage, subscriptionsOn, kinds) => {
    expect(kindsFor(version, { overage, subscriptionsOn })).toEqual(kinds);
  });
});

describe('the currency', () => {
  const offered = new Set(['EUR', 'USD', 'GBP']);
  it.each([
    ['America/New_York', [], 'USD'],
    ['Pacific/Honolulu', [], 'USD'],
    ['Europe/Berlin', ['en-US'], 'EUR'],
    ['Europe/London', [], 'GBP'],
    ['UTC', ['en-US', 'de'], 'USD'],
    ['UTC', ['de', 'en-US'], 'EUR'],
    ['UTC', [], 'EUR'],
    // Not offered: the house's own.
    ['Europe/Zurich', [], 'EUR'],
    // Somewhere of which nothing is known; the language is not asked: they said where they live.
    ['Asia/Tokyo', ['en-US'], 'EUR'],
  ] as const)('%s, %j: %s', (timeZone, languages, currency) => {
    expect(currencyFor({ timeZone, languages }, offered)).toBe(currency);
  });
});

describe('the price of a product', () => {
  const price = fc.record({
    currency: fc.constantFrom('EUR', 'USD', 'CHF'),
    activeFrom: fc.integer({ min: 0, max: 100 }),
    activeUntil: fc.option(fc.integer({ min: 1, max: 120 })),
  });
  it('is one that runs now, in the own currency where there is one, else in euros; the newest of its kind', () => {
    fc.assert(
      fc.property(
        fc.array(price, { maxLength: 8 }),
        fc.constantFrom('EUR', 'USD'),
        fc.integer({ min: 0, max: 120 }),
        (prices, currency, now) => {
          const found = priceInForce(prices, { currency, now });
          const running = prices.filter((one) => isInForce(one, now));
          const own = running.filter((one) => one.currency === currency);
          const pool = own.length > 0 ? own : running.filter((one) => one.currency === 'EUR');
          if (!found) return pool.length === 0;
          return pool.includes(found) && pool.every((one) => one.activeFrom <= found.activeFrom);
        },
      ),
    );
  });
  it('ends at the very moment it is said to', () => {
    const until = { currency: 'EUR', activeFrom: 10, activeUntil: 20 };
    expect([9, 10, 19, 20].map((now) => isInForce(until, now))).toEqual([false, true, true, false]);
  });
});
