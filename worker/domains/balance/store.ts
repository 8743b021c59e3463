/**
 * The SQL of postings. One statement carries everything facts need, whether it posts one or twenty: the call to the
 * database and its statements are what costs, so rows travel as JSON. It inserts into `telling`, whose trigger
 * (`migrations/ledger/0005_fewer_trees.sql`) makes accounts, postings, transfers and the settlement of debts of it, and
 * returns what stands then.
 *
 * A posting whose key is taken is skipped, and whatever belongs to it with it: a repeated batch changes nothing and
 * answers with the first answer. Another intent under the same key is refused by a trigger.
 */
import { newId } from '../../platform/ids.ts';
import type { Id, PostingId, UserId } from '../../protocol/ids.ts';
import type { Unit } from '../../protocol/money.ts';
import { type MeansUse, statementsOfUse } from './means-store.ts';
import { dayOf, debtAccount, type Fact, type Owner, type PostingKind } from './rules.ts';

/** What one batch writes on one shard. */
export interface Write {
  readonly facts: readonly Fact[];
  /** `hashOf` each fact, in the same order. */
  readonly hashes: readonly string[];
  /** When it is recorded, ms since the epoch. */
  readonly now: number;
  /** Counted with the first fact, and only if that is posted by this batch. */
  readonly grace?: GraceRow;
  /** Used up with the first fact, and only if that is posted by this batch. */
  readonly use?: MeansUse;
  /** Kept with the first fact, and only if that is posted by this batch. */
  readonly outbox?: { readonly fact: Fact };
}

export interface GraceRow {
  readonly key: string;
  readonly at: number;
  readonly payer: Owner;
  readonly payee: Owner;
  readonly perDay: number;
  readonly countsPayer: boolean;
  readonly countsPayee: boolean;
}

/** One transfer of a posting as it stands, with the owner's balance after it; the order of `standing`. */
type StandingRow = readonly [
  id: PostingId,
  key: string,
  owner: UserId,
  kind: PostingKind,
  ref: string,
  eventAt: number,
  createdAt: number,
  metadata: string,
  unit: Unit | null,
  eventId: Id<'bev'> | null,
  amount: number | null,
  prevId: Id<'bev'> | null,
  balance: number,
];

/** What a statement says of one key. */
interface Told {
  readonly key: string;
  /** Rows of its posting and of the settlement that followed from it, as JSON; none where there is no such posting. */
  readonly standing: string;
}

/** SQL for what stands under a key, and for the settlement that followed from it. */
const standing = (key: string): string =>
  `(SELECT json_group_array(json(row) ORDER BY seq, n) FROM standing WHERE standing.key IN (${key}, 'debt:' || ${key})) AS standing`;

// What is returned is read after the row's trigger has run, so it is what stands now, whoever told it first.
const TELLING = `
INSERT INTO telling (posting_id, key, input_hash, owner, kind, ref, actor, pair_key, event_at, metadata,
n, from_account, to_account, unit, part, amount, created_at)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->>7, value->>8, value->>9,
value->>10, value->>11, value->>12, value->>13, value->>14, value->>15, ?2
FROM json_each(?1) WHERE true RETURNING key, ${standing('telling.key')}`;

const GRACE = `
INSERT INTO grace_use (key, day, payer, payee, per_day, counts_payer, counts_payee, created_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE ?9 IS NULL OR EXISTS (SELECT 1 FROM posting WHERE id = ?9)
ON CONFLICT (key) DO NOTHING`;

const OUTBOX = `
INSERT INTO ledger_outbox (key, first_key, shard, fact, created_at, next_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM posting WHERE id = ?7)
ON CONFLICT (key) DO NOTHING`;

const READ = `SELECT k.value AS key, ${standing('k.value')} FROM json_each(?1) k`;

/** An outbox row is left to whoever wrote it for this long before the drainer takes it. */
export const OUTBOX_HEAD_START_MS = 5_000;

/** The batch of a write, and the ids of the postings it would make. Its first statement answers what stands (`Told`). */
export function batchOf(db: D1Database, write: Write): { statements: D1PreparedStatement[]; ids: readonly PostingId[] } {
  const ids = write.facts.map(newPostingId);
  const rows = write.facts.flatMap((fact, at) => tellingRows(fact, ids[at] as PostingId, write.hashes[at] ?? null));
  const statements = [db.prepare(TELLING).bind(JSON.stringify(rows), write.now)];
  const [first, id] = [write.facts[0], ids[0]];
  if (write.grace) statements.push(graceStatement(db, write.grace, write.now, id ?? null));
  if (write.use && first && id) statements.push(...statementsOfUse(db, write.use, { fact: first, postingId: id, now: write.now }));
  if (write.outbox && first) {
    const { fact } = write.outbox;
    statements.push(
      db.prepare(OUTBOX).bind(fact.key, first.key, fact.owner.shard, JSON.stringify(fact), write.now, write.now + OUTBOX_HEAD_START_MS, id),
    );
  }
  return { statements, ids };
}

