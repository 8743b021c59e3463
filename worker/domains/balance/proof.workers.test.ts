import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jobs } from './jobs.ts';
import { bindings, checkpoint, creditFact, desk, failing, NOON, person, personWith } from './ledger-desk.workers.ts';
import { drainOutboxes } from './outbox.ts';
import { post, postPair } from './posting.ts';
import { holds, prove, proveFurther } from './proof.ts';
import { progressOf } from './proof-store.ts';
import { checkSeals, sealShard, sealWhatIsDue } from './seals.ts';

const DAY = 86_400_000;
const { LEDGER_0, LEDGER_1, SEALS } = bindings;

/** A little life in both shards. */
async function trade(env = {}) {
  const [payer, near, far] = [await personWith(100), person(0), person(1)];
  const ctx = desk({ env });
  const facts = checkpoint(payer, near, 6, 3);
  await postPair(ctx, ...facts);
  const apart = checkpoint(payer, far, 6, 3);
  await postPair(ctx, ...apart);
  await ctx.settled();
  return { payer, near, far, facts, apart };
}

/** Takes the triggers off, as somebody with their hands in the files could, does it, and puts them on again. */
async function tamper(db: D1Database, sql: string) {
  const { results } = await db.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").all<{ name: string; sql: string }>();
  await db.batch([
    ...results.map(({ name }) => db.prepare(`DROP TRIGGER ${name}`)),
    db.prepare(sql),
    ...results.map((trigger) => db.prepare(trigger.sql)),
  ]);
}

/** A job as the timetable runs it. */
const run = async (name: string, now = NOON): Promise<void> => jobs.find((job) => job.name === name)?.run(desk({ now }), now);

describe('books that hold', () => {
  it('[V1] sum to 0 in every unit, with every account and transfer counted', async () => {
    const before = await prove(desk());
    await trade();
    const proof = await prove(desk());
    expect(holds(proof)).toBe(true);
    const grown = (unit: string, what: 'accounts' | 'transfers') =>
      (proof.units.find((row) => row.unit === unit)?.[what] ?? 0) - (before.units.find((row) => row.unit === unit)?.[what] ?? 0);
    expect([grown('COIN', 'accounts'), grown('COIN', 'transfers')]).toEqual([1, 3]);
    expect([grown('EARN', 'accounts'), grown('EARN', 'transfers')]).toEqual([2, 2]);
    expect(proof.units.map((row) => row.unit)).toEqual(['COIN', 'MOMENT', 'EARN']);
  });

  it('[V2] hold while a second half waits in the outbox, and count it', async () => {
    const before = await prove(desk());
    await trade({ LEDGER_1: failing(LEDGER_1, 'before', 99) });
    const proof = await prove(desk());
    expect(holds(proof)).toBe(true);
    expect(proof.outbox.waiting).toBe(before.outbox.waiting + 1);
    await drainOutboxes(desk({ now: NOON + 60_000 }));
    expect((await prove(desk())).outbox.waiting).toBe(0);
  });

  it('[V3] a row that can’t be handed over is parked, alerts, and is still tried', async () => {
    const away = { LEDGER_1: failing(LEDGER_1, 'before', 999) };
    const { far } = await trade(away);
    for (let minute = 1; minute <= 60; minute++) await drainOutboxes(desk({ now: NOON + minute * 60_000, env: away }));
    expect(await prove(desk())).toMatchObject({ outbox: { waiting: 1, parked: 1 } });
    await expect(run('balance.drain_outboxes')).rejects.toThrow('parked in the outboxes: 1');
    await drainOutboxes(desk({ now: NOON + DAY }));
    const proof = await prove(desk());
    expect(proof).toMatchObject({ outbox: { waiting: 0, parked: 0 } });
    expect(holds(proof)).toBe(true);
    await run('balance.drain_outboxes', NOON + DAY);
    expect(await LEDGER_1.prepare('SELECT balance FROM account WHERE id = ?1').bind(`${far.userId}:EARN`).first()).toEqual({ balance: 3 });
  });
});

