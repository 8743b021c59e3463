/** Subscriptions and their invoices: begun, renewed, changed, paused, ended. */
import { type Account, type Asking, born, nameOf, seconds } from './account.ts';
import { confirm, newIntent } from './charging.ts';
import { customerOf, ownMethod, priceOf } from './customers.ts';
import type { Fields } from './fields.ts';
import type { Invoice, InvoicePayment, ListOf, PaymentIntent, Price, Subscription, SubscriptionItem } from './objects.ts';
import { declined, invalid } from './problem.ts';

/** When a card that failed is tried again. */
const RETRY_SECONDS = 3 * 24 * 3600;

const listOf = <Item>(data: Item[], url: string): ListOf<Item> => ({ object: 'list', data, has_more: false, url });

/** The same day of the next month or year; the last of a month that is shorter. */
export function periodEnd(start: number, { interval, interval_count }: NonNullable<Price['recurring']>): number {
  const from = new Date(start * 1000);
  const months = interval === 'year' ? 12 * interval_count : interval_count;
  const next = new Date(
    Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + months, 1, from.getUTCHours(), from.getUTCMinutes(), from.getUTCSeconds()),
  );
  const days = new Date(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 0)).getUTCDate();
  next.setUTCDate(Math.min(from.getUTCDate(), days));
  return seconds(next.getTime());
}

const itemOf = (subscription: Subscription): SubscriptionItem => subscription.items.data[0] as SubscriptionItem;

const termsOf = (price: Price): NonNullable<Price['recurring']> => {
  if (!price.recurring)
    throw invalid('The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.');
  return price.recurring;
};

/** Begins one; its first invoice is paid now, with a card that its customer has. */
export function beginSubscription(
  account: Account,
  asking: Asking,
  { customer, price, metadata, method }: { customer: string; price: Price; metadata: Record<string, string>; method: string },
): { subscription: Subscription; invoice: Invoice; intent: PaymentIntent } {
  const start = seconds(asking.at);
  const end = periodEnd(start, termsOf(price));
  const first = born('sub', asking.at);
  const item: SubscriptionItem = {
    id: nameOf('si'),
    object: 'subscription_item',
    price,
    quantity: 1,
    current_period_start: start,
    current_period_end: end,
    subscription: first.id,
  };
  const subscription: Subscription = {
    ...first,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    currency: price.currency,
    customer,
    default_payment_method: method,
    ended_at: null,
    items: listOf([item], `/v1/subscription_items?subscription=${first.id}`),
    latest_invoice: null,
    metadata,
    pause_collection: null,
    start_date: start,
    status: 'incomplete',
  };
  account.subscriptions.set(subscription.id, subscription);
  account.emit(asking, 'customer.subscription.created', subscription);
  const { invoice, intent } = bill(account, asking, subscription, 'subscription_create');
  return { subscription, invoice, intent };
}

/** An invoice for the subscription's period, with a payment that nobody has confirmed. */
function bill(
  account: Account,
  asking: Asking,
  subscription: Subscription,
  billing_reason: Invoice['billing_reason'],
): { invoice: Invoice; intent: PaymentIntent } {
  const item = itemOf(subscription);
  const { price, current_period_start: start, current_period_end: end } = item;
  const first = born('in', asking.at);
  const invoice: Invoice = {
    ...first,
    amount_due: price.unit_amount,
    amount_paid: 0,
    amount_remaining: price.unit_amount,
    attempt_count: 0,
    attempted: false,
    billing_reason,
    currency: price.currency,
    customer: subscription.customer,
    customer_email: account.customers.get(subscription.customer)?.email ?? null,
    lines: listOf(
      [
        {
          id: nameOf('il'),
          object: 'line_item',
          amount: price.unit_amount,
          currency: price.currency,
          description: `1 × ${account.products.get(price.product)?.name ?? price.product}`,
          period: { start, end },
          pricing: {
            type: 'price_details',
            price_details: { price: price.id, product: price.product },
            unit_amount_decimal: String(price.unit_amount),
          },
          parent: {
            type: 'subscription_item_details',
            subscription_item_details: { subscription: subscription.id, subscription_item: item.id, proration: false },
          },
          quantity: 1,
        },
      ],
      `/v1/invoices/${first.id}/lines`,
    ),
    metadata: {},
    next_payment_attempt: null,
    parent: {
      type: 'subscription_details',
      subscription_details: { subscription: subscription.id, metadata: { ...subscription.metadata } },
    },
    period_start: start,
    period_end: end,
    status: 'open',
    status_transitions: { paid_at: null, finalized_at: seconds(asking.at) },
    total: price.unit_amount,
  };
  account.invoices.set(invoice.id, invoice);
  subscription.latest_invoice = invoice.id;
  account.emit(asking, 'invoice.created', invoice);
  account.emit(asking, 'invoice.finalized', invoice);
  const intent = newIntent(account, asking, {
    amount: price.unit_amount,
    currency: price.currency,
    customer: subscription.customer,
    metadata: {},
    description: billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update',
    setup_future_usage: 'off_session',
  });
  const payment: InvoicePayment = {
    ...born('inpay', asking.at),
    amount_paid: null,
    amount_requested: price.unit_amount,
    currency: price.currency,
    invoice: invoice.id,
    is_default: true,
    payment: { type: 'payment_intent', payment_intent: intent.id },
    status: 'open',
  };
  account.invoicePayments.set(payment.id, payment);
  return { invoice, intent };
}

