/** Allowances, moments and pieces on the real books: what pays, in which order, once, whatever crashes in between. */
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../platform/ids.ts';
import { ledgerShard } from '../../platform/shards.ts';
import { balanceOfAccount, bindings, creditFact, desk, failing, NOON, person, personWith } from '../balance/ledger-desk.workers.ts';
import { type Owner, post, postOne } from '../balance/service.ts';
import { expireLots } from '../moments/expiry.ts';
import { moments } from './moments.ts';
import type { ChargeOrder, PricingModel } from './port.ts';
import { subscription } from './subscription.ts';
import { tokens } from './tokens.ts';

const DAY = 86_400_000;
const shardOf = (owner: Owner) => ledgerShard(bindings, owner.shard);
const has = async (owner: Owner, unit: string) => (await balanceOfAccount(owner.shard, `${owner.userId}:${unit}`)) ?? 0;

const order = (payer: Owner, payee: Owner, over: Partial<ChargeOrder> = {}): ChargeOrder => ({
  callId: newId('call'),
  payer,
  payee,
  tariffId: newId('tar'),
  atSeconds: 60,
  coversSeconds: 60,
  media: 'audio',
  payerCheckpoint: { n: 2, unit: 'COIN', amount: 60 },
  payeeCheckpoint: { n: 1, unit: 'EARN', amount: 30 },
  grace: null,
  outage: false,
  eventAt: NOON,
  ...over,
});

/** Who paid, or why nobody did. */
async function paid(model: PricingModel, of: ChargeOrder, ctx = desk()): Promise<string> {
  const answer = await model.charge(ctx, of);
  if (answer.outcome !== 'posted') return answer.outcome === 'refused' ? answer.reason : 'unknown';
  return answer.items.find(({ party }) => party === 'payer')?.paidBy ?? 'nobody';
}

/** Somebody with a row of their own in the main database, as subscriptions need it. */
async function subscriber(plan: string | null, over: { state?: string; until?: number; shard?: number } = {}): Promise<Owner> {
  const owner = person(over.shard ?? 0);
  await bindings.DB.prepare(
    `INSERT INTO user (id, role, monetization_version, ledger_shard, created_at) VALUES (?1, 'member', 'subscription', ?2, ?3)`,
  )
    .bind(owner.userId, owner.shard, NOON)
    .run();
  if (plan) await subscribe(owner, plan, over);
  return owner;
}

const subscribe = (owner: Owner, plan: string, over: { state?: string; until?: number } = {}) =>
  bindings.DB.prepare(
    `INSERT INTO subscription (user_id, id, plan, state, until, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT (user_id, store, ref) DO UPDATE SET plan = excluded.plan, state = excluded.state, until = excluded.until`,
  )
    .bind(owner.userId, `sub_${owner.userId}`, plan, over.state ?? 'active', over.until ?? NOON + 30 * DAY, NOON)
    .run();

beforeAll(async () => {
  // Small enough to be used up in a test.
  await bindings.DB.prepare(`UPDATE plan SET daily_seconds = 120, daily_messages = 2 WHERE id IN ('free', 'plus')`).run();
  await bindings.DB.prepare(`UPDATE plan SET daily_seconds = 300 WHERE id = 'premium'`).run();
});

