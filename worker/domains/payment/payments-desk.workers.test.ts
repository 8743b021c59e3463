import { beforeAll, beforeEach, expect, test } from 'vitest';
import { adjust } from '../balance/service.ts';
import { catchQueue, contextAt, DAY, fact, happen, member, NOON, named, purse, stock } from './payment-desk.workers.ts';
import { payment, payments, previewRefund, walletOf } from './payments-desk.ts';

beforeAll(stock);
beforeEach(catchQueue);

const bought = async (over: Parameters<typeof fact>[0] = {}) => {
  const owner = await member();
  const event = fact({ customerRefs: named(owner), ...over });
  await happen(event);
  const [row] = (await payments(contextAt(), { userId: owner.userId })).items;
  if (!row) throw new Error('nothing was bought');
  return { owner, event, row };
};
const refund = (of: Awaited<ReturnType<typeof bought>>, amount: number) =>
  happen(
    fact({
      ...{ kind: 'refund', storeTransactionId: of.event.storeTransactionId, storeRefundId: `re_${crypto.randomUUID()}` },
      money: { amount, currency: 'EUR' },
    }),
  );

test('a payment is found by its person and by the store’s name of it, with the posting that granted it', async () => {
  const { owner, event, row } = await bought();
  expect(row).toMatchObject({
    userId: owner.userId,
    granted: { unit: 'COIN', amount: 300 },
    postingKey: `purchase:stripe:${event.storeTransactionId}`,
    posted: true,
    state: 'paid',
  });
  const at = { store: 'stripe', transactionId: event.storeTransactionId ?? '' } as const;
  expect((await payments(contextAt(), at)).items).toEqual([row]);
  expect((await payments(contextAt(), { ...at, store: 'apple' })).items).toEqual([]);
  expect((await payment(contextAt(), row.id)).payment).toEqual(row);
});

test('what a refund would do is what it does, debt included', async () => {
  const one = await bought();
  const half = await previewRefund(contextAt(), one.row.id, 333);
  expect(half).toMatchObject({
    left: { amount: 999, currency: 'EUR' },
    takes: { unit: 'COIN', amount: 100 },
    balance: { before: 300, after: 200, debt: 0 },
    needsApproval: false,
  });
  await refund(one, 333);
  expect(await purse(one.owner)).toEqual({ has: 200, owes: 0 });

  // Most of it is spent.
  const spent = { adjustmentId: crypto.randomUUID(), actor: one.owner.userId, unit: 'COIN', amount: -150 } as const;
  expect(await adjust(contextAt(), { ...spent, owner: one.owner })).toMatchObject({ outcome: 'posted' });
  const before = await purse(one.owner);
  const rest = await previewRefund(contextAt(), one.row.id, null);
  expect(rest.money).toEqual({ amount: 666, currency: 'EUR' });
  await refund(one, 666);
  const after = await purse(one.owner);
  expect(after.owes).toBe(150);
  expect(rest.balance).toEqual({ before: before.has, after: after.has, debt: 0 - after.owes });
});

test('what can’t go back is not offered', async () => {
  const { row } = await bought();
  await expect(previewRefund(contextAt(), row.id, 1_000)).rejects.toMatchObject({ code: 'not_refundable' });
  const atApple = await bought({ source: 'apple', store: 'apple' });
  await expect(previewRefund(contextAt(), atApple.row.id, null)).rejects.toMatchObject({ code: 'not_refundable' });
  await expect(previewRefund(contextAt(), 'pur_01h2xcejqtf2nbrexx3vqjhp41', null)).rejects.toMatchObject({ code: 'not_found' });
});

test('a plan’s period ends with all of its money, not with a part', async () => {
  const { row } = await bought({
    productRef: 'plus-month',
    storeSubscriptionId: `sub_${crypto.randomUUID()}`,
    period: { from: NOON, until: NOON + 30 * DAY },
  });
  expect(await previewRefund(contextAt(), row.id, 100)).toMatchObject({ takes: null, balance: null, endsPeriod: false });
  expect(await previewRefund(contextAt(), row.id, null)).toMatchObject({ endsPeriod: true });
});

test('a wallet says the plan, what pays, and the limits', async () => {
  const { owner } = await bought({
    productRef: 'plus-month',
    storeSubscriptionId: `sub_${crypto.randomUUID()}`,
    period: { from: NOON, until: NOON + 30 * DAY },
  });
  const wallet = await walletOf(contextAt(), owner.userId);
  expect(wallet.subscription).toMatchObject({ plan: { id: 'plus' }, state: 'active', until: new Date(NOON + 30 * DAY).toISOString() });
  expect(wallet.means?.means.map(({ is }) => is)).toContain('coins');
  expect(wallet.spending.weeklyCap).toBeNull();
  await expect(walletOf(contextAt(), 'usr_01h2xcejqtf2nbrexx3vqjhp41')).rejects.toMatchObject({ code: 'not_found' });
});
