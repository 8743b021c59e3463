/**
 * Payments that members begin on the web. What is paid comes into the books by the pipeline alone, under the store's names;
 * an intent only follows: it has succeeded when its payment is posted.
 */
import type { Context } from '../../platform/context.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Intent, Placement } from '../../protocol/http/shop.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { type Buyer, offeredAt } from './catalogue.ts';
import { lineOfPrice } from './catalogue-store.ts';
import { cancelCharge } from './charging.ts';
import { closeCheckout, makeCustomer } from './checkout.ts';
import { CHECKOUT_MS, type IntentEvent, isOpen, nextState, TOP_UP_MS } from './intent-rules.ts';
import {
  changeIntent,
  customerRow,
  type IntentChange,
  type IntentRow,
  insertIntent,
  intentRow,
  intentUnder,
  keepCustomer,
} from './intent-store.ts';
import { limitProblem } from './spending.ts';
import { insertSpending } from './spending-store.ts';

export interface Beginning {
  readonly way: IntentRow['way'];
  readonly priceId: Id<'pri'>;
  readonly placement: Placement | null;
  readonly idempotencyKey: string;
}

/** An intent that was begun, and Stripe's id of its price. */
export interface Begun {
  readonly intent: IntentRow;
  readonly storeRef: string;
  readonly kind: 'coins' | 'moments' | 'plan';
}

/**
 * Begins a payment for exactly the price that was shown, counted against the member's limits in the same batch. The same key
 * and wish: the intent that was begun.
 * @throws Problem `not_found`, `price_gone`, `idempotency_conflict`, `spending_limit`, `spending_paused`; `taken` where an
 *   automatic one is open already
 */
export async function begin(ctx: Context, buyer: Buyer, wish: Beginning): Promise<Begun> {
  const { DB } = ctx.env;
  const known = await intentUnder(DB, { userId: buyer.userId, idempotencyKey: wish.idempotencyKey });
  if (known) return sameWish(ctx, known, wish);
  const { offer, price, product } = await offeredAt(ctx, buyer, wish.priceId);
  if (price.store !== 'stripe') throw new Problem('price_gone', 'This is sold in the app of its store only.');
  const intent: IntentRow = {
    id: newId('pin'),
    userId: buyer.userId,
    way: wish.way,
    price: wish.priceId,
    amount: offer.price.amount,
    currency: offer.price.currency,
    placement: wish.placement,
    idempotencyKey: wish.idempotencyKey,
    state: 'created',
    storeRef: null,
    transactionId: null,
    url: null,
    failure: null,
    createdAt: ctx.now,
    changedAt: ctx.now,
    expiresAt: ctx.now + (wish.way === 'checkout' ? CHECKOUT_MS : TOP_UP_MS),
  };
  try {
    await DB.batch([
      insertIntent(DB, intent),
      insertSpending(DB, { ref: intent.id, userId: buyer.userId, way: wish.way, cents: intent.amount, at: ctx.now }),
    ]);
  } catch (thrown) {
    const limit = limitProblem(thrown);
    if (limit) throw limit;
    if (!refusedWith(thrown, 'UNIQUE')) throw thrown;
    // Of two devices at once with one key the first was written.
    const first = await intentUnder(DB, { userId: buyer.userId, idempotencyKey: wish.idempotencyKey });
    if (!first) throw new Problem('taken', 'An automatic top-up is under way.');
    return sameWish(ctx, first, wish);
  }
  return { intent, storeRef: price.storeRef, kind: product.kind };
}

async function sameWish(ctx: Context, intent: IntentRow, wish: Beginning): Promise<Begun> {
  if (intent.price !== wish.priceId || intent.way !== wish.way)
    throw new Problem('idempotency_conflict', 'This Idempotency-Key was used for another purchase. Use a new key for a new one.');
  const line = await lineOfPrice(ctx.env.DB, intent.price);
  if (!line) throw new Error('the price of an intent is not there');
  return { intent, storeRef: line.price.storeRef, kind: line.product.kind };
}

/** Who a member is at Stripe; made the first time. */
export async function customerOf(ctx: Context, who: { userId: UserId; email: string | null }): Promise<string> {
  const known = await customerRow(ctx.env.DB, who.userId);
  if (known !== null) return known;
  await keepCustomer(ctx.env.DB, { userId: who.userId, customer: await makeCustomer(ctx, who), createdAt: ctx.now });
  const kept = await customerRow(ctx.env.DB, who.userId);
  if (kept === null) throw new Error('a customer that was just written is not there');
  return kept;
}

/** A page of the members' app, to which a payment leads back. */
export const returnPage = ({ env }: Context, { id }: Pick<IntentRow, 'id'>): string =>
  `${env.ALLOWED_ORIGINS.split(',')[0]?.trim()}/wallet/return/${id}`;

/** What was heard of an intent, written down once; the intent as it stands then. */
export async function heard(
  ctx: Context,
  row: IntentRow,
  event: IntentEvent | null,
  facts: Omit<IntentChange, 'state'> = {},
): Promise<IntentRow> {
  let intent = row;
  for (;;) {
    const state = event === null ? intent.state : nextState(intent.state, event);
    const changed = { ...intent, ...facts, state };
    if (JSON.stringify(changed) === JSON.stringify(intent)) return intent;
    if (await changeIntent(ctx.env.DB, intent, { ...facts, state, changedAt: ctx.now })) return { ...changed, changedAt: ctx.now };
    // Somebody heard something else meanwhile: look again.
    intent = await existing(ctx, row.id);
  }
}

async function existing(ctx: Context, id: Id<'pin'>): Promise<IntentRow> {
  const row = await intentRow(ctx.env.DB, id);
  if (!row) throw new Problem('not_found', 'There is no such payment.');
  return row;
}

/** @throws Problem `not_found` for one that is not there or not theirs */
export async function ownIntent(ctx: Context, userId: UserId, id: Id<'pin'>): Promise<IntentRow> {
  const row = await existing(ctx, id);
  if (row.userId !== userId) throw new Problem('not_found', 'There is no such payment.');
  return row;
}

/** Nobody can pay by it any more at Stripe. */
export async function closeAtStripe(ctx: Context, { way, storeRef }: IntentRow): Promise<void> {
  if (storeRef === null) return;
  await (way === 'checkout' ? closeCheckout(ctx, storeRef) : cancelCharge(ctx, storeRef));
}

export async function toWire(ctx: Context, intent: IntentRow): Promise<Intent> {
  const line = await lineOfPrice(ctx.env.DB, intent.price);
  if (!line) throw new Error('the price of an intent is not there');
  const { id, state, way, amount, currency, placement, failure } = intent;
  return {
    id,
    state,
    way,
    product: { id: line.product.id, kind: line.product.kind, amount: line.product.amount, plan: line.product.plan },
    price: { amount, currency },
    placement,
    url: isOpen(state) ? intent.url : null,
    failure,
    createdAt: toTimestamp(intent.createdAt),
    expiresAt: toTimestamp(intent.expiresAt),
  };
}
