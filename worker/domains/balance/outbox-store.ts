/** The SQL of `ledger_outbox`: second halves of facts about two people in two shards, until the other shard has them. */
import type { Fact } from './rules.ts';

export interface WaitingRow {
  readonly key: string;
  readonly fact: Fact;
  readonly attempts: number;
  readonly parked: boolean;
}

/** Rows that are due at `now`, oldest first. */
export async function waitingRows(db: D1Database, now: number, limit: number): Promise<WaitingRow[]> {
  const { results } = await db
    .prepare(
      'SELECT key, fact, attempts, parked_at FROM ledger_outbox WHERE posted_at IS NULL AND next_at <= ?1 ORDER BY next_at, seq LIMIT ?2',
    )
    .bind(now, limit)
    .all<{ key: string; fact: string; attempts: number; parked_at: number | null }>();
  return results.map((row) => ({
    key: row.key,
    fact: JSON.parse(row.fact),
    attempts: row.attempts,
    parked: row.parked_at !== null,
  }));
}

/** The row that holds a posting not yet handed over, if there is one. */
export async function waitingRow(db: D1Database, key: string): Promise<Fact | null> {
  const row = await db.prepare('SELECT fact FROM ledger_outbox WHERE key = ?1 AND posted_at IS NULL').bind(key).first<{ fact: string }>();
  return row ? JSON.parse(row.fact) : null;
}

/** The other shard has them. */
export async function markPosted(db: D1Database, keys: readonly string[], now: number): Promise<void> {
  await db
    .prepare('UPDATE ledger_outbox SET posted_at = ?2 WHERE posted_at IS NULL AND key IN (SELECT value FROM json_each(?1))')
    .bind(JSON.stringify(keys), now)
    .run();
}

/** They could not be handed over: each waits for its `nextAt`; `park` raises it for a person to look at. */
export async function markFailed(
  db: D1Database,
  rows: readonly { readonly key: string; readonly nextAt: number; readonly park: boolean }[],
  now: number,
): Promise<void> {
  await db
    .prepare(
      `UPDATE ledger_outbox SET attempts = attempts + 1, next_at = f.next_at,
         parked_at = iif(f.park = 1, coalesce(parked_at, ?2), parked_at)
       FROM (SELECT value->>'key' AS key, value->>'nextAt' AS next_at, value->>'park' AS park FROM json_each(?1)) f
       WHERE ledger_outbox.key = f.key AND posted_at IS NULL`,
    )
    .bind(JSON.stringify(rows.map((row) => ({ ...row, park: row.park ? 1 : 0 }))), now)
    .run();
}

/** How many wait, and how many of those are parked. */
export async function countWaiting(db: D1Database): Promise<{ waiting: number; parked: number }> {
  const row = await db
    .prepare('SELECT count(*) AS waiting, count(parked_at) AS parked FROM ledger_outbox WHERE posted_at IS NULL')
    .first<{ waiting: number; parked: number }>();
  return row ?? { waiting: 0, parked: 0 };
}
