/** Apple's notifications (App Store Server Notifications V2) and transactions as our events; all of it was verified before. */
import { fromThousandths } from './money-rules.ts';
import type { Interpretation, PaymentEvent, PaymentKind } from './payment-event.ts';
import { nothing, refs, told, unreadable } from './reading-rules.ts';

/** Of a signed transaction, what is used. Times in ms, the price in thousandths. */
export interface AppleTransaction {
  readonly transactionId?: string;
  readonly originalTransactionId?: string;
  readonly productId?: string;
  readonly purchaseDate?: number;
  readonly expiresDate?: number;
  readonly quantity?: number;
  readonly type?: string;
  readonly appAccountToken?: string;
  readonly inAppOwnershipType?: string;
  readonly revocationDate?: number;
  /** Of what was paid, in thousandths of a per cent. */
  readonly revocationPercentage?: number;
  readonly transactionReason?: string;
  readonly currency?: string;
  readonly price?: number;
}

export interface AppleNotification {
  readonly notificationType?: string;
  readonly subtype?: string;
  /** ms. */
  readonly signedDate?: number;
}

/** What Apple tells without a payment of ours being moved by it. */
const idle: ReadonlySet<string> = new Set([
  'TEST',
  'CONSUMPTION_REQUEST',
  'REFUND_DECLINED',
  'PRICE_INCREASE',
  'PRICE_CHANGE',
  'RENEWAL_EXTENSION',
  'EXTERNAL_PURCHASE_TOKEN',
  'METADATA_UPDATE',
  'MIGRATION',
  'RESCIND_CONSENT',
]);

const AUTO_RENEWABLE = 'Auto-Renewable Subscription';
const WHOLE = 100_000;

/** Whether anything has to be read beside the notification's own name. */
export const isIdle = (type: string): boolean => idle.has(type);

/** @param graceUntil until when Apple goes on collecting, ms, where it says so */
export function readNotification(
  id: string,
  { notificationType: type = '', subtype = '', signedDate = 0 }: AppleNotification,
  transaction: AppleTransaction,
  graceUntil: number | null,
): Interpretation {
  const { expiresDate = null } = transaction;
  const word = (kind: PaymentKind, more: Partial<PaymentEvent> = {}): Interpretation =>
    eventOf(id, transaction, { kind, occurredAt: signedDate, storeTransactionId: null, money: null, ...more });
  switch (type) {
    case 'SUBSCRIBED':
    case 'OFFER_REDEEMED':
    case 'ONE_TIME_CHARGE':
    case 'DID_RENEW':
      return payment(id, transaction);
    case 'DID_CHANGE_RENEWAL_PREF':
      return subtype === 'UPGRADE'
        ? payment(id, transaction, 'product_change')
        : nothing('Another product from the next period on: its payment tells it.');
    case 'DID_CHANGE_RENEWAL_STATUS':
      return word(subtype === 'AUTO_RENEW_DISABLED' ? 'cancellation' : 'renewal');
    case 'DID_FAIL_TO_RENEW': {
      const isGrace = subtype === 'GRACE_PERIOD';
      const until = isGrace ? graceUntil : expiresDate;
      return word(isGrace ? 'grace' : 'billing_issue', { period: until === null ? null : { from: Math.min(signedDate, until), until } });
    }
    case 'GRACE_PERIOD_EXPIRED':
      return word('expiry', { period: null });
    case 'EXPIRED':
      return word('expiry', { period: null, occurredAt: expiresDate === null ? signedDate : Math.min(expiresDate, signedDate) });
    case 'REVOKE':
      return word('expiry', { period: null, occurredAt: transaction.revocationDate ?? signedDate });
    case 'RENEWAL_EXTENDED':
      return word('renewal');
    case 'REFUND':
      return refunded(id, transaction, signedDate);
    case 'REFUND_REVERSED':
      return word('refund_reversal', { storeTransactionId: transaction.transactionId ?? null, period: null });
    default:
      return unreadable(`Apple has no notification ${type} that is known here.`);
  }
}

/** What an app sends: the purchase, or what became of it. */
export const readTransaction = (id: string, transaction: AppleTransaction): Interpretation =>
  transaction.revocationDate === undefined ? payment(id, transaction) : refunded(id, transaction, transaction.revocationDate);

function payment(id: string, transaction: AppleTransaction, kind?: PaymentKind): Interpretation {
  const { purchaseDate, price, currency, quantity = 1 } = transaction;
  if (purchaseDate === undefined) return unreadable('A purchase without its time.');
  // Several at once are bought on a sheet that our app does not show.
  if (quantity !== 1) return unreadable(`${quantity} of one product in one purchase.`);
  return eventOf(id, transaction, {
    kind: kind ?? (transaction.transactionReason === 'RENEWAL' ? 'renewal' : 'purchase'),
    occurredAt: purchaseDate,
    storeTransactionId: transaction.transactionId ?? null,
    money: fromThousandths(price, currency),
  });
}

function refunded(id: string, transaction: AppleTransaction, at: number): Interpretation {
  const { price, currency, revocationPercentage = WHOLE, revocationDate = at } = transaction;
  return eventOf(id, transaction, {
    kind: 'refund',
    occurredAt: revocationDate,
    storeTransactionId: transaction.transactionId ?? null,
    money: fromThousandths(price === undefined ? undefined : (price * revocationPercentage) / WHOLE, currency),
    period: null,
  });
}

function eventOf(
  id: string,
  transaction: AppleTransaction,
  words: Pick<PaymentEvent, 'kind' | 'occurredAt' | 'storeTransactionId' | 'money'> & Partial<PaymentEvent>,
): Interpretation {
  const { transactionId, originalTransactionId, expiresDate, purchaseDate, productId } = transaction;
  const isSubscription = transaction.type === AUTO_RENEWABLE;
  if (!transactionId || !productId) return unreadable('A transaction without its id or its product.');
  if (transaction.inAppOwnershipType === 'FAMILY_SHARED') return nothing('Shared within a family: nobody paid for this one.');
  if (isSubscription && !originalTransactionId) return unreadable('A subscription without its id.');
  const period =
    isSubscription && expiresDate !== undefined ? { from: Math.min(purchaseDate ?? expiresDate, expiresDate), until: expiresDate } : null;
  return told({
    source: 'apple',
    sourceEventId: id,
    store: 'apple',
    storeRefundId: null,
    storeSubscriptionId: isSubscription ? (originalTransactionId ?? null) : null,
    customerRefs: refs(['apple_account', transaction.appAccountToken?.toLowerCase()]),
    productRef: productId,
    period,
    signedByStore: true,
    ...words,
  });
}