describe('a plan', () => {
  it('pays what the day includes, then coins where it allows them, and the companion earns all the same', async () => {
    const [ben, grace] = [await subscriber('plus'), person(0)];
    await post(desk(), [creditFact(ben, 'COIN', 100)]);
    const by = [];
    for (let n = 0; n < 4; n++) by.push(await paid(subscription, order(ben, grace)));
    expect(by).toEqual(['allowance', 'allowance', 'coins', 'insufficient_funds']);
    expect([await has(ben, 'COIN'), await has(grace, 'EARN')]).toEqual([40, 90]);
  });

  it('stops where it is free, whatever coins there are; the day turns at midnight', async () => {
    const [ben, grace] = [await subscriber(null), person(0)];
    await post(desk(), [creditFact(ben, 'COIN', 100)]);
    const by = [];
    for (let n = 0; n < 3; n++) by.push(await paid(subscription, order(ben, grace)));
    const tomorrow = NOON + DAY / 2;
    by.push(await paid(subscription, order(ben, grace, { eventAt: tomorrow - 1 })));
    by.push(await paid(subscription, order(ben, grace, { eventAt: tomorrow }), desk({ now: tomorrow })));
    expect(by).toEqual(['allowance', 'allowance', 'insufficient_funds', 'insufficient_funds', 'allowance']);
    expect(await has(ben, 'COIN')).toBe(100);
  });

  it('counts a checkpoint to the day in which it fell due, also when it is told after midnight', async () => {
    const [ben, grace] = [await subscriber('plus'), person(0)];
    const midnight = NOON + DAY / 2;
    const late = desk({ now: midnight + 5_000 });
    expect(await paid(subscription, order(ben, grace, { eventAt: midnight - 1 }), late)).toBe('allowance');
    expect(await paid(subscription, order(ben, grace, { eventAt: midnight + 1 }), late)).toBe('allowance');
    const { results } = await shardOf(ben)
      .prepare('SELECT began_at, seconds_used FROM allowance_day WHERE owner = ?1 ORDER BY began_at')
      .bind(ben.userId)
      .all();
    expect(results).toEqual([
      { began_at: midnight - DAY, seconds_used: 60 },
      { began_at: midnight, seconds_used: 60 },
    ]);
  });

  it('counts what is told late to its own day, also when the next has begun, and begins no day too close to one', async () => {
    const [ben, grace] = [await subscriber('plus'), person(0)];
    const midnight = NOON + DAY / 2;
    const late = desk({ now: midnight + 5_000 });
    const by = [];
    for (const eventAt of [midnight - 70_000, midnight + 1, midnight - 1])
      by.push(await paid(subscription, order(ben, grace, { eventAt }), late));
    const nobodyYet = await subscriber('plus');
    for (const eventAt of [midnight + 1, midnight - 1]) by.push(await paid(subscription, order(nobodyYet, grace, { eventAt }), late));
    expect(by).toEqual(Array.from({ length: 5 }, () => 'allowance'));
    for (const [owner, first] of [
      [ben, 120],
      [nobodyYet, 60],
    ] as const) {
      const { results } = await shardOf(owner)
        .prepare('SELECT began_at, seconds_used FROM allowance_day WHERE owner = ?1 ORDER BY began_at')
        .bind(owner.userId)
        .all();
      expect(results).toEqual([
        { began_at: midnight - DAY, seconds_used: first },
        { began_at: midnight, seconds_used: 60 },
      ]);
    }
    const between = shardOf(ben).prepare(
      `INSERT INTO allowance_day (owner, began_at, plan, seconds, messages) VALUES (?1, ?2, 'plus', 1, 1)`,
    );
    for (const offBy of [3_600_000, -3_600_000])
      await expect(between.bind(ben.userId, midnight + offBy).run()).rejects.toThrow('day_too_soon');
  });

  it('that ends counts for what fell due before, also when that is told afterwards', async () => {
    const [ben, grace] = [await subscriber('premium', { until: NOON }), person(0)];
    const late = desk({ now: NOON + 5_000 });
    const by = [];
    for (let n = 0; n < 3; n++) by.push(await paid(subscription, order(ben, grace, { eventAt: NOON - 1 }), late));
    by.push(await paid(subscription, order(ben, grace, { eventAt: NOON }), late));
    expect(by).toEqual(['allowance', 'allowance', 'allowance', 'insufficient_funds']);
  });

  it('that is better counts at once, in mid-call; one that is less never takes back what was used', async () => {
    const [ben, grace] = [await subscriber('plus'), person(0)];
    const by = [await paid(subscription, order(ben, grace)), await paid(subscription, order(ben, grace))];
    await subscribe(ben, 'premium');
    for (let n = 0; n < 3; n++) by.push(await paid(subscription, order(ben, grace)));
    await subscribe(ben, 'plus');
    by.push(await paid(subscription, order(ben, grace)));
    expect(by).toEqual(['allowance', 'allowance', 'allowance', 'allowance', 'allowance', 'insufficient_funds']);
  });

  it('counts no more once it is paused or over', async () => {
    const grace = person(0);
    const means = async (owner: Owner) => (await subscription.describe(desk(), { payer: owner })).means[0];
    expect(await means(await subscriber('premium', { state: 'paused' }))).toMatchObject({ plan: 'free' });
    expect(await means(await subscriber('premium', { until: NOON }))).toMatchObject({ plan: 'free' });
    expect(await means(await subscriber('premium', { state: 'grace' }))).toMatchObject({ plan: 'premium', secondsLeft: 300 });
    expect(await subscription.means(desk(), { payer: await subscriber('premium'), payeeId: grace.userId, media: 'audio' })).toMatchObject({
      seconds: 300,
      amount: 0,
      told: [{ is: 'allowance', plan: 'premium', secondsLeft: 300 }, { is: 'coins' }],
    });
  });

  it('pays the same checkpoint once, by one means, whichever answer was lost', async () => {
    for (const when of ['before', 'after'] as const) {
      const [ben, grace] = [await subscriber('plus'), person(1)];
      await post(desk(), [creditFact(ben, 'COIN', 100)]);
      const one = order(ben, grace);
      const broken = desk({ env: { LEDGER_0: failing(bindings.LEDGER_0, when, 3) } });
      expect(await paid(subscription, one, broken)).toBe('unknown');
      expect([await paid(subscription, one), await paid(subscription, one)]).toEqual(['allowance', 'allowance']);
      // Now the day is used up: the same checkpoint, told again, is still paid by the allowance.
      await paid(subscription, order(ben, grace));
      expect(await paid(subscription, one)).toBe('allowance');
      expect(await has(ben, 'COIN')).toBe(100);
    }
  });

  it('is never overdrawn by calls that ask at once', async () => {
    const [ben, grace] = [await subscriber('plus'), person(0)];
    const by = await Promise.all(Array.from({ length: 8 }, () => paid(subscription, order(ben, grace))));
    expect(by.filter((means) => means === 'allowance')).toHaveLength(2);
    expect(by.filter((means) => means === 'insufficient_funds')).toHaveLength(6);
  });

  it('and a piece tell the call that runs when they pay for a message; coins leave that to the balance', async () => {
    const [ben, grace] = [await subscriber('plus'), person(0)];
    await post(desk(), [creditFact(ben, 'COIN', 5), creditFact(ben, 'MOMENT', 1)]);
    const told: unknown[] = [];
    const stub = (of: object) => ({ getByName: () => of }) as never;
    const hub = stub({ busyWith: async () => 'call_running', balanceChanged: async () => null });
    const call = stub({ fundsChanged: async (event: unknown) => void told.push(event) });
    const price = { unit: 'COIN', amount: 5 } as const;
    const message = () => ({ chatId: newId('chat'), sender: ben.userId, clientId: crypto.randomUUID(), tariffId: newId('tar') });
    const said = [];
    for (const model of [subscription, subscription, moments, tokens]) {
      const at = desk({ env: { USER_HUB: hub, CALL_SESSION: call } });
      await model.chargeMessage(at, { ...message(), payer: ben, payee: grace, price, earning: null, eventAt: NOON });
      await at.settled();
      said.push(told.splice(0));
    }
    const once = [{ userId: ben.userId }];
    expect(said).toEqual([once, once, once, []]);
  });

  it('can be counted on until the day turns, or until it is over', async () => {
    const [ben, cora, grace] = [await subscriber('plus'), await subscriber('plus', { until: NOON + 5_000 }), person(0)];
    const until = async (payer: Owner) => (await subscription.means(desk(), { payer, payeeId: grace.userId, media: 'audio' })).until;
    expect([await until(ben), await until(cora)]).toEqual([Math.ceil(NOON / DAY) * DAY, NOON + 5_000]);
    expect((await moments.means(desk(), { payer: ben, payeeId: grace.userId, media: 'audio' })).until).toBeNull();
  });

  it('includes messages, then moments and coins', async () => {
    const [ben, grace] = [await subscriber('plus'), person(0)];
    await post(desk(), [creditFact(ben, 'COIN', 5)]);
    const message = () => ({
      chatId: newId('chat'),
      sender: ben.userId,
      clientId: crypto.randomUUID(),
      tariffId: newId('tar'),
      payer: ben,
      payee: grace,
      price: { unit: 'COIN', amount: 5 } as const,
      earning: { unit: 'EARN', amount: 2 } as const,
      eventAt: NOON,
    });
    const answers = [];
    const listening = desk({
      env: { USER_HUB: { getByName: () => ({ busyWith: async () => null, balanceChanged: async () => null }) } as never },
    });
    for (let n = 0; n < 4; n++) answers.push((await subscription.chargeMessage(listening, message())).outcome);
    expect(answers).toEqual(['posted', 'posted', 'posted', 'refused']);
    expect([await has(ben, 'COIN'), await has(grace, 'EARN')]).toEqual([0, 6]);
    const given = message();
    expect(await subscription.voidMessage(desk(), given)).toEqual({ outcome: 'refused', reason: 'voided' });
    expect(await subscription.chargeMessage(desk(), given)).toEqual({ outcome: 'refused', reason: 'voided' });
  });
});

