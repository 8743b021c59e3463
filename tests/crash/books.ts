/** What stands in the databases of a state folder whose Worker is not running, read from copies of the files. */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Posting {
  readonly key: string;
  readonly kind: string;
  readonly owner: string;
  /** What its transfers moved for the owner, signed; 0 where the house paid itself. */
  readonly moved: number;
}

export interface Books {
  /** Postings of calls, from all shards. */
  readonly postings: readonly Posting[];
  /** By account, where it differs: the balance kept and the sum of its transfers. */
  readonly mismatches: readonly string[];
  /** Sum of all balances by unit, over the shards. */
  readonly sums: Readonly<Record<string, number>>;
  /** Owners' balances by `owner:unit`. */
  readonly balances: ReadonlyMap<string, number>;
  /** Second halves that wait in a shard's outbox. */
  readonly waiting: number;
  readonly unsettled: readonly { readonly id: string; readonly state: string; readonly createdAt: number }[];
  /** Busy locks still held: the call of each. */
  readonly locks: readonly string[];
  /** Hubs that were read, so that reading none is noticed. */
  readonly hubs: number;
}

/** Copies every database of the state folder, with what its journal holds, into a new folder below the system's own. */
export function copyDatabases(state: string): { folder: string; dispose: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'hearthline-crash-'));
  const copy = (from: string, prefix: string): void => {
    for (const name of existsSync(from) ? readdirSync(from) : [])
      if (name.endsWith('.sqlite') || name.endsWith('.sqlite-wal')) copyFileSync(join(from, name), join(folder, `${prefix}-${name}`));
  };
  for (const kind of readdirSync(join(state, 'v3', 'd1'))) copy(join(state, 'v3', 'd1', kind), 'd1');
  for (const kind of readdirSync(join(state, 'v3', 'do'))) if (kind.endsWith('UserHub')) copy(join(state, 'v3', 'do', kind), 'hub');
  return { folder, dispose: () => rmSync(folder, { recursive: true }) };
}

/** Every database of a copied folder whose name begins with `prefix`. */
export function open(folder: string, prefix: 'd1' | 'hub'): DatabaseSync[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith(`${prefix}-`) && name.endsWith('.sqlite') && !basename(name).includes('metadata'))
    .map((name) => new DatabaseSync(join(folder, name)));
}

export const has = (db: DatabaseSync, table: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(table) !== undefined;

export function readBooks(folder: string): Books {
  const postings: Posting[] = [];
  const mismatches: string[] = [];
  const sums: Record<string, number> = {};
  const balances = new Map<string, number>();
  const unsettled: { id: string; state: string; createdAt: number }[] = [];
  const locks: string[] = [];
  let waiting = 0;
  let hubs = 0;
  for (const db of open(folder, 'd1')) {
    if (has(db, 'call'))
      for (const row of db.prepare('SELECT id, state, created_at FROM call WHERE settled_at IS NULL').all())
        unsettled.push({ id: String(row.id), state: String(row.state), createdAt: Number(row.created_at) });
    if (has(db, 'transfer')) {
      postings.push(...readPostings(db));
      for (const row of db.prepare(ACCOUNTS).all()) {
        sums[String(row.unit)] = (sums[String(row.unit)] ?? 0) + Number(row.balance);
        if (row.kind === 'owner') balances.set(String(row.id), (balances.get(String(row.id)) ?? 0) + Number(row.balance));
        if (row.balance !== row.moved) mismatches.push(`${row.id} holds ${row.balance}, its transfers say ${row.moved}`);
      }
      waiting += Number(db.prepare('SELECT count(*) AS n FROM ledger_outbox WHERE posted_at IS NULL').get()?.n);
    }
    db.close();
  }
  for (const db of open(folder, 'hub')) {
    if (has(db, 'busy_lock')) {
      hubs += 1;
      for (const row of db.prepare('SELECT call_id FROM busy_lock').all()) locks.push(String(row.call_id));
    }
    db.close();
  }
  return { postings, mismatches, sums, balances, waiting, unsettled, locks, hubs };
}

const ACCOUNTS = `
  SELECT id, kind, unit, balance,
    coalesce((SELECT sum(amount) FROM transfer WHERE to_account = account.id), 0)
    - coalesce((SELECT sum(amount) FROM transfer WHERE from_account = account.id), 0) AS moved
  FROM account`;

function readPostings(db: DatabaseSync): Posting[] {
  const rows = db
    .prepare(
      `SELECT posting.key, posting.kind, posting.owner,
         coalesce(sum(CASE WHEN transfer.to_account LIKE posting.owner || ':%' THEN transfer.amount
                           WHEN transfer.from_account LIKE posting.owner || ':%' THEN -transfer.amount ELSE 0 END), 0) AS moved
       FROM posting LEFT JOIN transfer ON transfer.posting_seq = posting.seq
       WHERE posting.key LIKE 'call:%' GROUP BY posting.seq`,
    )
    .all();
  return rows.map((row) => ({ key: String(row.key), kind: String(row.kind), owner: String(row.owner), moved: Number(row.moved) }));
}
