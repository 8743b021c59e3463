/** What sources of payments tell, what an app sends of a purchase, what a person has bought, and what staff see of all of it. */
import * as z from 'zod/mini';
import { idOf, userId } from '../ids.ts';
import { unit } from '../money.ts';
import { page, pageQuery } from '../paging.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

export const paymentSource = z.enum(['stripe', 'adapty', 'apple', 'google', 'apphud']);
export type PaymentSource = z.infer<typeof paymentSource>;
export const paymentStore = z.enum(['stripe', 'apple', 'google']);
export type PaymentStore = z.infer<typeof paymentStore>;
export const paymentKind = z.enum([
  'purchase',
  'renewal',
  'cancellation',
  'expiry',
  'refund',
  'chargeback',
  /** A refund or chargeback did not stand: a dispute that was won, a refund that the store took back. */
  'refund_reversal',
  'product_change',
  'pause',
  'grace',
  'billing_issue',
]);
export type PaymentKind = z.infer<typeof paymentKind>;
const paymentEventId = idOf('pev');

/** In the currency's smallest unit (cents), with its ISO 4217 code. */
const money = z.object({ amount: z.int(), currency: z.string() });

// ── told by sources and apps ────────────────────────────────────────────────────────────────────────────────────────

export const receivePayment = endpoint({
  name: 'receivePayment',
  method: 'POST',
  path: '/webhooks/:source',
  tag: 'payments',
  summary: 'A source of payments tells what happened; proved on the bytes as they came, and again as often as it likes',
  access: 'public',
  params: z.strictObject({ source: paymentSource }),
  bytes: { types: ['application/json', 'text/plain'], max: 512 * 1024, unread: true },
  status: 200,
  /** Empty, or what a source wants to hear when it checks the address. */
  answer: z.looseObject({}),
});

/** How far something that an app sent has come. */
export const sentPurchase = z.object({
  id: paymentEventId,
  /** `under_way`: it is kept, and will have its effect by itself. `refused`: it can't have any; staff see why. */
  state: z.enum(['applied', 'under_way', 'refused']),
});

export const sendApplePurchase = endpoint({
  name: 'sendApplePurchase',
  method: 'POST',
  path: '/purchases/apple',
  tag: 'payments',
  summary: 'A transaction that Apple signed for the caller; sent again, it is the same one',
  access: 'wallet.top_up',
  body: z.strictObject({ signedTransaction: z.string().check(z.minLength(20), z.maxLength(20_000)) }),
  status: 200,
  answer: z.object({ purchase: sentPurchase }),
  errors: ['taken'],
});

export const sendGooglePurchase = endpoint({
  name: 'sendGooglePurchase',
  method: 'POST',
  path: '/purchases/google',
  tag: 'payments',
  summary: 'A purchase of the caller at Google, which is asked about it; sent again, it is the same one',
  access: 'wallet.top_up',
  body: z.strictObject({
    purchaseToken: z.string().check(z.minLength(10), z.maxLength(2_000)),
    productRef: z.string().check(z.minLength(1), z.maxLength(200)),
  }),
  status: 200,
  answer: z.object({ purchase: sentPurchase }),
  errors: ['taken'],
});

// ── what a person has bought ────────────────────────────────────────────────────────────────────────────────────────

export const purchase = z.object({
  id: idOf('pur'),
  at: timestamp,
  store: paymentStore,
  /** What was bought, as the catalogue names it. */
  product: z.object({ id: z.string(), kind: z.enum(['coins', 'moments', 'plan']), plan: z.nullable(z.string()) }),
  /** What it gave; null for a plan. */
  granted: z.nullable(z.object({ unit, amount: z.int() })),
  /** What refunds took of that. */
  takenBack: z.int(),
  /** What was paid; null where the store does not say. */
  money: z.nullable(money),
  /** What of that was given back; null where it was all of it and the store does not say how much. */
  refunded: z.nullable(money),
  state: z.enum(['paid', 'partly_refunded', 'refunded']),
  /** One payment of a subscription that goes on. */
  ofSubscription: z.boolean(),
});
export type Purchase = z.infer<typeof purchase>;

export const listPurchases = endpoint({
  name: 'listPurchases',
  method: 'GET',
  path: '/me/purchases',
  tag: 'payments',
  summary: 'What the caller bought, newest first, and what of it was refunded',
  access: 'signed_in',
  query: z.strictObject(pageQuery),
  status: 200,
  answer: page(purchase),
});

// ── staff ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * `stored`: kept, and about to be taken up. `pending`: nobody is known by its names yet. `waiting`: a refund whose payment was
 * not told yet. `applied`: it had its effect. `nothing`: it is of no concern. `dead`: it can't be processed; `reason` says why.
 */
export const deliveryState = z.enum(['stored', 'pending', 'waiting', 'applied', 'nothing', 'dead']);