describe('what the proof sees', () => {
  const planted: { what: string; plant: (of: Awaited<ReturnType<typeof trade>>) => [D1Database, string, string] }[] = [
    {
      what: 'a balance raised by hand',
      plant: ({ payer }) => [
        LEDGER_0,
        `UPDATE account SET balance = balance + 1 WHERE id = '${payer.userId}:COIN'`,
        `UPDATE account SET balance = balance - 1 WHERE id = '${payer.userId}:COIN'`,
      ],
    },
    {
      what: 'two balances changed so that the sum stays 0',
      plant: ({ payer }) => [
        LEDGER_0,
        `UPDATE account SET balance = balance + iif(id = 'house:issuance:COIN', -5, 5) WHERE id IN ('house:issuance:COIN', '${payer.userId}:COIN')`,
        `UPDATE account SET balance = balance - iif(id = 'house:issuance:COIN', -5, 5) WHERE id IN ('house:issuance:COIN', '${payer.userId}:COIN')`,
      ],
    },
    {
      what: 'a transfer’s amount changed',
      plant: ({ facts }) => [
        LEDGER_0,
        `UPDATE transfer SET amount = 7 WHERE posting_seq = (SELECT seq FROM posting WHERE key = '${facts[0].key}')`,
        `UPDATE transfer SET amount = 6 WHERE posting_seq = (SELECT seq FROM posting WHERE key = '${facts[0].key}')`,
      ],
    },
    {
      what: 'an event taken away, so that the stream no longer folds to the balance',
      plant: ({ payer, facts }) => [
        LEDGER_0,
        `UPDATE transfer SET owner = NULL WHERE posting_seq = (SELECT seq FROM posting WHERE key = '${facts[0].key}')`,
        `UPDATE transfer SET owner = '${payer.userId}' WHERE posting_seq = (SELECT seq FROM posting WHERE key = '${facts[0].key}')`,
      ],
    },
    {
      what: 'an event that says another balance',
      plant: ({ near }) => [
        LEDGER_0,
        `UPDATE transfer SET balance_after = 4 WHERE owner = '${near.userId}'`,
        `UPDATE transfer SET balance_after = 3 WHERE owner = '${near.userId}'`,
      ],
    },
    {
      what: 'a posting whose other half in the same shard has another key',
      plant: ({ facts }) => [
        LEDGER_0,
        `UPDATE posting SET key = 'gone' WHERE key = '${facts[1].key}'`,
        `UPDATE posting SET key = '${facts[1].key}' WHERE key = 'gone'`,
      ],
    },
    {
      what: 'an earning in another shard that is gone',
      plant: ({ apart }) => [
        LEDGER_1,
        `UPDATE posting SET key = 'gone' WHERE key = '${apart[1].key}'`,
        `UPDATE posting SET key = '${apart[1].key}' WHERE key = 'gone'`,
      ],
    },
    {
      what: 'an earning in another shard that nobody paid for',
      plant: ({ apart }) => [
        LEDGER_0,
        `UPDATE posting SET key = 'gone' WHERE key = '${apart[0].key}'`,
        `UPDATE posting SET key = '${apart[0].key}' WHERE key = 'gone'`,
      ],
    },
    {
      what: 'a transfer that calls its unit another',
      plant: ({ facts }) => [
        LEDGER_0,
        `UPDATE transfer SET unit = 'EARN' WHERE posting_seq = (SELECT seq FROM posting WHERE key = '${facts[0].key}')`,
        `UPDATE transfer SET unit = 'COIN' WHERE posting_seq = (SELECT seq FROM posting WHERE key = '${facts[0].key}')`,
      ],
    },
  ];

  it.each(planted)('[V4] $what', async ({ plant }) => {
    const [db, spoil, mend] = plant(await trade());
    await tamper(db, spoil);
    const proof = await prove(desk());
    expect(holds(proof)).toBe(false);
    expect(proof.violations.length).toBeGreaterThan(0);
    await tamper(db, mend);
    expect(holds(await prove(desk()))).toBe(true);
  });

  it('[V5] sums of two shards that only cancel each other out', async () => {
    await tamper(LEDGER_0, "UPDATE account SET balance = balance + 5 WHERE id = 'house:promo:COIN'");
    await tamper(LEDGER_1, "UPDATE account SET balance = balance - 5 WHERE id = 'house:promo:COIN'");
    expect((await prove(desk())).units[0]).toMatchObject({ sum: 10, mismatches: 2 });
    await tamper(LEDGER_0, "UPDATE account SET balance = balance - 5 WHERE id = 'house:promo:COIN'");
    await tamper(LEDGER_1, "UPDATE account SET balance = balance + 5 WHERE id = 'house:promo:COIN'");
  });
});