/** Pays an invoice with the card of its subscription. @returns whether it is paid */
export function pay(
  account: Account,
  asking: Asking,
  invoice: Invoice,
  { offSession, authenticated = false, returnUrl = null }: { offSession: boolean; authenticated?: boolean; returnUrl?: string | null },
): boolean {
  const subscription = account.find(account.subscriptions, invoice.parent.subscription_details.subscription, 'subscription');
  const payment = paymentOf(account, invoice.id);
  const intent = account.find(account.intents, payment.payment.payment_intent, 'payment_intent');
  intent.payment_method =
    subscription.default_payment_method ?? account.customers.get(invoice.customer)?.invoice_settings.default_payment_method ?? null;
  invoice.attempt_count += 1;
  invoice.attempted = true;
  if (intent.payment_method === null || confirm(account, asking, intent, { offSession, authenticated, returnUrl }))
    return failed(account, asking, invoice, subscription);
  if (intent.status !== 'succeeded') return false;
  settle(account, asking, invoice, payment);
  return true;
}

/** An invoice whose payment has succeeded is paid, and its subscription runs. */
export function settle(account: Account, asking: Asking, invoice: Invoice, payment: InvoicePayment): void {
  const subscription = account.find(account.subscriptions, invoice.parent.subscription_details.subscription, 'subscription');
  payment.status = 'paid';
  payment.amount_paid = payment.amount_requested;
  invoice.status = 'paid';
  invoice.amount_paid = invoice.amount_due;
  invoice.amount_remaining = 0;
  invoice.next_payment_attempt = null;
  invoice.status_transitions.paid_at = seconds(asking.at);
  account.emit(asking, 'invoice.paid', invoice);
  account.emit(asking, 'invoice.payment_succeeded', invoice);
  account.emit(asking, 'invoice_payment.paid', payment);
  if (subscription.status !== 'active') change(account, asking, subscription, { status: 'active' });
}

function failed(account: Account, asking: Asking, invoice: Invoice, subscription: Subscription): false {
  invoice.next_payment_attempt = subscription.status === 'incomplete' ? null : seconds(asking.at) + RETRY_SECONDS;
  account.emit(asking, 'invoice.payment_failed', invoice);
  if (subscription.status === 'active') change(account, asking, subscription, { status: 'past_due' });
  return false;
}

export function paymentOf(account: Account, invoice: string): InvoicePayment {
  const payment = [...account.invoicePayments.values()].find((each) => each.invoice === invoice);
  if (!payment) throw new Error(`the invoice ${invoice} has no payment`);
  return payment;
}

/** Changes some of its fields and tells which they were. */
function change(account: Account, asking: Asking, subscription: Subscription, next: Partial<Subscription>): void {
  const previous = Object.fromEntries(Object.keys(next).map((key) => [key, subscription[key as keyof Subscription]]));
  Object.assign(subscription, next);
  account.emit(asking, 'customer.subscription.updated', subscription, previous);
}

/** The next period begins and its invoice is paid, or not. */
export function renew(account: Account, asking: Asking, subscription: Subscription, fails: boolean): Invoice {
  mustRun(subscription);
  if (subscription.pause_collection) throw invalid('This subscription is paused.');
  if (subscription.cancel_at_period_end) throw invalid('This subscription ends with its period.');
  const item = itemOf(subscription);
  const previous = { items: structuredClone(subscription.items), latest_invoice: subscription.latest_invoice };
  item.current_period_start = item.current_period_end;
  item.current_period_end = periodEnd(item.current_period_start, termsOf(item.price));
  const { invoice } = bill(account, asking, subscription, 'subscription_cycle');
  account.emit(asking, 'customer.subscription.updated', subscription, previous);
  if (fails) failed(account, asking, invoice, subscription);
  else pay(account, asking, invoice, { offSession: true });
  return invoice;
}

