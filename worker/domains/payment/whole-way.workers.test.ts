/** From a store's own words to coins and plans: real sources, their stand-ins, the real pipeline and ledger. */
import { TypeID } from 'typeid-js';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { newId } from '../../platform/ids.ts';
import type { Owner } from '../balance/service.ts';
import { createUser } from '../user/service.ts';
import { bindings, catchQueue, contextAt, member, postings, purse, queued, stock, work } from './payment-desk.workers.ts';
import { receiveDelivery } from './receiving.ts';
import { claimForSignUps } from './sign-ups.ts';
import { act, buyOnPhone, type Call, deliveryOf, stripePost, toldOf, type Wish } from './source-desk.workers.ts';
import { sources as joined, type Sources } from './sources.ts';

const sources = joined as Required<Sources>;
const COINS = { stripe: 'price_desk_eur_499_coins', apple: 'test.coins', google: 'test.coins' } as const;

beforeAll(async () => {
  await stock();
  for (const [store, platform] of [
    ['stripe', 'web'],
    ['apple', 'ios'],
    ['google', 'android'],
  ] as const)
    for (const [product, ref] of [
      ['coins-300', COINS[store]],
      ['plus-month', store === 'stripe' ? 'price_desk_eur_999_month_plus' : 'test.plus'],
    ])
      await bindings.DB.prepare(
        `INSERT INTO price (id, product, platform, store, store_ref, currency, amount, active_from, created_at) VALUES (?, ?, ?, ?, ?, 'EUR', 499, 0, 0)`,
      )
        .bind(newId('pri'), product, platform, store, ref)
        .run();
});
beforeEach(() => {
  vi.restoreAllMocks();
  catchQueue();
});

/** Tells it all, so often, and works it through. */
async function tell(calls: readonly Call[], times = 1): Promise<void> {
  const ctx = contextAt(Date.now());
  for (let time = 0; time < times; time++)
    for (const call of calls) {
      const received = await receiveDelivery(ctx, sources[call.source], deliveryOf(call));
      if (received.outcome !== 'kept') throw new Error(`${call.source} was ${received.outcome}`);
    }
  await work(ctx, 5, sources);
}

const states = async (): Promise<Record<string, number>> => {
  const { results } = await bindings.DB.prepare('SELECT state, count(*) AS n FROM payment_delivery GROUP BY state').all<{
    state: string;
    n: number;
  }>();
  return Object.fromEntries(results.map(({ state, n }) => [state, n]));
};

const accountOf = ({ userId }: Owner, store: 'apple' | 'google'): string =>
  store === 'apple' ? TypeID.fromString(userId).toUUID() : userId;
const wishOf = (owner: Owner, store: 'apple' | 'google', more: Partial<Wish> = {}): Wish => ({
  store,
  product: COINS[store],
  account: accountOf(owner, store),
  user: owner.userId,
  tellers: ['store', 'adapty', 'apphud'],
  ...more,
});

it.each(['apple', 'google'] as const)(
  'coins bought at %s come once, by whomever and however often they are told, and go back once',
  async (store) => {
    const owner = await member();
    const { id } = await buyOnPhone(wishOf(owner, store));
    const bought = await toldOf(id);
    expect(bought).toHaveLength(3);
    await tell(bought, 5);
    expect(await purse(owner)).toEqual({ has: 300, owes: 0 });
    await act(id, 'refund');
    await tell(await toldOf(id), 3);
    await tell(bought);
    expect(await purse(owner)).toEqual({ has: 0, owes: 0 });
    expect(await postings(owner)).toHaveLength(2);
  },
);

