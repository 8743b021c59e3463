/**
 * How a subscription at a store stands: a fold over every word that was told of it, in whatever order and however often
 * (money.md, "Payments", 6). The words are put into their own order first, so that nothing depends on how they came.
 */
import type { Subscription } from '../subscriptions/rules.ts';
import type { PaymentKind } from './payment-event.ts';

/** What a word says of a subscription. */
export interface SubscriptionWord {
  /** Names the word where all else is equal. */
  readonly id: string;
  readonly kind: Exclude<PaymentKind, 'refund' | 'chargeback' | 'refund_reversal'>;
  readonly occurredAt: number;
  /** Of the payment that it tells; null: it tells none. Words of one payment are one. */
  readonly transactionId: string | null;
  /** The plan that its product is; null where it names no product of ours. */
  readonly plan: string | null;
  /** Until when that pays, or the store goes on, ms; null where it does not say. */
  readonly until: number | null;
  /** All of the payment was given back. */
  readonly refunded: boolean;
}

/** At one moment (stores count in seconds) an end comes before what begins, and what goes on before what gives up. */
const RANK: readonly SubscriptionWord['kind'][] = [
  'expiry',
  'purchase',
  'renewal',
  'product_change',
  'billing_issue',
  'grace',
  'pause',
  'cancellation',
];

const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

const order = (a: SubscriptionWord, b: SubscriptionWord): number =>
  compare(a.occurredAt, b.occurredAt) || compare(RANK.indexOf(a.kind), RANK.indexOf(b.kind)) || compare(a.id, b.id);

/** How it stands; null where no word names a plan. */
export function foldSubscription(words: readonly SubscriptionWord[]): Subscription | null {
  let standing: Subscription | null = null;
  // The end of what was given back since the last payment that stands: a word that names no later one only repeats it.
  let givenBack = 0;
  for (const word of onePerPayment(words)) {
    if (word.transactionId !== null) givenBack = word.refunded ? Math.max(givenBack, word.until ?? 0) : 0;
    standing = after(standing, word.transactionId === null && (word.until ?? 0) <= givenBack ? { ...word, until: null } : word);
  }
  return standing;
}

/** A payment told by two messengers, or twice, is one word: the first of them, with all that any of them says. */
function onePerPayment(words: readonly SubscriptionWord[]): SubscriptionWord[] {
  const payments = new Map<string, SubscriptionWord>();
  const others = new Map<string, SubscriptionWord>();
  for (const word of words.toSorted(order)) {
    const { transactionId } = word;
    if (transactionId === null) {
      others.set(word.id, word);
      continue;
    }
    const first = payments.get(transactionId);
    payments.set(
      transactionId,
      first
        ? { ...first, plan: first.plan ?? word.plan, until: first.until ?? word.until, refunded: first.refunded || word.refunded }
        : word,
    );
  }
  return [...payments.values(), ...others.values()].sort(order);
}

function after(standing: Subscription | null, word: SubscriptionWord): Subscription | null {
  const plan = word.plan ?? standing?.plan;
  if (plan === undefined) return null;
  if (word.transactionId !== null) return paid(standing, word, plan);
  const begun = standing ?? { plan, state: 'expired', until: 0 };
  const over = begun.state === 'expired';
  const until = Math.max(begun.until, word.until ?? 0);
  switch (word.kind) {
    case 'purchase':
    case 'renewal':
      // Without a payment it goes on, and nothing that is over begins again.
      return over ? begun : { plan, state: 'active', until };
    case 'product_change':
      return { ...begun, plan };
    case 'expiry':
      return { ...begun, state: 'expired', until: Math.min(begun.until, word.occurredAt) };
    case 'cancellation':
      return over || begun.state === 'paused' ? begun : { ...begun, state: 'cancelled' };
    case 'pause':
      return over ? begun : { ...begun, state: 'paused' };
    case 'grace':
    case 'billing_issue':
      return over ? begun : { ...begun, state: 'grace', until };
  }
}

/** A payment that was given back leaves things as if it had not been made. */
const paid = (standing: Subscription | null, word: SubscriptionWord, plan: string): Subscription =>
  word.refunded ? (standing ?? { plan, state: 'expired', until: 0 }) : { plan, state: 'active', until: word.until ?? standing?.until ?? 0 };

/** Until when one payment of a plan lasts where the store does not say, ms: a month or a year on, by the calendar of UTC. */
export function paidUntil(occurredAt: number, period: 'month' | 'year'): number {
  const from = new Date(occurredAt);
  const months = period === 'year' ? 12 : 1;
  const to = new Date(occurredAt);
  to.setUTCMonth(from.getUTCMonth() + months);
  // The 31st of a month that has none is its last day.
  if (to.getUTCDate() !== from.getUTCDate()) to.setUTCDate(0);
  return to.getTime();
}
