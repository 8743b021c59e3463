/** Checkout: a session, its hosted page, and what paying there makes. */
import { type Account, type Asking, born, nameOf, seconds } from './account.ts';
import { cardNumbered } from './cards.ts';
import { confirm, newIntent, save, typedCard } from './charging.ts';
import { createPrice, customerOf, priceOf } from './customers.ts';
import type { Fields } from './fields.ts';
import { confirmSetup, newSetup } from './intents.ts';
import type { Customer, LineItem, Price, Session } from './objects.ts';
import { invalid, StripeProblem, unexpected } from './problem.ts';
import { beginSubscription, pay } from './subscriptions.ts';

const DAY = 24 * 3600;
const modes = ['payment', 'subscription', 'setup'] as const;

export function createSession(account: Account, fields: Fields, asking: Asking): Session {
  const mode = fields.oneOf('mode', modes);
  if (!mode) throw unexpected('parameter_missing', 'Missing required param: mode.', { param: 'mode' });
  const items = fields.list('line_items').map((item, n) => lineItem(account, item, asking, n));
  const recurring = items.filter(({ price }) => price.recurring !== null).length;
  if (mode !== 'setup' && items.length === 0)
    throw unexpected('parameter_missing', 'Missing required param: line_items.', { param: 'line_items' });
  if (mode === 'payment' && recurring > 0)
    throw invalid(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
    );
  if (mode === 'subscription' && recurring !== 1) throw invalid('You must provide exactly one recurring price in `subscription` mode.');
  const customer = fields.text('customer');
  if (customer !== undefined) customerOf(account, customer, 'customer');
  const email = fields.text('customer_email');
  if (customer !== undefined && email !== undefined)
    throw invalid('You may only specify one of these parameters: customer, customer_email.');
  const success = fields.url('success_url');
  if (success === undefined) throw unexpected('parameter_missing', 'Missing required param: success_url.', { param: 'success_url' });
  const expires = fields.whole('expires_at', 0) ?? seconds(asking.at) + DAY;
  if (expires < seconds(asking.at) + 1800 || expires > seconds(asking.at) + DAY)
    throw invalid('The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.', {
      param: 'expires_at',
    });
  const total = items.reduce((sum, { amount_total: amount }) => sum + amount, 0);
  const first = born('cs', asking.at);
  const session: Session = {
    ...first,
    amount_subtotal: total,
    amount_total: total,
    cancel_url: fields.url('cancel_url') ?? null,
    client_reference_id: fields.text('client_reference_id') ?? null,
    currency: items[0]?.currency ?? fields.text('currency') ?? 'usd',
    customer: customer ?? null,
    customer_creation: fields.oneOf('customer_creation', ['always', 'if_required'] as const) ?? (mode === 'payment' ? 'if_required' : null),
    customer_details: null,
    customer_email: email ?? null,
    expires_at: expires,
    invoice: null,
    locale: fields.text('locale') ?? null,
    metadata: fields.metadata(),
    mode,
    payment_intent: null,
    payment_method_types: ['card'],
    payment_status: mode === 'setup' ? 'no_payment_required' : 'unpaid',
    setup_intent: null,
    status: 'open',
    subscription: null,
    success_url: success,
    ui_mode: fields.oneOf('ui_mode', ['hosted_page']) ?? 'hosted_page',
    url: `${asking.origin}/c/pay/${first.id}`,
  };
  account.plans.set(session.id, planIn(fields, mode));
  fields.done();
  account.sessions.set(session.id, session);
  account.lineItems.set(session.id, items);
  return session;
}

function planIn(fields: Fields, mode: Session['mode']) {
  const data = { payment: 'payment_intent_data', subscription: 'subscription_data', setup: 'setup_intent_data' }[mode];
  const inside = fields.inside(data);
  const plan = {
    metadata: inside?.metadata() ?? {},
    description: inside?.text('description') ?? null,
    setupFutureUsage: (mode === 'payment' ? inside?.oneOf('setup_future_usage', ['on_session', 'off_session']) : undefined) ?? null,
  };
  if (mode === 'payment') {
    inside?.text('statement_descriptor_suffix');
    inside?.text('receipt_email');
  }
  inside?.done();
  return plan;
}

function lineItem(account: Account, item: Fields, asking: Asking, n: number): LineItem {
  const named = item.text('price');
  const data = item.inside('price_data');
  const quantity = item.whole('quantity', 1);
  item.done();
  if ((named === undefined) === (data === undefined))
    throw invalid(`You must specify either \`price\` or \`price_data\` in line_items[${n}].`);
  if (quantity === undefined) throw unexpected('parameter_missing', `Missing required param: line_items[${n}][quantity].`);
  const price: Price = data ? createPrice(account, data, asking) : priceOf(account, named ?? '', `line_items[${n}][price]`);
  data?.done();
  const amount = price.unit_amount * quantity;
  return {
    id: nameOf('li'),
    object: 'item',
    amount_total: amount,
    amount_subtotal: amount,
    currency: price.currency,
    description: account.products.get(price.product)?.name ?? price.product,
    price,
    quantity,
  };
}

