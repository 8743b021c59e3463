/** What a member can buy, and buying it. */
import * as z from 'zod/mini';
import { idOf } from '../ids.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

export const platform = z.enum(['web', 'ios', 'android']);
export type Platform = z.infer<typeof platform>;

export const priceId = idOf('pri');
/** `coins-300`: short names of products, plans and paywalls. */
export const shortName = z.string().check(z.regex(/^[a-z0-9](-?[a-z0-9]){0,39}$/, 'must be a short name such as coins-300'));

/** In the currency's smallest unit (cents), beside its ISO 4217 code. */
export const money = z.object({ amount: z.int(), currency: z.string() });

export const planTerms = z.object({
  id: z.string(),
  name: z.string(),
  dailySeconds: z.int(),
  dailyMessages: z.int(),
  /** Beyond that: nothing until the day turns, or coins by tariff. */
  overage: z.enum(['stop', 'coins']),
});

/** Something that can be bought now, for exactly this price. */
export const offer = z.object({
  priceId,
  product: z.string(),
  kind: z.enum(['coins', 'moments', 'plan']),
  /** Coins or moments; null for a plan. */
  amount: z.nullable(z.int()),
  plan: z.nullable(planTerms),
  /** What one payment of a plan covers. */
  period: z.nullable(z.enum(['month', 'year'])),
  price: money,
  /** The store's own name of it: what an app hands to Apple or Google. */
  storeRef: z.string(),
  /** The plan that the caller has already. */
  current: z.boolean(),
  /** With it the day comes to more than is usual for them: ask whether they are sure. */
  unusual: z.boolean(),
});
export type Offer = z.infer<typeof offer>;

export const readShop = endpoint({
  name: 'readShop',
  method: 'GET',
  path: '/shop',
  tag: 'shop',
  summary: 'What the caller can buy now on a platform, in order, each with its price',
  access: 'wallet.top_up',
  query: z.strictObject({ platform }),
  status: 200,
  answer: z.object({ shop: z.object({ currency: z.string(), offers: z.array(offer) }) }),
});

export const placement = z.enum(['before_first_call', 'balance_low', 'limit_reached', 'link']);
export type Placement = z.infer<typeof placement>;
export const layout = z.enum(['list', 'cards', 'single']);

export const paywall = z.object({
  id: z.string(),
  placement,
  layout,
  offers: z.array(z.extend(offer, { highlighted: z.boolean() })),
});
export type Paywall = z.infer<typeof paywall>;

export const readPaywall = endpoint({
  name: 'readPaywall',
  method: 'GET',
  path: '/paywalls/:placement',
  tag: 'shop',
  summary: 'The paywall in force at a place, with what the caller can buy of it; null where there is none',
  access: 'wallet.top_up',
  params: z.strictObject({ placement }),
  query: z.strictObject({
    platform,
    /** Of the place `link`: which one the link names. */
    offer: z.optional(shortName),
  }),
  status: 200,
  answer: z.object({ paywall: z.nullable(paywall) }),
});

// ── buying on the web ───────────────────────────────────────────────────────────────────────────────────────────────

export const intentId = idOf('pin');

/**
 * A payment that the caller began. `succeeded`: what was bought is theirs. `requires_action`: the bank asks its cardholder, at
 * `url`. One that `failed` or `expired` can still succeed where its money comes late.
 */
export const intent = z.object({
  id: intentId,
  state: z.enum(['created', 'requires_action', 'succeeded', 'failed', 'expired', 'refunded']),
  way: z.enum(['checkout', 'top_up', 'automatic']),
  product: z.object({
    id: z.string(),
    kind: z.enum(['coins', 'moments', 'plan']),
    amount: z.nullable(z.int()),
    plan: z.nullable(z.string()),
  }),
  price: money,
  placement: z.nullable(placement),
  /** Where to pay or confirm, while it is open. */
  url: z.nullable(z.string()),
  /** Why it failed, in the store's word, such as `card_declined`. */
  failure: z.nullable(z.string()),
  createdAt: timestamp,
  expiresAt: timestamp,
});
export type Intent = z.infer<typeof intent>;

