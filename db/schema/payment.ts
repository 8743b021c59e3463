/** Tables of the `payment` domain. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { PaymentKind, PaymentSource, PaymentStore } from '../../worker/protocol/http/payment-events.ts';
import type { DaySum, Difference } from '../../worker/protocol/http/shop-desk.ts';

const store = () => text('store').$type<PaymentStore>().notNull();

export const product = sqliteTable('product', {
  id: text('id').primaryKey(),
  kind: text('kind', { enum: ['coins', 'moments', 'plan'] }).notNull(),
  amount: integer('amount'),
  plan: text('plan'),
  period: text('period', { enum: ['month', 'year'] }),
  rank: integer('rank').notNull(),
  state: text('state', { enum: ['draft', 'live', 'retired'] }).notNull(),
  createdAt: integer('created_at').notNull(),
  changedAt: integer('changed_at').notNull(),
});

export const price = sqliteTable('price', {
  id: text('id').$type<`pri_${string}`>().primaryKey(),
  product: text('product').notNull(),
  platform: text('platform', { enum: ['web', 'ios', 'android'] }).notNull(),
  store: store(),
  storeRef: text('store_ref').notNull(),
  currency: text('currency').notNull(),
  amount: integer('amount').notNull(),
  activeFrom: integer('active_from').notNull(),
  activeUntil: integer('active_until'),
  createdAt: integer('created_at').notNull(),
});

export const paywall = sqliteTable('paywall', {
  id: text('id').primaryKey(),
  placement: text('placement', { enum: ['before_first_call', 'balance_low', 'limit_reached', 'link'] }).notNull(),
  layout: text('layout', { enum: ['list', 'cards', 'single'] }).notNull(),
  offers: text('offers', { mode: 'json' }).$type<{ product: string; highlighted: boolean }[]>().notNull(),
  state: text('state', { enum: ['draft', 'live', 'retired'] }).notNull(),
  createdAt: integer('created_at').notNull(),
  changedAt: integer('changed_at').notNull(),
});
const source = () => text('source').$type<PaymentSource>().notNull();

/** What a source told, as it came, and how far it was taken up. */
export const paymentDelivery = sqliteTable('payment_delivery', {
  id: text('id').$type<`pev_${string}`>().primaryKey(),
  source: source(),
  sourceEventId: text('source_event_id').notNull(),
  sentBy: text('sent_by').$type<`usr_${string}`>(),
  /** As it came; empty once it was cleared. */
  raw: text('raw').notNull(),
  /** SHA-256 in hexadecimal digits of what was cleared; null while it is there. */
  rawHash: text('raw_hash'),
  receivedAt: integer('received_at').notNull(),
  state: text('state', { enum: ['stored', 'pending', 'waiting', 'applied', 'nothing', 'dead'] }).notNull(),
  reason: text('reason'),
  note: text('note'),
  replays: integer('replays').notNull().default(0),
  changedAt: integer('changed_at').notNull(),
});

/** The one fact that a delivery holds; it has the delivery's id. */
export const paymentEvent = sqliteTable('payment_event', {
  id: text('id').$type<`pev_${string}`>().primaryKey(),
  source: source(),
  store: store(),
  kind: text('kind').$type<PaymentKind>().notNull(),
  transactionId: text('transaction_id'),
  refundId: text('refund_id'),
  subscriptionRef: text('subscription_ref'),
  productRef: text('product_ref'),
  amount: integer('amount'),
  currency: text('currency'),
  periodFrom: integer('period_from'),
  periodUntil: integer('period_until'),
  occurredAt: integer('occurred_at').notNull(),
  signedByStore: integer('signed_by_store', { mode: 'boolean' }).notNull(),
  userId: text('user_id').$type<`usr_${string}`>(),
});

/** By what a store or messenger knows the customer of an event. */
export const paymentRef = sqliteTable('payment_ref', {
  eventId: text('event_id').notNull(),
  kind: text('kind').notNull(),
  value: text('value').notNull(),
});

/** Who a customer, profile or subscription of a store is, from `since` (ms) on. */
export const paymentAlias = sqliteTable('payment_alias', {
  kind: text('kind').notNull(),
  value: text('value').notNull(),
  since: integer('since').notNull(),
  userId: text('user_id').$type<`usr_${string}`>().notNull(),
  verifiedAt: integer('verified_at').notNull(),
  movedBy: text('moved_by').$type<`usr_${string}`>(),
  reason: text('reason'),
});

/** One transaction of a store, granted once. */
export const payment = sqliteTable('payment', {
  store: store(),
  transactionId: text('transaction_id').notNull(),
  id: text('id').$type<`pur_${string}`>().notNull().unique(),
  eventId: text('event_id').$type<`pev_${string}`>().notNull(),
  userId: text('user_id').$type<`usr_${string}`>().notNull(),
  product: text('product').notNull(),
  unit: text('unit', { enum: ['COIN', 'MOMENT'] }),
  granted: integer('granted').notNull(),
  taken: integer('taken').notNull().default(0),
  amount: integer('amount'),
  currency: text('currency'),
  subscriptionRef: text('subscription_ref'),
  occurredAt: integer('occurred_at').notNull(),
  createdAt: integer('created_at').notNull(),
  postedAt: integer('posted_at'),
});

