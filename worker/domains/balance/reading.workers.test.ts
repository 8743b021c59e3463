/** Reads of an owner's own books touch that owner's rows, however many accounts there are, and find what older books hold. */
import type { D1Migration } from 'cloudflare:test';
import { describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids.ts';
import { reverse } from './corrections.ts';
import { incomeRow, incomeRows, sumsWithin } from './income-store.ts';
import { bindings, checkpoint, creditFact, desk, NOON, person } from './ledger-desk.workers.ts';
import { postOne, postPair } from './posting.ts';
import { holds, prove, proveFurther } from './proof.ts';
import { balancesOf, eventsBack, eventsOf } from './reading.ts';
import { ownerAccounts, ownerBalance, ownerBalances, ownerEvents, ownerEventsBack } from './reading-store.ts';
import { clawBack, type Fact, hashOf } from './rules.ts';
import { checkSeals, sealShard } from './seals.ts';

const owner = newId('usr');
const income = { sinceId: owner, from: 0, to: 0, ref: null, before: null, limit: 10 };

/** How SQLite would run everything that `read` asks of the ledger. */
async function plansOf(read: (db: D1Database) => Promise<unknown>): Promise<string[]> {
  const asked: string[] = [];
  const db = {
    prepare: (sql: string) => {
      asked.push(sql);
      return bindings.LEDGER_0.prepare(sql);
    },
    batch: (statements: D1PreparedStatement[]) => bindings.LEDGER_0.batch(statements),
  } as unknown as D1Database;
  await read(db);
  const plans: string[] = [];
  for (const sql of asked) {
    const places = new Set(sql.match(/\?\d/g)).size;
    const { results } = await bindings.LEDGER_0.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...Array.from({ length: places }, () => owner))
      .all<{ detail: string }>();
    plans.push(...results.map(({ detail }) => detail));
  }
  return plans;
}

describe('reads of an owner’s books', () => {
  it.each([
    ['accounts', (db: D1Database) => ownerAccounts(db, owner)],
    ['balances', (db: D1Database) => ownerBalances(db, owner)],
    ['one balance', (db: D1Database) => ownerBalance(db, owner, 'COIN')],
    ['events', (db: D1Database) => ownerEvents(db, owner, null, 10)],
    ['events, backwards', (db: D1Database) => ownerEventsBack(db, owner, { before: null, unit: null, limit: 10 })],
    ['sums of periods', (db: D1Database) => sumsWithin(db, { userId: owner, unit: 'EARN' }, owner, [])],
    ['income', (db: D1Database) => incomeRows(db, { userId: owner, unit: 'EARN' }, income)],
    ['one income', (db: D1Database) => incomeRow(db, { userId: owner, unit: 'EARN' }, owner)],
  ])('%s come by an index', async (_what, read) => {
    const plans = await plansOf(read);
    expect(plans.length).toBeGreaterThan(0);
    expect(plans.filter((plan) => /^SCAN (account|balance_event|posting|transfer)\b/.test(plan))).toEqual([]);
  });
});

/** Tells facts as it was done until 0005, where each transfer's id was made by the teller. */
async function tellAsBefore(db: D1Database, facts: readonly Fact[]): Promise<void> {
  for (const fact of facts) {
    const { key, kind, ref, actor, eventAt, moves } = fact;
    const { userId } = fact.owner;
    const posting = [newId('pst'), key, await hashOf(fact), userId, kind, ref, actor, fact.pairKey ?? null, eventAt, '{}'];
    const parts = moves.flatMap(({ mode, from, to, unit, amount }) =>
      mode === 'exact'
        ? [[from, to, unit, 'all', amount]]
        : [
            [from, to, unit, 'available', amount],
            [`${userId}:debt:${unit}`, to, unit, 'missing', amount],
          ],
    );
    for (const [n, part] of parts.entries())
      await db
        .prepare(
          `INSERT INTO telling (posting_id, key, input_hash, owner, kind, ref, actor, pair_key, event_at, metadata, transfer_id, n,
             from_account, to_account, unit, part, amount, created_at) VALUES (${Array.from({ length: 18 }, () => '?')})`,
        )
        .bind(...posting, newId('trf'), n, ...part, NOON)
        .run();
  }
}

/** Everything of transfers, events and accounts, as any version of the books says it. */
const booksOf = async (db: D1Database) =>
  Promise.all(
    [
      'SELECT seq, id, posting_seq, n, from_account, to_account, unit, amount FROM transfer ORDER BY seq',
      'SELECT seq, id, owner, unit, posting_seq, amount, balance_after, prev_id FROM balance_event ORDER BY seq',
      'SELECT * FROM account ORDER BY id',
      'SELECT * FROM posting ORDER BY seq',
    ].map(async (sql) => (await db.prepare(sql).all()).results),
  );

