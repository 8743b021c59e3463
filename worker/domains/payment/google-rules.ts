/**
 * Google Play's notifications (https://developer.android.com/google/play/billing/rtdn-reference) with what the Play Developer
 * API says of the purchase now. A notification only says that something changed; what is believed is the API's word.
 */
import * as z from 'zod/mini';
import { fromBillionths } from './money-rules.ts';
import type { CustomerRef, Interpretation, PaymentEvent, PaymentKind } from './payment-event.ts';
import { issueOf, later, momentOf, nothing, refs, told, unreadable } from './reading-rules.ts';

const text = z.string().check(z.minLength(1), z.maxLength(4_000));

/** What Pub/Sub pushes: Google's notification in base64. */
export const pushed = z.object({ message: z.object({ data: text, messageId: text }), subscription: text });

export const notification = z.object({
  packageName: text,
  eventTimeMillis: z.string().check(z.regex(/^\d{1,15}$/)),
  subscriptionNotification: z.optional(z.object({ notificationType: z.int(), purchaseToken: text })),
  oneTimeProductNotification: z.optional(z.object({ notificationType: z.int(), purchaseToken: text, sku: text })),
  voidedPurchaseNotification: z.optional(
    z.object({ purchaseToken: text, orderId: text, productType: z.int(), refundType: z.optional(z.int()) }),
  ),
  testNotification: z.optional(z.object({ version: z.optional(z.string()) })),
});
export type PlayNotification = z.infer<typeof notification>;

/** `purchases.subscriptionsv2.get`, what is used of it. */
export const playSubscription = z.object({
  subscriptionState: text,
  startTime: z.optional(text),
  latestOrderId: z.optional(text),
  testPurchase: z.optional(z.looseObject({})),
  externalAccountIdentifiers: z.optional(z.object({ obfuscatedExternalAccountId: z.optional(text) })),
  lineItems: z.array(
    z.object({
      productId: text,
      expiryTime: z.optional(text),
      latestSuccessfulOrderId: z.optional(text),
      offerDetails: z.optional(z.object({ basePlanId: z.optional(text) })),
      autoRenewingPlan: z.optional(
        z.object({
          recurringPrice: z.optional(z.object({ currencyCode: text, units: z.optional(z.string()), nanos: z.optional(z.number()) })),
        }),
      ),
    }),
  ),
});
export type PlaySubscription = z.infer<typeof playSubscription>;

/** `purchases.products.get`, what is used of it. */
export const playProduct = z.object({
  purchaseTimeMillis: z.string().check(z.regex(/^\d{1,15}$/)),
  purchaseState: z.int(),
  orderId: z.optional(text),
  /** 0: somebody who tests; 1: for a code; 2: for watching an advertisement. */
  purchaseType: z.optional(z.int()),
  quantity: z.optional(z.int()),
  obfuscatedExternalAccountId: z.optional(text),
});
export type PlayProduct = z.infer<typeof playProduct>;

type Meaning = { readonly kind: PaymentKind; readonly pays: boolean } | null;
const says = (kind: PaymentKind): Meaning => ({ kind, pays: false });

/** By `notificationType` of a subscription; null: it changes nothing that is sold here. */
const meanings: Readonly<Record<number, Meaning>> = {
  1: { kind: 'renewal', pays: true },
  2: { kind: 'renewal', pays: true },
  3: says('cancellation'),
  4: { kind: 'purchase', pays: true },
  5: says('billing_issue'),
  6: says('grace'),
  7: says('renewal'),
  8: null,
  9: says('renewal'),
  10: says('pause'),
  11: null,
  12: says('expiry'),
  13: says('expiry'),
  17: says('product_change'),
  18: null,
  19: null,
  20: null,
  22: null,
};

/** Whether the API has anything to add. */
export const isSpoken = (type: number): boolean => meanings[type] !== null;

const accountOf = (account: string | undefined): CustomerRef[] => refs(['google_account', account]);

type Words = Omit<PaymentEvent, 'source' | 'store' | 'sourceEventId' | 'storeRefundId'>;
const eventOf = (sourceEventId: string, words: Words): Interpretation =>
  told({ source: 'google', store: 'google', sourceEventId, storeRefundId: null, ...words });

