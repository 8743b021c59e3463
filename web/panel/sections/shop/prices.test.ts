import { expect, test } from 'vitest';
import type { CatalogPrice } from '../../../../worker/protocol/http/shop-desk.ts';
import { costs, stateOf } from './prices.ts';

const NOW = Date.parse('2026-11-26T12:00:00.000Z');
const price = (id: string, over: Partial<CatalogPrice> = {}): CatalogPrice => ({
  id: `pri_${id}` as CatalogPrice['id'],
  platform: 'web',
  store: 'stripe',
  storeRef: id,
  currency: 'EUR',
  amount: 999,
  activeFrom: '2026-11-01T00:00:00.000Z',
  activeUntil: null,
  ...over,
});

test('the newest price that runs counts; those before it are outdated', () => {
  const [old, newer] = [price('old'), price('newer', { activeFrom: '2026-11-20T00:00:00.000Z', amount: 1_099 })];
  const coming = price('coming', { activeFrom: '2026-12-01T00:00:00.000Z' });
  const ended = price('ended', { activeFrom: '2026-11-25T00:00:00.000Z', activeUntil: '2026-11-26T12:00:00.000Z' });
  const prices = [old, coming, newer, ended];
  expect(prices.map((one) => stateOf(one, prices, NOW))).toEqual(['outdated', 'coming', 'running', 'ended']);
});

test('prices of other platforms and currencies do not push each other out', () => {
  const prices = [price('eur'), price('usd', { currency: 'USD' }), price('ios', { platform: 'ios', store: 'apple' })];
  expect(prices.map((one) => stateOf(one, prices, NOW))).toEqual(['running', 'running', 'running']);
  expect(costs({ prices }, 'web', NOW).map(({ currency }) => currency)).toEqual(['EUR', 'USD']);
  expect(costs({ prices }, 'android', NOW)).toEqual([]);
});