describe('the proof in steps', () => {
  it('[V6] adds up over several runs while postings go on, and remembers when it was whole', async () => {
    for (let run = 0; run < 40; run++) {
      await trade();
      await Promise.all([proveFurther(desk({ now: NOON + run * 1000 }), 2), trade()]);
      if ((await progressOf(LEDGER_0)).lastProof && (await progressOf(LEDGER_1)).lastProof) break;
    }
    const { lastProof, cursor } = await progressOf(LEDGER_0);
    expect(JSON.parse(lastProof ?? '{}')).toMatchObject({ unpaired: 0, sealsBroken: 0, wrong: 0 });
    expect(cursor).toBeGreaterThan(0);
  });

  it('[V7] two at once do not add twice, and the next begins a day later', async () => {
    await Promise.all([proveFurther(desk({ now: NOON + 3 * DAY })), proveFurther(desk({ now: NOON + 3 * DAY }))]);
    const first = JSON.parse((await progressOf(LEDGER_0)).lastProof ?? '{}');
    expect(first).toMatchObject({ wrong: 0 });
    await proveFurther(desk({ now: NOON + 3 * DAY + 3_600_000 }));
    expect(JSON.parse((await progressOf(LEDGER_0)).lastProof ?? '{}').at).toBe(first.at);
    await proveFurther(desk({ now: NOON + 5 * DAY }));
    expect(JSON.parse((await progressOf(LEDGER_0)).lastProof ?? '{}')).toMatchObject({ at: NOON + 5 * DAY, wrong: 0 });
  });
});

describe('large books, asked between two full proofs', () => {
  const large = () => prove(desk({ now: NOON + 6 * DAY }), { wholeUpTo: 0 });

  it('[V6] answer with the last full proof and all that came since', async () => {
    await proveFurther(desk({ now: NOON + 6 * DAY }));
    const before = await large();
    expect(before).toMatchObject({ provedAt: new Date(NOON + 6 * DAY).toISOString(), transfersSince: 0 });
    const { payer, apart } = await trade();
    const proof = await large();
    expect(holds(proof)).toBe(true);
    expect(proof.transfersSince).toBe(5);
    expect(proof.units).toEqual((await prove(desk())).units);

    await tamper(LEDGER_0, `UPDATE account SET balance = balance + 1 WHERE id = '${payer.userId}:COIN'`);
    expect((await large()).units[0]).toMatchObject({ sum: 1, mismatches: 1 });
    await tamper(LEDGER_0, `UPDATE account SET balance = balance - 1 WHERE id = '${payer.userId}:COIN'`);

    await tamper(LEDGER_1, `UPDATE posting SET key = 'gone' WHERE key = '${apart[1].key}'`);
    expect((await large()).pairs.missing).toBeGreaterThan(0);
    await tamper(LEDGER_1, `UPDATE posting SET key = '${apart[1].key}' WHERE key = 'gone'`);
  });

  it('[V6] an old transfer changed by hand is found by the next full proof, which says so until it is mended', async () => {
    const { facts } = await trade();
    await proveFurther(desk({ now: NOON + 7 * DAY }));
    const old = `posting_seq = (SELECT seq FROM posting WHERE key = '${facts[0].key}')`;
    await tamper(LEDGER_0, `UPDATE transfer SET amount = 7 WHERE ${old}`);
    // The job fails by it, again and again, so that staff are told.
    for (const minute of [0, 5])
      await expect(run('balance.prove', NOON + 8 * DAY + minute * 60_000)).rejects.toThrow(/shard 0 do not hold: [1-9]/);
    expect(holds(await large())).toBe(false);
    await tamper(LEDGER_0, `UPDATE transfer SET amount = 6 WHERE ${old}`);
    await run('balance.prove', NOON + 8 * DAY + 600_000);
    expect(holds(await large())).toBe(true);
  });
});

