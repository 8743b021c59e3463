/** Buying again by a saved card, with one tap, also in the middle of a call; and the cards themselves. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import type { Intent, Placement, SavedCard } from '../../protocol/http/shop.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import type { Buyer } from './catalogue.ts';
import { lineOfPrice } from './catalogue-store.ts';
import { type Card, cardsAt, chargeCard, removeCardAt } from './charging.ts';
import { type Bought, openCheckout } from './checkout.ts';
import { isOpen } from './intent-rules.ts';
import { customerRow, type IntentRow, openIntentsOf } from './intent-store.ts';
import { type Begun, begin, customerOf, heard, returnPage, toWire } from './intents.ts';
import { mustHaveNoPlan } from './own-plan.ts';
import { giveUp, settle } from './settling.ts';

export type Payer = Buyer & { readonly email: string | null };

interface Wish {
  readonly priceId: Id<'pri'>;
  readonly idempotencyKey: string;
}

const boughtBy = (ctx: Context, { intent, storeRef }: Begun, customer: string): Bought => ({
  userId: intent.userId,
  intentId: intent.id,
  storeRef,
  money: { amount: intent.amount, currency: intent.currency },
  customer,
  returnUrl: returnPage(ctx, intent),
});

/**
 * Opens a Checkout at Stripe. The same key: the same one, while it is open.
 * @throws Problem as `begin`; `price_gone` where Stripe does not sell for this price, `overloaded` where it did not answer
 */
export async function checkout(
  ctx: Context,
  payer: Payer,
  wish: Wish & { placement: Placement | null },
): Promise<{ intent: Intent; url: string | null }> {
  const begun = await begin(ctx, payer, { ...wish, way: 'checkout' });
  const { intent, kind } = begun;
  if (kind === 'plan' && intent.storeRef === null && isOpen(intent.state)) await onePlanOnly(ctx, intent);
  const opened = intent.storeRef === null && isOpen(intent.state) ? await open(ctx, payer, begun, kind) : intent;
  return { intent: await toWire(ctx, opened), url: isOpen(opened.state) ? opened.url : null };
}

/** Of a plan one Checkout at a time is open, and none while another plan runs. */
async function onePlanOnly(ctx: Context, intent: IntentRow): Promise<void> {
  try {
    await mustHaveNoPlan(ctx, intent.userId);
  } catch (thrown) {
    await heard(ctx, intent, 'declined', { failure: 'plan_running' });
    throw thrown;
  }
  for (const other of await openIntentsOf(ctx.env.DB, intent.userId)) {
    const line = other.id === intent.id || other.way !== 'checkout' ? null : await lineOfPrice(ctx.env.DB, other.price);
    if (line?.product.kind === 'plan') await giveUp(ctx, other);
  }
}

async function open(ctx: Context, payer: Payer, begun: Begun, kind: Begun['kind']): Promise<IntentRow> {
  const { intent } = begun;
  const bought = boughtBy(ctx, begun, await customerOf(ctx, payer));
  const opened = await openCheckout(ctx, {
    ...bought,
    mode: kind === 'plan' ? 'subscription' : 'payment',
    cancelUrl: `${bought.returnUrl}?cancelled=1`,
    expiresAt: intent.expiresAt,
  });
  if (opened.outcome === 'open') return heard(ctx, intent, null, { storeRef: opened.ref, url: opened.url, expiresAt: opened.expiresAt });
  await heard(ctx, intent, 'declined', { failure: opened.code });
  throw new Problem('price_gone', 'This can’t be bought at this price now. Nothing was charged; we have been told.');
}

/**
 * Charges a saved card. Where the bank wants to ask its holder, the intent says where (`url`).
 * @param wish.card which one; left out: the newest
 * @throws Problem as `begin`; `no_card`, `payment_declined`, `overloaded`
 */
export async function topUp(ctx: Context, payer: Payer, wish: Wish & { card: string | null }): Promise<Intent> {
  // One charge of a card would be a month without the plan going on.
  if ((await lineOfPrice(ctx.env.DB, wish.priceId))?.product.kind === 'plan')
    throw new Problem('validation_failed', 'A plan is begun by Checkout, not by one charge.', {
      fields: [{ path: 'priceId', message: 'must be of something that is bought once' }],
    });
  const customer = await customerRow(ctx.env.DB, payer.userId);
  const card = customer === null ? null : await cardOf(ctx, customer, wish.card);
  if (customer === null || card === null) throw new Problem('no_card', 'There is no saved card. Pay once by Checkout, and it is kept.');
  const begun = await begin(ctx, payer, { ...wish, way: 'top_up', placement: null });
  const charged = await charge(ctx, begun, { customer, card, away: false });
  if (charged.state === 'failed') throw new Problem('payment_declined', 'The card was declined. Nothing was charged; try another one.');
  return toWire(ctx, charged);
}

async function cardOf(ctx: Context, customer: string, wanted: string | null): Promise<string | null> {
  const cards = await cardsAt(ctx, customer);
  return (wanted === null ? cards[0] : cards.find(({ id }) => id === wanted))?.id ?? null;
}

/** Carries an intent to Stripe, once: repeated it is the same charge there. What was paid is settled at once where it can be. */
export async function charge(
  ctx: Context,
  begun: Begun,
  { customer, card, away }: { customer: string; card: string; away: boolean },
): Promise<IntentRow> {
  const { intent } = begun;
  if (!isOpen(intent.state) || intent.storeRef !== null) return settle(ctx, intent);
  const charged = await chargeCard(ctx, { ...boughtBy(ctx, begun, customer), card, away });
  if (charged.outcome === 'declined') return heard(ctx, intent, 'declined', { storeRef: charged.ref, failure: charged.code });
  if (charged.outcome === 'asks') return heard(ctx, intent, 'asks', { storeRef: charged.ref, url: charged.url });
  return settle(ctx, await heard(ctx, intent, null, { storeRef: charged.ref }));
}

/** The caller's saved cards, the newest first. */
export async function cardsOf(ctx: Context, userId: UserId): Promise<SavedCard[]> {
  const customer = await customerRow(ctx.env.DB, userId);
  return customer === null ? [] : cardsAt(ctx, customer);
}

/** @throws Problem `not_found` for a card that is not there or not theirs */
export async function removeCard(ctx: Context, userId: UserId, id: string): Promise<void> {
  const cards: Card[] = await cardsOf(ctx, userId);
  if (!cards.some((card) => card.id === id)) throw new Problem('not_found', 'There is no such card.');
  await removeCardAt(ctx, id);
}