const buyingErrors = ['price_gone', 'plan_running', 'spending_limit', 'spending_paused', 'idempotency_conflict'] as const;

export const startCheckout = endpoint({
  name: 'startCheckout',
  method: 'POST',
  path: '/shop/checkouts',
  tag: 'shop',
  summary: 'Begin to pay at Stripe for exactly this price; the page comes back to `/wallet/return/<intent id>` of the members’ app',
  access: 'wallet.top_up',
  body: z.strictObject({ priceId, placement: z.optional(placement) }),
  status: 201,
  /** `url`: where to pay; null where this key’s Checkout is over. */
  answer: z.object({ intent, url: z.nullable(z.string()) }),
  idempotencyKey: true,
  errors: buyingErrors,
});

export const topUpByCard = endpoint({
  name: 'topUpByCard',
  method: 'POST',
  path: '/shop/topups',
  tag: 'shop',
  summary: 'Buy by a saved card with one tap, also during a call',
  access: 'wallet.top_up',
  body: z.strictObject({
    priceId,
    /** Left out: the newest one. */
    card: z.optional(z.string().check(z.maxLength(100))),
  }),
  status: 201,
  answer: z.object({ intent }),
  idempotencyKey: true,
  errors: [...buyingErrors, 'no_card', 'payment_declined'],
});

const byIntent = z.strictObject({ id: intentId });

export const readIntent = endpoint({
  name: 'readIntent',
  method: 'GET',
  path: '/shop/intents/:id',
  tag: 'shop',
  summary: 'How a payment stands; while it is open Stripe is asked, so that a late webhook keeps nobody waiting',
  access: 'wallet.top_up',
  params: byIntent,
  status: 200,
  answer: z.object({ intent }),
});

export const closeIntent = endpoint({
  name: 'closeIntent',
  method: 'POST',
  path: '/shop/intents/:id/close',
  tag: 'shop',
  summary: 'Give a payment up that is open; it counts towards the limits no more',
  access: 'wallet.top_up',
  params: byIntent,
  status: 200,
  answer: z.object({ intent }),
});

export const savedCard = z.object({
  id: z.string(),
  brand: z.string(),
  last4: z.string(),
  /** Year and month: `2029-12`. */
  expires: z.string(),
});
export type SavedCard = z.infer<typeof savedCard>;

export const listCards = endpoint({
  name: 'listCards',
  method: 'GET',
  path: '/shop/cards',
  tag: 'shop',
  summary: 'The caller’s saved cards, the newest first',
  access: 'wallet.top_up',
  status: 200,
  answer: z.object({ items: z.array(savedCard) }),
});

export const removeCard = endpoint({
  name: 'removeCard',
  method: 'DELETE',
  path: '/shop/cards/:id',
  tag: 'shop',
  summary: 'Forget a saved card',
  access: 'wallet.top_up',
  params: z.strictObject({ id: z.string().check(z.regex(/^pm_\w{1,80}$/, 'must be the id of a card')) }),
  status: 204,
  answer: z.null(),
});

const cents = z.int().check(z.gte(1), z.lte(10_000_000));

export const automatic = z.object({
  priceId,
  /** Fewer coins than this, and it buys. */
  threshold: z.int(),
  /** Cents in thirty days. */
  monthlyCap: z.int(),
  on: z.boolean(),
  /** It was switched off because the card was declined twice. */
  stopped: z.boolean(),
});
export type Automatic = z.infer<typeof automatic>;

export const readAutomatic = endpoint({
  name: 'readAutomatic',
  method: 'GET',
  path: '/shop/automatic',
  tag: 'shop',
  summary: 'Whether coins are bought by themselves when few are left; null: never set',
  access: 'wallet.top_up',
  status: 200,
  answer: z.object({ automatic: z.nullable(automatic) }),
});

export const setAutomatic = endpoint({
  name: 'setAutomatic',
  method: 'PUT',
  path: '/shop/automatic',
  tag: 'shop',
  summary: 'Have coins bought by themselves by the newest saved card when few are left, within one’s own cap; or no longer',
  access: 'wallet.top_up',
  body: z.strictObject({
    priceId,
    threshold: z.int().check(z.gte(1), z.lte(100_000)),
    monthlyCap: cents,
    on: z.boolean(),
  }),
  status: 200,
  answer: z.object({ automatic }),
  errors: ['price_gone', 'no_card'],
});