it.each(['apple', 'google'] as const)('a plan at %s told backwards ends as it does told in order', async (store) => {
  const standings = [];
  for (const isBackwards of [false, true]) {
    const owner = await member({ version: 'subscription' });
    const { id } = await buyOnPhone(wishOf(owner, store, { product: 'test.plus', period: 'month', tellers: ['store', 'adapty'] }));
    const told = await toldOf(id);
    for (const verb of ['renew', 'cancel']) {
      await act(id, verb);
      told.push(...(await toldOf(id)));
    }
    await tell(isBackwards ? told.toReversed() : told, 2);
    const row = await bindings.DB.prepare('SELECT plan, state FROM subscription WHERE user_id = ?1').bind(owner.userId).first();
    standings.push({ row, postings: (await postings(owner)).length });
  }
  expect(standings[0]).toMatchObject({ row: { plan: 'plus', state: 'cancelled' }, postings: 2 });
  expect(standings[1]).toEqual(standings[0]);
});

it('coins bought at Stripe come once, go back in part, are disputed, and come back when that is won', async () => {
  const owner = await member();
  const { id: customer } = await stripePost<{ id: string }>('customers', { email: 'ada@demo.test' });
  const { id } = await stripePost<{ id: string }>('payment_intents', {
    amount: '499',
    currency: 'eur',
    customer,
    payment_method: 'pm_card_visa',
    confirm: 'true',
    'metadata[user]': owner.userId,
    'metadata[price]': COINS.stripe,
  });
  const paid = await toldOf(id);
  await tell(paid, 3);
  expect(await purse(owner)).toEqual({ has: 300, owes: 0 });
  await act(id, 'refund_part');
  await tell(await toldOf(id), 2);
  const half = await purse(owner);
  expect(half.has).toBeGreaterThan(148);
  expect(half.has).toBeLessThan(152);
  await act(id, 'dispute');
  await tell(await toldOf(id), 2);
  expect(await purse(owner)).toEqual({ has: 0, owes: 0 });
  await act(id, 'win');
  await tell((await toldOf(id)).toReversed(), 2);
  await tell(paid);
  expect(await purse(owner)).toEqual(half);
});

it('a plan by Stripe’s Checkout is begun once, though session, invoice and payment tell of it', async () => {
  const owner = await member({ version: 'subscription' });
  const { id: customer } = await stripePost<{ id: string }>('customers', { email: 'ada@demo.test' });
  const { id: method } = await stripePost<{ id: string }>('payment_methods/pm_card_visa/attach', { customer });
  const { id } = await stripePost<{ id: string }>('subscriptions', {
    customer,
    'items[0][price]': 'price_desk_eur_999_month_plus',
    default_payment_method: method,
    'metadata[user]': owner.userId,
  });
  const told = await toldOf(id);
  const invoice = told.find(({ body }) => body.includes('"type": "invoice.paid"'));
  expect(invoice).toBeDefined();
  await tell(told.toReversed(), 2);
  expect(await postings(owner)).toHaveLength(1);
  const row = await bindings.DB.prepare('SELECT plan, state FROM subscription WHERE user_id = ?1').bind(owner.userId).first();
  expect(row).toEqual({ plan: 'plus', state: 'active' });
});

it('what somebody bought by Adapty before they signed up is theirs once they have, and five replays change nothing', async () => {
  const email = `early-${crypto.randomUUID()}@demo.test`;
  const { id } = await buyOnPhone({ store: 'apple', product: COINS.apple, user: null, email: email.toUpperCase(), tellers: ['adapty'] });
  const told = await toldOf(id);
  expect(JSON.parse(told[0]?.body ?? '')).toMatchObject({ customer_user_id: null });
  const before = await states();
  await tell(told);
  expect(await states()).toEqual({ ...before, pending: (before.pending ?? 0) + 1 });
  const user = await createUser(contextAt(Date.now()), { email, role: 'member', monetizationVersion: 'tokens' });
  const owner: Owner = { userId: user.id, shard: user.ledgerShard };
  await claimForSignUps(contextAt(Date.now()));
  expect(queued).toHaveLength(1);
  await work(contextAt(Date.now()), 5, sources);
  expect(await purse(owner)).toEqual({ has: 300, owes: 0 });
  await tell(told, 5);
  await claimForSignUps(contextAt(Date.now()));
  await work(contextAt(Date.now()), 5, sources);
  expect(await purse(owner)).toEqual({ has: 300, owes: 0 });
  expect(await postings(owner)).toHaveLength(1);
});