/** A session as it stands at this time: one that nobody finished expires. */
export function sessionOf(account: Account, asking: Asking, id: string): Session {
  const session = account.find(account.sessions, id, 'checkout.session');
  if (session.status === 'open' && seconds(asking.at) >= session.expires_at) expire(account, asking, session);
  return session;
}

export function expire(account: Account, asking: Asking, session: Session): Session {
  if (session.status !== 'open')
    throw invalid(`Only Checkout Sessions with a status in ["open"] can be expired. This one is ${session.status}.`);
  session.status = 'expired';
  session.url = null;
  account.emit(asking, 'checkout.session.expired', session);
  return session;
}

/** What somebody typed on the hosted page. */
export interface Typed {
  readonly number: string;
  readonly email: string;
  readonly name: string;
  /** A cardholder who says at their bank that it is them. */
  readonly authenticated: boolean;
}

/** `asks` wants the bank's page first; else the session is complete, or a sentence says why the card did not pay. */
export type Paid =
  | { readonly outcome: 'complete' }
  | { readonly outcome: 'asks' }
  | { readonly outcome: 'refused'; readonly message: string };

export function payAtCheckout(account: Account, asking: Asking, session: Session, typed: Typed): Paid {
  if (session.status !== 'open') return { outcome: 'refused', message: 'This page has been used, or has expired.' };
  try {
    const card = cardNumbered(typed.number);
    if (card.asks !== 'never' && !typed.authenticated) return { outcome: 'asks' };
    const how = { email: typed.email || session.customer_email, name: typed.name || null };
    const customer = customerAt(account, asking, session, how);
    session.customer_details = { email: customer?.email ?? how.email, name: how.name };
    const method = typedCard(account, asking, typed.number, how).id;
    const error = paid(account, asking, session, { customer: customer?.id ?? null, method });
    if (error !== null) return { outcome: 'refused', message: error };
    complete(account, asking, session);
    return { outcome: 'complete' };
  } catch (thrown) {
    if (thrown instanceof StripeProblem) return { outcome: 'refused', message: thrown.message };
    throw thrown;
  }
}

function customerAt(
  account: Account,
  asking: Asking,
  session: Session,
  how: { email: string | null; name: string | null },
): Customer | null {
  if (session.customer !== null) return customerOf(account, session.customer);
  if (session.mode === 'payment' && session.customer_creation !== 'always') return null;
  const customer: Customer = {
    ...born('cus', asking.at),
    ...how,
    phone: null,
    metadata: {},
    invoice_settings: { default_payment_method: null },
  };
  account.customers.set(customer.id, customer);
  account.emit(asking, 'customer.created', customer);
  session.customer = customer.id;
  return customer;
}

/** @returns why the card did not pay, or null */
function paid(account: Account, asking: Asking, session: Session, by: { customer: string | null; method: string }): string | null {
  const plan = account.plans.get(session.id);
  if (!plan) throw new Error(`the session ${session.id} has no plan`);
  const how = { offSession: false, authenticated: true, returnUrl: null };
  if (session.mode === 'setup') {
    const setup = newSetup(account, asking, { customer: by.customer, metadata: plan.metadata, usage: 'off_session' });
    session.setup_intent = setup.id;
    setup.payment_method = by.method;
    confirmSetup(account, asking, setup, how);
    return null;
  }
  if (session.mode === 'payment') {
    const open = session.payment_intent === null ? undefined : account.intents.get(session.payment_intent);
    const intent =
      open ??
      newIntent(account, asking, {
        amount: session.amount_total,
        currency: session.currency,
        customer: by.customer,
        metadata: plan.metadata,
        description: plan.description,
        setup_future_usage: plan.setupFutureUsage,
      });
    session.payment_intent = intent.id;
    intent.payment_method = by.method;
    return confirm(account, asking, intent, how)?.message ?? null;
  }
  const price = account.lineItems.get(session.id)?.find((item) => item.price.recurring !== null)?.price;
  if (!price || by.customer === null) throw new Error('a subscription needs a price and a customer');
  const started = session.subscription === null ? null : account.subscriptions.get(session.subscription);
  if (started) started.default_payment_method = by.method;
  const { subscription, invoice } = started
    ? { subscription: started, invoice: account.find(account.invoices, started.latest_invoice ?? '', 'invoice') }
    : beginSubscription(account, asking, { customer: by.customer, price, metadata: plan.metadata, method: by.method });
  session.subscription = subscription.id;
  session.invoice = invoice.id;
  save(account, asking, by.method, by.customer);
  return pay(account, asking, invoice, how) ? null : 'Your card was declined.';
}

function complete(account: Account, asking: Asking, session: Session): void {
  session.status = 'complete';
  session.payment_status = session.mode === 'setup' ? 'no_payment_required' : 'paid';
  session.url = null;
  account.emit(asking, 'checkout.session.completed', session);
}