export const spending = z.object({
  /** Cents in seven days, over all purchases; null: none. */
  weeklyCap: z.nullable(z.int()),
  /** A higher cap that was wished for, and from when it holds. */
  next: z.nullable(z.object({ weeklyCap: z.nullable(z.int()), from: timestamp })),
  /** Cents in the last seven days. */
  spent: z.int(),
  /** Nothing is bought before. */
  pausedUntil: z.nullable(timestamp),
});

export const readSpending = endpoint({
  name: 'readSpending',
  method: 'GET',
  path: '/shop/spending',
  tag: 'shop',
  summary: 'The caller’s own limits, and what they spent in the last seven days',
  access: 'wallet.top_up',
  status: 200,
  answer: z.object({ spending }),
});

export const setSpendingCap = endpoint({
  name: 'setSpendingCap',
  method: 'PUT',
  path: '/shop/spending',
  tag: 'shop',
  summary: 'Set one’s own cap for seven days: lower holds at once, higher or none after a day',
  access: 'wallet.top_up',
  body: z.strictObject({ weeklyCap: z.nullable(z.int().check(z.gte(0), z.lte(10_000_000))) }),
  status: 200,
  answer: z.object({ spending }),
  errors: ['version_conflict'],
});

export const pauseSpending = endpoint({
  name: 'pauseSpending',
  method: 'POST',
  path: '/shop/spending/pause',
  tag: 'shop',
  summary: 'Buy nothing for so many days; it can’t be ended sooner',
  access: 'wallet.top_up',
  body: z.strictObject({ days: z.int().check(z.gte(1), z.lte(365)) }),
  status: 200,
  answer: z.object({ spending }),
  errors: ['version_conflict'],
});

// ── one's plan ──────────────────────────────────────────────────────────────────────────────────────────────────────

export const ownPlan = z.object({
  plan: planTerms,
  state: z.enum(['active', 'grace', 'paused', 'cancelled', 'expired']),
  /** Until when it is paid, or the store tries to collect. */
  until: timestamp,
  /** Where it was bought, and can be changed and ended; `house`: it was given. */
  store: z.enum(['house', 'stripe', 'apple', 'google']),
  /** It goes on by itself after `until`. */
  renews: z.boolean(),
});
export type OwnPlan = z.infer<typeof ownPlan>;

export const readPlan = endpoint({
  name: 'readPlan',
  method: 'GET',
  path: '/shop/plan',
  tag: 'shop',
  summary: 'The plan that counts for the caller; null: what is free',
  access: 'wallet.top_up',
  status: 200,
  answer: z.object({ plan: z.nullable(ownPlan) }),
});

export const switchPlan = endpoint({
  name: 'switchPlan',
  method: 'PUT',
  path: '/shop/plan',
  tag: 'shop',
  summary: 'Have another plan instead of the one that was bought on the web; what is left of that is counted by Stripe',
  access: 'wallet.top_up',
  body: z.strictObject({ priceId }),
  status: 200,
  answer: z.object({ plan: z.nullable(ownPlan) }),
  idempotencyKey: true,
  errors: ['price_gone', 'spending_limit', 'spending_paused', 'no_plan', 'payment_declined'],
});

export const cancelPlan = endpoint({
  name: 'cancelPlan',
  method: 'POST',
  path: '/shop/plan/cancel',
  tag: 'shop',
  summary: 'End the plan that was bought on the web when what is paid is over; until then it stays',
  access: 'wallet.top_up',
  status: 200,
  answer: z.object({ plan: z.nullable(ownPlan) }),
  errors: ['no_plan'],
});

export const resumePlan = endpoint({
  name: 'resumePlan',
  method: 'POST',
  path: '/shop/plan/resume',
  tag: 'shop',
  summary: 'Let a plan that was to end go on after all',
  access: 'wallet.top_up',
  status: 200,
  answer: z.object({ plan: z.nullable(ownPlan) }),
  errors: ['no_plan'],
});
