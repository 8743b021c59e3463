/** Looking back at what an owner received in one unit: by period, one by one, and what each came from. */
import type { Context } from '../../platform/context.ts';
import { earliestId } from '../../platform/ids.ts';
import { ledgerShard } from '../../platform/shards.ts';
import type { PostingId } from '../../protocol/ids.ts';
import type { Unit } from '../../protocol/money.ts';
import { type IncomeRow, incomeRow, incomeRows, sumsWithin } from './income-store.ts';
import type { Owner } from './rules.ts';

/** ms since the epoch; `to` is outside. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Something that moved the balance. */
export interface Income {
  readonly id: PostingId;
  /** When it happened, ms since the epoch. */
  readonly at: number;
  /** Signed. */
  readonly amount: number;
  readonly kind: string;
  readonly ref: string;
  /** What the amount was computed from, as the posting holds it. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A fact is written this much later than it happened at most, ms: a checkpoint that waited for the books to come back. */
const LATE_MS = 86_400_000;

/** What moved in each period, and in how many calls something was earned; in the order asked. */
export async function receivedIn(
  ctx: Context,
  owner: Owner,
  unit: Unit,
  periods: readonly Period[],
): Promise<{ amount: number; calls: number }[]> {
  if (periods.length === 0) return [];
  const since = earliestId('pst', Math.min(...periods.map(({ from }) => from)));
  const rows = await sumsWithin(ledgerShard(ctx.env, owner.shard), { userId: owner.userId, unit }, since, periods);
  const found = new Map(rows.map((row) => [Number(row.n), row]));
  return periods.map((_, n) => ({ amount: found.get(n)?.amount ?? 0, calls: found.get(n)?.calls ?? 0 }));
}

/** Newest first, from before the posting `before`. */
export async function incomeOfOwner(
  ctx: Context,
  owner: Owner,
  unit: Unit,
  asked: { period?: Period | undefined; ref?: string | undefined; before?: PostingId | undefined; limit: number },
): Promise<Income[]> {
  const { from, to } = asked.period ?? { from: 0, to: ctx.now + LATE_MS };
  const rows = await incomeRows(
    ledgerShard(ctx.env, owner.shard),
    { userId: owner.userId, unit },
    { sinceId: earliestId('pst', from), from, to, ref: asked.ref ?? null, before: asked.before ?? null, limit: asked.limit },
  );
  return rows.map(toIncome);
}

/** One of the owner's own; null for any other id. */
export async function incomeById(ctx: Context, owner: Owner, unit: Unit, id: PostingId): Promise<Income | null> {
  const row = await incomeRow(ledgerShard(ctx.env, owner.shard), { userId: owner.userId, unit }, id);
  return row && toIncome(row);
}

const toIncome = ({ id, eventAt, amount, kind, ref, metadata }: IncomeRow): Income => ({
  id: id as PostingId,
  at: eventAt,
  amount,
  kind,
  ref,
  metadata: JSON.parse(metadata),
});
