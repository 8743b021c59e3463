/** Charging saved cards at Stripe, and the cards. */
import Stripe from 'stripe';
import type { Context } from '../../platform/context.ts';
import type { Id } from '../../protocol/ids.ts';
import { type Bought, metadataOf, type Standing } from './checkout.ts';
import { asked, CLOCKS_APART_MS, stripeOf } from './stripe-calls.ts';

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
    stripeOf(ctx).paymentIntents.list({ customer, created: { gte: Math.floor((since - CLOCKS_APART_MS) / 1_000) }, limit: 100 }),
  );
  return made.data.find(({ metadata }) => metadata.intent === intentId)?.id ?? null;
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
