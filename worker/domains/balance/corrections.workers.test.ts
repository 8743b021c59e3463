import { describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids.ts';
import { adjust, reverse, takeBack } from './corrections.ts';
import { balanceOfAccount, bindings, checkpoint, creditFact, desk, failing, NOON, person, personWith } from './ledger-desk.workers.ts';
import { drainOutboxes } from './outbox.ts';
import { type PairAnswer, type PostAnswer, post, postOne, postPair } from './posting.ts';
import { accountsOf, eventsOf } from './reading.ts';
import { carry, debit, type Fact, type Owner } from './rules.ts';

const later = () => desk({ now: NOON + 60_000 });

const idOf = (answer: PostAnswer | PairAnswer) => {
  if (answer.outcome !== 'posted') throw new Error(answer.outcome);
  return 'first' in answer ? answer.first.id : answer.posting.id;
};
const take = (owner: Owner, amount: number, unit: 'COIN' | 'EARN' = 'COIN') =>
  takeBack(desk(), {
    owner,
    unit,
    amount,
    key: `refund:sandbox:${crypto.randomUUID()}`,
    kind: 'refund',
    to: unit === 'EARN' ? 'earned' : 'issuance',
    ref: 'x',
    actor: 'system',
    eventAt: NOON,
  });
const stands = async (owner: Owner) =>
  Object.fromEntries((await accountsOf(desk(), owner)).map(({ unit, balance, debt }) => [unit, [balance, debt]]));

describe('an adjustment', () => {
  it('[K1] adds, takes, and never makes a debt', async () => {
    const owner = person(1);
    const order = { owner, unit: 'COIN' as const, actor: 'usr_staff' };
    expect(await adjust(desk(), { ...order, amount: 50, adjustmentId: newId('adj') })).toMatchObject({ outcome: 'posted' });
    expect(await adjust(desk(), { ...order, amount: -20, adjustmentId: newId('adj') })).toMatchObject({ outcome: 'posted' });
    expect(await adjust(desk(), { ...order, amount: -31, adjustmentId: newId('adj') })).toEqual({ outcome: 'refused', reason: 'floor' });
    expect(await stands(owner)).toEqual({ COIN: [30, 0] });
  });
});

describe('a debt', () => {
  it('[B1] a claw-back takes what there is and owes the rest, in one posting', async () => {
    const owner = await personWith(40);
    const answer = await take(owner, 100);
    expect(answer).toMatchObject({ outcome: 'posted', posting: { changes: [{ amount: -40, balanceAfter: 0 }] } });
    expect(await stands(owner)).toEqual({ COIN: [0, -60] });
    expect(await take(owner, 5)).toMatchObject({ outcome: 'posted', posting: { changes: [] } });
    expect(await stands(owner)).toEqual({ COIN: [0, -65] });
  });

  it('[B2] a claw-back that the balance covers owes nothing', async () => {
    const owner = await personWith(40);
    await take(owner, 40);
    expect(await stands(owner)).toEqual({ COIN: [0, 0] });
  });

  it('[B3] the next credits settle it first, each in a posting of its own', async () => {
    const owner = await personWith(40);
    await take(owner, 100);
    const fact = creditFact(owner, 'COIN', 25);
    const [first] = await post(desk(), [fact]);
    expect(first).toMatchObject({
      posting: {
        changes: [
          { amount: 25, balanceAfter: 25 },
          { amount: -25, balanceAfter: 0 },
        ],
      },
    });
    expect(await stands(owner)).toEqual({ COIN: [0, -35] });
    const [again] = await post(desk(), [fact]);
    expect(again).toEqual({ ...first, posting: { ...(first as { posting: object }).posting, replayed: true } });
    await post(desk(), [creditFact(owner, 'COIN', 100)]);
    expect(await stands(owner)).toEqual({ COIN: [65, 0] });
    const kinds = (await eventsOf(desk(), owner)).items.map((item) => [item.kind, item.amount]);
    expect(kinds).toEqual([
      ['seed', 40],
      ['refund', -40],
      ['seed', 25],
      ['debt_settlement', -25],
      ['seed', 100],
      ['debt_settlement', -35],
    ]);
  });

  it('[B4] several credits in one batch settle it once and no more', async () => {
    const owner = await personWith(0 + 1);
    await take(owner, 31);
    const answers = await post(desk(), [creditFact(owner, 'COIN', 20), creditFact(owner, 'COIN', 20), creditFact(owner, 'COIN', 20)]);
    expect(answers.map((answer) => answer.outcome)).toEqual(['posted', 'posted', 'posted']);
    expect(await stands(owner)).toEqual({ COIN: [30, 0] });
  });

  it('[B5] works the same for EARN, and units keep their own debts', async () => {
    const owner = await personWith(10, 0, 'EARN');
    await post(desk(), [creditFact(owner, 'COIN', 7)]);
    await take(owner, 25, 'EARN');
    expect(await stands(owner)).toEqual({ COIN: [7, 0], EARN: [0, -15] });
    await post(desk(), [creditFact(owner, 'COIN', 7), creditFact(owner, 'EARN', 20)]);
    expect(await stands(owner)).toEqual({ COIN: [14, 0], EARN: [5, 0] });
  });

  it('[B6] claw-backs told at once, with payments beside them: nothing below the floor, nothing lost', async () => {
    const owner = await personWith(50);
    const pay = (n: number): Fact => ({ ...checkpoint(owner, owner)[0], intent: { n }, moves: [debit(owner, 'COIN', 'revenue', 20)] });
    const [one, two, paid] = await Promise.all([take(owner, 30), take(owner, 30), post(desk(), [pay(1), pay(2)])]);
    expect([one?.outcome, two?.outcome]).toEqual(['posted', 'posted']);
    const spent = paid.filter((answer) => answer.outcome === 'posted').length * 20;
    const [balance, debt] = (await stands(owner)).COIN ?? [];
    expect((balance ?? 0) + (debt ?? 0)).toBe(50 - 60 - spent);
  });
});

describe.each([
  ['one shard', 0],
  ['two shards', 1],
])('a reversal, %s', (_, shard) => {
  it('[R1] gives the payer back and takes the earning, once', async () => {
    const [payer, payee] = [await personWith(100), person(shard)];
    const postingId = idOf(await postPair(desk(), ...checkpoint(payer, payee)));
    for (let telling = 0; telling < 2; telling++) {
      const answer = await reverse(later(), { postingId, shard: 0, actor: 'usr_staff' });
      expect(answer).toMatchObject({ outcome: 'posted', first: { replayed: telling > 0 } });
    }
    expect([await stands(payer), await stands(payee)]).toEqual([{ COIN: [100, 0] }, { EARN: [0, 0] }]);
  });

  it('[R2] makes a debt of an earning that is already spent', async () => {
    const [payer, payee] = [await personWith(100), person(shard)];
    const postingId = idOf(await postPair(desk(), ...checkpoint(payer, payee)));
    await adjust(desk(), { owner: payee, unit: 'EARN', amount: -25, adjustmentId: newId('adj'), actor: 'usr_staff' });
    await reverse(later(), { postingId, shard: 0, actor: 'usr_staff' });
    expect([await stands(payer), await stands(payee)]).toEqual([{ COIN: [100, 0] }, { EARN: [0, -25] }]);
  });

  it('[R3] of what the house carried gives the house back and takes the earning', async () => {
    const [payer, payee] = [await personWith(5), person(shard)];
    const [first, second] = checkpoint(payer, payee);
    const before = await balanceOfAccount(0, 'house:grace:COIN');
    const postingId = idOf(await postPair(desk(), { ...first, kind: 'grace', moves: [carry('COIN', 'grace', 'revenue', 60)] }, second));
    await reverse(later(), { postingId, shard: 0, actor: 'usr_staff' });
    expect(await balanceOfAccount(0, 'house:grace:COIN')).toBe(before);
    expect([await stands(payer), await stands(payee)]).toEqual([{ COIN: [5, 0] }, { EARN: [0, 0] }]);
  });
});

describe('a reversal', () => {
  it('[R4] posts an earning that is still on its way first; while it can’t, nothing happens', async () => {
    const [payer, payee] = [await personWith(100), person(1)];
    const away = { LEDGER_1: failing(bindings.LEDGER_1, 'before', 99) };
    const postingId = idOf(await postPair(desk({ env: away }), ...checkpoint(payer, payee)));
    const order = { postingId, shard: 0, actor: 'usr_staff' };
    expect(await reverse(desk({ env: away }), order)).toEqual({ outcome: 'unknown' });
    expect(await stands(payer)).toEqual({ COIN: [40, 0] });
    await reverse(later(), order);
    await drainOutboxes(desk({ now: NOON + 120_000 }));
    expect([await stands(payer), await stands(payee)]).toEqual([{ COIN: [100, 0] }, { EARN: [0, 0] }]);
  });

  it('[R5] of a claw-back gives back what was taken and what was owed', async () => {
    const owner = await personWith(40);
    const postingId = idOf(await take(owner, 100));
    await reverse(later(), { postingId, shard: 0, actor: 'usr_staff' });
    expect(await stands(owner)).toEqual({ COIN: [40, 0] });
  });

  it('[R6] of a credit that is spent becomes a debt', async () => {
    const owner = await personWith(40);
    const postingId = idOf(await postOne(desk(), creditFact(owner, 'COIN', 60)));
    await adjust(desk(), { owner, unit: 'COIN', amount: -80, adjustmentId: newId('adj'), actor: 'usr_staff' });
    await reverse(later(), { postingId, shard: 0, actor: 'usr_staff' });
    expect(await stands(owner)).toEqual({ COIN: [0, -40] });
  });

  it('[R7] of a reversal, or of nothing, is refused', async () => {
    const owner = await personWith(40);
    const postingId = idOf(await postOne(desk(), creditFact(owner, 'COIN', 60)));
    const undone = idOf((await reverse(later(), { postingId, shard: 0, actor: 'x' })) as PairAnswer);
    expect(await reverse(later(), { postingId: undone, shard: 0, actor: 'x' })).toEqual({ outcome: 'not_reversible' });
    expect(await reverse(later(), { postingId: newId('pst'), shard: 0, actor: 'x' })).toEqual({ outcome: 'not_found' });
  });
});

describe('the stream', () => {
  it('[S1] tells each change once, chained by the event before it; refused and repeated tellings are silent', async () => {
    const owner = person();
    const ctx = desk();
    const facts = [creditFact(owner, 'COIN', 50), creditFact(owner, 'COIN', 5)];
    for (const fact of [...facts, ...facts]) await postOne(ctx, fact);
    await adjust(ctx, { owner, unit: 'COIN', amount: -999, adjustmentId: newId('adj'), actor: 'x' });
    await ctx.settled();
    expect(ctx.told.map(({ amount, delta }) => [amount, delta])).toEqual([
      [50, 50],
      [55, 5],
    ]);
    expect(ctx.told[0]?.prevEventId).toBeNull();
    expect(ctx.told[1]?.prevEventId).toBe(ctx.told[0]?.eventId);
  });

  it('[S2] the events fold to the balance and page without a gap', async () => {
    const owner = await personWith(10);
    for (let n = 0; n < 5; n++) await post(desk(), [creditFact(owner, 'COIN', n + 1)]);
    const seen: number[] = [];
    let after: string | undefined;
    for (;;) {
      const { items, cursor } = await eventsOf(desk(), owner, { after, limit: 4 });
      if (items.length === 0) break;
      seen.push(...items.map((item) => item.amount));
      after = cursor ?? undefined;
    }
    expect(seen).toEqual([10, 1, 2, 3, 4, 5]);
    expect(await stands(owner)).toEqual({ COIN: [25, 0] });
  });

  it('[S3] somebody else’s event is no place to go on from', async () => {
    const [mine, theirs] = [await personWith(1), await personWith(1)];
    const { cursor } = await eventsOf(desk(), theirs);
    await expect(eventsOf(desk(), mine, { after: cursor ?? '' })).rejects.toMatchObject({ code: 'validation_failed' });
  });
});