/** Counts a use of grace; with `postingId` only if that posting is in the books. */
export const graceStatement = (db: D1Database, row: GraceRow, now: number, postingId: PostingId | null): D1PreparedStatement =>
  db
    .prepare(GRACE)
    .bind(
      row.key,
      dayOf(row.at),
      row.payer.userId,
      row.payee.userId,
      row.perDay,
      row.countsPayer ? 1 : 0,
      row.countsPayee ? 1 : 0,
      now,
      postingId,
    );

/** What stands under these keys. */
export const readStanding = (db: D1Database, keys: readonly string[]): D1PreparedStatement => db.prepare(READ).bind(JSON.stringify(keys));

/** One row a move, in the order of `TELLING`; a fact without moves has a row of its posting alone. */
function tellingRows(fact: Fact, id: PostingId, hash: string | null): unknown[][] {
  const { key, kind, ref, actor, pairKey = null, eventAt, metadata = {} } = fact;
  const { userId } = fact.owner;
  const posting = [id, key, hash, userId, kind, ref, actor, pairKey, eventAt, JSON.stringify(metadata)];
  const parts = fact.moves.flatMap(({ mode, from, to, unit, amount }) =>
    mode === 'exact'
      ? [[from, to, unit, 'all', amount]]
      : [
          [from, to, unit, 'available', amount],
          [debtAccount(userId, unit), to, unit, 'missing', amount],
        ],
  );
  return parts.length === 0 ? [posting] : parts.map((part, n) => [...posting, n, ...part]);
}

/** Ends in `00`: ids of what follows from the posting are made from it, and differ there. */
const newPostingId = (): PostingId => `${newId('pst').slice(0, -2)}00` as PostingId;

/** One change of an owner's balance, as the stream tells it. */
export interface BalanceChange {
  readonly eventId: Id<'bev'>;
  readonly prevEventId: Id<'bev'> | null;
  readonly unit: Unit;
  /** Signed. */
  readonly amount: number;
  readonly balanceAfter: number;
}

/** A posting as it stands in the books. */
export interface Posted {
  readonly id: PostingId;
  readonly key: string;
  readonly owner: UserId;
  readonly kind: PostingKind;
  readonly ref: string;
  /** When it happened and when it was recorded, ms since the epoch. */
  readonly eventAt: number;
  readonly createdAt: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** True where an earlier telling had already posted it: this is that first answer again. */
  readonly replayed: boolean;
  /** What it did to the owner's balance, the settlement of a debt included; empty where only the house paid. */
  readonly changes: readonly BalanceChange[];
  /** The owner's balance right after it in each unit it touched, also where only the house paid; the same on every telling. */
  readonly balances: ReadonlyMap<Unit, number>;
}

/** Reads what a statement told: each fact's posting by key. `ours` are the ids that this telling made. */
export function postedOf(told: readonly unknown[], ours: ReadonlySet<string>): Map<string, Posted> {
  const posted = new Map<string, Posted>();
  // A posting of several moves is told once a move: what stands after the last one counts.
  for (const { key, standing: json } of told as readonly Told[]) {
    const rows = JSON.parse(json) as readonly StandingRow[];
    const own = rows.find((row) => row[1] === key);
    if (!own) continue;
    const [id, , owner, kind, ref, eventAt, createdAt, metadata] = own;
    posted.set(key, {
      id,
      key,
      owner,
      kind,
      ref,
      eventAt,
      createdAt,
      metadata: JSON.parse(metadata),
      replayed: !ours.has(id),
      changes: rows.flatMap(changeOf),
      balances: new Map(rows.flatMap((row) => (row[8] ? [[row[8], row[12]] as const] : []))),
    });
  }
  return posted;
}

function changeOf([, , , , , , , , unit, eventId, amount, prevEventId, balanceAfter]: StandingRow): BalanceChange[] {
  return eventId && unit && amount !== null ? [{ eventId, prevEventId, unit, amount, balanceAfter }] : [];
}

/** A posting with its transfers, as needed to undo it. */
export interface WholePosting {
  readonly id: PostingId;
  readonly key: string;
  readonly kind: PostingKind;
  readonly owner: UserId;
  readonly pairKey: string | null;
  readonly transfers: readonly { readonly from: string; readonly to: string; readonly unit: Unit; readonly amount: number }[];
}

const WHOLE = `
SELECT p.id, p.key, p.kind, p.owner, p.pair_key AS pairKey, t.from_account AS "from", t.to_account AS "to", t.unit, t.amount
FROM posting p LEFT JOIN transfer t ON t.posting_seq = p.seq`;

/** A posting by id or by key, or null. What is posted never changes, so reading it first is safe. */
export async function findWhole(db: D1Database, by: { id: PostingId } | { key: string }): Promise<WholePosting | null> {
  const [where, value] = 'id' in by ? ['p.id', by.id] : ['p.key', by.key];
  const { results } = await db
    .prepare(`${WHOLE} WHERE ${where} = ?1 ORDER BY t.n`)
    .bind(value)
    .all<Omit<WholePosting, 'transfers'> & { from: string; to: string; unit: Unit; amount: number | null }>();
  const first = results[0];
  if (!first) return null;
  const { id, key, kind, owner, pairKey } = first;
  const transfers = results.flatMap(({ from, to, unit, amount }) => (amount === null ? [] : [{ from, to, unit, amount }]));
  return { id, key, kind, owner, pairKey, transfers };
}
