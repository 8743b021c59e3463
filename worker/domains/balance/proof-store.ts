/**
 * The SQL of the proof of one shard. The fold of all transfers is added up in steps into `proof_fold`; what came after
 * the last step is added up on the spot, so that every comparison is of the books as they are in one moment.
 */
import type { Unit } from '../../protocol/money.ts';
import { eventOf } from './event-store.ts';

/** Of how many postings one step reads the transfers. */
export const STEP = 5_000;

export interface Progress {
  /** Transfers and events of postings with `seq` up to here are in `proof_fold`. */
  readonly cursor: number;
  /** Postings with `seq` up to here have been looked at for their pair. */
  readonly pairCursor: number;
  readonly unpaired: number;
  readonly sealCursor: number;
  readonly sealsBroken: number;
  readonly startedAt: number;
  /** JSON of the last full proof, null before the first. */
  readonly lastProof: string | null;
}

export async function progressOf(db: D1Database): Promise<Progress> {
  const row = await db
    .prepare(
      `SELECT cursor, pair_cursor AS pairCursor, unpaired, seal_cursor AS sealCursor, seals_broken AS sealsBroken,
         started_at AS startedAt, last_proof AS lastProof FROM proof_progress WHERE id = 1`,
    )
    .first<Progress>();
  if (!row) throw new Error('the shard has no row of its proof');
  return row;
}

/** Forgets the fold and begins a proof from the first transfer on. */
export async function beginProof(db: D1Database, now: number): Promise<void> {
  await db.batch([
    db.prepare('DELETE FROM proof_fold'),
    db
      .prepare(
        'UPDATE proof_progress SET cursor = 0, pair_cursor = 0, unpaired = 0, seal_cursor = 0, seals_broken = 0, started_at = ?1 WHERE id = 1',
      )
      .bind(now),
  ]);
}

const IN_STEP =
  'posting_seq > (SELECT cursor FROM proof_progress WHERE id = 1) AND posting_seq <= (SELECT cursor + ?1 FROM proof_progress WHERE id = 1)';

const changes = (where: string) => `
  SELECT from_account AS account_id, -amount AS moved, 0 AS told FROM transfer WHERE ${where}
  UNION ALL SELECT to_account, amount, 0 FROM transfer WHERE ${where}
  UNION ALL SELECT owner || ':' || unit, 0, amount FROM balance_event WHERE ${where}`;

const FOLD_STEP = `
INSERT INTO proof_fold (account_id, moved, told)
SELECT account_id, sum(moved), sum(told) FROM (${changes(IN_STEP)}) WHERE true GROUP BY account_id
ON CONFLICT (account_id) DO UPDATE SET moved = moved + excluded.moved, told = told + excluded.told`;

/** Adds the transfers of the next postings to the fold. The batch reads and moves the cursor itself, so two at once do not add twice. */
export async function foldStep(db: D1Database): Promise<{ done: boolean }> {
  const [, , rest] = await db.batch<{ rest: number }>([
    db.prepare(FOLD_STEP).bind(STEP),
    db
      .prepare('UPDATE proof_progress SET cursor = min(cursor + ?1, (SELECT coalesce(max(posting_seq), 0) FROM transfer)) WHERE id = 1')
      .bind(STEP),
    db.prepare('SELECT (SELECT coalesce(max(posting_seq), 0) FROM transfer) - cursor AS rest FROM proof_progress WHERE id = 1'),
  ]);
  return { done: (rest?.results[0]?.rest ?? 0) <= 0 };
}

export interface UnitCount {
  readonly unit: Unit;
  readonly sum: number;
  readonly accounts: number;
  readonly transfers: number;
  readonly mismatches: number;
  readonly belowFloor: number;
}

// `start` is where the fold ends, read in the same moment as the rest; 0 where the fold is not to be trusted.
const BOOKS = `
WITH start AS (SELECT iif(?1 = 1, cursor, 0) AS seq FROM proof_progress WHERE id = 1), change AS (
  SELECT account_id, moved, told FROM proof_fold WHERE ?1 = 1
  UNION ALL ${changes('posting_seq > (SELECT seq FROM start)')}
), fold AS (
  SELECT account_id, sum(moved) AS moved, sum(told) AS told FROM change GROUP BY account_id
), book AS (
  SELECT a.id, a.unit, a.balance,
    a.balance <> coalesce(f.moved, 0)
      OR (a.kind = 'owner' AND a.balance <> coalesce(f.told, 0))
      OR (a.kind = 'owner' AND a.balance <> coalesce((SELECT balance_after FROM ${eventOf('a.last_event_id')}), 0)) AS differs,
    (a.kind = 'owner' AND a.balance < 0) OR (a.kind = 'debt' AND a.balance > 0) AS below
  FROM account a LEFT JOIN fold f ON f.account_id = a.id
)`;

