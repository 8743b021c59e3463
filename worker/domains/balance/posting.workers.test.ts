import { describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids.ts';
import { balanceOfAccount, bindings, creditFact, desk, failing, NOON, person, personWith, postingCount } from './ledger-desk.workers.ts';
import { drainOutboxes } from './outbox.ts';
import { post, postOne, postPair } from './posting.ts';
import { balancesOf, eventsOf } from './reading.ts';
import { carry, credit, debit, type Fact, type Owner } from './rules.ts';

const payment = (owner: Owner, amount: number, key = `call:${crypto.randomUUID()}:payer:0`): Fact => ({
  owner,
  key,
  kind: 'checkpoint',
  ref: 'call_x',
  actor: 'system',
  eventAt: NOON - 1000,
  intent: { party: 'payer', amount },
  moves: [debit(owner, 'COIN', 'revenue', amount)],
});
const earning = (owner: Owner, amount: number, key = `call:${crypto.randomUUID()}:payee:0`): Fact => ({
  owner,
  key,
  kind: 'earning',
  ref: 'call_x',
  actor: 'system',
  eventAt: NOON - 1000,
  intent: { party: 'payee', amount },
  moves: [credit(owner, 'EARN', 'earned', amount)],
});

interface Row {
  readonly posting_seq: number;
  readonly seq: number;
  readonly id: string;
  readonly owner: string | null;
  readonly balance_after: number;
  readonly prev_id: string | null;
}
/** The id of the transfer after the first of the same posting. */
const nextId = (first: Row): string => `${first.id.slice(0, -1)}1`;

const amountOf = async (owner: Owner, unit: string) =>
  (await balancesOf(desk(), owner)).balances.find((balance) => balance.unit === unit)?.amount ?? null;

describe('one posting', () => {
  it('[P1] moves the amount, keeps when it happened and when it was recorded, and tells the balance after it', async () => {
    const owner = await personWith(100);
    const answer = await postOne(desk(), payment(owner, 30));
    expect(answer).toMatchObject({
      outcome: 'posted',
      posting: { owner: owner.userId, kind: 'checkpoint', eventAt: NOON - 1000, createdAt: NOON, replayed: false },
    });
    if (answer.outcome !== 'posted') throw new Error('not posted');
    expect(answer.posting.balances.get('COIN')).toBe(70);
    expect(answer.posting.changes).toMatchObject([{ unit: 'COIN', amount: -30, balanceAfter: 70 }]);
    expect(answer.posting.changes[0]?.eventId).toMatch(/^bev_[0-7][0-9a-hjkmnp-tv-z]{25}$/);
    expect(await amountOf(owner, 'COIN')).toBe(70);
  });

  it('[P2] told again is the first answer again, with the balance of then', async () => {
    const owner = await personWith(100);
    const fact = payment(owner, 30);
    const first = await postOne(desk(), fact);
    await postOne(desk(), payment(owner, 50));
    const again = await postOne(desk({ now: NOON + 5000 }), fact);
    if (first.outcome !== 'posted' || again.outcome !== 'posted') throw new Error('not posted');
    expect(again.posting).toEqual({ ...first.posting, replayed: true });
    expect(await amountOf(owner, 'COIN')).toBe(20);
  });

  it('asks the database once and in one statement, fresh or repeated, and twice only where that says nothing', async () => {
    const asked: string[] = [];
    const watched = (dumb: boolean) =>
      new Proxy(bindings.LEDGER_0, {
        get: (shard, name) => {
          if (name === 'prepare') {
            return (sql: string) => {
              asked.push(sql.trim().slice(0, 6));
              return shard.prepare(sql);
            };
          }
          return async (statements: D1PreparedStatement[]) =>
            (await shard.batch(statements)).map((result) => (dumb ? { ...result, results: [] } : result));
        },
      });
    const told = async (dumb: boolean, facts: Fact[]) => {
      asked.length = 0;
      const answers = await post(desk({ env: { LEDGER_0: watched(dumb) } }), facts);
      return answers.map((answer) => (answer.outcome === 'posted' ? { ...answer.posting, replayed: false } : answer.outcome));
    };
    const facts = [payment(await personWith(100), 30), earning(person(), 7)];
    const first = await told(false, facts);
    expect(asked).toEqual(['INSERT']);
    expect(first).toMatchObject([{ changes: [{ amount: -30, balanceAfter: 70 }] }, { changes: [{ amount: 7 }] }]);
    expect(await told(false, facts)).toEqual(first);
    expect(asked).toEqual(['INSERT']);
    expect(await told(true, facts)).toEqual(first);
    expect(asked).toEqual(['INSERT', 'SELECT']);
  });

  it('[P3] the same key with another intent, or another owner, is a conflict without effect', async () => {
    const owner = await personWith(100);
    const fact = payment(owner, 30);
    await postOne(desk(), fact);
    expect(await postOne(desk(), payment(owner, 31, fact.key))).toEqual({ outcome: 'conflict' });
    const other = await personWith(100);
    expect(await postOne(desk(), payment(other, 30, fact.key))).toEqual({ outcome: 'conflict' });
    expect(await amountOf(owner, 'COIN')).toBe(70);
    expect(await amountOf(other, 'COIN')).toBe(100);
  });

  it('[P4] another way to pay the same intent finds the key taken: one of them wins', async () => {
    const owner = await personWith(100);
    const fact = payment(owner, 30);
    await postOne(desk(), fact);
    const carried = await postOne(desk(), { ...fact, kind: 'grace', moves: [carry('COIN', 'grace', 'revenue', 30)] });
    expect(carried).toMatchObject({ outcome: 'posted', posting: { kind: 'checkpoint', replayed: true } });
    expect(await amountOf(owner, 'COIN')).toBe(70);
  });

  it('[P5] is refused below the floor, leaving no trace, and passes once there is enough', async () => {
    const owner = await personWith(29);
    const fact = payment(owner, 30);
    expect(await postOne(desk(), fact)).toEqual({ outcome: 'refused', reason: 'floor' });
    expect(await postingCount(0, fact.key)).toBe(0);
    await post(desk(), [creditFact(owner, 'COIN', 1)]);
    expect(await postOne(desk(), fact)).toMatchObject({ outcome: 'posted' });
    expect(await amountOf(owner, 'COIN')).toBe(0);
  });

  it('[P6] units never mix, nobody else’s account is touched, amounts are whole and positive', async () => {
    const owner = await personWith(100);
    const other = await personWith(100);
    const mixed: Fact = {
      ...payment(owner, 5),
      moves: [{ mode: 'exact', from: `${owner.userId}:COIN`, to: 'house:earned:EARN', unit: 'COIN', amount: 5 }],
    };
    await expect(postOne(desk(), mixed)).rejects.toThrow(/unit_mismatch/);
    const foreign: Fact = { ...payment(owner, 5), moves: [debit(other, 'COIN', 'revenue', 5)] };
    await expect(postOne(desk(), foreign)).rejects.toThrow(/foreign_account|unit_mismatch/);
    for (const amount of [0, -5, 1.5, Number.NaN, 2_000_000_000])
      await expect(postOne(desk(), payment(owner, amount))).rejects.toThrow(/amount/);
    expect(await amountOf(owner, 'COIN')).toBe(100);
    expect(await amountOf(other, 'COIN')).toBe(100);
  });

  it('[P7] many at once and shuffled: each key once, the balance never below 0', async () => {
    const owner = await personWith(100);
    const facts = Array.from({ length: 8 }, () => payment(owner, 30));
    const tellings = [...facts, ...facts, ...facts].sort((a, b) => (a.key < b.key ? -1 : 1));
    const answers = await Promise.all(tellings.map((fact) => postOne(desk(), fact)));
    const paid = new Set(answers.flatMap((answer, at) => (answer.outcome === 'posted' ? [tellings[at]?.key] : [])));
    expect(paid.size).toBe(3);
    expect(answers.every((answer) => answer.outcome === 'posted' || answer.outcome === 'refused')).toBe(true);
    expect(await amountOf(owner, 'COIN')).toBe(10);
  });
});

describe('a batch of several facts', () => {
  it('[P8] one that is refused, or in conflict, stops no other', async () => {
    const rich = await personWith(100);
    const poor = await personWith(1);
    const taken = payment(rich, 7);
    await postOne(desk(), taken);
    const facts = [
      payment(rich, 10),
      payment(poor, 2),
      payment(rich, 8, taken.key),
      taken,
      payment(rich, 20),
      payment(await personWith(5, 1), 5),
    ];
    const answers = await post(desk(), facts);
    expect(answers.map((answer) => answer.outcome)).toEqual(['posted', 'refused', 'conflict', 'posted', 'posted', 'posted']);
    expect(await amountOf(rich, 'COIN')).toBe(63);
    expect(await amountOf(poor, 'COIN')).toBe(1);
  });
});

describe('a database that fails', () => {
  it('[P9] before it committed: told again, posted once', async () => {
    const owner = await personWith(100);
    const ctx = desk({ env: { LEDGER_0: failing(bindings.LEDGER_0, 'before', 2) } });
    expect(await postOne(ctx, payment(owner, 30))).toMatchObject({ outcome: 'posted', posting: { replayed: false } });
    expect(await amountOf(owner, 'COIN')).toBe(70);
  });

  it('[P9] after it committed: told again, found posted, moved once', async () => {
    const owner = await personWith(100);
    const ctx = desk({ env: { LEDGER_0: failing(bindings.LEDGER_0, 'after', 1) } });
    const answer = await postOne(ctx, payment(owner, 30));
    expect(answer).toMatchObject({ outcome: 'posted', posting: { replayed: false } });
    expect(await amountOf(owner, 'COIN')).toBe(70);
    const { items } = await eventsOf(desk(), owner);
    expect(items.map((item) => item.amount)).toEqual([100, -30]);
  });

  it('[P10] for good: unknown, and the same facts told later find out', async () => {
    const owner = await personWith(100);
    const fact = payment(owner, 30);
    const ctx = desk({ env: { LEDGER_0: failing(bindings.LEDGER_0, 'after', 100) } });
    expect(await postOne(ctx, fact)).toEqual({ outcome: 'unknown' });
    expect(await postOne(desk(), fact)).toMatchObject({ outcome: 'posted', posting: { replayed: true } });
    expect(await amountOf(owner, 'COIN')).toBe(70);
  });
});

describe('what is written stays', () => {
  it.each([
    "UPDATE posting SET kind = 'x'",
    'DELETE FROM posting',
    'UPDATE transfer SET amount = amount + 1',
    'DELETE FROM transfer',
    'UPDATE balance_event SET amount = amount + 1',
    'DELETE FROM balance_event',
    'DELETE FROM account',
    "UPDATE account SET unit = 'EARN'",
    // Replacing deletes without firing a delete trigger.
    "INSERT OR REPLACE INTO posting SELECT seq, id, key, input_hash, owner, 'x', ref, actor, pair_key, event_at, created_at, metadata FROM posting",
    "INSERT OR REPLACE INTO posting SELECT seq + 9, id || 'x', key, input_hash, owner, kind, ref, actor, pair_key, 0, 0, metadata FROM posting",
    'INSERT OR REPLACE INTO transfer SELECT posting_seq, n, seq, id, from_account, to_account, unit, amount + 1, owner, balance_after + 1, prev_id FROM transfer',
    'INSERT OR REPLACE INTO transfer SELECT posting_seq + 1, n, seq, id, from_account, to_account, unit, amount, owner, balance_after, prev_id FROM transfer WHERE owner IS NOT NULL',
    'INSERT OR REPLACE INTO balance_event SELECT seq, id, owner, unit, posting_seq, amount + 1, balance_after, prev_id FROM balance_event',
    "INSERT OR REPLACE INTO account (id, owner, kind, unit, balance, created_at) SELECT id, owner, kind, unit, 9, created_at FROM account WHERE kind = 'owner'",
  ])('[A1] %s is aborted', async (sql) => {
    await personWith(1);
    await expect(bindings.LEDGER_0.prepare(sql).run()).rejects.toThrow(/append_only/);
  });

  it.each([
    ['that it is no event of the owner’s', () => ({ owner: null })],
    ['another balance', () => ({ balance_after: 7 })],
    ['that no event was before it', () => ({ prev_id: null })],
    ['another name', () => ({ id: newId('trf') })],
    ['a place before its posting’s', () => ({ seq: 1 })],
    ['the place of a later event', (first: Row, last: Row) => ({ posting_seq: first.posting_seq, id: nextId(first), seq: last.seq })],
    ['a posting that is not there', () => ({ posting_seq: 99_999_999, seq: 99_999_999 * 64 })],
  ] as [string, (first: Row, last: Row) => Partial<Row>][])('[A1] a transfer by hand that says %s is aborted', async (_, lie) => {
    const owner = await personWith(5);
    await post(desk(), [creditFact(owner, 'COIN', 5)]);
    const { results } = await bindings.LEDGER_0.prepare('SELECT * FROM transfer WHERE owner = ?1 ORDER BY seq')
      .bind(owner.userId)
      .all<Row>();
    const [first, last] = results as [Row, Row];
    const next = { ...last, id: nextId(last), n: 1, seq: last.seq + 1, balance_after: 15, prev_id: `bev_${last.id.slice(4)}` };
    const insert = (row: Row) =>
      bindings.LEDGER_0.prepare(`INSERT OR REPLACE INTO transfer (${Object.keys(row)}) VALUES (${Object.keys(row).map(() => '?')})`)
        .bind(...Object.values(row))
        .run();
    await expect(insert({ ...next, ...lie(first, last) })).rejects.toThrow(/wrong_event|foreign_account|append_only/);
    await insert(next);
    expect(await amountOf(owner, 'COIN')).toBe(15);
  });

  it('[A2] no balance goes below its floor, even by hand, and no debt above 0', async () => {
    const owner = await personWith(5);
    await expect(
      bindings.LEDGER_0.prepare('UPDATE account SET balance = -1 WHERE id = ?1').bind(`${owner.userId}:COIN`).run(),
    ).rejects.toThrow(/balance_floor/);
    await expect(
      bindings.LEDGER_0.prepare(
        "INSERT INTO account (id, owner, kind, unit, balance, created_at) VALUES ('x:debt:COIN', 'x', 'debt', 'COIN', 1, 0)",
      ).run(),
    ).rejects.toThrow(/debt_ceiling/);
  });
});

describe('a pair', () => {
  it('[D1] in one shard is posted together', async () => {
    const payer = await personWith(100);
    const payee = person();
    const answer = await postPair(desk(), payment(payer, 60), earning(payee, 30));
    if (answer.outcome !== 'posted') throw new Error(answer.outcome);
    expect(answer.first.balances.get('COIN')).toBe(40);
    expect(answer.second?.balances.get('EARN')).toBe(30);
  });

  it('[D2] whose payer can’t pay leaves nothing at the payee', async () => {
    for (const shard of [0, 1]) {
      const payer = await personWith(59);
      const payee = person(shard);
      const second = earning(payee, 30);
      expect(await postPair(desk(), payment(payer, 60), second)).toEqual({ outcome: 'refused', reason: 'floor' });
      expect(await balanceOfAccount(shard, `${payee.userId}:EARN`)).toBeNull();
      expect(await postingCount(shard, second.key)).toBe(0);
      expect(await bindings.LEDGER_0.prepare('SELECT 1 FROM ledger_outbox WHERE key = ?1').bind(second.key).first()).toBeNull();
    }
  });

  it('[D3] in two shards hands the second half over at once, and writes down that it did', async () => {
    const payer = await personWith(100, 0);
    const payee = person(1);
    const ctx = desk();
    const second = earning(payee, 30);
    const answer = await postPair(ctx, payment(payer, 60), second);
    await ctx.settled();
    expect(answer).toMatchObject({ outcome: 'posted', second: { replayed: false } });
    expect(await amountOf(payee, 'EARN')).toBe(30);
    const row = await bindings.LEDGER_0.prepare('SELECT posted_at FROM ledger_outbox WHERE key = ?1').bind(second.key).first();
    expect(row).toEqual({ posted_at: NOON });
  });

  it('[D4] told again in any order, at the same time: each half once', async () => {
    for (const shard of [0, 1]) {
      const payer = await personWith(100, 0);
      const payee = person(shard);
      const [first, second] = [payment(payer, 60), earning(payee, 30)];
      const answers = await Promise.all(Array.from({ length: 5 }, () => postPair(desk(), first, second)));
      expect(answers.filter((answer) => answer.outcome === 'posted' && !answer.first.replayed)).toHaveLength(1);
      expect(answers.every((answer) => answer.outcome === 'posted')).toBe(true);
      expect(await amountOf(payer, 'COIN')).toBe(40);
      expect(await amountOf(payee, 'EARN')).toBe(30);
    }
  });

  it('[O3] one second half that no books can take holds up no other', async () => {
    const sound: [Fact, Fact] = [payment(await personWith(100, 0), 60), earning(person(1), 30)];
    const away = { LEDGER_1: failing(bindings.LEDGER_1, 'before', 99) };
    await postPair(desk({ env: away }), ...sound);
    const broken = earning(person(1), 30);
    const moves = broken.moves.map((move) => ({ ...move, unit: 'COIN' }));
    await bindings.LEDGER_0.prepare(
      'INSERT INTO ledger_outbox (key, first_key, shard, fact, created_at, next_at) VALUES (?1, ?1, 1, ?2, 0, 0)',
    )
      .bind(broken.key, JSON.stringify({ ...broken, moves }))
      .run();
    expect(await drainOutboxes(desk({ now: NOON + 60_000 }))).toEqual({ posted: 1, failed: 1 });
    expect(await amountOf(sound[1].owner, 'EARN')).toBe(30);
    const row = await bindings.LEDGER_0.prepare('SELECT parked_at FROM ledger_outbox WHERE key = ?1').bind(broken.key).first();
    expect(row).toEqual({ parked_at: NOON + 60_000 });
  });
});
