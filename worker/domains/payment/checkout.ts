/** Stripe's Checkout: opening one for exactly the price that was shown, how it stands, closing it; and whose it is. */
import Stripe from 'stripe';
import type { Context } from '../../platform/context.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import type { Money } from './payment-event.ts';
import { asked, idOf, stripeOf } from './stripe-calls.ts';
import type { Telling } from './stripe-events.ts';

/** What our payments carry at Stripe, so that whatever is told of them says whose they are and what was bought. */
export const metadataOf = ({ userId, intentId, storeRef }: Bought): Stripe.MetadataParam => ({
  user: userId,
  intent: intentId,
  price: storeRef,
});

export interface Bought {
  readonly userId: UserId;
  readonly intentId: Id<'pin'>;
  /** Stripe's id of the price. */
  readonly storeRef: string;
  readonly money: Money;
  readonly customer: string;
  /** Where the member comes back to. */
  readonly returnUrl: string;
}

/** A customer at Stripe for this member; asked again, the same one. */
export async function makeCustomer(ctx: Context, { userId, email }: { userId: UserId; email: string | null }): Promise<string> {
  const params = { metadata: { user: userId }, ...(email === null ? {} : { email }) };
  const { id } = await asked(ctx, () => stripeOf(ctx).customers.create(params, { idempotencyKey: `customer:${userId}` }));
  return id;
}

export type Opened =
  | { readonly outcome: 'open'; readonly ref: string; readonly url: string; readonly expiresAt: number }
  /** Stripe does not sell for this price, or not for this amount. */
  | { readonly outcome: 'refused'; readonly code: string };

/** Opens a Checkout that charges exactly what was shown. */
export async function openCheckout(
  ctx: Context,
  { cancelUrl, expiresAt, ...bought }: Bought & { cancelUrl: string; expiresAt: number; mode: 'payment' | 'subscription' },
): Promise<Opened> {
  const metadata = metadataOf(bought);
  const stripe = stripeOf(ctx);
  try {
    const session = await asked(ctx, () =>
      stripe.checkout.sessions.create(
        {
          mode: bought.mode,
          customer: bought.customer,
          client_reference_id: bought.userId,
          line_items: [{ price: bought.storeRef, quantity: 1 }],
          metadata,
          success_url: bought.returnUrl,
          cancel_url: cancelUrl,
          expires_at: Math.floor(expiresAt / 1_000),
          // Cards are kept for one-tap top-ups; their holder can remove them.
          ...(bought.mode === 'payment'
            ? { payment_intent_data: { metadata, setup_future_usage: 'off_session' as const } }
            : { subscription_data: { metadata } }),
        },
        { idempotencyKey: bought.intentId },
      ),
    );
    if (session.amount_total !== bought.money.amount || session.currency?.toUpperCase() !== bought.money.currency || !session.url) {
      ctx.log.error('a price at Stripe is not the one that is shown', { storeRef: bought.storeRef });
      await closeCheckout(ctx, session.id);
      return { outcome: 'refused', code: 'another_amount' };
    }
    return { outcome: 'open', ref: session.id, url: session.url, expiresAt: session.expires_at * 1_000 };
  } catch (thrown) {
    if (!(thrown instanceof Stripe.errors.StripeInvalidRequestError)) throw thrown;
    ctx.log.error('Stripe refused a Checkout', { storeRef: bought.storeRef, code: thrown.code ?? '' });
    return { outcome: 'refused', code: thrown.code ?? 'refused' };
  }
}

/** How a payment stands at Stripe. */
export type Standing =
  | { readonly state: 'open'; readonly url: string | null }
  | { readonly state: 'paid'; readonly transactionId: string; readonly toldBy: Telling }
  | { readonly state: 'closed'; readonly failure: string | null };

/** A payment is named by its payment intent, as `stripe-rules.ts` names it; by its invoice where no money moved. */
export async function standingOfCheckout(ctx: Context, ref: string): Promise<Standing> {
  const session = await asked(ctx, () => stripeOf(ctx).checkout.sessions.retrieve(ref));
  if (session.status === 'expired') return { state: 'closed', failure: null };
  if (session.status !== 'complete' || session.payment_status === 'unpaid') return { state: 'open', url: session.url };
  const paymentId = idOf(session.payment_intent);
  if (paymentId !== null) return { state: 'paid', transactionId: paymentId, toldBy: { type: 'payment_intent.succeeded', id: paymentId } };
  const invoiceId = idOf(session.invoice);
  if (invoiceId === null) return { state: 'open', url: null };
  const invoice = await asked(ctx, () => stripeOf(ctx).invoices.retrieve(invoiceId, { expand: ['payments'] }));
  const paid = invoice.payments?.data.find(({ status }) => status === 'paid')?.payment.payment_intent;
  return { state: 'paid', transactionId: idOf(paid) ?? invoiceId, toldBy: { type: 'invoice.paid', id: invoiceId } };
}

/** Nobody can pay by it any more; one that was paid or has expired stays as it is. */
export async function closeCheckout(ctx: Context, ref: string): Promise<void> {
  try {
    await asked(ctx, () => stripeOf(ctx).checkout.sessions.expire(ref));
  } catch (thrown) {
    if (!(thrown instanceof Stripe.errors.StripeInvalidRequestError)) throw thrown;
  }
}
