/** Staff: what is sold, for how much, and where it is offered. */
import * as z from 'zod/mini';
import { idOf, userId } from '../ids.ts';
import { page, pageQuery } from '../paging.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';
import { layout, money, placement, planTerms, platform, priceId, shortName } from './shop.ts';

export const saleState = z.enum(['draft', 'live', 'retired']);
export const store = z.enum(['stripe', 'apple', 'google']);

export const catalogPrice = z.object({
  id: priceId,
  platform,
  store,
  storeRef: z.string(),
  currency: z.string(),
  amount: z.int(),
  activeFrom: timestamp,
  activeUntil: z.nullable(timestamp),
});
export type CatalogPrice = z.infer<typeof catalogPrice>;

export const product = z.object({
  id: z.string(),
  kind: z.enum(['coins', 'moments', 'plan']),
  amount: z.nullable(z.int()),
  plan: z.nullable(z.string()),
  period: z.nullable(z.enum(['month', 'year'])),
  rank: z.int(),
  state: saleState,
  changedAt: timestamp,
  prices: z.array(catalogPrice),
});
export type CatalogProduct = z.infer<typeof product>;

const rank = z.int().check(z.gte(0), z.lte(10_000));
const pack = z.int().check(z.gte(1), z.lte(1_000_000));
const period = z.enum(['month', 'year']);
const byId = z.strictObject({ id: shortName });
/** What the editor saw; where it was changed since, nothing is written. */
const seenChangedAt = z.optional(timestamp);

export const listProducts = endpoint({
  name: 'listProducts',
  method: 'GET',
  path: '/admin/products',
  tag: 'catalogue',
  summary: 'Everything that is or was sold, with its prices',
  access: 'catalogue.manage',
  status: 200,
  answer: page(product),
});

export const draftProduct = endpoint({
  name: 'draftProduct',
  method: 'POST',
  path: '/admin/products',
  tag: 'catalogue',
  summary: 'Draft something to sell; nobody sees it before it is live',
  access: 'catalogue.manage',
  body: z.discriminatedUnion('kind', [
    z.strictObject({ id: shortName, kind: z.enum(['coins', 'moments']), amount: pack, rank }),
    z.strictObject({ id: shortName, kind: z.literal('plan'), plan: shortName, period, rank }),
  ]),
  status: 201,
  answer: z.object({ product }),
  errors: ['taken'],
});

export const changeProduct = endpoint({
  name: 'changeProduct',
  method: 'PATCH',
  path: '/admin/products/:id',
  tag: 'catalogue',
  summary: 'Move a product, put it on sale, or take it off for good; what it gives stays as it was sold',
  access: 'catalogue.manage',
  params: byId,
  body: z
    .strictObject({ rank: z.optional(rank), state: z.optional(z.enum(['live', 'retired'])), seenChangedAt })
    .check(z.refine(({ rank, state }) => rank !== undefined || state !== undefined, 'must change something')),
  status: 200,
  answer: z.object({ product }),
  errors: ['version_conflict'],
});

export const addPrice = endpoint({
  name: 'addPrice',
  method: 'POST',
  path: '/admin/products/:id/prices',
  tag: 'catalogue',
  summary: 'A price of a product on one platform; another amount is another price',
  access: 'catalogue.manage',
  params: byId,
  body: z.strictObject({
    platform,
    /** The store's own name of it. */
    storeRef: z.string().check(z.minLength(1), z.maxLength(200)),
    currency: z.string().check(z.regex(/^[A-Z]{3}$/, 'must be a code such as EUR')),
    amount: z.int().check(z.gte(1), z.lte(100_000_000)),
    /** Left out: at once. */
    activeFrom: z.optional(timestamp),
  }),
  status: 201,
  answer: z.object({ product }),
  errors: ['taken'],
});

