/** Money at Stripe: sending it back, and what a day came to. */
import Stripe from 'stripe';
import type { Context } from '../../platform/context.ts';
import type { Id } from '../../protocol/ids.ts';
import type { Moved, StoreDay } from './reconciliation-rules.ts';
import { asked, idOf, stripeOf } from './stripe-calls.ts';

export type Refunded = { readonly outcome: 'sent'; readonly ref: string } | { readonly outcome: 'refused'; readonly code: string };

/** Sends money back. The same order again is the same refund there. */
export async function refundAt(
  ctx: Context,
  { orderId, transactionId, amount }: { orderId: Id<'rfo'>; transactionId: string; amount: number },
): Promise<Refunded> {
  const params = { payment_intent: transactionId, amount, metadata: { order: orderId } };
  try {
    const { id } = await asked(ctx, () => stripeOf(ctx).refunds.create(params, { idempotencyKey: orderId }));
    return { outcome: 'sent', ref: id };
  } catch (thrown) {
    if (!(thrown instanceof Stripe.errors.StripeInvalidRequestError)) throw thrown;
    return { outcome: 'refused', code: thrown.code ?? 'refused' };
  }
}

/** So many payments and refunds of a day are looked at; more would want a report of Stripe's own. */
const MOST_A_DAY = 10_000;

/** What was paid and given back at Stripe in `[from, until)` (ms): one entry a payment intent, one a refund or dispute. */
export async function dayAtStripe(ctx: Context, { from, until }: { from: number; until: number }): Promise<StoreDay> {
  const stripe = stripeOf(ctx);
  const params = { created: { gte: Math.floor(from / 1_000), lt: Math.ceil(until / 1_000) }, limit: 100 };
  const all = { limit: MOST_A_DAY };
  const [charges, refunds, disputes] = await Promise.all([
    asked(ctx, () => stripe.charges.list(params).autoPagingToArray(all)),
    asked(ctx, () => stripe.refunds.list(params).autoPagingToArray(all)),
    asked(ctx, () => stripe.disputes.list(params).autoPagingToArray(all)),
  ]);
  const moved = (id: string, { amount, currency, created }: { amount: number; currency: string; created: number }): Moved => ({
    id,
    money: { amount, currency: currency.toUpperCase() },
    at: created * 1_000,
  });
  return {
    payments: charges.flatMap((charge) => {
      const payment = idOf(charge.payment_intent);
      return charge.paid && payment !== null ? [moved(payment, charge)] : [];
    }),
    refunds: [
      ...refunds.filter(({ status }) => status === 'succeeded').map((refund) => moved(refund.id, refund)),
      ...disputes.filter(({ status }) => !status.startsWith('warning_')).map((dispute) => moved(dispute.id, dispute)),
    ],
  };
}
