/** Faults planted into a copy of what a run left behind: each must be seen by the checks that have just found nothing. */
import { type Books, copyDatabases, has, open, readBooks } from './books.ts';
import { type CallFacts, checkBooks, checkCall, checkEar, checkProof } from './checks.ts';
import type { Heard } from './ear.ts';
import type { RunOutcome } from './scene.ts';

interface Planted {
  readonly name: string;
  readonly violations: () => readonly string[];
}

/** Which planted faults nobody saw. */
export function unseen(outcome: RunOutcome, state: string): { count: number; missed: string[] } {
  const calls = outcome.calls;
  const charged = calls.find(({ lines }) => lines.filter(({ party }) => party === 'payee').length > 1);
  if (!charged) return { count: 1, missed: ['no call of the last run was charged enough to plant a fault in'] };
  const [first] = charged.lines;
  if (!first) throw new Error('a charged call without lines');
  const call = (change: Partial<CallFacts>) => () => checkCall({ ...charged, ...change });
  const proof = (change: object) => () =>
    checkProof({
      units: [{ unit: 'COIN', sum: 0, mismatches: 0, belowFloor: 0 }],
      pairs: { missing: 0 },
      outbox: { waiting: 0, parked: 0 },
      seals: { broken: 0 },
      violations: [],
      ...change,
    });
  const ear = (change: Partial<Heard>) => () =>
    checkEar(
      { seqs: [3, 4], from: 2, rang: new Map([[charged.id, 1]]), updated: new Map([[charged.id, 'ended']]), gap: false, ...change },
      charged,
    );
  const books = (sql: string, table: string, prefix: 'd1' | 'hub') => () =>
    checkBooks(doctored(state, sql, table, prefix), calls, Date.now());
  const lastPayee = charged.lines.filter(({ party }) => party === 'payee').length - 1;
  const planted: Planted[] = [
    { name: 'a call that never ends', violations: call({ state: 'reconnecting', endReason: null }) },
    { name: 'a call that is not settled', violations: call({ settled: false }) },
    { name: 'a checkpoint twice', violations: call({ lines: [...charged.lines, first] }) },
    { name: 'a checkpoint left out', violations: call({ lines: charged.lines.filter((line) => line !== first) }) },
    { name: 'a wrong amount', violations: call({ lines: [{ ...first, amount: first.amount + 1 }, ...charged.lines.slice(1)] }) },
    { name: 'a charge beyond connected time', violations: call({ connectedMs: 500 }) },
    { name: 'connected time that nobody proved', violations: call({ spans: { member: [], companion: [] } }) },
    { name: 'time cut off from the bill', violations: call({ lines: charged.lines.slice(0, 1) }) },
    { name: 'a balance that moved without a receipt', violations: call({ after: { ...charged.after, payer: charged.after.payer - 3 } }) },
    { name: 'earnings without payment', violations: call({ lines: charged.lines.filter(({ party }) => party === 'payee') }) },
    { name: 'a number of the hub left out', violations: ear({ seqs: [3, 5] }) },
    { name: 'a number of the hub twice', violations: ear({ seqs: [3, 3] }) },
    { name: 'a call that rang twice', violations: ear({ rang: new Map([[charged.id, 2]]) }) },
    { name: 'a call that never rang', violations: ear({ rang: new Map() }) },
    { name: 'a device that is never told of the end', violations: ear({ updated: new Map([[charged.id, 'connecting']]) }) },
    { name: 'a unit that does not sum to zero', violations: proof({ units: [{ unit: 'COIN', sum: 1, mismatches: 0, belowFloor: 0 }] }) },
    { name: 'a half that is nowhere', violations: proof({ pairs: { missing: 1 } }) },
    { name: 'a parked posting', violations: proof({ outbox: { waiting: 0, parked: 1 } }) },
    {
      name: 'a busy lock left behind',
      violations: books(
        `INSERT INTO busy_lock (one, call_id, peer_id, taken_at) VALUES (1, '${charged.id}', 'usr_x', 0)`,
        'busy_lock',
        'hub',
      ),
    },
    {
      name: 'a call row that is not settled',
      violations: books(`UPDATE call SET settled_at = NULL WHERE id = '${charged.id}'`, 'call', 'd1'),
    },
    {
      name: 'a payee posting taken out of the books',
      violations: books(
        `DELETE FROM transfer WHERE posting_seq IN (SELECT seq FROM posting WHERE key = 'call:${charged.id}:payee:${lastPayee}');
         DELETE FROM posting WHERE key = 'call:${charged.id}:payee:${lastPayee}'`,
        'posting',
        'd1',
      ),
    },
    {
      name: 'a checkpoint posted again under another key',
      violations: books(
        `INSERT INTO posting (id, key, input_hash, owner, kind, ref, actor, event_at, created_at, metadata)
         SELECT id || 'x', 'call:${charged.id}:payer:999', input_hash, owner, kind, ref, actor, event_at, created_at, metadata
         FROM posting WHERE key = 'call:${charged.id}:payer:0'`,
        'posting',
        'd1',
      ),
    },
    {
      name: 'a balance changed by hand',
      violations: books(`UPDATE account SET balance = balance + 1 WHERE id = '${charged.payerId}:COIN'`, 'account', 'd1'),
    },
  ];
  return { count: planted.length, missed: planted.filter(({ violations }) => violations().length === 0).map(({ name }) => name) };
}

/** The books of a copy in which `sql` was run, its triggers taken away first. */
function doctored(state: string, sql: string, table: string, prefix: 'd1' | 'hub'): Books {
  const copy = copyDatabases(state);
  try {
    for (const db of open(copy.folder, prefix)) {
      if (has(db, table)) {
        db.exec('PRAGMA foreign_keys = OFF');
        for (const { name } of db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all())
          db.exec(`DROP TRIGGER ${String(name)}`);
        db.exec(sql);
      }
      db.close();
    }
    return readBooks(copy.folder);
  } finally {
    copy.dispose();
  }
}
