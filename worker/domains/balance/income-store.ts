/** The SQL of looking back at what an owner received in one unit. Bounded by ids, which carry the time they were made. */
import type { UserId } from '../../protocol/ids.ts';
import type { Unit } from '../../protocol/money.ts';

/** No event of a posting that was made before this id is looked at. */
const SINCE = `e.seq >= coalesce((
  SELECT seq FROM transfer WHERE posting_seq >= (SELECT seq FROM posting WHERE id >= ?3 ORDER BY id LIMIT 1)
  ORDER BY posting_seq, n LIMIT 1
), 9223372036854775807)`;

export interface PeriodRow {
  /** The place of the period among those asked for. */
  readonly n: number;
  readonly amount: number;
  readonly calls: number;
}

/** Sums of what moved within each period, by when it happened; periods in which nothing did are left out. */
export async function sumsWithin(
  db: D1Database,
  owner: { userId: UserId; unit: Unit },
  sinceId: string,
  periods: readonly { readonly from: number; readonly to: number }[],
): Promise<PeriodRow[]> {
  const { results } = await db
    .prepare(
      `SELECT d.key AS n, sum(e.amount) AS amount, count(DISTINCT iif(p.kind = 'earning', p.ref, NULL)) AS calls
       FROM balance_event e JOIN posting p ON p.seq = e.posting_seq
       JOIN json_each(?4) d ON p.event_at >= d.value ->> 'from' AND p.event_at < d.value ->> 'to'
       WHERE e.owner = ?1 AND e.unit = ?2 AND ${SINCE} GROUP BY d.key ORDER BY d.key`,
    )
    .bind(owner.userId, owner.unit, sinceId, JSON.stringify(periods))
    .all<PeriodRow>();
  return results;
}

export interface IncomeRow {
  readonly id: string;
  readonly eventAt: number;
  readonly amount: number;
  readonly kind: string;
  readonly ref: string;
  readonly metadata: string;
}

const columns = 'p.id, p.event_at AS eventAt, sum(e.amount) AS amount, p.kind, p.ref, p.metadata';

/** Postings that moved the owner's unit, newest first, from before the posting `before`. */
export async function incomeRows(
  db: D1Database,
  owner: { userId: UserId; unit: Unit },
  asked: { sinceId: string; from: number; to: number; ref: string | null; before: string | null; limit: number },
): Promise<IncomeRow[]> {
  const { results } = await db
    .prepare(
      `SELECT ${columns} FROM balance_event e JOIN posting p ON p.seq = e.posting_seq
       WHERE e.owner = ?1 AND e.unit = ?2 AND ${SINCE} AND p.event_at >= ?4 AND p.event_at < ?5 AND (?6 IS NULL OR p.ref = ?6)
         AND (?7 IS NULL OR p.seq < (SELECT seq FROM posting WHERE id = ?7))
       GROUP BY p.seq ORDER BY p.seq DESC LIMIT ?8`,
    )
    .bind(owner.userId, owner.unit, asked.sinceId, asked.from, asked.to, asked.ref, asked.before, asked.limit)
    .all<IncomeRow>();
  return results;
}

/** One posting of the owner's that moved the unit. */
export const incomeRow = (db: D1Database, owner: { userId: UserId; unit: Unit }, id: string): Promise<IncomeRow | null> =>
  db
    .prepare(
      `SELECT ${columns} FROM posting p JOIN balance_event e ON e.posting_seq = p.seq
       WHERE p.id = ?3 AND e.owner = ?1 AND e.unit = ?2 GROUP BY p.seq`,
    )
    .bind(owner.userId, owner.unit, id)
    .first<IncomeRow>();
