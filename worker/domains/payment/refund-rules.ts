/** What refunds take of what a payment gave: in whole numbers, in any order, told any number of times (money.md, "Payments", 6). */
import type { Money, Store } from './payment-event.ts';

export type RefundKind = 'refund' | 'chargeback' | 'refund_reversal';

export interface RefundWord {
  readonly kind: RefundKind;
  /**
   * Of the refund or dispute itself; a reversal carries that of what did not stand. Null: the store names none, and then there is
   * one refund and one dispute of a payment at most, and a reversal takes back both.
   */
  readonly refundId: string | null;
  /** What was given back; null: all of it. */
  readonly money: Money | null;
}

/** What a payment gave, and what was paid for it. */
export interface Granted {
  readonly granted: number;
  readonly money: Money | null;
}

/** How a payment stands after all that was told of it. */
export interface Standing {
  /** How much of what was granted is taken back. */
  readonly taken: number;
  /** All of it was given back: a plan's period does not count any more. */
  readonly whole: boolean;
  /** Money given back, in the smallest unit; null: all of it, and the store does not say how much. */
  readonly refunded: number | null;
}

/**
 * How a payment stands: each refund counts once, unless it did not stand; together they take the share of what was granted that
 * they are of what was paid, rounded down, and never more than was granted. What names no amount, or another currency than was
 * paid, takes all.
 */
export function standingOf({ granted, money }: Granted, words: readonly RefundWord[]): Standing {
  const reversed = new Set(words.flatMap(({ kind, refundId }) => (kind === 'refund_reversal' ? [refundId] : [])));
  const standing = new Map<string, RefundWord>();
  for (const word of words)
    if (word.kind !== 'refund_reversal' && !reversed.has(null) && !reversed.has(word.refundId)) standing.set(nameOf(word), word);
  let refunded = 0;
  for (const { money: given } of standing.values()) {
    if (money === null || given === null || given.currency !== money.currency)
      return { taken: granted, whole: true, refunded: money?.amount ?? null };
    refunded += given.amount;
  }
  if (money === null || refunded === 0) return { taken: 0, whole: false, refunded: 0 };
  const back = Math.min(refunded, money.amount);
  // Amounts and prices are below 10^9, and their product may be more than a double holds.
  const taken = Number((BigInt(granted) * BigInt(back)) / BigInt(Math.max(1, money.amount)));
  return { taken, whole: back === money.amount, refunded: back };
}

/** What one more word changes of what is taken back; signed. */
export const changeBy = (payment: Granted, before: readonly RefundWord[], word: RefundWord): number =>
  standingOf(payment, [...before, word]).taken - standingOf(payment, before).taken;

const nameOf = ({ kind, refundId }: RefundWord): string => refundId ?? `of all: ${kind}`;

/** The posting of a refund or its reversal. */
export function refundKey({ store, transactionId }: { store: Store; transactionId: string }, { kind, refundId }: RefundWord): string {
  if (kind === 'refund_reversal') return `refund_reversal:${store}:${refundId ?? transactionId}`;
  return `refund:${store}:${refundId ?? (kind === 'refund' ? transactionId : `${transactionId}:dispute`)}`;
}
