/** Stripe's test cards, by what their makers say that each does. */
import { type Account, born } from './account.ts';
import type { CardError, PaymentMethod } from './objects.ts';
import { invalid } from './problem.ts';

interface Card {
  readonly number: string;
  readonly brand: string;
  /** Its id among the test payment methods (`pm_card_visa`); null: only by its number. */
  readonly name: string | null;
  /** When the cardholder is asked: always, never, or unless the card was saved before and they are away. */
  readonly asks: 'never' | 'always' | 'unless_saved';
  readonly declines: { readonly code: string; readonly decline_code: string; readonly message: string } | null;
  /** The cardholder complains about each charge. */
  readonly disputes?: boolean;
  readonly says: string;
}

const insufficient = { code: 'card_declined', decline_code: 'insufficient_funds', message: 'Your card has insufficient funds.' };

export const cards: readonly Card[] = [
  { number: '4242424242424242', brand: 'visa', name: 'pm_card_visa', asks: 'never', declines: null, says: 'Pays' },
  { number: '5555555555554444', brand: 'mastercard', name: 'pm_card_mastercard', asks: 'never', declines: null, says: 'Pays' },
  {
    number: '4000002500003155',
    brand: 'visa',
    name: 'pm_card_authenticationRequiredOnSetup',
    asks: 'unless_saved',
    declines: null,
    says: 'Asks its holder, unless it was saved',
  },
  {
    number: '4000002760003184',
    brand: 'visa',
    name: 'pm_card_authenticationRequired',
    asks: 'always',
    declines: null,
    says: 'Asks its holder each time',
  },
  {
    number: '4000000000000002',
    brand: 'visa',
    name: 'pm_card_visa_chargeDeclined',
    asks: 'never',
    declines: { code: 'card_declined', decline_code: 'generic_decline', message: 'Your card was declined.' },
    says: 'Is declined',
  },
  {
    number: '4000000000009995',
    brand: 'visa',
    name: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    asks: 'never',
    declines: insufficient,
    says: 'Has not enough on it',
  },
  {
    number: '4000000000000341',
    brand: 'visa',
    name: 'pm_card_chargeCustomerFail',
    asks: 'never',
    declines: { code: 'card_declined', decline_code: 'generic_decline', message: 'Your card was declined.' },
    says: 'Can be saved, is declined later',
  },
  {
    number: '4000000000000259',
    brand: 'visa',
    name: 'pm_card_createDispute',
    asks: 'never',
    declines: null,
    disputes: true,
    says: 'Pays, then disputes it',
  },
];

const byNumber = new Map(cards.map((card) => [card.number, card]));
const byName = new Map(cards.map((card) => [card.name, card]));

/** @throws StripeProblem for a number that is none of them, as Stripe refuses it in test mode */
export function cardNumbered(number: string): Card {
  const card = byNumber.get(number.replace(/[\s-]/g, ''));
  if (!card) throw invalid('Your card number is incorrect.', { code: 'incorrect_number' });
  return card;
}

/** The card behind a method. */
export function cardBehind(account: Account, method: string): Card {
  const card = byNumber.get(account.cardOf.get(method) ?? '');
  if (!card) throw new Error(`no card behind ${method}`);
  return card;
}

export function addMethod(
  account: Account,
  card: Card,
  at: number,
  holder: { email?: string | null; name?: string | null } = {},
): PaymentMethod {
  const method: PaymentMethod = {
    ...born('pm', at),
    type: 'card',
    card: { brand: card.brand, last4: card.number.slice(-4), exp_month: 12, exp_year: new Date(at).getUTCFullYear() + 3 },
    billing_details: { email: holder.email ?? null, name: holder.name ?? null },
    customer: null,
    metadata: {},
  };
  account.methods.set(method.id, method);
  account.cardOf.set(method.id, card.number);
  return method;
}

/** A method by its id; a test name (`pm_card_visa`) makes a new one, as it does there. */
export function methodNamed(account: Account, id: string, at: number, param = 'payment_method'): PaymentMethod {
  const card = byName.get(id);
  return card ? addMethod(account, card, at) : account.find(account.methods, id, 'PaymentMethod', param);
}

export const errorOf = (decline: NonNullable<Card['declines']>): CardError => ({ type: 'card_error', ...decline });
