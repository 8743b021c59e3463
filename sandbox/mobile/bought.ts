/** What was bought at Apple or Google on a phone: the purchase or subscription, and its payments. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto';

export type MobileStoreName = 'apple' | 'google';
export type MobileTeller = 'store' | 'adapty' | 'apphud';

export interface Payment {
  /** Apple's transactionId, Google's order id. */
  readonly id: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly until: number | null;
  /** ms; null: it stands. */
  refundedAt: number | null;
}

export interface Bought {
  readonly id: string;
  readonly store: MobileStoreName;
  /** The store's id of the product. */
  readonly product: string;
  /** In cents. */
  readonly amount: number;
  readonly currency: string;
  readonly period: 'month' | 'year' | null;
  /** What the app gave the store with it: a UUID at Apple, any text at Google; null: nothing. */
  readonly account: string | null;
  /** By what the messengers know the buyer. */
  readonly user: string | null;
  readonly email: string | null;
  readonly profile: string;
  readonly device: string;
  /** Google's purchase token. */
  readonly token: string;
  readonly payments: Payment[];
  state: 'active' | 'cancelled' | 'paused' | 'grace' | 'expired';
  graceUntil: number | null;
  /** Who tells the Worker of it. */
  readonly tellers: readonly MobileTeller[];
}

/** Something that happened to it, told in each teller's own words. */
export const happenings = [
  'bought',
  'renewed',
  'failed',
  'recovered',
  'cancelled',
  'uncancelled',
  'paused',
  'resumed',
  'expired',
  'refunded',
  'refund_reversed',
] as const;
export type Happening = (typeof happenings)[number];

export interface Told {
  readonly bought: Bought;
  readonly happening: Happening;
  /** The payment that it is about. */
  readonly payment: Payment;
  /** ms. */
  readonly at: number;
}

export const firstOf = ({ payments }: Bought): Payment => payments[0] as Payment;
export const lastOf = ({ payments }: Bought): Payment => payments.at(-1) as Payment;

/** What a person at the page or a test asks for. */
export interface Wish {
  readonly store: MobileStoreName;
  readonly product: string;
  readonly amount: number;
  readonly currency: string;
  readonly period?: 'month' | 'year' | null;
  readonly account?: string | null;
  readonly user?: string | null;
  readonly email?: string | null;
  readonly tellers?: readonly MobileTeller[];
}

const digits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join('');

/** A new payment's id: the first, or a renewal of it. */
export function paymentId(store: MobileStoreName, first: string | null, renewals: number): string {
  if (store === 'apple') return `2000000${digits(9)}`;
  return first === null ? `GPA.${digits(4)}-${digits(4)}-${digits(4)}-${digits(5)}` : `${first}..${renewals - 1}`;
}

export function periodEnd(from: number, period: 'month' | 'year'): number {
  const to = new Date(from);
  to.setUTCMonth(to.getUTCMonth() + (period === 'year' ? 12 : 1));
  return to.getTime();
}

export function buy({ store, product, amount, currency, ...more }: Wish, at: number): Bought {
  const period = more.period ?? null;
  const until = period === null ? null : periodEnd(at, period);
  const payment: Payment = { id: paymentId(store, null, 0), at, until, refundedAt: null };
  return {
    id: `${store}:${payment.id}`,
    store,
    product,
    amount,
    currency,
    period,
    account: more.account ?? null,
    user: more.user ?? null,
    email: more.email ?? null,
    profile: randomUUID(),
    device: randomUUID().toUpperCase(),
    token: `${randomBytes(12).toString('hex')}.AO-J1O${randomBytes(48).toString('base64url')}`,
    payments: [payment],
    state: 'active',
    graceUntil: null,
    tellers: more.tellers ?? ['store'],
  };
}
