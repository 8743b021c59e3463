/**
 * Stripe's events as ours. One payment is one fact, named by its payment intent (by its invoice where no money moved): a
 * Checkout and its payment, and an invoice and its payment, tell the same, so only one of each is read.
 */
import type Stripe from 'stripe';
import type { CustomerRef, Interpretation, PaymentEvent, PaymentKind } from './payment-event.ts';
import { nothing, ourUser, refs, told, unreadable } from './reading-rules.ts';

const ms = (seconds: number): number => seconds * 1000;
const idOf = (thing: string | { readonly id: string } | null | undefined): string | null =>
  typeof thing === 'string' ? thing : (thing?.id ?? null);
const moneyOf = (amount: number, currency: string) => ({ amount, currency: currency.toUpperCase() });

/** What we wrote beside a payment says whose it is. What its buyer typed counts only without that. */
function namesOf(said: {
  readonly user?: string | null | undefined;
  readonly customer: string | null;
  readonly email?: string | null | undefined;
}): CustomerRef[] {
  const ours = ourUser(said.user);
  return refs(['user', ours], ['email', ours === null ? said.email?.trim().toLowerCase() : null], ['stripe_customer', said.customer]);
}

type Words = Omit<PaymentEvent, 'source' | 'store' | 'sourceEventId' | 'signedByStore' | 'occurredAt'>;

const eventOf = ({ id, created }: Stripe.Event, words: Words, occurredAt = ms(created)): Interpretation =>
  told({ source: 'stripe', sourceEventId: id, store: 'stripe', signedByStore: true, ...words, occurredAt });

/** What has to be asked of Stripe before an event can be read; null: nothing. */
export function wanting(event: Stripe.Event): { readonly what: 'invoice' | 'payment'; readonly id: string } | null {
  if (event.type === 'invoice.paid' && event.data.object.id) return { what: 'invoice', id: event.data.object.id };
  if (event.type === 'payment_intent.succeeded') return { what: 'payment', id: event.data.object.id };
  return null;
}

/** What was asked: the payment of an invoice; or to what a payment belongs. */
export interface Asked {
  readonly payment?: string | null;
  /** The payment is an invoice's, which tells it with its period. */
  readonly ofInvoice?: boolean;
  /** The Checkout that a payment was made at. */
  readonly checkout?: { readonly user: string | null; readonly email: string | null; readonly price: string | null } | null;
}

export function readStripe(event: Stripe.Event, asked: Asked): Interpretation {
  switch (event.type) {
    case 'payment_intent.succeeded':
      return paymentMade(event, event.data.object, asked);
    case 'invoice.paid':
      return invoicePaid(event, event.data.object, asked);
    case 'invoice.payment_failed':
      return collectingFailed(event, event.data.object);
    case 'customer.subscription.updated':
      return subscriptionChanged(event, event.data.object, event.data.previous_attributes ?? {});
    case 'customer.subscription.deleted':
      return aboutSubscription(event, event.data.object, 'expiry', ms(event.data.object.ended_at ?? event.created));
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
      return refunded(event, event.data.object, (event.data.previous_attributes as Partial<Stripe.Refund> | undefined)?.status ?? null);
    case 'charge.dispute.funds_withdrawn':
      return disputed(event, event.data.object, true);
    case 'charge.dispute.funds_reinstated':
      return disputed(event, event.data.object, false);
    default:
      return nothing(`${event.type} is told by another event, or moves no money.`);
  }
}

function paymentMade(event: Stripe.Event, intent: Stripe.PaymentIntent, { ofInvoice = false, checkout = null }: Asked): Interpretation {
  if (ofInvoice) return nothing('Its invoice tells it.');
  return eventOf(event, {
    kind: 'purchase',
    storeTransactionId: intent.id,
    storeRefundId: null,
    storeSubscriptionId: null,
    customerRefs: namesOf({
      user: intent.metadata.user ?? checkout?.user,
      customer: idOf(intent.customer),
      email: checkout?.email ?? intent.receipt_email,
    }),
    productRef: intent.metadata.price ?? checkout?.price ?? null,
    money: moneyOf(intent.amount_received, intent.currency),
    period: null,
  });
}

const reasons: Readonly<Record<string, PaymentKind>> = {
  subscription_create: 'purchase',
  subscription_cycle: 'renewal',
  subscription_update: 'product_change',
};

function invoicePaid(event: Stripe.Event, invoice: Stripe.Invoice, { payment = null }: Asked): Interpretation {
  const subscription = idOf(invoice.parent?.subscription_details?.subscription);
  if (subscription === null) return nothing('An invoice without a subscription; its payment tells it.');
  const kind = reasons[invoice.billing_reason ?? ''];
  const line = invoice.lines.data.findLast((each) => each.parent?.subscription_item_details?.proration !== true);
  if (kind === undefined || !line) return unreadable(`An invoice for ${invoice.billing_reason} can’t be read.`);
  return eventOf(event, {
    kind,
    storeTransactionId: payment ?? invoice.id,
    storeRefundId: null,
    storeSubscriptionId: subscription,
    customerRefs: namesOf({
      user: invoice.parent?.subscription_details?.metadata?.user,
      customer: idOf(invoice.customer),
      email: invoice.customer_email,
    }),
    productRef: idOf(line.pricing?.price_details?.price),
    money: moneyOf(invoice.amount_paid, invoice.currency),
    period: { from: ms(line.period.start), until: ms(line.period.end) },
  });
}