/** What took a payment back, and what gave it again. */
export const paymentRefund = sqliteTable('payment_refund', {
  store: store(),
  transactionId: text('transaction_id').notNull(),
  n: integer('n').notNull(),
  key: text('key').notNull().unique(),
  eventId: text('event_id').$type<`pev_${string}`>().notNull(),
  kind: text('kind', { enum: ['refund', 'chargeback', 'refund_reversal'] }).notNull(),
  refundId: text('refund_id'),
  amount: integer('amount'),
  currency: text('currency'),
  change: integer('change').notNull(),
  occurredAt: integer('occurred_at').notNull(),
  createdAt: integer('created_at').notNull(),
  postedAt: integer('posted_at'),
});

export const spendingGuard = sqliteTable('spending_guard', {
  userId: text('user_id').primaryKey(),
  cap: integer('cap'),
  nextCap: integer('next_cap'),
  nextFrom: integer('next_from'),
  pauseUntil: integer('pause_until'),
  setAt: integer('set_at').notNull(),
});

export const automaticTopUp = sqliteTable('automatic_top_up', {
  userId: text('user_id').primaryKey(),
  price: text('price').$type<`pri_${string}`>().notNull(),
  threshold: integer('threshold').notNull(),
  monthlyCap: integer('monthly_cap').notNull(),
  state: text('state', { enum: ['on', 'off'] }).notNull(),
  failures: integer('failures').notNull(),
  changedAt: integer('changed_at').notNull(),
});

export const spending = sqliteTable('spending', {
  ref: text('ref').primaryKey(),
  userId: text('user_id').notNull(),
  way: text('way', { enum: ['checkout', 'top_up', 'automatic', 'sandbox', 'store'] }).notNull(),
  cents: integer('cents').notNull(),
  at: integer('at').notNull(),
  releasedAt: integer('released_at'),
});

export const paymentIntent = sqliteTable('payment_intent', {
  id: text('id').$type<`pin_${string}`>().primaryKey(),
  userId: text('user_id').$type<`usr_${string}`>().notNull(),
  way: text('way', { enum: ['checkout', 'top_up', 'automatic'] }).notNull(),
  price: text('price').$type<`pri_${string}`>().notNull(),
  amount: integer('amount').notNull(),
  currency: text('currency').notNull(),
  placement: text('placement', { enum: ['before_first_call', 'balance_low', 'limit_reached', 'link'] }),
  idempotencyKey: text('idempotency_key').notNull(),
  state: text('state', { enum: ['created', 'requires_action', 'succeeded', 'failed', 'expired', 'refunded'] }).notNull(),
  storeRef: text('store_ref').unique(),
  transactionId: text('transaction_id').unique(),
  url: text('url'),
  failure: text('failure'),
  createdAt: integer('created_at').notNull(),
  changedAt: integer('changed_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
});

export const stripeCustomer = sqliteTable('stripe_customer', {
  userId: text('user_id').primaryKey(),
  customer: text('customer').notNull().unique(),
  createdAt: integer('created_at').notNull(),
});

export const refundOrder = sqliteTable('refund_order', {
  id: text('id').$type<`rfo_${string}`>().primaryKey(),
  payment: text('payment').$type<`pur_${string}`>().notNull(),
  paid: integer('paid').notNull(),
  amount: integer('amount').notNull(),
  currency: text('currency').notNull(),
  reason: text('reason').notNull(),
  state: text('state', { enum: ['waiting', 'open', 'sent', 'refused', 'rejected'] }).notNull(),
  requestedBy: text('requested_by').$type<`usr_${string}`>().notNull(),
  idempotencyKey: text('idempotency_key').notNull(),
  bodyHash: text('body_hash').notNull(),
  decidedBy: text('decided_by').$type<`usr_${string}`>(),
  storeRef: text('store_ref').unique(),
  refusal: text('refusal'),
  createdAt: integer('created_at').notNull(),
  changedAt: integer('changed_at').notNull(),
});

export const reconciliationDay = sqliteTable(
  'reconciliation_day',
  {
    day: text('day').notNull(),
    store: store(),
    state: text('state', { enum: ['agrees', 'differs'] }).notNull(),
    theirs: text('theirs', { mode: 'json' }).$type<DaySum[]>(),
    ours: text('ours', { mode: 'json' }).$type<DaySum[]>().notNull(),
    differences: text('differences', { mode: 'json' }).$type<Difference[]>().notNull(),
    checkedAt: integer('checked_at').notNull(),
  },
  ({ day, store }) => [primaryKey({ columns: [day, store] })],
);