export function pause(account: Account, asking: Asking, subscription: Subscription): void {
  mustRun(subscription);
  change(account, asking, subscription, { pause_collection: { behavior: 'void', resumes_at: null } });
}

export const resume = (account: Account, asking: Asking, subscription: Subscription): void =>
  change(account, asking, subscription, { pause_collection: null });

export function cancelAtEnd(account: Account, asking: Asking, subscription: Subscription, wanted: boolean): void {
  mustRun(subscription);
  change(account, asking, subscription, {
    cancel_at_period_end: wanted,
    cancel_at: wanted ? itemOf(subscription).current_period_end : null,
    canceled_at: wanted ? seconds(asking.at) : null,
  });
}

export function endNow(account: Account, asking: Asking, subscription: Subscription): Subscription {
  mustRun(subscription);
  subscription.status = 'canceled';
  subscription.canceled_at ??= seconds(asking.at);
  subscription.ended_at = seconds(asking.at);
  account.emit(asking, 'customer.subscription.deleted', subscription);
  return subscription;
}

/** Another price from now on; the period stays, and what is left of the old one is not settled up. */
export function changePrice(account: Account, asking: Asking, subscription: Subscription, price: Price): void {
  mustRun(subscription);
  termsOf(price);
  const previous = { items: structuredClone(subscription.items) };
  itemOf(subscription).price = price;
  account.emit(asking, 'customer.subscription.updated', subscription, previous);
}

function mustRun({ status }: Subscription): void {
  if (status === 'canceled' || status === 'incomplete' || status === 'incomplete_expired')
    throw invalid(`A subscription that is ${status} can't be changed.`);
}

export function createSubscription(account: Account, fields: Fields, asking: Asking): Subscription {
  const customer = customerOf(account, fields.required('customer'), 'customer');
  const items = fields.list('items');
  const [item] = items;
  if (!item || items.length > 1) throw invalid('One item is expected.', { param: 'items' });
  const price = priceOf(account, item.required('price'), 'items[0][price]');
  item.whole('quantity', 1);
  item.done();
  const metadata = fields.metadata();
  const named = fields.text('default_payment_method');
  const isOff = fields.flag('off_session') ?? false;
  fields.done();
  const method = named === undefined ? customer.invoice_settings.default_payment_method : ownMethod(account, named, customer.id).id;
  if (method === null)
    throw invalid('This customer has no attached payment source or default payment method.', { code: 'resource_missing' });
  const { subscription, invoice, intent } = beginSubscription(account, asking, { customer: customer.id, price, metadata, method });
  if (!pay(account, asking, invoice, { offSession: isOff }) && intent.last_payment_error)
    throw declined(intent.last_payment_error.message, { code: intent.last_payment_error.code });
  return subscription;
}

export function updateSubscription(account: Account, fields: Fields, asking: Asking, id: string): Subscription {
  const subscription = account.find(account.subscriptions, id, 'subscription');
  const atEnd = fields.flag('cancel_at_period_end');
  const isPauseSaid = fields.has('pause_collection');
  const pausing = fields.inside('pause_collection');
  const behavior = pausing?.oneOf('behavior', ['void', 'keep_as_draft', 'mark_uncollectible']);
  const resumesAt = pausing?.whole('resumes_at', 0) ?? null;
  pausing?.done();
  const items = fields.list('items');
  fields.oneOf('proration_behavior', ['create_prorations', 'none', 'always_invoice']);
  subscription.metadata = fields.metadata(subscription.metadata);
  const prices = items.map((item, n) => {
    item.text('id');
    const price = priceOf(account, item.required('price'), `items[${n}][price]`);
    item.done();
    return price;
  });
  fields.done();
  if (atEnd !== undefined && atEnd !== subscription.cancel_at_period_end) cancelAtEnd(account, asking, subscription, atEnd);
  if (isPauseSaid) {
    mustRun(subscription);
    change(account, asking, subscription, { pause_collection: behavior === undefined ? null : { behavior, resumes_at: resumesAt } });
  }
  for (const price of prices) changePrice(account, asking, subscription, price);
  return subscription;
}