export interface Comparison {
  readonly units: readonly UnitCount[];
  /** Accounts that differ or stand below their floor; the first twenty. */
  readonly wrong: readonly string[];
  /** Transfers under a posting, or between accounts, that are not there. */
  readonly stray: number;
  /** Transfers that are not in the fold, counted on the spot. */
  readonly fresh: number;
}

/** Every account against the fold of its transfers and of its events, from the start or on top of `proof_fold`. */
export async function compareBooks(db: D1Database, useFold: boolean): Promise<Comparison> {
  const from = useFold ? 1 : 0;
  const [units, wrong, rest] = await db.batch<Record<string, unknown>>([
    db
      .prepare(
        `${BOOKS} SELECT unit, sum(balance) AS sum, count(*) AS accounts, sum(differs) AS mismatches, sum(below) AS belowFloor,
           (SELECT count(*) FROM transfer t WHERE t.unit = book.unit) AS transfers
         FROM book GROUP BY unit ORDER BY unit`,
      )
      .bind(from),
    db.prepare(`${BOOKS} SELECT id FROM book WHERE differs OR below ORDER BY id LIMIT 20`).bind(from),
    db
      .prepare(
        `WITH start AS (SELECT iif(?1 = 1, cursor, 0) AS seq FROM proof_progress WHERE id = 1)
         SELECT count(*) AS fresh, coalesce(sum(
           NOT EXISTS (SELECT 1 FROM posting p WHERE p.seq = t.posting_seq)
           OR (SELECT count(*) FROM account a WHERE a.id IN (t.from_account, t.to_account) AND a.unit = t.unit) <> 2
         ), 0) AS stray FROM transfer t WHERE t.posting_seq > (SELECT seq FROM start)`,
      )
      .bind(from),
  ]);
  return {
    units: (units?.results ?? []) as unknown as UnitCount[],
    wrong: (wrong?.results ?? []).map((row) => String(row.id)),
    stray: Number(rest?.results[0]?.stray ?? 0),
    fresh: Number(rest?.results[0]?.fresh ?? 0),
  };
}

export interface Unpaired {
  /** The posting whose other half is not in its own shard. */
  readonly key: string;
  readonly pairKey: string;
  /** True where the other half waits, whole, in this shard's outbox. */
  readonly waiting: boolean;
}

/** Postings of `seq` in (after, upTo] that belong to a pair and don't have the other half beside them. */
export async function unpairedHere(db: D1Database, after: number, upTo: number): Promise<Unpaired[]> {
  const { results } = await db
    .prepare(
      `SELECT p.key, p.pair_key AS pairKey, o.key IS NOT NULL AS waiting
       FROM posting p LEFT JOIN ledger_outbox o ON o.key = p.pair_key AND o.posted_at IS NULL
       WHERE p.seq > ?1 AND p.seq <= ?2 AND p.pair_key IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM posting q WHERE q.key = p.pair_key)`,
    )
    .bind(after, upTo)
    .all<{ key: string; pairKey: string; waiting: number }>();
  return results.map((row) => ({ ...row, waiting: row.waiting === 1 }));
}

/** Those of `keys` that this shard has postings for. */
export async function keysHere(db: D1Database, keys: readonly string[]): Promise<Set<string>> {
  const { results } = await db
    .prepare('SELECT key FROM posting WHERE key IN (SELECT value FROM json_each(?1))')
    .bind(JSON.stringify(keys))
    .all<{ key: string }>();
  return new Set(results.map((row) => row.key));
}

/** Outbox rows whose first half is not in the books: money on its way that nobody paid. */
export async function orphansHere(db: D1Database): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT o.key FROM ledger_outbox o WHERE o.posted_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM posting p WHERE p.key = o.first_key) LIMIT 20`,
    )
    .all<{ key: string }>();
  return results.map((row) => row.key);
}

export async function lastPosting(db: D1Database): Promise<number> {
  const row = await db.prepare('SELECT coalesce(max(seq), 0) AS seq FROM posting').first<{ seq: number }>();
  return row?.seq ?? 0;
}

/** Postings of pairs were looked at up to `pairCursor`, and seals up to `sealCursor`. Counts only ever add up in one proof. */
export async function noteStep(
  db: D1Database,
  step: { pairCursor: number; unpaired: number; sealCursor: number; sealsBroken: number },
): Promise<void> {
  await db
    .prepare(
      `UPDATE proof_progress SET pair_cursor = max(pair_cursor, ?1), unpaired = ?2, seal_cursor = max(seal_cursor, ?3), seals_broken = ?4
       WHERE id = 1`,
    )
    .bind(step.pairCursor, step.unpaired, step.sealCursor, step.sealsBroken)
    .run();
}

export async function noteProof(db: D1Database, proof: string): Promise<void> {
  await db.prepare('UPDATE proof_progress SET last_proof = ?1 WHERE id = 1').bind(proof).run();
}
