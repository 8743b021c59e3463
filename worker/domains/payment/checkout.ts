/**
 * What is asked of Stripe when somebody buys: a Checkout, a charge on a saved card, what became of either, and refunds.
 * Every write has an idempotency key of ours, so that an answer that was lost is asked for again. Nothing here is believed
 * to have paid anybody: that is told by the pipeline, under the same names.
 */
import Stripe from 'stripe';
import type { Context } from '../../platform/context.ts';
import { isSetUp } from '../../platform/environment.ts';
import { Problem } from '../../platform/errors.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import type { Money } from './payment-event.ts';
import type { Moved, StoreDay } from './reconciliation-rules.ts';
import { stripeClient } from './stripe-client.ts';

/** @throws Problem `not_found` where Stripe is not set up in this environment */
function stripeOf({ env }: Context): Stripe {
  if (!isSetUp(env, 'stripe')) throw new Problem('not_found', 'Nothing is sold on the web here.');
  return stripeClient(env);
}

/** Whether anything can be bought on the web here. */
export const sellsOnTheWeb = ({ env }: Context): boolean => isSetUp(env, 'stripe');

/** Stripe did not answer, or not now: the same again finds out. */
const isUnknown = (thrown: unknown): boolean =>
  thrown instanceof Stripe.errors.StripeConnectionError ||
  thrown instanceof Stripe.errors.StripeAPIError ||
  thrown instanceof Stripe.errors.StripeRateLimitError;

/** @throws Problem `overloaded` for what may have happened; anything else as it was thrown */
async function asked<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!isUnknown(thrown)) throw thrown;
    ctx.log.warn('Stripe did not answer', { cause: (thrown as Error).name });
    throw new Problem('overloaded', 'The payment service did not answer. Try again in a moment; nothing is charged twice.', {
      retryAfter: 3,
    });
  }
}

/** What our payments carry at Stripe, so that whatever is told of them says whose they are and what was bought. */
const metadataOf = ({ userId, intentId, storeRef }: Bought): Stripe.MetadataParam => ({ user: userId, intent: intentId, price: storeRef });

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

/** The event by which Stripe tells of a payment: its type, and the object in it. */
interface Telling {
  readonly type: 'payment_intent.succeeded' | 'invoice.paid';
  readonly id: string;
}

/** How a payment stands at Stripe. */
export type Standing =
  | { readonly state: 'open'; readonly url: string | null }
  | { readonly state: 'paid'; readonly transactionId: string; readonly toldBy: Telling }
  | { readonly state: 'closed'; readonly failure: string | null };

const idOf = (thing: string | { id: string } | null): string | null => (typeof thing === 'string' ? thing : (thing?.id ?? null));

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
  return { state: 'paid', transactionId: idOf(paid ?? null) ?? invoiceId, toldBy: { type: 'invoice.paid', id: invoiceId } };
}

/** Nobody can pay by it any more; one that was paid or has expired stays as it is. */
export async function closeCheckout(ctx: Context, ref: string): Promise<void> {
  try {
    await asked(ctx, () => stripeOf(ctx).checkout.sessions.expire(ref));
  } catch (thrown) {
    if (!(thrown instanceof Stripe.errors.StripeInvalidRequestError)) throw thrown;
  }
}

export type Charged =
  | { readonly outcome: 'paid'; readonly ref: string }
  /** The cardholder has to confirm at this address. */
  | { readonly outcome: 'asks'; readonly ref: string; readonly url: string }
  | { readonly outcome: 'declined'; readonly ref: string | null; readonly code: string };

/**
 * Charges a saved card while its holder is not at a page of Stripe's. A bank that wants to ask them is asked where, unless
 * they are `away`.
 */
export async function chargeCard(ctx: Context, { card, away, ...bought }: Bought & { card: string; away: boolean }): Promise<Charged> {
  const { money, customer } = bought;
  const stripe = stripeOf(ctx);
  const params = {
    amount: money.amount,
    currency: money.currency.toLowerCase(),
    customer,
    payment_method: card,
    off_session: true,
    confirm: true,
    return_url: bought.returnUrl,
    metadata: metadataOf(bought),
  };
  try {
    const made = await asked(ctx, () => stripe.paymentIntents.create(params, { idempotencyKey: bought.intentId }));
    return chargedBy(made);
  } catch (thrown) {
    const declined = declinedBy(ctx, thrown);
    if (!declined) throw thrown;
    if (declined.code !== 'authentication_required' || declined.ref === null || away) return { outcome: 'declined', ...declined };
    return askHolder(ctx, stripe, { ...bought, card, ref: declined.ref });
  }
}

