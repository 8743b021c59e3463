import { describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids.ts';
import type { Tariff } from '../../protocol/http/tariffs.ts';
import { monetizationVersion } from '../../protocol/people.ts';
import {
  balanceOfAccount,
  bindings,
  creditFact,
  desk,
  failing,
  NOON,
  person,
  personWith,
  postingCount,
} from '../balance/ledger-desk.workers.ts';
import { drainOutboxes } from '../balance/outbox.ts';
import { carry, type Fact, post, postPair } from '../balance/service.ts';
import { goldenTariff } from '../billing/golden-tariff.ts';
import type { ChargeOrder, Owner } from './port.ts';
import { canStart, pricingFor, quoteOf } from './service.ts';
import { tokens } from './tokens.ts';

const DAY = 86_400_000;
const coins = (of: Owner) => balanceOfAccount(of.shard, `${of.userId}:COIN`);
const earned = (of: Owner) => balanceOfAccount(of.shard, `${of.userId}:EARN`);

function order(payer: Owner, payee: Owner, over: Partial<ChargeOrder> = {}): ChargeOrder {
  return {
    callId: newId('call'),
    payer,
    payee,
    tariffId: newId('tar'),
    atSeconds: 20,
    coversSeconds: 40,
    media: 'audio',
    payerCheckpoint: { n: 1, unit: 'COIN', amount: 60 },
    payeeCheckpoint: { n: 0, unit: 'EARN', amount: 30 },
    grace: null,
    outage: false,
    eventAt: NOON,
    ...over,
  };
}

/** Everybody in one shard, and payer and payee apart. */
const places = [
  ['one shard', 0],
  ['two shards', 1],
] as const;

describe('the router', () => {
  it('knows a module for every version there is', () => {
    for (const version of monetizationVersion.options) expect(pricingFor(version)?.version).toBe(version);
  });
});

describe('a quote', () => {
  const tariff = { ...goldenTariff, id: newId('tar') } as unknown as Tariff;

  it('tells the golden schedule and how far the balance carries', async () => {
    const payer = await personWith(130);
    const quote = quoteOf(tariff, await tokens.means(desk(), { payer, payeeId: null, media: 'audio' }));
    expect(quote).toMatchObject({ unit: 'COIN', firstAmount: 9, then: { everySeconds: 60, amount: 60 }, secondsAffordable: 120 });
    expect(quote.checkpoints).toEqual([
      { atSeconds: 0, amount: 9 },
      { atSeconds: 20, amount: 60 },
      { atSeconds: 60, amount: 60 },
    ]);
  });

  it('says no to a start that the first checkpoint would refuse', async () => {
    const starts = async (payer: Owner) => canStart(tariff, await tokens.means(desk(), { payer, payeeId: null, media: 'audio' }));
    expect(await starts(await personWith(8))).toBe(false);
    expect(await starts(person())).toBe(false);
    expect(await starts(await personWith(9))).toBe(true);
  });
});

describe.each(places)('a checkpoint, %s', (_, shard) => {
  it('[C1] takes coins from the payer and pays the payee', async () => {
    const payer = await personWith(100);
    const payee = person(shard);
    const answer = await tokens.charge(desk(), order(payer, payee));
    expect(answer).toMatchObject({
      outcome: 'posted',
      items: [
        { party: 'payer', n: 1, amount: 60, paidBy: 'coins', balance: 40 },
        { party: 'payee', n: 0, amount: 30, paidBy: 'house', balance: 30 },
      ],
    });
    expect([await coins(payer), await earned(payee)]).toEqual([40, 30]);
  });

  it('[C2] repeated is the first answer again, whoever would pay now', async () => {
    const payer = await personWith(59);
    const due = order(payer, person(shard), { grace: { perDay: 3 } });
    const first = await tokens.charge(desk(), due);
    expect(first).toMatchObject({ outcome: 'posted', items: [{ paidBy: 'grace', balance: 59 }, { balance: 30 }] });
    // Rich in the meantime: the house has carried it all the same.
    await post(desk(), [creditFact(payer, 'COIN', 500)]);
    expect(await tokens.charge(desk({ now: NOON + 9000 }), { ...due, outage: true })).toEqual(first);
    expect(await coins(payer)).toBe(559);
  });

  it('[C3] outside grace is refused and pays nobody', async () => {
    const payer = await personWith(59);
    const payee = person(shard);
    expect(await tokens.charge(desk(), order(payer, payee))).toEqual({ outcome: 'refused', reason: 'insufficient_funds' });
    expect([await coins(payer), await earned(payee)]).toEqual([59, null]);
  });

  it('[C4] after an outage the house pays what the payer can’t, and only that', async () => {
    const payer = await personWith(60);
    const payee = person(shard);
    const house = async () => (await balanceOfAccount(0, 'house:grace:COIN')) ?? 0;
    const before = await house();
    const rich = await tokens.charge(desk(), order(payer, payee, { outage: true }));
    expect(rich).toMatchObject({ items: [{ paidBy: 'coins' }, {}] });
    expect(await house()).toBe(before);
    const poor = await tokens.charge(desk(), order(payer, payee, { outage: true }));
    expect(poor).toMatchObject({ items: [{ paidBy: 'outage', balance: 0 }, { balance: 60 }] });
    expect(await house()).toBe(before - 60);
  });

  it('[C5] one side alone is posted alone', async () => {
    const payer = await personWith(100);
    const payee = person(shard);
    const one = await tokens.charge(desk(), order(payer, payee, { payeeCheckpoint: null }));
    expect(one).toMatchObject({ items: [{ party: 'payer', balance: 40 }] });
    const two = await tokens.charge(desk(), order(payer, payee, { payerCheckpoint: null }));
    expect(two).toMatchObject({ items: [{ party: 'payee', balance: 30, paidBy: 'house' }] });
    expect([await coins(payer), await earned(payee)]).toEqual([40, 30]);
  });

  it('[C6] with another amount under the same key changes nothing', async () => {
    const payer = await personWith(100);
    const payee = person(shard);
    const due = order(payer, payee);
    await tokens.charge(desk(), due);
    const other = { ...due, payerCheckpoint: { n: 1, unit: 'COIN' as const, amount: 61 } };
    expect(await tokens.charge(desk(), other)).toEqual({ outcome: 'refused', reason: 'idempotency_conflict' });
    expect([await coins(payer), await earned(payee)]).toEqual([40, 30]);
  });

  it('[C7] orders that race, poor payer, both with grace: one posting, one grace', async () => {
    const payer = await personWith(10);
    const payee = person(shard);
    const due = order(payer, payee, { grace: { perDay: 1 } });
    const answers = await Promise.all(Array.from({ length: 6 }, () => tokens.charge(desk(), due)));
    expect(answers.every((answer) => answer.outcome === 'posted')).toBe(true);
    expect(await postingCount(0, `call:${due.callId}:payer:1`)).toBe(1);
    expect([await coins(payer), await earned(payee)]).toEqual([10, 30]);
  });

  it.each(['before', 'after'] as const)('[C8] through a database that fails %s the commit, grace is used once', async (when) => {
    const payer = await personWith(10);
    const payee = person(shard);
    const broken = () => desk({ env: { LEDGER_0: failing(bindings.LEDGER_0, when, 1), LEDGER_1: failing(bindings.LEDGER_1, when, 1) } });
    for (let day = 0; day < 2; day++) {
      const answer = await tokens.charge(broken(), order(payer, payee, { grace: { perDay: 1 }, eventAt: NOON + day * DAY }));
      expect(answer).toMatchObject({ outcome: 'posted', items: [{ paidBy: 'grace' }, { balance: 30 * (day + 1) }] });
    }
    const used = await bindings.LEDGER_0.prepare('SELECT count(*) AS n FROM grace_use WHERE payer = ?1').bind(payer.userId).first();
    expect(used).toEqual({ n: 2 });
  });
});

describe.each(places)('grace, %s', (_, shard) => {
  const graced = (payer: Owner, payee: Owner, perDay: number, eventAt = NOON) =>
    tokens.charge(desk(), order(payer, payee, { grace: { perDay }, eventAt }));

  it('[G1] is limited per payer and day', async () => {
    const payer = await personWith(1);
    for (let n = 0; n < 2; n++) expect(await graced(payer, person(shard), 2)).toMatchObject({ outcome: 'posted' });
    const payee = person(shard);
    expect(await graced(payer, payee, 2)).toEqual({ outcome: 'refused', reason: 'grace_used_up' });
    expect(await earned(payee)).toBeNull();
    expect(await graced(payer, payee, 2, NOON + DAY)).toMatchObject({ outcome: 'posted' });
  });

  it('[G2] is limited to three a day per payee, whoever pays', async () => {
    const payee = person(shard);
    for (let n = 0; n < 3; n++) expect(await graced(await personWith(1, n % 2), payee, 9)).toMatchObject({ outcome: 'posted' });
    for (const payerShard of [0, 1])
      expect(await graced(await personWith(1, payerShard), payee, 9)).toEqual({ outcome: 'refused', reason: 'grace_used_up' });
    expect(await earned(payee)).toBe(90);
    expect(await graced(await personWith(1), payee, 9, NOON + DAY)).toMatchObject({ outcome: 'posted' });
  });

  it('[G3] is limited to three a day per pair', async () => {
    const [payer, payee] = [await personWith(1), person(shard)];
    for (let n = 0; n < 3; n++) expect(await graced(payer, payee, 9)).toMatchObject({ outcome: 'posted' });
    expect(await graced(payer, payee, 9)).toEqual({ outcome: 'refused', reason: 'grace_used_up' });
    expect(await graced(payer, person(shard), 9)).toMatchObject({ outcome: 'posted' });
  });

  it('[G5] is not used up by a checkpoint that coins had paid already', async () => {
    const payer = await personWith(60);
    const due = order(payer, person(shard), { grace: { perDay: 1 } });
    await tokens.charge(desk(), due);
    const use = { payer, payee: due.payee, perDay: 1 };
    const late: Fact = {
      owner: payer,
      key: `call:${due.callId}:payer:1`,
      kind: 'grace',
      ref: due.callId,
      actor: 'system',
      eventAt: NOON,
      intent: { party: 'payer', n: 1, tariffId: due.tariffId, unit: 'COIN', amount: 60 },
      moves: [carry('COIN', 'grace', 'revenue', 60)],
    };
    expect(await postPair(desk(), late, null, { grace: use })).toMatchObject({ outcome: 'posted', first: { kind: 'checkpoint' } });
    expect(await graced(payer, person(shard), 1)).toMatchObject({ outcome: 'posted', items: [{ paidBy: 'grace' }, {}] });
  });

  it('[G4] refused for good leaves the outage to pay', async () => {
    const payer = await personWith(1);
    await graced(payer, person(shard), 1);
    const answer = await tokens.charge(desk(), order(payer, person(shard), { grace: { perDay: 1 }, outage: true }));
    expect(answer).toMatchObject({ outcome: 'posted', items: [{ paidBy: 'outage' }, {}] });
  });
});

describe('a payee’s shard that is away', () => {
  it('[O1] the payer pays, the earning waits whole in the outbox and arrives by its key', async () => {
    const [payer, payee] = [await personWith(100), person(1)];
    const due = order(payer, payee);
    const away = desk({ env: { LEDGER_1: failing(bindings.LEDGER_1, 'before', 99) } });
    const answer = await tokens.charge(away, due);
    expect(answer).toMatchObject({ outcome: 'posted', items: [{ balance: 40 }, { party: 'payee', balance: null, postingId: null }] });
    expect(await earned(payee)).toBeNull();
    // Too soon: whoever wrote it has a head start.
    expect(await drainOutboxes(desk({ now: NOON + 1000 }))).toEqual({ posted: 0, failed: 0 });
    expect(await drainOutboxes(desk({ now: NOON + 10_000 }))).toEqual({ posted: 1, failed: 0 });
    expect(await drainOutboxes(desk({ now: NOON + 20_000 }))).toEqual({ posted: 0, failed: 0 });
    expect(await earned(payee)).toBe(30);
    const again = await tokens.charge(desk({ now: NOON + 30_000 }), due);
    expect(again).toMatchObject({ outcome: 'posted', items: [{ balance: 40 }, { balance: 30, at: NOON + 10_000 }] });
    const kept = await bindings.LEDGER_1.prepare('SELECT metadata, event_at FROM posting WHERE key = ?1')
      .bind(`call:${due.callId}:payee:0`)
      .first<{ metadata: string; event_at: number }>();
    expect(kept?.event_at).toBe(NOON);
    expect(JSON.parse(kept?.metadata ?? '{}')).toMatchObject({ multiplier: '1.00', tariffAmount: 30 });
  });

  it('[O2] a drainer that fails after the commit, and two at once, post it once', async () => {
    const [payer, payee] = [await personWith(100), person(1)];
    await tokens.charge(desk({ env: { LEDGER_1: failing(bindings.LEDGER_1, 'before', 99) } }), order(payer, payee));
    await drainOutboxes(desk({ now: NOON + 10_000, env: { LEDGER_1: failing(bindings.LEDGER_1, 'after', 99) } }));
    await Promise.all([drainOutboxes(desk({ now: NOON + 60_000 })), drainOutboxes(desk({ now: NOON + 60_000 }))]);
    expect(await earned(payee)).toBe(30);
  });
});