export const paymentEvent = z.object({
  id: paymentEventId,
  source: paymentSource,
  sourceEventId: z.string(),
  receivedAt: timestamp,
  state: deliveryState,
  /** Of a dead one: `unknown_product`, `two_owners`, `no_transaction`, `unreadable`, `conflict`, `gave_up`; the source's words behind a colon. */
  reason: z.nullable(z.string()),
  /** What to know of it all the same, such as `not_spent`: the person's pricing model does not spend what was granted. */
  note: z.nullable(z.string()),
  replays: z.int(),
  /** Whose app sent it; null: the source did. */
  sentBy: z.nullable(userId),
  /** What it says; null until it was read. */
  fact: z.nullable(
    z.object({
      store: paymentStore,
      kind: paymentKind,
      transactionId: z.nullable(z.string()),
      refundId: z.nullable(z.string()),
      subscriptionRef: z.nullable(z.string()),
      productRef: z.nullable(z.string()),
      money: z.nullable(money),
      period: z.nullable(z.object({ from: timestamp, until: timestamp })),
      occurredAt: timestamp,
      signedByStore: z.boolean(),
      userId: z.nullable(userId),
    }),
  ),
});
export type WirePaymentEvent = z.infer<typeof paymentEvent>;

export const listPaymentEvents = endpoint({
  name: 'listPaymentEvents',
  method: 'GET',
  path: '/admin/payment-events',
  tag: 'payments',
  summary: 'What sources told, newest first: by state (`pending`, `dead`), source, store or person',
  access: 'payments.read',
  query: z.strictObject({
    ...pageQuery,
    state: z.optional(deliveryState),
    source: z.optional(paymentSource),
    store: z.optional(paymentStore),
    userId: z.optional(userId),
  }),
  status: 200,
  answer: page(paymentEvent),
});

const byId = z.strictObject({ id: paymentEventId });

export const readPaymentEvent = endpoint({
  name: 'readPaymentEvent',
  method: 'GET',
  path: '/admin/payment-events/:id',
  tag: 'payments',
  summary: 'One of them: what it says, and what became of it',
  access: 'payments.read',
  params: byId,
  status: 200,
  answer: z.object({ paymentEvent }),
});

export const lookAtPaymentEvent = endpoint({
  name: 'lookAtPaymentEvent',
  method: 'GET',
  path: '/admin/payment-events/:id/raw',
  tag: 'payments',
  summary: 'What came, as it came, and the names of the customer in it; that somebody looked stands in the audit',
  access: 'payments.manage',
  params: byId,
  status: 200,
  answer: z.object({
    /** By what the customer is known there. */
    customerRefs: z.array(z.object({ kind: z.string(), value: z.string() })),
    /** Null: it had its effect long ago, and is not kept any more. */
    raw: z.nullable(z.string()),
    /** SHA-256 in hexadecimal digits of what is not kept any more. */
    rawHash: z.nullable(z.string()),
  }),
});

export const replayPaymentEvent = endpoint({
  name: 'replayPaymentEvent',
  method: 'POST',
  path: '/admin/payment-events/:id/replay',
  tag: 'payments',
  summary:
    'Take one up again that had no effect yet, where nobody or more than one is known by its names for somebody who is named; audited',
  access: 'payments.manage',
  params: byId,
  body: z.strictObject({
    /** Whose it is, as staff found out. Only for what is nobody’s yet. */
    claimFor: z.optional(z.strictObject({ userId, reason: z.string().check(z.trim(), z.minLength(5), z.maxLength(500)) })),
  }),
  status: 200,
  answer: z.object({ paymentEvent }),
  errors: ['too_late', 'taken'],
});

const aliasName = {
  kind: z.enum([
    'stripe_customer',
    'adapty_profile',
    'apphud_user',
    'apple_account',
    'google_account',
    'device',
    'stripe_subscription',
    'apple_subscription',
    'google_subscription',
  ]),
  value: z.string().check(z.minLength(1), z.maxLength(2_000)),
};

export const paymentAlias = z.object({
  ...aliasName,
  userId,
  /** From when on it is theirs; null: from the beginning. */
  since: z.nullable(timestamp),
  verifiedAt: timestamp,
  /** Who moved it, and why; null where it was never moved. */
  movedBy: z.nullable(userId),
  reason: z.nullable(z.string()),
});
export type WirePaymentAlias = z.infer<typeof paymentAlias>;

export const listPaymentAliases = endpoint({
  name: 'listPaymentAliases',
  method: 'GET',
  path: '/admin/payment-aliases',
  tag: 'payments',
  summary: 'By what stores and messengers know a person, or whose such a name is and was',
  access: 'payments.manage',
  query: z
    .strictObject({ userId: z.optional(userId), value: z.optional(aliasName.value) })
    .check(z.refine(({ userId, value }) => (userId === undefined) !== (value === undefined), 'ask by userId, or by value')),
  status: 200,
  answer: page(paymentAlias),
});

export const transferPaymentAlias = endpoint({
  name: 'transferPaymentAlias',
  method: 'POST',
  path: '/admin/payment-aliases/transfer',
  tag: 'payments',
  summary:
    'Give such a name to somebody else: what happens at the store from now on is theirs, what was granted stays where it is; audited',
  access: 'payments.manage',
  body: z.strictObject({ ...aliasName, to: userId, reason: z.string().check(z.trim(), z.minLength(5), z.maxLength(500)) }),
  status: 200,
  answer: z.object({ paymentAlias }),
});
