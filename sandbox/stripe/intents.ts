/** Payment intents and setup intents, as they are asked for. */
import { type Account, type Asking, born, newSecret, seconds } from './account.ts';
import { cardBehind, errorOf, methodNamed } from './cards.ts';
import { asksAt, type Confirming, confirm, mustAsk, newIntent, save } from './charging.ts';
import { customerOf } from './customers.ts';
import type { Fields } from './fields.ts';
import type { CardError, PaymentIntent, SetupIntent } from './objects.ts';
import { declined, invalid, unexpected } from './problem.ts';

/** Less is refused in euros and dollars, in cents. */
const LEAST = 50;
const usages = ['on_session', 'off_session'] as const;

export function createIntent(account: Account, fields: Fields, asking: Asking): PaymentIntent {
  const amount = fields.whole('amount', 1);
  if (amount === undefined) throw unexpected('parameter_missing', 'Missing required param: amount.', { param: 'amount' });
  if (amount < LEAST)
    throw unexpected('amount_too_small', 'The Checkout or payment amount is below what can be charged.', { param: 'amount' });
  const currency = fields.currency('currency');
  const customer = fields.text('customer');
  if (customer !== undefined) customerOf(account, customer, 'customer');
  const confirmNow = fields.flag('confirm') ?? false;
  const how = howIn(fields, confirmNow);
  const automatic = fields.inside('automatic_payment_methods');
  automatic?.flag('enabled');
  automatic?.oneOf('allow_redirects', ['always', 'never']);
  automatic?.done();
  const terms = {
    amount,
    currency,
    customer: customer ?? null,
    metadata: fields.metadata(),
    description: fields.text('description') ?? null,
    receipt_email: fields.text('receipt_email') ?? null,
    setup_future_usage: fields.oneOf('setup_future_usage', usages) ?? null,
  };
  fields.text('statement_descriptor_suffix');
  const method = fields.text('payment_method');
  const stopsAtAction = fields.flag('error_on_requires_action') ?? false;
  fields.done();
  if (confirmNow && method === undefined)
    throw invalid('You cannot confirm this PaymentIntent because it’s missing a payment method.', {
      code: 'payment_intent_unexpected_state',
    });
  const chosen = method === undefined ? null : methodFor(account, method, asking.at, customer ?? null);
  const intent = newIntent(account, asking, terms);
  if (chosen !== null) {
    intent.payment_method = chosen;
    intent.status = 'requires_confirmation';
  }
  if (confirmNow) carry(account, asking, intent, how, stopsAtAction);
  return intent;
}

export function confirmIntent(account: Account, fields: Fields, asking: Asking, id: string): PaymentIntent {
  const intent = account.find(account.intents, id, 'payment_intent', 'intent');
  const method = fields.text('payment_method');
  const how = howIn(fields, true);
  const usage = fields.oneOf('setup_future_usage', usages);
  const stopsAtAction = fields.flag('error_on_requires_action') ?? false;
  fields.done();
  if (['succeeded', 'canceled', 'processing'].includes(intent.status))
    throw unexpected(
      'payment_intent_unexpected_state',
      `You cannot confirm this PaymentIntent because it has a status of ${intent.status}.`,
      {
        payment_intent: intent,
      },
    );
  if (method !== undefined) intent.payment_method = methodFor(account, method, asking.at, intent.customer);
  if (usage !== undefined) intent.setup_future_usage = usage;
  if (intent.payment_method === null)
    throw unexpected('payment_intent_unexpected_state', 'You cannot confirm this PaymentIntent because it’s missing a payment method.', {
      payment_intent: intent,
    });
  carry(account, asking, intent, how, stopsAtAction);
  return intent;
}