describe('a moment', () => {
  it('opens a piece of company; while that runs nothing more is taken; then the next', async () => {
    const [cora, grace] = [await personWith(2, 0, 'MOMENT'), person(0)];
    const by = [];
    for (let minute = 0; minute < 21; minute++) by.push(await paid(moments, order(cora, grace)));
    expect(by).toEqual([...Array.from({ length: 20 }, () => 'piece'), 'insufficient_funds']);
    expect([await has(cora, 'MOMENT'), await has(grace, 'EARN')]).toEqual([0, 600]);
  });

  it('says in the receipt what each checkpoint took', async () => {
    const [cora, grace] = [await personWith(5, 0, 'MOMENT'), person(0)];
    const orders = [order(cora, grace), order(cora, grace)];
    const took = [];
    // Told again, it is the first answer: also of how many it was.
    for (const each of [...orders, ...orders]) {
      const answer = await moments.charge(desk(), each);
      const line = answer.outcome === 'posted' ? answer.items[0] : undefined;
      took.push([line?.took, line?.had]);
    }
    const one = [{ unit: 'MOMENT', amount: 1 }, 5];
    expect(took).toEqual([one, [null, null], one, [null, null]]);
  });

  it('is for one companion: another opens their own, and what is left serves for 24 hours after it was used', async () => {
    const [cora, grace, hugo] = [await personWith(2, 0, 'MOMENT'), person(0), person(0)];
    await paid(moments, order(cora, grace));
    await paid(moments, order(cora, hugo));
    expect(await has(cora, 'MOMENT')).toBe(0);
    const at = (eventAt: number) => paid(moments, order(cora, grace, { eventAt }), desk({ now: eventAt }));
    expect(await at(NOON + DAY - 1)).toBe('piece');
    expect(await at(NOON + 2 * DAY - 2)).toBe('piece');
    expect(await at(NOON + 3 * DAY)).toBe('insufficient_funds');
  });

  it('lasts half as long by video, and goes on by another medium with what is left', async () => {
    const [cora, grace] = [await personWith(1, 0, 'MOMENT'), person(0)];
    for (let minute = 0; minute < 6; minute++) expect(await paid(moments, order(cora, grace))).toBe('piece');
    expect(await moments.means(desk(), { payer: cora, payeeId: grace.userId, media: 'video' })).toMatchObject({ seconds: 120, amount: 0 });
    for (let minute = 0; minute < 2; minute++) expect(await paid(moments, order(cora, grace, { media: 'video' }))).toBe('piece');
    expect(await paid(moments, order(cora, grace))).toBe('insufficient_funds');
  });

  it('leaves old coins spendable behind it', async () => {
    const [cora, grace] = [await personWith(60), person(0)];
    expect([await paid(moments, order(cora, grace)), await paid(moments, order(cora, grace))]).toEqual(['coins', 'insufficient_funds']);
  });

  it('is opened once for a checkpoint that is told by many at once', async () => {
    const [cora, grace] = [await personWith(3, 0, 'MOMENT'), person(1)];
    const one = order(cora, grace);
    const by = await Promise.all(Array.from({ length: 6 }, () => paid(moments, one)));
    expect(new Set(by)).toEqual(new Set(['piece']));
    expect(await has(cora, 'MOMENT')).toBe(2);
    const count = await shardOf(cora).prepare('SELECT count(*) AS n FROM moment_piece WHERE owner = ?1').bind(cora.userId).first('n');
    expect(count).toBe(1);
  });

  it('is taken once where the answer was lost, before or after it was committed', async () => {
    for (const when of ['before', 'after'] as const) {
      const [cora, grace] = [await personWith(3, 0, 'MOMENT'), person(0)];
      const one = order(cora, grace);
      expect(await paid(moments, one, desk({ env: { LEDGER_0: failing(bindings.LEDGER_0, when, 3) } }))).toBe('unknown');
      expect([await paid(moments, one), await paid(moments, one)]).toEqual(['piece', 'piece']);
      expect(await has(cora, 'MOMENT')).toBe(2);
    }
  });
});

