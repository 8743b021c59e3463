/**
 * What every source of payments becomes: one fact about money or a subscription at a store, whoever told it
 * (money.md, "Payments"). Two messengers of one fact have two events with the same store and the same transaction.
 */
import { type PaymentKind, type PaymentSource, paymentStore, type PaymentStore as Store } from '../../protocol/http/payment-events.ts';

export type { PaymentKind, PaymentSource, Store };

/** Who took the money; it names the fact in the ledger's keys (`purchase:<store>:<id>`). Never the messenger. */
export const stores = paymentStore.options;

/** By what a store or messenger knows somebody. */
export const customerRefKinds = [
  /** Our own id, as we gave it to the store when the purchase began. */
  'user',
  'email',
  'phone',
  'stripe_customer',
  'adapty_profile',
  'apphud_user',
  /** The UUID an app gives Apple with a purchase (`appAccountToken`). */
  'apple_account',
  /** What an app gives Google with a purchase (`obfuscatedExternalAccountId`). */
  'google_account',
  /** Counts only beside a transaction that the store itself signed. */
  'device',
] as const;
export type CustomerRefKind = (typeof customerRefKinds)[number];

export interface CustomerRef {
  readonly kind: CustomerRefKind;
  readonly value: string;
}

export interface Money {
  /** In the currency's smallest unit (cents), never negative. */
  readonly amount: number;
  /** ISO 4217, capitals. */
  readonly currency: string;
}

export interface PaymentEvent {
  readonly source: PaymentSource;
  /** The source's own name for this delivery; with `source` it is stored once. */
  readonly sourceEventId: string;
  readonly store: Store;
  /**
   * A `renewal` without a transaction is the word that a subscription goes on again: a cancellation taken back, a pause or
   * trouble with collecting that is over.
   */
  readonly kind: PaymentKind;
  /**
   * Of the payment: Apple's transactionId, Google's orderId, Stripe's payment intent or invoice; for `refund`,
   * `chargeback` and `refund_reversal` that of the payment they are about. Null for words about a subscription that no payment goes with.
   */
  readonly storeTransactionId: string | null;
  /** Of a refund or dispute itself where the store names it; else null, and then the payment's id stands for it. */
  readonly storeRefundId: string | null;
  /** Apple's originalTransactionId, Google's first purchase token, Stripe's subscription; null for what is bought once. */
  readonly storeSubscriptionId: string | null;
  readonly customerRefs: readonly CustomerRef[];
  /** The store's id of the product or price bought; null where the store does not say. */
  readonly productRef: string | null;
  /** What was paid, or given back. Null where the store does not say. */
  readonly money: Money | null;
  /** What is paid for, or how long the store goes on collecting, ms since the epoch; null for what is bought once. */
  readonly period: { readonly from: number; readonly until: number } | null;
  /** When it happened at the store, ms since the epoch; never when it was told. */
  readonly occurredAt: number;
  /** True where the store itself signed the transaction and it was verified (Apple's JWS, Google's Play API, Stripe). */
  readonly signedByStore: boolean;
}

/** A delivery as it came, before anything of it is believed. */
export interface Delivery {
  /**
   * `member`: a signed-in person's app sent it (`POST /purchases/apple`, `/purchases/google`), `bytes` being the JSON of that
   * body (`{signedTransaction}`, `{purchaseToken, productRef}`) and `headers` empty. Then only what the store signed or says
   * itself is believed.
   */
  readonly from: 'source' | 'member';
  readonly bytes: Uint8Array;
  readonly headers: Headers;
}

export type Verdict =
  /** It is from whom it says. `raw` is stored as it came and interpreted later, from the queue. */
  | { readonly outcome: 'verified'; readonly sourceEventId: string; readonly raw: string }
  /** A question of the source that only wants this answer (Adapty's check of the address). */
  | { readonly outcome: 'answered'; readonly body: object }
  /** Not from whom it says, too old, or not for us; the cause is logged, never told. */
  | { readonly outcome: 'refused'; readonly cause: string }
  /** This source is not set up in this environment. */
  | { readonly outcome: 'off' };

export type Interpretation =
  | { readonly outcome: 'event'; readonly event: PaymentEvent }
  /** Nothing that concerns money or a subscription here, such as a test notification. */
  | { readonly outcome: 'nothing'; readonly why: string }
  /** It can't be read; somebody has to look. */
  | { readonly outcome: 'unreadable'; readonly why: string }
  /** The store did not answer; ask again later. */
  | { readonly outcome: 'later'; readonly why: string };
