/** What a product gives to whom: a handler for each kind of product (money.md, "Payments", 5). */
import type { Unit } from '../../protocol/money.ts';
import type { MonetizationVersion } from '../../protocol/people.ts';
import type { Money, PaymentEvent, Store } from './payment-event.ts';

/** Moments last so long from their purchase on (money.md), ms. */
const MOMENTS_LAST_MS = 180 * 24 * 60 * 60_000;

export interface Product {
  readonly id: string;
  readonly kind: 'coins' | 'moments' | 'plan';
  /** Coins or moments; null for a plan. */
  readonly amount: number | null;
  readonly plan: string | null;
  readonly period: 'month' | 'year' | null;
}

/** What a payment of a product gives. A plan gives no units: its period counts. */
export interface Grant {
  readonly unit: Exclude<Unit, 'EARN'> | null;
  readonly amount: number;
  /** For the posting. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface Handler {
  readonly grant: (product: Product, occurredAt: number) => Grant;
  /** Pricing models that spend it. */
  readonly spentBy: readonly MonetizationVersion[];
}

/** A new kind of product is one more of these. */
const handlers: Readonly<Record<Product['kind'], Handler>> = {
  coins: {
    grant: ({ id, amount }) => ({ unit: 'COIN', amount: amount ?? 0, metadata: { product: id } }),
    spentBy: ['tokens', 'subscription', 'moments'],
  },
  moments: {
    grant: ({ id, amount }, occurredAt) => ({
      unit: 'MOMENT',
      amount: amount ?? 0,
      metadata: { product: id, expiresAt: occurredAt + MOMENTS_LAST_MS },
    }),
    spentBy: ['subscription', 'moments'],
  },
  plan: {
    grant: ({ id, plan, period }) => ({ unit: null, amount: 0, metadata: { product: id, plan, period } }),
    spentBy: ['subscription'],
  },
};

export const grantOf = (product: Product, occurredAt: number): Grant => handlers[product.kind].grant(product, occurredAt);

/** What is granted stays granted, whatever model the person pays by; staff are told where that one does not spend it. */
export const isSpentBy = (version: MonetizationVersion, kind: Product['kind']): boolean => handlers[kind].spentBy.includes(version);

/** The posting of a payment: coins and moments under `purchase:`, a plan's period under `subscription:`, which moves nothing. */
export const paymentKey = ({ store, transactionId, unit }: { store: Store; transactionId: string; unit: Unit | null }): string =>
  unit === null ? `subscription:${store}:${transactionId}` : `purchase:${store}:${transactionId}`;

/** Of the ledger's keys, which have 200 characters at most with what stands before them. */
const LONGEST_ID = 150;

/** What can't be right about an event that could be read; null: nothing. */
export function faultOf(event: PaymentEvent): string | null {
  const ids = [event.storeTransactionId, event.storeRefundId];
  if (ids.some((id) => id !== null && (id.length === 0 || id.length > LONGEST_ID))) return 'an id that no key holds';
  if (!isWhole(event.occurredAt) || (event.period && !(isWhole(event.period.from) && isWhole(event.period.until))))
    return 'a time that is none';
  return event.money && !isMoney(event.money) ? 'an amount of money that is none' : null;
}

const isWhole = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isMoney = ({ amount, currency }: Money): boolean => isWhole(amount) && /^[A-Z]{3}$/.test(currency);

/** Words that tell of a payment, where they name its transaction. */
export const tellsPayment = ({ kind, storeTransactionId }: Pick<PaymentEvent, 'kind' | 'storeTransactionId'>): boolean =>
  storeTransactionId !== null && (kind === 'purchase' || kind === 'renewal' || kind === 'product_change');