describe('lots of moments', () => {
  const lots = async (owner: Owner) =>
    (await shardOf(owner).prepare('SELECT amount, used FROM moment_lot WHERE owner = ?1 ORDER BY expires_at, id').bind(owner.userId).all())
      .results;
  const buy = (owner: Owner, amount: number, expiresAt: number) =>
    post(desk(), [{ ...creditFact(owner, 'MOMENT', amount), metadata: { expiresAt } }]);

  it('are spent oldest first, and their sum is the balance', async () => {
    const [cora, grace] = [person(0), person(0)];
    await buy(cora, 2, NOON + 20 * DAY);
    await buy(cora, 1, NOON + 10 * DAY);
    // A day apart, so that each opens a piece of its own.
    for (let n = 0; n < 2; n++) await paid(moments, order(cora, person(0), { eventAt: NOON + n * 2 * DAY }));
    expect(await lots(cora)).toEqual([
      { amount: 1, used: 1 },
      { amount: 2, used: 1 },
    ]);
    expect(await has(cora, 'MOMENT')).toBe(1);
    expect(grace.shard).toBe(0);
  });

  it('that expired pay nothing, and go by a posting of their own, once', async () => {
    const cora = person(1);
    await buy(cora, 5, NOON + DAY);
    await buy(cora, 1, NOON + 30 * DAY);
    await paid(moments, order(cora, person(0)));
    const later = desk({ now: NOON + 2 * DAY });
    const twice = [];
    for (let n = 0; n < 2; n++) twice.push(await paid(moments, order(cora, person(0), { eventAt: NOON + 2 * DAY }), later));
    expect(twice).toEqual(['piece', 'insufficient_funds']);
    expect(await has(cora, 'MOMENT')).toBe(4);
    expect(await expireLots(later)).toBeGreaterThanOrEqual(1);
    expect(await has(cora, 'MOMENT')).toBe(0);
    await expireLots(later);
    expect(await lots(cora)).toEqual([
      { amount: 5, used: 5 },
      { amount: 1, used: 1 },
    ]);
  });

  it('follow whatever else moves a balance: a correction down, a debt that is settled', async () => {
    const cora = person(0);
    await buy(cora, 3, NOON + 10 * DAY);
    const down = { ...creditFact(cora, 'MOMENT', 1), kind: 'claw_back' as const, intent: { down: 5 } };
    const house = 'house:issuance:MOMENT';
    const taken = { mode: 'claw_back', from: `${cora.userId}:MOMENT`, to: house, unit: 'MOMENT', amount: 5 } as const;
    expect(await postOne(desk(), { ...down, moves: [taken] })).toMatchObject({ outcome: 'posted' });
    await buy(cora, 4, NOON + 20 * DAY);
    expect(await has(cora, 'MOMENT')).toBe(2);
    expect(await lots(cora)).toEqual([
      { amount: 3, used: 3 },
      { amount: 4, used: 2 },
    ]);
  });
});