export const endPrice = endpoint({
  name: 'endPrice',
  method: 'POST',
  path: '/admin/prices/:id/end',
  tag: 'catalogue',
  summary: 'Sell for this price no longer, from now or from a moment to come',
  access: 'catalogue.manage',
  params: z.strictObject({ id: priceId }),
  body: z.strictObject({ at: z.optional(timestamp) }),
  status: 200,
  answer: z.object({ product }),
  errors: ['version_conflict'],
});

export const catalogPlan = z.extend(planTerms, { rank: z.int(), changedAt: timestamp });
export type CatalogPlan = z.infer<typeof catalogPlan>;

export const listPlans = endpoint({
  name: 'listPlans',
  method: 'GET',
  path: '/admin/plans',
  tag: 'catalogue',
  summary: 'Plans and what each includes in a day, from the least to the most',
  access: 'catalogue.manage',
  status: 200,
  answer: page(catalogPlan),
});

const planBody = {
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(40)),
  rank: z.int().check(z.gte(0), z.lte(100)),
  dailySeconds: z.int().check(z.gte(0), z.lte(86_400)),
  dailyMessages: z.int().check(z.gte(0), z.lte(100_000)),
  overage: z.enum(['stop', 'coins']),
};

export const addPlan = endpoint({
  name: 'addPlan',
  method: 'POST',
  path: '/admin/plans',
  tag: 'catalogue',
  summary: 'Add a plan; it is sold as soon as a product for it is live',
  access: 'catalogue.manage',
  body: z.strictObject({ id: shortName, ...planBody }),
  status: 201,
  answer: z.object({ plan: catalogPlan }),
  errors: ['taken'],
});

export const changePlan = endpoint({
  name: 'changePlan',
  method: 'PUT',
  path: '/admin/plans/:id',
  tag: 'catalogue',
  summary: 'Change what a plan is called and includes; the days of those who have it go by it at once',
  access: 'catalogue.manage',
  params: byId,
  body: z.strictObject({ ...planBody, seenChangedAt }),
  status: 200,
  answer: z.object({ plan: catalogPlan }),
  errors: ['taken', 'version_conflict'],
});

export const deskPaywall = z.object({
  id: z.string(),
  placement,
  layout,
  offers: z.array(z.object({ product: z.string(), highlighted: z.boolean() })),
  state: saleState,
  changedAt: timestamp,
});
export type DeskPaywall = z.infer<typeof deskPaywall>;

export const listPaywalls = endpoint({
  name: 'listPaywalls',
  method: 'GET',
  path: '/admin/paywalls',
  tag: 'catalogue',
  summary: 'Paywalls, the newest first',
  access: 'catalogue.manage',
  status: 200,
  answer: page(deskPaywall),
});

const shownOffers = z
  .array(z.strictObject({ product: shortName, highlighted: z.boolean() }))
  .check(z.minLength(1), z.maxLength(10))
  .check(z.refine((offers) => new Set(offers.map(({ product }) => product)).size === offers.length, 'must offer each product once'));

export const draftPaywall = endpoint({
  name: 'draftPaywall',
  method: 'POST',
  path: '/admin/paywalls',
  tag: 'catalogue',
  summary: 'Draft a paywall',
  access: 'catalogue.manage',
  body: z.strictObject({ id: shortName, placement, layout, offers: shownOffers }),
  status: 201,
  answer: z.object({ paywall: deskPaywall }),
  errors: ['taken'],
});

export const changePaywall = endpoint({
  name: 'changePaywall',
  method: 'PATCH',
  path: '/admin/paywalls/:id',
  tag: 'catalogue',
  summary: 'Change what a paywall offers and how it looks, put it in force (the one before it gives way), or retire it',
  access: 'catalogue.manage',
  params: byId,
  body: z
    .strictObject({
      layout: z.optional(layout),
      offers: z.optional(shownOffers),
      state: z.optional(z.enum(['live', 'retired'])),
      seenChangedAt,
    })
    .check(z.refine(({ seenChangedAt: _, ...changes }) => Object.keys(changes).length > 0, 'must change something')),
  status: 200,
  answer: z.object({ paywall: deskPaywall }),
  errors: ['version_conflict'],
});