async function askHolder(
  ctx: Context,
  stripe: Stripe,
  { ref, card, returnUrl, intentId }: Bought & { ref: string; card: string },
): Promise<Charged> {
  try {
    const params = { payment_method: card, return_url: returnUrl };
    return chargedBy(await asked(ctx, () => stripe.paymentIntents.confirm(ref, params, { idempotencyKey: `${intentId}:ask` })));
  } catch (thrown) {
    const declined = declinedBy(ctx, thrown);
    if (!declined) throw thrown;
    return { outcome: 'declined', ...declined };
  }
}

function chargedBy({ id, status, next_action }: Stripe.PaymentIntent): Charged {
  if (status === 'succeeded') return { outcome: 'paid', ref: id };
  const url = next_action?.redirect_to_url?.url;
  return url ? { outcome: 'asks', ref: id, url } : { outcome: 'declined', ref: id, code: status };
}

/** What the card said; null where it was not the card. */
function declinedBy(ctx: Context, thrown: unknown): { code: string; ref: string | null } | null {
  if (thrown instanceof Stripe.errors.StripeCardError)
    return { code: thrown.code ?? 'card_declined', ref: thrown.payment_intent?.id ?? null };
  // A card that was removed meanwhile, or is somebody else's.
  if (!(thrown instanceof Stripe.errors.StripeInvalidRequestError)) return null;
  ctx.log.error('Stripe refused a charge', { code: thrown.code ?? '', param: thrown.param ?? '' });
  return { code: thrown.code ?? 'refused', ref: null };
}

export async function standingOfCharge(ctx: Context, ref: string): Promise<Standing> {
  const { id, status, next_action, last_payment_error } = await asked(ctx, () => stripeOf(ctx).paymentIntents.retrieve(ref));
  if (status === 'succeeded') return { state: 'paid', transactionId: id, toldBy: { type: 'payment_intent.succeeded', id } };
  if (status === 'requires_action') return { state: 'open', url: next_action?.redirect_to_url?.url ?? null };
  if (status === 'processing') return { state: 'open', url: null };
  return { state: 'closed', failure: last_payment_error?.code ?? null };
}

/** It can't be confirmed any more; one that was paid stays so. */
export async function cancelCharge(ctx: Context, ref: string): Promise<void> {
  try {
    await asked(ctx, () => stripeOf(ctx).paymentIntents.cancel(ref, { cancellation_reason: 'abandoned' }));
  } catch (thrown) {
    if (!(thrown instanceof Stripe.errors.StripeInvalidRequestError)) throw thrown;
  }
}

/** The charge that was made for an intent, where there is one: it may have been, and its answer lost. */
export async function chargeFor(
  ctx: Context,
  { customer, intentId, since }: { customer: string; intentId: Id<'pin'>; since: number },
): Promise<string | null> {
  const made = await asked(ctx, () =>
    stripeOf(ctx).paymentIntents.list({ customer, created: { gte: Math.floor(since / 1_000) }, limit: 100 }),
  );
  return made.data.find(({ metadata }) => metadata.intent === intentId)?.id ?? null;
}

/** Events of so many payments are looked through for one. */
const MOST_EVENTS = 2_000;

/** Stripe's own events that tell of a payment which began at `since` (ms) or later, as its webhooks send them. */
export async function eventsTelling(ctx: Context, { type, id }: Telling, since: number): Promise<{ id: string; raw: string }[]> {
  const params = { type, created: { gte: Math.floor(since / 1_000) }, limit: 100 };
  const events = await asked(ctx, () => stripeOf(ctx).events.list(params).autoPagingToArray({ limit: MOST_EVENTS }));
  return events
    .filter(({ data }) => (data.object as { id?: string }).id === id)
    .map((event) => ({ id: event.id, raw: JSON.stringify(event) }));
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

export interface Card {
  readonly id: string;
  readonly brand: string;
  readonly last4: string;
  readonly expires: string;
}

/** A customer's saved cards, the newest first. */
export async function cardsAt(ctx: Context, customer: string): Promise<Card[]> {
  const { data } = await asked(ctx, () => stripeOf(ctx).paymentMethods.list({ customer, type: 'card', limit: 20 }));
  return data.flatMap(({ id, card }) =>
    card ? [{ id, brand: card.brand, last4: card.last4, expires: `${card.exp_year}-${String(card.exp_month).padStart(2, '0')}` }] : [],
  );
}

export async function removeCardAt(ctx: Context, card: string): Promise<void> {
  await asked(ctx, () => stripeOf(ctx).paymentMethods.detach(card));
}