describe('books from before transfers and events were one', () => {
  it('hold as they were: seals, proof, pages, first answers, reversals', async () => {
    const { LEDGER_0 } = bindings;
    const { MIGRATIONS_LEDGER } = bindings as unknown as { MIGRATIONS_LEDGER: D1Migration[] };
    const migrate = (migrations: D1Migration[]) =>
      LEDGER_0.batch(migrations.flatMap(({ queries }) => queries.map((query) => LEDGER_0.prepare(query))));
    const since = MIGRATIONS_LEDGER.findIndex(({ name }) => name.startsWith('0005'));
    const { results: made } = await LEDGER_0.prepare(
      "SELECT type, name FROM sqlite_master WHERE type IN ('view', 'table') AND name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY type DESC",
    ).all<{ type: string; name: string }>();
    // Triggers fall with what they are on.
    await LEDGER_0.batch(made.map(({ type, name }) => LEDGER_0.prepare(`DROP ${type} ${name}`)));
    await migrate(MIGRATIONS_LEDGER.slice(0, since));

    const [payer, payee] = [person(), person()];
    const pair = checkpoint(payer, payee);
    const taken: Fact = { ...creditFact(payer, 'COIN', 100), kind: 'refund', moves: [clawBack(payer, 'COIN', 'issuance', 100)] };
    const sealed = [creditFact(payer, 'COIN', 100), creditFact(payer, 'MOMENT', 5), ...pair, taken];
    await tellAsBefore(LEDGER_0, sealed);
    const first = await sealShard(desk(), 0, true);
    expect(first).toMatchObject({ n: 1, afterSeq: 0, toSeq: 5 });
    await tellAsBefore(LEDGER_0, [creditFact(payer, 'COIN', 25)]);
    // A proof had been finished, and the next had begun to add up.
    const last = JSON.stringify({ at: 1, unpaired: 0, sealsBroken: 0, wrong: 0 });
    await LEDGER_0.prepare("INSERT INTO proof_fold VALUES ('house:issuance:COIN', -100, 0)").run();
    await LEDGER_0.prepare('UPDATE proof_progress SET cursor = 1, started_at = 2, last_proof = ?1').bind(last).run();

    const before = await booksOf(LEDGER_0);
    expect(before.map((rows) => rows.length)).toEqual([8, 7, 15, 7]);
    await migrate(MIGRATIONS_LEDGER.slice(since));
    expect(await booksOf(LEDGER_0)).toEqual(before);
    expect(await checkSeals(desk(), 0, 0, 100)).toMatchObject({ checked: 1, broken: 0 });
    for (const wholeUpTo of [0, 1_000]) expect(holds(await prove(desk(), { wholeUpTo }))).toBe(true);
    await proveFurther(desk());
    expect(holds(await prove(desk(), { wholeUpTo: 0 }))).toBe(true);

    // Each event is found by its id, the first answer is given again, and what comes now goes on from there.
    const old = (await eventsOf(desk(), payer)).items;
    expect(old.map(({ amount, balanceAfter }) => [amount, balanceAfter])).toEqual([
      [100, 100],
      [5, 5],
      [-60, 40],
      [-40, 0],
      [25, 25],
      [-25, 0],
    ]);
    for (const [at, { id }] of old.entries()) expect((await eventsOf(desk(), payer, { after: id })).items).toEqual(old.slice(at + 1));
    expect((await balancesOf(desk(), payer)).cursor).toBe(old.at(-1)?.id);
    const again = await postPair(desk(), ...pair);
    expect(again).toMatchObject({
      outcome: 'posted',
      first: { replayed: true, changes: [{ amount: -60, balanceAfter: 40, eventId: old[2]?.id }] },
    });
    if (again.outcome !== 'posted') throw new Error(again.outcome);
    const undone = await reverse(desk(), { postingId: again.first.id, shard: 0, actor: 'usr_staff' });
    if (undone.outcome !== 'posted') throw new Error(undone.outcome);
    expect(undone).toMatchObject({
      first: {
        changes: [
          { amount: 60, prevEventId: old.at(-1)?.id },
          { amount: -35, balanceAfter: 25 },
        ],
      },
    });
    expect(await postOne(desk(), checkpoint(payer, payee, 20)[0])).toMatchObject({
      outcome: 'posted',
      posting: { changes: [{ balanceAfter: 5 }] },
    });

    const all = (await eventsOf(desk(), payer)).items;
    expect(all).toHaveLength(9);
    expect(all[7]).toMatchObject({ kind: 'debt_settlement', ref: undone.first.id });
    for (const [at, { id }] of all.entries())
      expect((await eventsOf(desk(), payer, { after: id, limit: 2 })).items).toEqual(all.slice(at + 1, at + 3));
    const back = await eventsBack(desk(), payer, { limit: 2 });
    const further = await eventsBack(desk(), payer, { limit: 9, cursor: back.nextCursor ?? undefined });
    expect([...back.items, ...further.items]).toEqual(all.toReversed());
    await expect(eventsOf(desk(), payee, { after: all[0]?.id })).rejects.toThrow('no such event');
    expect(await sealShard(desk(), 0, true)).toMatchObject({ n: 2, prevHash: first?.hash });
    expect(await checkSeals(desk(), 0, 0, 100)).toMatchObject({ checked: 2, broken: 0 });
    expect(holds(await prove(desk()))).toBe(true);
  });
});
