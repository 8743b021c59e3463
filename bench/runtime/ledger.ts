/** What the ledger is made to do, and what plain inserts do in its place. Timed from outside, whole runs at a time. */
import { credit, debit, type Fact, incomeOf, type Owner, post, postPair, sourceOf } from '../../worker/domains/balance/service.ts';
import { batchOf } from '../../worker/domains/balance/store.ts';
import type { Env } from '../../worker/env.ts';
import type { Context } from '../../worker/platform/context.ts';
import { newId } from '../../worker/platform/ids.ts';
import { ok } from '../../worker/platform/result.ts';
import type { UserHubStub } from '../../worker/platform/stubs.ts';

export type Workload = 'debit' | 'credit' | 'pair' | 'told' | 'ten' | 'cross' | 'hot' | 'same' | 'plain';

export interface LedgerOrder {
  readonly workload: Workload;
  /** `plain`: how many inserts go into each batch; several numbers are several batches, on the shards in turn. */
  readonly inserts?: readonly number[];
  /** How often. */
  readonly count: number;
  /** How many at once. */
  readonly lanes: number;
}

const OWNERS = 64;
const TEN = 10;

interface Cast {
  readonly payers: readonly Owner[];
  readonly payees: readonly Owner[];
  readonly others: readonly Owner[];
}

let cast: Cast | null = null;

/** Payers with coins enough for ever, payees beside them in shard 0 and apart in shard 1. */
async function people(ctx: Context): Promise<Cast> {
  if (cast) return cast;
  const owners = (shard: number): Owner[] => Array.from({ length: OWNERS }, () => ({ userId: newId('usr'), shard }));
  const [payers, payees, others] = [owners(0), owners(0), owners(1)];
  const amount = 500_000_000;
  await mustPost(
    ctx,
    payers.map((owner) => ({
      owner,
      key: `seed:bench:${owner.userId}`,
      kind: 'seed',
      ref: 'bench',
      actor: 'system',
      eventAt: ctx.now,
      intent: { amount },
      moves: [credit(owner, 'COIN', 'issuance', amount)],
    })),
  );
  for (const env of [ctx.env.LEDGER_0, ctx.env.LEDGER_1])
    await env.prepare('CREATE TABLE IF NOT EXISTS plain (id TEXT PRIMARY KEY, a TEXT, b TEXT, c TEXT, n INTEGER, at INTEGER) STRICT').run();
  cast = { payers, payees, others };
  return cast;
}

/** The same context where nobody listens to new balances, so that the books alone are measured. */
export const untold = (ctx: Context): Context => {
  const hub = { balanceChanged: async () => ok(null) } as Partial<UserHubStub> as UserHubStub;
  return { ...ctx, env: { ...ctx.env, USER_HUB: { getByName: () => hub } } as Env };
};

/** Does the work `count` times, and throws where the ledger did not post. */
export async function runLedger(told: Context, { workload, count, lanes, inserts = [] }: LedgerOrder): Promise<void> {
  const ctx = workload === 'told' ? told : untold(told);
  const parts = await people(ctx);
  const once = tasks(ctx, parts, inserts)[workload];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let n = next++; n < count; n = next++) await once(n);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function tasks(
  ctx: Context,
  { payers, payees, others }: Cast,
  inserts: readonly number[],
): Record<Workload, (n: number) => Promise<unknown>> {
  const of = (owners: readonly Owner[], n: number): Owner => owners[n % owners.length] as Owner;
  const pair = (n: number) => mustPair(ctx, pairOf(of(payers, n), of(payees, n)));
  return {
    pair,
    told: pair,
    debit: (n) => mustPost(ctx, [pairOf(of(payers, n), of(payees, n))[0]]),
    credit: (n) => mustPost(ctx, [pairOf(of(payers, n), of(payees, n))[1]]),
    ten: (n) => mustPost(ctx, Array.from({ length: TEN }, (_, i) => pairOf(of(payers, n * TEN + i), of(payees, n * TEN + i))).flat()),
    cross: (n) => mustPair(ctx, pairOf(of(payers, n), of(others, n))),
    hot: () => mustPair(ctx, pairOf(of(payers, 0), of(payees, 0))),
    same: (n) => {
      const facts = pairOf(of(payers, n), of(payees, n));
      return ctx.env.LEDGER_0.batch(batchOf(ctx.env.LEDGER_0, { facts, hashes: ['bench', 'bench'], now: ctx.now }).statements);
    },
    plain: async () => {
      const shards = [ctx.env.LEDGER_0, ctx.env.LEDGER_1];
      for (const [n, rows] of inserts.entries()) await plain(shards[n % 2] as D1Database, ctx.now, rows);
    },
  };
}

const plain = (db: D1Database, now: number, rows: number): Promise<unknown> =>
  db.batch(
    Array.from({ length: rows }, () =>
      db
        .prepare('INSERT INTO plain (id, a, b, c, n, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)')
        .bind(newId('pst'), newId('usr'), 'house:revenue:COIN', 'COIN', 60, now),
    ),
  );

/** One minute of a call, as `pricing` tells it to the books. */
function pairOf(payer: Owner, payee: Owner): [Fact, Fact] {
  const call = newId('call');
  const fact = (owner: Owner, party: 'payer' | 'payee'): Fact => ({
    owner,
    key: `call:${call}:${party}:0`,
    kind: party === 'payer' ? 'checkpoint' : 'earning',
    ref: call,
    actor: 'system',
    eventAt: 1,
    intent: { party, n: 0, tariffId: 'bench', amount: party === 'payer' ? 60 : 30 },
    metadata: { tariffId: 'bench', n: 0, atSeconds: 60 },
    moves: [party === 'payer' ? debit(owner, 'COIN', incomeOf('COIN'), 60) : credit(owner, 'EARN', sourceOf('EARN'), 30)],
  });
  return [fact(payer, 'payer'), fact(payee, 'payee')];
}

async function mustPair(ctx: Context, [first, second]: [Fact, Fact]): Promise<void> {
  const answer = await postPair(ctx, first, second);
  if (answer.outcome !== 'posted' || !answer.second) throw new Error(`not posted: ${JSON.stringify(answer)}`);
}

async function mustPost(ctx: Context, facts: readonly Fact[]): Promise<void> {
  for (const answer of await post(ctx, facts)) if (answer.outcome !== 'posted') throw new Error(`not posted: ${JSON.stringify(answer)}`);
}
