/** A day of a store against our books, decided without either. */
import type { DaySum, Difference } from '../../protocol/http/shop-desk.ts';
import type { Money } from './payment-event.ts';

/** Something that moved money at a store: a payment, or a refund or dispute. */
export interface Moved {
  readonly id: string;
  readonly money: Money;
  /** ms since the epoch. */
  readonly at: number;
}

/** What we have of one. */
export interface Kept {
  readonly id: string;
  /** Null where its store did not say. */
  readonly money: Money | null;
  readonly at: number;
  /** What it gave or took, in units of the ledger; and what the ledger says, null: nothing is there. */
  readonly gives: number;
  readonly booked: number | null;
}

export interface Books {
  readonly payments: readonly Kept[];
  readonly refunds: readonly Kept[];
}

export interface StoreDay {
  readonly payments: readonly Moved[];
  readonly refunds: readonly Moved[];
}

/** A store and we may call the moment of one thing differently by so much, ms. */
export const SLACK_MS = 2 * 3_600_000;

/**
 * What differs for what happened in `[from, until)`.
 * @param theirs of the day and `SLACK_MS` around it; null where the store can't be asked
 * @param ours of the day, and whatever of `theirs` we have of any day
 * @param stuck ids of events of the day that had no effect
 */
export function differencesOf(
  day: { readonly from: number; readonly until: number },
  { theirs, ours, stuck }: { theirs: StoreDay | null; ours: Books; stuck: readonly string[] },
): Difference[] {
  const isToday = ({ at }: { at: number }): boolean => day.from <= at && at < day.until;
  const of = (what: 'payment' | 'refund', there: readonly Moved[] | null, here: readonly Kept[]): Difference[] => {
    const atStore = new Map(there?.map((moved) => [moved.id, moved]));
    const atUs = new Map(here.map((kept) => [kept.id, kept]));
    const missing = (there ?? []).filter((moved) => isToday(moved) && !atUs.has(moved.id));
    return [
      ...missing.map(({ id, money }) => ({ kind: 'missing_here' as const, what, id, theirs: money, ours: null })),
      ...here.filter(isToday).flatMap((kept): Difference[] => {
        const moved = atStore.get(kept.id);
        const both = { what, id: kept.id, theirs: moved?.money ?? null, ours: kept.money };
        return [
          ...(there !== null && !moved && kept.money?.amount !== 0 ? [{ kind: 'missing_there' as const, ...both }] : []),
          ...(moved && kept.money && !isSame(moved.money, kept.money) ? [{ kind: 'amount' as const, ...both }] : []),
          ...(kept.booked === kept.gives ? [] : [{ kind: 'not_in_books' as const, ...both }]),
        ];
      }),
    ];
  };
  return [
    ...of('payment', theirs?.payments ?? null, ours.payments),
    ...of('refund', theirs?.refunds ?? null, ours.refunds),
    ...stuck.map((id) => ({ kind: 'not_taken_up' as const, what: 'event' as const, id, theirs: null, ours: null })),
  ];
}

const isSame = (one: Money, other: Money): boolean => one.amount === other.amount && one.currency === other.currency;

/** What a day came to, by currency. */
export function sumsOf(
  day: { readonly from: number; readonly until: number },
  { payments, refunds }: { payments: readonly Pick<Kept, 'money' | 'at'>[]; refunds: readonly Pick<Kept, 'money' | 'at'>[] },
): DaySum[] {
  const sums = new Map<string, DaySum>();
  const add = (side: 'paid' | 'back', moved: readonly Pick<Kept, 'money' | 'at'>[]): void => {
    for (const { money, at } of moved) {
      if (!money || at < day.from || at >= day.until) continue;
      const sum = sums.get(money.currency) ?? { currency: money.currency, paid: 0, back: 0, count: 0 };
      sums.set(money.currency, { ...sum, [side]: sum[side] + money.amount, count: sum.count + 1 });
    }
  };
  add('paid', payments);
  add('back', refunds);
  return [...sums.values()].sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
