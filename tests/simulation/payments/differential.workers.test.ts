/**
 * Some histories at once, in one stream, on real databases and ledgers, several taken up at a time: row by row they end as
 * the model does, and as the oracle says.
 */
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { takeBack } from '../../../worker/domains/balance/service.ts';
import { record } from '../../../worker/domains/event_log/service.ts';
import { d1Till } from '../../../worker/domains/payment/d1-till.ts';
import {
  bindings,
  catchQueue,
  contextAt,
  deliver,
  purse,
  queued,
  sellAs,
  sources,
} from '../../../worker/domains/payment/payment-desk.workers.ts';
import { claimForSignUps } from '../../../worker/domains/payment/sign-ups.ts';
import { takeUp } from '../../../worker/domains/payment/taking-up.ts';
import { planInForce } from '../../../worker/domains/subscriptions/rules.ts';
import { subscriptionOf } from '../../../worker/domains/subscriptions/service.ts';
import { ledgerShards } from '../../../worker/platform/shards.ts';
import { Random } from '../random.ts';
import { type Holding, historyOf, type Person, products, START } from './history.ts';
import { balanceOf, moments, plansOf } from './oracle.ts';
import { TillModel } from './till-model.ts';

/** Each costs some hundred calls to a database, so a quick run holds 15; `PAYMENT_HISTORIES` says how many. */
const HISTORIES = Number((env as unknown as { PAYMENT_HISTORIES: string }).PAYMENT_HISTORIES);
const PATIENCE_MS = 600_000;
const SEED = 'differential';
const AT_ONCE = 8;
const seldom = (_: unknown, n: number): boolean => n % 4 === 0;
const units = ['COIN', 'MOMENT'] as const;

const ctx = contextAt(START);
const shardOf = ({ userId }: Person): number => userId.charCodeAt(userId.length - 1) % 2;
const ownerOf = (person: Person) => ({ userId: person.userId, shard: shardOf(person) });

beforeAll(async () => {
  for (const [id, { kind, amount, plan }] of Object.entries(products)) await sellAs(id, { kind, amount: amount || null, plan });
});
beforeEach(catchQueue);

async function signUp(person: Person): Promise<void> {
  await bindings.DB.prepare(
    `INSERT INTO user (id, role, monetization_version, ledger_shard, email, created_at) VALUES (?1, 'member', ?2, ?3, ?4, ?5)`,
  )
    .bind(person.userId, person.version, shardOf(person), person.email, START)
    .run();
  await record(ctx, { type: 'user.signed_up', subject: person.userId, payload: {} });
}

/** Takes up what is on the queue, several at a time. */
async function work(): Promise<void> {
  const one = async (): Promise<void> => {
    for (let id = queued.shift(); id; id = queued.shift()) await takeUp(d1Till(ctx, sources), id);
  };
  while (queued.length > 0) await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** The same, calmly and in memory. */
async function modelled(holdings: readonly Holding[], told: Parameters<TillModel['receive']>[0][]): Promise<TillModel> {
  const model = new TillModel();
  for (const { person } of holdings) {
    if (person.signsUp !== 'never') model.signUp(person);
    for (const unit of units) model.takeBack(person.userId, unit, person.debt);
  }
  for (const fact of told) model.receive(fact);
  for (let id = model.queue.shift(); id; id = model.queue.shift()) await takeUp(model, id);
  return model;
}

it(
  `${HISTORIES} histories in one stream end as the model and the oracle have it`,
  async () => {
    const random = new Random(SEED);
    const histories = Array.from({ length: HISTORIES }, (_, n) => historyOf(new Random(`${SEED}-${n}`)));
    const holdings = histories.flatMap((history) => history.holdings);
    const told = histories.flatMap(({ events }) => events);
    for (const { person } of holdings) {
      if (person.signsUp !== 'before') continue;
      await signUp(person);
      const order = { kind: 'claw_back', to: 'issuance', ref: 'before', actor: 'system', eventAt: START } as const;
      for (const unit of person.debt > 0 ? units : [])
        await takeBack(ctx, { ...order, owner: ownerOf(person), unit, amount: person.debt, key: `seed:${person.userId}:${unit}` });
    }
    const late = holdings.flatMap(({ person }) => (person.signsUp === 'late' ? [person] : []));
    const comes = [...told, ...told.filter(() => random.chance(0.2)), ...late]
      .map((one) => ({ one, at: random.unit() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one);
    for (const [n, one] of comes.entries()) {
      if ('email' in one) await signUp(one);
      else await deliver(one.source, one, ctx);
      if (n % 40 === 0) await Promise.all([work(), claimForSignUps(ctx)]);
    }
    await claimForSignUps(ctx);
    await work();

    const model = await modelled(holdings, told);
    const rows = async (sql: string) => (await bindings.DB.prepare(sql).raw()).map((row) => row.join(' ')).sort();
    expect(await rows('SELECT source_event_id, state FROM payment_delivery')).toEqual(
      [...model.kept.values()].map(({ delivery: { sourceEventId, state } }) => `${sourceEventId} ${state}`).sort(),
    );
    expect(await rows('SELECT d.source_event_id, e.user_id FROM payment_event e JOIN payment_delivery d ON d.id = e.id')).toEqual(
      [...model.kept.values()].map(({ delivery, event }) => `${delivery.sourceEventId} ${event?.userId ?? ''}`).sort(),
    );
    expect(await rows('SELECT kind, value, user_id FROM payment_alias')).toEqual(
      [...model.aliases.values()].map(({ kind, value, userId }) => `${kind} ${value} ${userId}`).sort(),
    );
    expect(await rows('SELECT store, transaction_id, user_id, granted, taken FROM payment WHERE posted_at IS NOT NULL')).toEqual(
      [...model.payments.values()].map((one) => `${one.store} ${one.transactionId} ${one.userId} ${one.granted} ${one.taken}`).sort(),
    );
    expect(await rows('SELECT key FROM payment_refund WHERE posted_at IS NOT NULL')).toEqual(
      [...model.payments.values()].flatMap(({ refunds }) => refunds.map(({ key }) => key)).sort(),
    );
    expect(await rows('SELECT user_id, store, ref, plan, state, until, words FROM subscription')).toEqual(
      [...model.subscriptions.values()]
        .map(({ userId, store, ref, plan, state, until, words }) => [userId, store, ref, plan, state, until, words].join(' '))
        .sort(),
    );
    expect(await rows(`SELECT type || ' ' || count(*) FROM event WHERE type LIKE 'payment.%' GROUP BY type`)).toEqual([
      `payment.applied ${model.payments.size}`,
      `payment.refund_reversed ${model.said.filter((key) => key.startsWith('refund_reversal:')).length}`,
      `payment.refunded ${model.said.filter((key) => key.startsWith('refund:')).length}`,
    ]);
    const keys = await Promise.all(
      ledgerShards(bindings).map(async (shard) =>
        (await shard.prepare(`SELECT key FROM posting WHERE kind IN ('purchase', 'plan_period')`).raw<[string]>()).flat(),
      ),
    );
    expect(keys.flat().sort()).toEqual([...model.postings.keys()].filter((key) => !key.startsWith('refund')).sort());

    for (const holding of holdings) {
      for (const unit of units) expect(await purse(ownerOf(holding.person), unit), holding.person.userId).toEqual(balanceOf(holding, unit));
      const plans = await Promise.all(
        moments.filter(seldom).map(async (at) => planInForce(await subscriptionOf(ctx, holding.person.userId, at), at)),
      );
      expect(plans, holding.person.userId).toEqual(plansOf(holding).filter(seldom));
    }
  },
  PATIENCE_MS,
);