// ── refunds ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `waiting`: for a second person. `open`: on its way to the store. `refused`: by the store, `refusal` says why. */
export const refundState = z.enum(['waiting', 'open', 'sent', 'refused', 'rejected']);

export const refundOrder = z.object({
  id: idOf('rfo'),
  paymentId: idOf('pur'),
  /** Whose payment it is. */
  userId,
  money,
  reason: z.string(),
  state: refundState,
  refusal: z.nullable(z.string()),
  requestedBy: userId,
  decidedBy: z.nullable(userId),
  createdAt: timestamp,
});
export type RefundOrder = z.infer<typeof refundOrder>;

export const refundPayment = endpoint({
  name: 'refundPayment',
  method: 'POST',
  path: '/admin/payments/:id/refund',
  tag: 'payments',
  summary: 'Send a payment back, whole or in part; above the limit it waits for a second person (`waiting`)',
  access: 'payments.refund',
  params: z.strictObject({ id: idOf('pur') }),
  body: z.strictObject({
    /** In the smallest unit; left out: all that is left of it. */
    amount: z.optional(z.int().check(z.gte(1), z.lte(100_000_000))),
    reason: z.string().check(z.trim(), z.minLength(5), z.maxLength(500)),
  }),
  status: 201,
  answer: z.object({ refund: refundOrder }),
  idempotencyKey: true,
  errors: ['not_refundable', 'idempotency_conflict'],
});

export const decideRefund = endpoint({
  name: 'decideRefund',
  method: 'POST',
  path: '/admin/refunds/:id',
  tag: 'payments',
  summary: 'The second person’s word on a refund',
  access: 'payments.refund',
  params: z.strictObject({ id: idOf('rfo') }),
  body: z.strictObject({ approve: z.boolean() }),
  status: 200,
  answer: z.object({ refund: refundOrder }),
  errors: ['version_conflict'],
});

export const listRefunds = endpoint({
  name: 'listRefunds',
  method: 'GET',
  path: '/admin/refunds',
  tag: 'payments',
  summary: 'Refunds that staff ordered, newest first',
  access: 'payments.refund',
  query: z.strictObject({ ...pageQuery, state: z.optional(refundState) }),
  status: 200,
  answer: page(refundOrder),
});

// ── reconciliation ──────────────────────────────────────────────────────────────────────────────────────────────────

/** What a day came to in one currency, in its smallest unit. */
export const daySum = z.object({ currency: z.string(), paid: z.int(), back: z.int(), count: z.int() });
export type DaySum = z.infer<typeof daySum>;

/**
 * One payment or refund of which two books say different things. `missing_here`: the store has it, we don't. `missing_there`: we
 * have it, the store doesn't. `amount`: both, for different money. `not_in_books`: we have it, and the ledger has not what it
 * gave or took. `not_taken_up`: it was told, and had no effect.
 */
export const difference = z.object({
  kind: z.enum(['missing_here', 'missing_there', 'amount', 'not_in_books', 'not_taken_up']),
  what: z.enum(['payment', 'refund', 'event']),
  /** In the store's words; of an event in ours. */
  id: z.string(),
  theirs: z.nullable(money),
  ours: z.nullable(money),
});
export type Difference = z.infer<typeof difference>;

export const reconciledDay = z.object({
  day: z.iso.date(),
  store,
  state: z.enum(['agrees', 'differs']),
  /** Null where a store can’t be asked what a day came to. */
  theirs: z.nullable(z.array(daySum)),
  ours: z.array(daySum),
  differences: z.array(difference),
  checkedAt: timestamp,
});
export type ReconciledDay = z.infer<typeof reconciledDay>;

export const listReconciliation = endpoint({
  name: 'listReconciliation',
  method: 'GET',
  path: '/admin/reconciliation',
  tag: 'payments',
  summary: 'Days of stores against our books, the newest first',
  access: 'payments.read',
  query: z.strictObject({ ...pageQuery, state: z.optional(z.enum(['agrees', 'differs'])) }),
  status: 200,
  answer: page(reconciledDay),
});
