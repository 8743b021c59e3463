/** A card is charged: what it does, and whether its holder has to be asked first. */
import { type Account, type Asking, born, seconds } from './account.ts';
import { addMethod, cardBehind, cardNumbered, errorOf } from './cards.ts';
import type { CardError, Charge, NextAction, PaymentIntent } from './objects.ts';
import { createDispute } from './refunds.ts';

/** How a payment was confirmed. */
export interface Confirming {
  /** The cardholder is away. */
  readonly offSession: boolean;
  /** The cardholder has just agreed at their bank. */
  readonly authenticated: boolean;
  readonly returnUrl: string | null;
}

/** Keeps a card for later payments of this customer. */
export function save(account: Account, asking: Asking, method: string, customer: string): void {
  const kept = account.methods.get(method);
  if (!kept) return;
  const isNew = kept.customer !== customer;
  kept.customer = customer;
  account.saved.add(method);
  const owner = account.customers.get(customer);
  if (owner) owner.invoice_settings.default_payment_method ??= method;
  if (isNew) account.emit(asking, 'payment_method.attached', kept);
}

export const asksAt = (origin: string, kind: 'payment' | 'setup', id: string, returnUrl: string | null): NextAction => ({
  type: 'redirect_to_url',
  redirect_to_url: { url: `${origin}/c/authenticate/${kind}/${id}`, return_url: returnUrl },
});

/** Whether the bank asks the cardholder, of a method in these circumstances. */
export function mustAsk(account: Account, method: string, { offSession, authenticated }: Confirming): boolean {
  const { asks } = cardBehind(account, method);
  if (authenticated || asks === 'never') return false;
  return asks === 'always' || !(offSession && account.saved.has(method));
}

/** Carries a payment as far as it goes now. Null, or what its card said. */
export function confirm(account: Account, asking: Asking, intent: PaymentIntent, how: Confirming): CardError | null {
  const method = intent.payment_method;
  if (method === null) throw new Error('nothing to confirm with');
  intent.next_action = null;
  if (mustAsk(account, method, how)) {
    if (how.offSession) {
      const error: CardError = {
        type: 'card_error',
        code: 'authentication_required',
        decline_code: 'authentication_required',
        message: 'Your card was declined. This transaction requires authentication.',
      };
      return refuse(account, asking, intent, error);
    }
    intent.status = 'requires_action';
    intent.next_action = asksAt(asking.origin, 'payment', intent.id, how.returnUrl);
    account.emit(asking, 'payment_intent.requires_action', intent);
    return null;
  }
  const card = cardBehind(account, method);
  if (card.declines) return refuse(account, asking, intent, errorOf(card.declines));
  const charge = charged(account, asking, intent, { paid: true });
  intent.status = 'succeeded';
  intent.amount_received = intent.amount;
  intent.latest_charge = charge.id;
  intent.last_payment_error = null;
  if (intent.customer !== null && intent.setup_future_usage !== null) save(account, asking, method, intent.customer);
  account.emit(asking, 'charge.succeeded', charge);
  account.emit(asking, 'payment_intent.succeeded', intent);
  if (card.disputes) createDispute(account, asking, charge, 'fraudulent');
  return null;
}

export function refuse(account: Account, asking: Asking, intent: PaymentIntent, error: CardError): CardError {
  const charge = charged(account, asking, intent, { paid: false, error });
  intent.status = 'requires_payment_method';
  intent.last_payment_error = error;
  intent.payment_method = null;
  intent.latest_charge = charge.id;
  account.emit(asking, 'charge.failed', charge);
  account.emit(asking, 'payment_intent.payment_failed', intent);
  return error;
}

function charged(account: Account, asking: Asking, intent: PaymentIntent, outcome: { paid: boolean; error?: CardError }): Charge {
  const charge: Charge = {
    ...born('ch', asking.at),
    amount: intent.amount,
    amount_captured: outcome.paid ? intent.amount : 0,
    amount_refunded: 0,
    balance_transaction: null,
    currency: intent.currency,
    customer: intent.customer,
    disputed: false,
    failure_code: outcome.error?.code ?? null,
    failure_message: outcome.error?.message ?? null,
    metadata: { ...intent.metadata },
    paid: outcome.paid,
    payment_intent: intent.id,
    payment_method: intent.payment_method,
    receipt_email: intent.receipt_email,
    refunded: false,
    status: outcome.paid ? 'succeeded' : 'failed',
  };
  if (outcome.paid)
    charge.balance_transaction = account.move(asking.at, {
      amount: intent.amount,
      currency: intent.currency,
      source: charge.id,
      type: 'charge',
      reporting_category: 'charge',
    }).id;
  account.charges.set(charge.id, charge);
  return charge;
}

/** A payment nobody has confirmed yet. */
export function newIntent(
  account: Account,
  asking: Asking,
  terms: Pick<PaymentIntent, 'amount' | 'currency' | 'customer' | 'metadata'> & Partial<PaymentIntent>,
): PaymentIntent {
  const first = born('pi', asking.at);
  const intent: PaymentIntent = {
    ...first,
    amount_received: 0,
    description: null,
    status: 'requires_payment_method',
    payment_method: null,
    payment_method_types: ['card'],
    latest_charge: null,
    last_payment_error: null,
    next_action: null,
    setup_future_usage: null,
    client_secret: `${first.id}_secret_${seconds(asking.at)}${first.id.slice(-8)}`,
    receipt_email: null,
    canceled_at: null,
    capture_method: 'automatic_async',
    confirmation_method: 'automatic',
    ...terms,
  };
  account.intents.set(intent.id, intent);
  account.emit(asking, 'payment_intent.created', intent);
  return intent;
}

/** A card typed on a page of Stripe's. */
export const typedCard = (account: Account, asking: Asking, number: string, holder: { email: string | null; name: string | null }) =>
  addMethod(account, cardNumbered(number), asking.at, holder);
