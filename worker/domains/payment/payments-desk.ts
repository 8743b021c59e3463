/** Payments as staff see them, what a refund would do before it is ordered, and what somebody pays by. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import type { DeskPayment, RefundPreview, Wallet } from '../../protocol/http/payments-desk.ts';
import type { RefundOrder } from '../../protocol/http/shop-desk.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { accountsOf } from '../balance/service.ts';
import { pricingFor } from '../pricing/service.ts';
import { setting } from '../settings/service.ts';
import { plansOf, subscriptionOf } from '../subscriptions/service.ts';
import { type User, userById } from '../user/service.ts';
import { automaticOf } from './automatic.ts';
import { paymentKey } from './grant-rules.ts';
import type { Store } from './payment-event.ts';
import { type PurchaseRow, purchaseRow } from './payment-store.ts';
import { boughtBy, purchaseToWire } from './purchases.ts';
import { standingOf } from './refund-rules.ts';
import { refundableOf, refundsOf } from './refunding.ts';
import { spendingOf } from './spending.ts';

/**
 * What somebody bought, newest first; or the one payment behind a store's name of it.
 * @throws Problem `not_found` for a person that is not there
 */
export async function payments(
  ctx: Context,
  asked: {
    userId?: UserId | undefined;
    store?: Store | undefined;
    transactionId?: string | undefined;
    cursor?: string | undefined;
    limit?: number | undefined;
  },
): Promise<{ items: DeskPayment[]; nextCursor: string | null }> {
  if (asked.userId !== undefined) {
    await known(ctx, asked.userId);
    const { rows, nextCursor } = await boughtBy(ctx, asked.userId, asked);
    return { items: rows.map(toWire), nextCursor };
  }
  const { store, transactionId } = asked;
  const row = store && transactionId ? await purchaseRow(ctx.env.DB, { store, transactionId }) : null;
  return { items: row ? [toWire(row)] : [], nextCursor: null };
}

/** @throws Problem `not_found` */
export async function payment(ctx: Context, id: Id<'pur'>): Promise<{ payment: DeskPayment; refunds: RefundOrder[] }> {
  const row = await mustBe(ctx, id);
  return { payment: toWire(row), refunds: await refundsOf(ctx, row.payment) };
}

/**
 * What a refund would do as things stand; it may be otherwise when the store says that it was made.
 * @param amount in the smallest unit; null: all that is left
 * @throws Problem `not_found`, `not_refundable`
 */
export async function previewRefund(ctx: Context, id: Id<'pur'>, amount: number | null): Promise<RefundPreview> {
  const { payment: row } = await mustBe(ctx, id);
  const left = await refundableOf(ctx, id);
  const money = { ...left, amount: amount ?? left.amount };
  if (money.amount > left.amount) throw new Problem('not_refundable', 'That is more than is left of this payment.');
  const before = standingOf(row, row.refunds);
  const after = standingOf(row, [...row.refunds, { kind: 'refund', refundId: 'to come', money }]);
  const taken = after.taken - before.taken;
  return {
    money,
    left,
    takes: row.unit && { unit: row.unit, amount: taken },
    balance: row.unit && (await balanceAfter(ctx, row.userId, row.unit, taken)),
    endsPeriod: row.unit === null && after.whole,
    needsApproval: money.amount > (await setting(ctx, 'shop.refundLimit')),
  };
}

/** What was spent already becomes a debt. */
async function balanceAfter(
  ctx: Context,
  userId: UserId,
  unit: 'COIN' | 'MOMENT',
  taken: number,
): Promise<NonNullable<RefundPreview['balance']>> {
  const { ledgerShard: shard } = await known(ctx, userId);
  const account = (await accountsOf(ctx, { userId, shard })).find((one) => one.unit === unit) ?? { balance: 0, debt: 0 };
  const fromBalance = Math.min(account.balance, taken);
  return { before: account.balance, after: account.balance - fromBalance, debt: account.debt - (taken - fromBalance) };
}

/** @throws Problem `not_found` */
export async function walletOf(ctx: Context, userId: UserId): Promise<Wallet> {
  const { ledgerShard: shard, monetizationVersion } = await known(ctx, userId);
  const model = pricingFor(monetizationVersion);
  const [means, subscription, plans, spending, automatic] = await Promise.all([
    model ? model.describe(ctx, { payer: { userId, shard } }) : null,
    subscriptionOf(ctx, userId),
    plansOf(ctx),
    spendingOf(ctx, userId),
    automaticOf(ctx, userId),
  ]);
  const plan = plans.find(({ id }) => id === subscription?.plan);
  return {
    means,
    subscription:
      subscription && plan
        ? { plan: { id: plan.id, name: plan.name }, state: subscription.state, until: toTimestamp(subscription.until) }
        : null,
    spending,
    automatic,
  };
}

async function known(ctx: Context, id: UserId): Promise<User> {
  const user = await userById(ctx, id);
  if (!user) throw new Problem('not_found', 'There is nobody with this id.');
  return user;
}

async function mustBe(ctx: Context, id: Id<'pur'>): Promise<PurchaseRow> {
  const row = await purchaseRow(ctx.env.DB, { id });
  if (!row) throw new Problem('not_found', 'There is no such payment.');
  return row;
}

const toWire = (row: PurchaseRow): DeskPayment => ({
  ...purchaseToWire(row),
  userId: row.payment.userId,
  transactionId: row.payment.transactionId,
  postingKey: paymentKey(row.payment),
  posted: row.payment.posted,
  eventId: row.payment.eventId,
});