function collectingFailed(event: Stripe.Event, invoice: Stripe.Invoice): Interpretation {
  const details = invoice.parent?.subscription_details;
  const subscription = idOf(details?.subscription);
  if (subscription === null) return nothing('An invoice without a subscription.');
  // The first one was never paid: there is no subscription yet.
  if (invoice.billing_reason === 'subscription_create') return nothing('A first payment that failed begins nothing.');
  const at = ms(event.created);
  return eventOf(event, {
    kind: 'billing_issue',
    storeTransactionId: null,
    storeRefundId: null,
    storeSubscriptionId: subscription,
    customerRefs: namesOf({ user: details?.metadata?.user, customer: idOf(invoice.customer), email: invoice.customer_email }),
    productRef: null,
    money: null,
    period: invoice.next_payment_attempt === null ? null : { from: at, until: Math.max(at, ms(invoice.next_payment_attempt)) },
  });
}

/** Which word a change is, by what was otherwise before. What a paid or failed invoice tells is left to that. */
function subscriptionChanged(event: Stripe.Event, subscription: Stripe.Subscription, before: Partial<Stripe.Subscription>): Interpretation {
  if (before.pause_collection !== undefined)
    return aboutSubscription(event, subscription, subscription.pause_collection === null ? 'renewal' : 'pause');
  if (before.cancel_at_period_end !== undefined || before.cancel_at !== undefined) {
    const isLeaving = subscription.cancel_at_period_end || subscription.cancel_at !== null;
    return aboutSubscription(event, subscription, isLeaving ? 'cancellation' : 'renewal');
  }
  const price = before.items?.data[0]?.price?.id;
  if (price !== undefined && price !== subscription.items.data[0]?.price.id)
    return aboutSubscription(event, subscription, 'product_change');
  // Stripe has tried as often as it is set to, and leaves it so.
  if (before.status !== undefined && subscription.status === 'unpaid') return aboutSubscription(event, subscription, 'expiry');
  return nothing('Its invoice tells it, or it changes nothing that is sold.');
}

function aboutSubscription(
  event: Stripe.Event,
  subscription: Stripe.Subscription,
  kind: PaymentKind,
  occurredAt = ms(event.created),
): Interpretation {
  const item = subscription.items.data[0];
  return eventOf(
    event,
    {
      kind,
      storeTransactionId: null,
      storeRefundId: null,
      storeSubscriptionId: subscription.id,
      customerRefs: namesOf({ user: subscription.metadata.user, customer: idOf(subscription.customer) }),
      productRef: item?.price.id ?? null,
      money: null,
      period: item && kind !== 'expiry' ? { from: ms(item.current_period_start), until: ms(item.current_period_end) } : null,
    },
    occurredAt,
  );
}

const goingBack = (
  event: Stripe.Event,
  kind: 'refund' | 'chargeback' | 'refund_reversal',
  of: { readonly id: string; readonly amount: number; readonly currency: string; readonly payment_intent: string | { id: string } | null },
  occurredAt: number,
): Interpretation => {
  const payment = idOf(of.payment_intent);
  if (payment === null) return nothing('Of a charge that no payment of ours stands behind.');
  return eventOf(
    event,
    {
      kind,
      storeTransactionId: payment,
      storeRefundId: of.id,
      storeSubscriptionId: null,
      customerRefs: [],
      productRef: null,
      money: moneyOf(of.amount, of.currency),
      period: null,
    },
    occurredAt,
  );
};

/** A refund counts when it has gone through, at the time it was asked for; one that fails after that did not stand. */
function refunded(event: Stripe.Event, refund: Stripe.Refund, before: string | null): Interpretation {
  if (before !== null && before !== 'succeeded' && refund.status !== 'succeeded') return nothing('A refund that never went through.');
  if (refund.status === 'succeeded') return goingBack(event, 'refund', refund, ms(refund.created));
  if (refund.status === 'failed' || refund.status === 'canceled') return goingBack(event, 'refund_reversal', refund, ms(event.created));
  return nothing(`The refund is ${refund.status}.`);
}

/** A dispute counts when money moves for it: not while a bank only asks, and also where its question became a dispute later. */
const disputed = (event: Stripe.Event, dispute: Stripe.Dispute, isWithdrawn: boolean): Interpretation =>
  isWithdrawn
    ? goingBack(event, 'chargeback', dispute, ms(dispute.created))
    : goingBack(event, 'refund_reversal', dispute, ms(event.created));