export function cancelIntent(account: Account, fields: Fields, asking: Asking, id: string): PaymentIntent {
  const intent = account.find(account.intents, id, 'payment_intent', 'intent');
  fields.oneOf('cancellation_reason', ['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned']);
  if (intent.status === 'succeeded' || intent.status === 'canceled')
    throw unexpected(
      'payment_intent_unexpected_state',
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}.`,
      {
        payment_intent: intent,
      },
    );
  intent.status = 'canceled';
  intent.canceled_at = seconds(asking.at);
  intent.next_action = null;
  account.emit(asking, 'payment_intent.canceled', intent);
  return intent;
}

function howIn(fields: Fields, confirms: boolean): Confirming {
  const offSession = fields.flag('off_session') ?? false;
  const returnUrl = fields.url('return_url') ?? null;
  if (!confirms && (offSession || returnUrl !== null))
    throw invalid('You may only specify this parameter when `confirm` is set to true.', {
      param: offSession ? 'off_session' : 'return_url',
    });
  return { offSession, returnUrl, authenticated: false };
}

/** A method that may pay for this customer: their own, or one of nobody. */
function methodFor(account: Account, id: string, at: number, customer: string | null): string {
  const method = methodNamed(account, id, at);
  if (method.customer !== null && method.customer !== customer)
    throw invalid(
      customer === null
        ? 'The provided PaymentMethod is attached to a customer. You must also provide that customer.'
        : 'The payment method supplied does not belong to the customer supplied.',
      { param: 'payment_method' },
    );
  return method.id;
}

function carry(account: Account, asking: Asking, intent: PaymentIntent, how: Confirming, stopsAtAction: boolean): void {
  if (stopsAtAction && mustAsk(account, intent.payment_method ?? '', how)) throw refusal(authentication, intent);
  const error = confirm(account, asking, intent, how);
  if (error) throw refusal(error, intent);
}

const authentication: CardError = {
  type: 'card_error',
  code: 'authentication_required',
  decline_code: 'authentication_not_handled',
  message: 'This payment required an authentication action to complete.',
};

const refusal = ({ code, decline_code, message }: CardError, intent: PaymentIntent) =>
  declined(message, { code, ...(decline_code === undefined ? {} : { decline_code }), payment_intent: structuredClone(intent) });

export function createSetup(account: Account, fields: Fields, asking: Asking): SetupIntent {
  const customer = fields.text('customer');
  if (customer !== undefined) customerOf(account, customer, 'customer');
  const method = fields.text('payment_method');
  const confirmNow = fields.flag('confirm') ?? false;
  const returnUrl = fields.url('return_url') ?? null;
  const automatic = fields.inside('automatic_payment_methods');
  automatic?.flag('enabled');
  automatic?.oneOf('allow_redirects', ['always', 'never']);
  automatic?.done();
  const usage = fields.oneOf('usage', usages) ?? 'off_session';
  const metadata = fields.metadata();
  fields.done();
  const chosen = method === undefined ? null : methodFor(account, method, asking.at, customer ?? null);
  const setup = newSetup(account, asking, { customer: customer ?? null, metadata, usage });
  if (chosen !== null) {
    setup.payment_method = chosen;
    setup.status = 'requires_confirmation';
  }
  if (confirmNow) confirmSetup(account, asking, setup, { returnUrl, authenticated: false });
  return setup;
}

export function newSetup(account: Account, asking: Asking, terms: Pick<SetupIntent, 'customer' | 'metadata' | 'usage'>): SetupIntent {
  const first = born('seti', asking.at);
  const setup: SetupIntent = {
    ...first,
    ...terms,
    payment_method: null,
    payment_method_types: ['card'],
    status: 'requires_payment_method',
    next_action: null,
    last_setup_error: null,
    client_secret: newSecret(first.id),
  };
  account.setups.set(setup.id, setup);
  return setup;
}

/** Saves the card, or asks its holder first. @throws StripeProblem where the card can’t be saved */
export function confirmSetup(
  account: Account,
  asking: Asking,
  setup: SetupIntent,
  { returnUrl, authenticated }: { returnUrl: string | null; authenticated: boolean },
): void {
  const method = setup.payment_method;
  if (method === null) throw unexpected('setup_intent_unexpected_state', 'This SetupIntent is missing a payment method.');
  setup.next_action = null;
  const card = cardBehind(account, method);
  if (card.declines && card.name !== 'pm_card_chargeCustomerFail') {
    const error = errorOf(card.declines);
    setup.status = 'requires_payment_method';
    setup.last_setup_error = error;
    setup.payment_method = null;
    account.emit(asking, 'setup_intent.setup_failed', setup);
    throw declined(error.message, { code: error.code, setup_intent: structuredClone(setup) });
  }
  if (mustAsk(account, method, { offSession: false, authenticated, returnUrl })) {
    setup.status = 'requires_action';
    setup.next_action = asksAt(asking.origin, 'setup', setup.id, returnUrl);
    account.emit(asking, 'setup_intent.requires_action', setup);
    return;
  }
  setup.status = 'succeeded';
  if (setup.customer !== null) save(account, asking, method, setup.customer);
  account.emit(asking, 'setup_intent.succeeded', setup);
}
