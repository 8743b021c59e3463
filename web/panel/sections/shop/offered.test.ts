import { expect, test } from 'vitest';
import type { CatalogProduct } from '../../../../worker/protocol/http/shop-desk.ts';
import { type Onlooker, offeredTo } from './offered.ts';

const product = (id: string, over: Partial<CatalogProduct> = {}): CatalogProduct => ({
  id,
  kind: 'coins',
  amount: 300,
  plan: null,
  period: null,
  rank: 0,
  state: 'live',
  changedAt: '2026-11-01T00:00:00.000Z',
  prices: [
    {
      id: `pri_${id}` as CatalogProduct['prices'][number]['id'],
      platform: 'web',
      store: 'stripe',
      storeRef: id,
      currency: 'EUR',
      amount: 999,
      activeFrom: '2026-11-01T00:00:00.000Z',
      activeUntil: null,
    },
  ],
  ...over,
});
const products = [
  product('coins'),
  product('later', { state: 'draft' }),
  product('free', { prices: [] }),
  product('moments', { kind: 'moments' }),
  product('plus', { kind: 'plan', amount: null, plan: 'plus', period: 'month' }),
];
const paywall = { offers: ['coins', 'later', 'free', 'moments', 'plus', 'gone'].map((id) => ({ product: id, highlighted: false })) };
const who: Onlooker = { model: 'tokens', platform: 'web', currency: 'EUR', now: Date.parse('2026-11-26T00:00:00.000Z'), plansOn: true };
const seen = (over: Partial<Onlooker>) =>
  offeredTo(paywall, products, { ...who, ...over }).map((one) => (one.price ? one.price.amount : one.because));

test.each([
  ['tokens', {}, [999, 'not_live', 'no_price', 'not_spent', 'not_spent', 'not_there']],
  ['moments', { model: 'moments' }, ['not_spent', 'not_live', 'not_spent', 999, 'not_spent', 'not_there']],
  ['a subscription', { model: 'subscription' }, [999, 'not_live', 'no_price', 'not_spent', 999, 'not_there']],
  [
    'a subscription where none is sold',
    { model: 'subscription', plansOn: false },
    [999, 'not_live', 'no_price', 'not_spent', 'no_plans', 'not_there'],
  ],
  ['a phone', { platform: 'ios' }, ['no_price', 'not_live', 'no_price', 'not_spent', 'not_spent', 'not_there']],
  ['another currency', { currency: 'CHF' }, [999, 'not_live', 'no_price', 'not_spent', 'not_spent', 'not_there']],
] as const)('who pays by %s sees what they can buy, and staff see why not the rest', (_, over, said) => expect(seen(over)).toEqual(said));

test('coins beside a plan are only for plans that go on with coins', () => {
  const [coins] = offeredTo(paywall, products, { ...who, model: 'subscription' });
  expect(coins).toMatchObject({ onlyWithCoins: true });
});