describe('seals', () => {
  beforeEach(async () => {
    await trade();
    await sealShard(desk(), 0, true);
  });
  afterEach(async () => {
    expect((await checkSeals(desk(), 0, 0, 100)).broken).toBe(0);
  });

  it('[Z1] are made once a day and chain on', async () => {
    await sealShard(desk({ now: NOON + 10 * DAY }), 0, true);
    const count = async () => (await LEDGER_0.prepare('SELECT count(*) AS n FROM seal').first<{ n: number }>())?.n ?? 0;
    await trade();
    await sealWhatIsDue(desk({ now: NOON + 10 * DAY + 1000 }));
    const before = await count();
    await trade();
    await sealWhatIsDue(desk({ now: NOON + 10 * DAY + 2000 }));
    expect(await count()).toBe(before);
    await sealWhatIsDue(desk({ now: NOON + 11 * DAY }));
    expect(await count()).toBe(before + 1);
    await sealWhatIsDue(desk({ now: NOON + 12 * DAY }));
    expect(await count()).toBe(before + 1);
    const proof = await prove(desk());
    expect(proof.seals.broken).toBe(0);
    expect(proof.seals.days).toBeGreaterThanOrEqual(2);
  });

  it('[Z2] two sealers at once make one seal', async () => {
    await trade();
    const made = await Promise.all([sealShard(desk(), 0, true), sealShard(desk(), 0, true)]);
    expect(made.filter(Boolean)).toHaveLength(1);
  });

  it('[Z3] a crash between R2 and the row: the next sealer keeps R2’s word', async () => {
    await trade();
    const noRow = new Proxy(LEDGER_0, {
      get: (target, name) => {
        const value = Reflect.get(target, name);
        if (name === 'prepare')
          return (sql: string) => {
            if (sql.includes('INSERT INTO seal')) throw new Error('the lights went out');
            return target.prepare(sql);
          };
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await expect(sealShard(desk({ env: { LEDGER_0: noRow } }), 0, true)).rejects.toThrow('lights');
    await trade();
    const made = await sealShard(desk({ now: NOON + 777 }), 0, true);
    expect(made?.createdAt).toBe(NOON);
  });

  it.each([
    [
      'a sealed posting’s metadata',
      (seq: number) => [
        `UPDATE posting SET metadata = '{"a":1}' WHERE seq = ${seq}`,
        `UPDATE posting SET metadata = '{}' WHERE seq = ${seq}`,
      ],
    ],
    [
      'a sealed transfer’s target',
      (seq: number) => [`UPDATE transfer SET n = 9 WHERE posting_seq = ${seq}`, `UPDATE transfer SET n = 0 WHERE posting_seq = ${seq}`],
    ],
    [
      'when a sealed posting happened',
      (seq: number) => [
        `UPDATE posting SET event_at = event_at - 1 WHERE seq = ${seq}`,
        `UPDATE posting SET event_at = event_at + 1 WHERE seq = ${seq}`,
      ],
    ],
    ['the hash of a seal', () => ["UPDATE seal SET hash = 'x' || hash WHERE n = 1", 'UPDATE seal SET hash = substr(hash, 2) WHERE n = 1']],
    ['the range of a seal', () => ['UPDATE seal SET to_seq = to_seq + 1 WHERE n = 1', 'UPDATE seal SET to_seq = to_seq - 1 WHERE n = 1']],
  ])('[Z4] see a change of %s', async (_, plant) => {
    const row = await LEDGER_0.prepare("SELECT seq FROM posting WHERE kind = 'checkpoint' ORDER BY seq LIMIT 1").first<{ seq: number }>();
    const [spoil = '', mend = ''] = plant(row?.seq ?? 0);
    await tamper(LEDGER_0, spoil);
    expect((await checkSeals(desk(), 0, 0, 100)).broken).toBeGreaterThan(0);
    const proof = await prove(desk());
    expect(proof.seals.broken).toBeGreaterThan(0);
    expect(holds(proof)).toBe(false);
    await tamper(LEDGER_0, mend);
  });

  it('[Z5] see a row of R2 that says something else, or is gone', async () => {
    const name = 'ledger-0/00000001.json';
    const said = await (await SEALS.get(name))?.text();
    await SEALS.put(name, said?.replace('"n":1', '"n":2') ?? '');
    await SEALS.delete(name);
    expect((await checkSeals(desk(), 0, 0, 100)).broken).toBe(1);
    await SEALS.put(name, (said ?? '').replace(/"hash":"./, '"hash":"_'));
    expect((await checkSeals(desk(), 0, 0, 100)).broken).toBe(1);
    await SEALS.put(name, said ?? '');
  });

  it('[Z6] check in parts as well as at once', async () => {
    for (let n = 0; n < 3; n++) {
      await trade();
      await sealShard(desk(), 0, true);
    }
    let at = 0;
    let checked = 0;
    for (let done = false; !done; ) {
      const part = await checkSeals(desk(), 0, at, 1);
      expect(part.broken).toBe(0);
      checked += part.checked;
      at = part.upTo;
      done = part.done;
    }
    expect(checked).toBe((await LEDGER_0.prepare('SELECT count(*) AS n FROM seal').first<{ n: number }>())?.n);
  });
});

describe('postings of one shard in a batch', () => {
  it('[V8] keep the books whole whatever is refused among them', async () => {
    const poor = await personWith(5);
    await post(desk(), [creditFact(poor, 'COIN', 1), checkpoint(poor, poor)[0], checkpoint(poor, poor)[0]]);
    expect(holds(await prove(desk()))).toBe(true);
  });
});
