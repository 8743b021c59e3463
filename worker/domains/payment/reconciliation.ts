/**
 * Each day once more: what stores say was paid and given back, against our payments and against the books. What differs is
 * shown to staff, and said (`payment.mismatch`), so that a case comes of it.
 */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import type { ReconciledDay } from '../../protocol/http/shop-desk.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { movedUnder } from '../balance/service.ts';
import { eventStatement } from '../event_log/service.ts';
import { paymentKey } from './grant-rules.ts';
import { type Store, stores } from './payment-event.ts';
import { type Books, differencesOf, type Kept, SLACK_MS, type StoreDay, sumsOf } from './reconciliation-rules.ts';
import {
  type DayRow,
  dayRows,
  type PaymentOfDay,
  paymentsOfDay,
  putDay,
  type RefundOfDay,
  refundsOfDay,
  stuckDeliveries,
} from './reconciliation-store.ts';
import { sellsOnTheWeb } from './stripe-calls.ts';
import { dayAtStripe } from './stripe-money.ts';

const DAY_MS = 86_400_000;
/** A day is looked at so often, each day anew: what was late by then has come, or a case says so. */
const LOOKS = 3;

/** The sources that tell of a store; Adapty and AppHud tell of both. Stripe is asked itself. */
const tellersOf: Readonly<Record<Store, readonly string[]>> = {
  stripe: [],
  apple: ['apple', 'adapty', 'apphud'],
  google: ['google'],
};

/** The job: yesterday and the days before it. */
export async function reconcile(ctx: Context): Promise<void> {
  const today = Math.floor(ctx.now / DAY_MS) * DAY_MS;
  for (let back = LOOKS; back >= 1; back--) for (const store of stores) await reconcileDay(ctx, store, today - back * DAY_MS);
}

/** @param from when the day begins, ms; the job's begin at midnight, UTC */
export async function reconcileDay(ctx: Context, store: Store, from: number): Promise<ReconciledDay> {
  const { DB } = ctx.env;
  const time = { from, until: from + DAY_MS };
  const theirs =
    store === 'stripe' && sellsOnTheWeb(ctx) ? await dayAtStripe(ctx, { from: time.from - SLACK_MS, until: time.until + SLACK_MS }) : null;
  const ours = await booksOf(ctx, store, time, theirs);
  const stuck = await stuckDeliveries(DB, { sources: tellersOf[store], ...time });
  const differences = differencesOf(time, { theirs, ours, stuck });
  const row: DayRow = {
    day: toTimestamp(from).slice(0, 10),
    store,
    state: differences.length === 0 ? 'agrees' : 'differs',
    theirs: theirs && sumsOf(time, theirs),
    ours: sumsOf(time, ours),
    differences,
    checkedAt: ctx.now,
  };
  const told =
    row.state === 'differs'
      ? [
          eventStatement(ctx, {
            type: 'payment.mismatch',
            subject: `${store}:${row.day}`,
            payload: { count: differences.length, kinds: [...new Set(differences.map(({ kind }) => kind))] },
          }),
        ]
      : [];
  await DB.batch([putDay(DB, row), ...told]);
  return toWire(row);
}

async function booksOf(ctx: Context, store: Store, time: { from: number; until: number }, theirs: StoreDay | null): Promise<Books> {
  const ids = (moved: StoreDay['payments']): string[] => moved.map(({ id }) => id);
  const [payments, refunds] = await Promise.all([
    paymentsOfDay(ctx.env.DB, { store, ...time, ids: ids(theirs?.payments ?? []) }),
    refundsOfDay(ctx.env.DB, { store, ...time, ids: ids(theirs?.refunds ?? []) }),
  ]);
  const moved = await movedUnder(ctx, [...payments.map((row) => paymentKey(row)), ...refunds.map(({ key }) => key)]);
  return {
    payments: payments.map((row) => keptPayment(row, moved.get(paymentKey(row)) ?? null)),
    refunds: refunds.map((row) => keptRefund(row, moved.get(row.key) ?? null)),
  };
}

const moneyOf = ({ amount, currency }: { amount: number | null; currency: string | null }) =>
  amount === null || currency === null ? null : { amount, currency };

const keptPayment = (row: PaymentOfDay, booked: number | null): Kept => ({
  ...{ id: row.transactionId, money: moneyOf(row), at: row.occurredAt },
  ...{ gives: row.granted, booked },
});

/** Of a plan nothing is posted when it is refunded; nor where nothing was left to take. */
const keptRefund = ({ refundId, key, change, unit, occurredAt, ...money }: RefundOfDay, booked: number | null): Kept => ({
  ...{ id: refundId ?? key, money: moneyOf(money), at: occurredAt },
  ...{ gives: change, booked: unit === null || change === 0 ? change : booked },
});

const position = z.tuple([z.string(), z.string()]);
const DEFAULT_PAGE = 30;

/** Newest first. */
export async function reconciledDays(
  ctx: Context,
  asked: { state?: DayRow['state'] | undefined; cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: ReconciledDay[]; nextCursor: string | null }> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const rows = await dayRows(ctx.env.DB, { state: asked.state, after: fromCursor(asked.cursor, position), limit: limit + 1 });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(toWire), nextCursor: rows.length > limit && last ? toCursor([last.day, last.store]) : null };
}

const toWire = ({ checkedAt, ...row }: DayRow): ReconciledDay => ({ ...row, checkedAt: toTimestamp(checkedAt) });
