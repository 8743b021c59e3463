/**
 * The SQL of postings. One D1 batch carries everything a fact needs: the call to the database is what costs, so rows
 * travel as JSON and a batch has the same few statements whether it posts one fact or twenty.
 *
 * A posting whose key is taken is skipped (`DO NOTHING`), and whatever belongs to it hangs on the id made for this
 * attempt, so it is skipped with it: a repeated batch changes nothing and reads back the first answer. Another intent
 * under the same key is refused by a trigger.
 */
import { newId } from '../../platform/ids.ts';
import type { Id, PostingId, UserId } from '../../protocol/ids.ts';
import type { Unit } from '../../protocol/money.ts';
import { creditsOf, dayOf, debtAccount, type Fact, type Owner, ownerAccount, type PostingKind } from './rules.ts';

/** What one batch writes on one shard. */
export interface Write {
  readonly facts: readonly Fact[];
  /** `hashOf` each fact, in the same order. */
  readonly hashes: readonly string[];
  /** When it is recorded, ms since the epoch. */
  readonly now: number;
  /** Counted with the first fact, and only if that is posted by this batch. */
  readonly grace?: GraceRow;
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

/** One transfer of a posting as it stands, with the owner's balance after it. */
interface PostedRow {
  readonly id: PostingId;
  readonly key: string;
  readonly owner: UserId;
  readonly kind: PostingKind;
  readonly ref: string;
  readonly event_at: number;
  readonly created_at: number;
  readonly metadata: string;
  readonly unit: Unit | null;
  readonly event_id: string | null;
  readonly amount: number | null;
  readonly prev_id: string | null;
  readonly balance: number;
}

const ACCOUNTS = `
INSERT INTO account (id, owner, kind, unit, created_at)
SELECT value->>'id', value->>'owner', value->>'kind', value->>'unit', ?2 FROM json_each(?1)
WHERE true ON CONFLICT (id) DO NOTHING`;

const POSTINGS = `
INSERT INTO posting (id, key, input_hash, owner, kind, ref, actor, pair_key, event_at, created_at, metadata)
SELECT value->>'id', value->>'key', value->>'inputHash', value->>'owner', value->>'kind', value->>'ref', value->>'actor',
  value->>'pairKey', value->>'eventAt', ?2, value->>'metadata'
FROM json_each(?1) WHERE true ORDER BY json_each.key ON CONFLICT (key) DO NOTHING`;

// The part of a claw-back that the balance has is decided here, by the same statement that takes it.
const TRANSFERS = `
INSERT INTO transfer (id, posting_seq, n, from_account, to_account, unit, amount)
SELECT id, posting_seq, n, from_account, to_account, unit, amount FROM (
  SELECT m.key AS position, m.value->>'id' AS id, p.seq AS posting_seq, m.value->>'n' AS n,
    m.value->>'from' AS from_account, m.value->>'to' AS to_account, m.value->>'unit' AS unit,
    iif(m.value->>'part' = 'all', m.value->>'amount',
      iif(m.value->>'part' = 'available', min(a.balance, m.value->>'amount'), (m.value->>'amount') - min(a.balance, m.value->>'amount'))
    ) AS amount,
    m.value->>'part' AS part
  FROM json_each(?1) m JOIN posting p ON p.id = m.value->>'posting' LEFT JOIN account a ON a.id = m.value->>'of'
) WHERE part = 'all' OR amount > 0 ORDER BY position`;

const SETTLEMENTS = `
INSERT INTO posting (id, key, input_hash, owner, kind, ref, actor, pair_key, event_at, created_at, metadata)
SELECT s.value->>'id', 'debt:' || c.key, c.input_hash, c.owner, 'debt_settlement', c.id, 'system', NULL, c.event_at, ?2, '{}'
FROM json_each(?1) s JOIN posting c ON c.id = s.value->>'credit' JOIN account d ON d.id = s.value->>'debt' AND d.balance < 0
ORDER BY s.key`;

const SETTLEMENT_TRANSFERS = `
INSERT INTO transfer (id, posting_seq, n, from_account, to_account, unit, amount)
SELECT s.value->>'transfer', p.seq, 0, a.id, d.id, a.unit, min(a.balance, -d.balance)
FROM json_each(?1) s JOIN posting p ON p.id = s.value->>'id'
  JOIN account d ON d.id = s.value->>'debt' JOIN account a ON a.id = s.value->>'account'
WHERE min(a.balance, -d.balance) > 0 ORDER BY s.key`;

const GRACE = `
INSERT INTO grace_use (key, day, payer, payee, per_day, counts_payer, counts_payee, created_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 WHERE ?9 IS NULL OR EXISTS (SELECT 1 FROM posting WHERE id = ?9)
ON CONFLICT (key) DO NOTHING`;

const OUTBOX = `
INSERT INTO ledger_outbox (key, first_key, shard, fact, created_at, next_at)
SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE EXISTS (SELECT 1 FROM posting WHERE id = ?7)
ON CONFLICT (key) DO NOTHING`;

// Where only the house paid there is no event: the balance is the one of the last event before it.
const READ = `
SELECT p.id, p.key, p.owner, p.kind, p.ref, p.event_at, p.created_at, p.metadata, t.unit, e.id AS event_id, e.amount, e.prev_id,
  coalesce(e.balance_after, (
    SELECT b.balance_after FROM balance_event b
    WHERE b.owner = p.owner AND b.unit = t.unit AND b.posting_seq <= p.seq ORDER BY b.seq DESC LIMIT 1
  ), 0) AS balance
FROM json_each(?1) k JOIN posting p ON p.key IN (k.value, 'debt:' || k.value)
  LEFT JOIN transfer t ON t.posting_seq = p.seq LEFT JOIN balance_event e ON e.seq = t.seq
ORDER BY p.seq, t.n`;

/** An outbox row is left to whoever wrote it for this long before the drainer takes it. */
export const OUTBOX_HEAD_START_MS = 5_000;

/** The batch of a write, and the ids of the postings it would make. */
export function batchOf(db: D1Database, write: Write): { statements: D1PreparedStatement[]; ids: readonly PostingId[] } {
  const drafts = write.facts.map((fact, at) => ({ fact, hash: write.hashes[at] ?? null, id: newId('pst') }));
  const statements: D1PreparedStatement[] = [];
  const add = (sql: string, rows: readonly unknown[]) => {
    if (rows.length > 0) statements.push(db.prepare(sql).bind(JSON.stringify(rows), write.now));
  };
  const settlements = drafts.flatMap(({ fact, id }) => creditsOf(fact).map((move) => settlementRow(fact.owner.userId, move.unit, id)));
  add(ACCOUNTS, accountRows(write.facts));
  add(POSTINGS, drafts.map(postingRow));
  statements.push(db.prepare(TRANSFERS).bind(JSON.stringify(drafts.flatMap(transferRows))));
  add(SETTLEMENTS, settlements);
  if (settlements.length > 0) statements.push(db.prepare(SETTLEMENT_TRANSFERS).bind(JSON.stringify(settlements)));
  const first = drafts[0];
  if (write.grace) statements.push(graceStatement(db, write.grace, write.now, first?.id ?? null));
  if (write.outbox && first) {
    const { fact } = write.outbox;
    statements.push(
      db
        .prepare(OUTBOX)
        .bind(fact.key, first.fact.key, fact.owner.shard, JSON.stringify(fact), write.now, write.now + OUTBOX_HEAD_START_MS, first.id),
    );
  }
  statements.push(
    readStatement(
      db,
      write.facts.map((fact) => fact.key),
    ),
  );
  return { statements, ids: drafts.map(({ id }) => id) };
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

const readStatement = (db: D1Database, keys: readonly string[]): D1PreparedStatement => db.prepare(READ).bind(JSON.stringify(keys));

type Draft = { readonly fact: Fact; readonly hash: string | null; readonly id: PostingId };

const postingRow = ({ fact, hash, id }: Draft) => ({
  id,
  key: fact.key,
  inputHash: hash,
  owner: fact.owner.userId,
  kind: fact.kind,
  ref: fact.ref,
  actor: fact.actor,
  pairKey: fact.pairKey ?? null,
  eventAt: fact.eventAt,
  metadata: JSON.stringify(fact.metadata ?? {}),
});

function transferRows({ fact, id }: Draft): unknown[] {
  const rows = fact.moves.flatMap((move) => {
    const row = { posting: id, from: move.from, to: move.to, unit: move.unit, amount: move.amount, of: null as string | null };
    if (move.mode === 'exact') return [{ ...row, part: 'all' }];
    return [
      { ...row, part: 'available', of: move.from },
      { ...row, part: 'missing', of: move.from, from: debtAccount(fact.owner.userId, move.unit) },
    ];
  });
  return rows.map((row, n) => ({ ...row, n, id: newId('trf') }));
}

const settlementRow = (userId: UserId, unit: Unit, creditId: PostingId) => ({
  id: newId('pst'),
  transfer: newId('trf'),
  credit: creditId,
  account: ownerAccount(userId, unit),
  debt: debtAccount(userId, unit),
});

/** The owners' accounts that the moves name; the house's are there from the first migration on. */
function accountRows(facts: readonly Fact[]): unknown[] {
  const rows = new Map<string, unknown>();
  for (const { owner, moves } of facts) {
    for (const { unit, from, to, mode } of moves) {
      const own = ownerAccount(owner.userId, unit);
      if (from === own || to === own) rows.set(own, { id: own, owner: owner.userId, kind: 'owner', unit });
      const debt = debtAccount(owner.userId, unit);
      if (mode === 'claw_back') rows.set(debt, { id: debt, owner: owner.userId, kind: 'debt', unit });
    }
  }
  return [...rows.values()];
}

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

/** Reads the last statement of a batch: each fact's posting by key. `ours` are the ids that this telling made. */
export function postedOf(keys: readonly string[], rows: readonly unknown[], ours: ReadonlySet<string>): Map<string, Posted> {
  const byKey = Map.groupBy(rows as readonly PostedRow[], (row) => row.key);
  const posted = new Map<string, Posted>();
  for (const key of keys) {
    const own = byKey.get(key);
    const first = own?.[0];
    if (!own || !first) continue;
    const all = [...own, ...(byKey.get(`debt:${key}`) ?? [])];
    posted.set(key, {
      id: first.id,
      key,
      owner: first.owner,
      kind: first.kind,
      ref: first.ref,
      eventAt: first.event_at,
      createdAt: first.created_at,
      metadata: JSON.parse(first.metadata),
      replayed: !ours.has(first.id),
      changes: all.flatMap(changeOf),
      balances: new Map(all.flatMap((row) => (row.unit ? [[row.unit, row.balance] as const] : []))),
    });
  }
  return posted;
}

function changeOf(row: PostedRow): BalanceChange[] {
  if (!row.event_id || !row.unit || row.amount === null) return [];
  return [
    {
      eventId: row.event_id as Id<'bev'>,
      prevEventId: row.prev_id as Id<'bev'> | null,
      unit: row.unit,
      amount: row.amount,
      balanceAfter: row.balance,
    },
  ];
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