/** Who asks about a purchase: when it happened (ms), and whether test purchases count here. */
export interface Asking {
  readonly id: string;
  readonly at: number;
  readonly testsCount: boolean;
}

/** @param type of the notification; null where an app sent the token */
export function readSubscription(
  { id, at, testsCount }: Asking,
  type: number | null,
  token: string,
  state: PlaySubscription,
): Interpretation {
  const meaning = type === null ? meanings[4] : meanings[type];
  if (meaning === undefined) return unreadable(`Google has no notification ${type} that is known here.`);
  if (meaning === null) return nothing('It changes nothing that is sold here.');
  if (state.testPurchase && !testsCount) return nothing('A tester’s purchase: it cost nothing.');
  const [item] = state.lineItems;
  if (!item || state.lineItems.length > 1) return unreadable(`${state.lineItems.length} products in one subscription.`);
  if (meaning.pays && state.subscriptionState === 'SUBSCRIPTION_STATE_PENDING') return later('It is not paid yet.');
  const latest = item.latestSuccessfulOrderId ?? state.latestOrderId ?? null;
  // Renewals are numbered behind the first order. The API says how it stands now, which may be several renewals later.
  const order = meaning.kind === 'purchase' ? (latest?.replace(/\.\.\d+$/, '') ?? null) : latest;
  if (meaning.pays && order === null) return unreadable('A payment without its order.');
  const until = order === latest ? momentOf(item.expiryTime) : null;
  const price = item.autoRenewingPlan?.recurringPrice;
  const isEnd = meaning.kind === 'expiry';
  const from = meaning.kind === 'purchase' ? (momentOf(state.startTime) ?? at) : at;
  return eventOf(id, {
    kind: meaning.kind,
    storeTransactionId: meaning.pays ? order : null,
    storeSubscriptionId: token,
    customerRefs: accountOf(state.externalAccountIdentifiers?.obfuscatedExternalAccountId),
    productRef: item.productId,
    money: meaning.pays && price ? fromBillionths(price) : null,
    period: isEnd || until === null ? null : { from: Math.min(from, until), until },
    occurredAt: isEnd && type === 13 && until !== null ? Math.min(until, at) : from,
    signedByStore: true,
  });
}

/** @param type 1: bought; 2: what was pending is not bought after all; null where an app sent the token */
export function readProduct({ id, testsCount }: Asking, type: number | null, sku: string, state: PlayProduct): Interpretation {
  if (type === 2 || state.purchaseState === 1) return nothing('It was not paid, or was taken back, which another notification tells.');
  if (state.purchaseState === 2) return later('It is not paid yet.');
  if (state.purchaseType === 0 && !testsCount) return nothing('A tester’s purchase: it cost nothing.');
  if (!state.orderId) return unreadable('A payment without its order.');
  if ((state.quantity ?? 1) !== 1) return unreadable(`${state.quantity} of one product in one purchase.`);
  return eventOf(id, {
    kind: 'purchase',
    storeTransactionId: state.orderId,
    storeSubscriptionId: null,
    customerRefs: accountOf(state.obfuscatedExternalAccountId),
    productRef: sku,
    // Play says what it costs in the catalogue only.
    money: null,
    period: null,
    occurredAt: Number(state.purchaseTimeMillis),
    signedByStore: true,
  });
}

const SUBSCRIPTION = 1;
const IN_PARTS = 2;

/** Money went back, whoever wanted it: a refund, a chargeback, or what was never acknowledged. */
export function readVoided(
  { id, at }: Asking,
  { purchaseToken, orderId, productType, refundType }: NonNullable<PlayNotification['voidedPurchaseNotification']>,
): Interpretation {
  if (refundType === IN_PARTS) return unreadable('Some of several were refunded, though one is sold at a time.');
  return eventOf(id, {
    kind: 'refund',
    storeTransactionId: orderId,
    storeSubscriptionId: productType === SUBSCRIPTION ? purchaseToken : null,
    customerRefs: [],
    productRef: null,
    money: null,
    period: null,
    occurredAt: at,
    signedByStore: true,
  });
}

/** The notification in a push, or what is wrong with it. */
export function notificationIn(data: string): PlayNotification | string {
  try {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    const read = z.safeParse(notification, JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)));
    return read.success ? read.data : issueOf(read.error);
  } catch {
    return 'it is no JSON in base64';
  }
}
