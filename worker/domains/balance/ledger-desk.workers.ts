/** What the ledger's tests in workerd share: a context whose late work can be awaited, people, and ways to break a shard. */
import { env } from 'cloudflare:workers';
import type { Env } from '../../env.ts';
import { type Context, contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { Log } from '../../platform/log.ts';
import { ledgerShard } from '../../platform/shards.ts';
import type { BalanceChanged } from '../../protocol/hub/latest.ts';
import type { Unit } from '../../protocol/money.ts';
import { post } from './posting.ts';
import { credit, debit, type Fact, type Owner, sourceOf } from './rules.ts';

export const bindings = env as unknown as Env;
export const NOON = Date.parse('2030-01-01T12:00:00.000Z');

export interface Desk extends Context {
  /** What the owners' hubs were told, in order. */
  readonly told: readonly (BalanceChanged & { readonly owner: string })[];
  /** Waits for all that was left for after the answer. */
  settled(): Promise<void>;
}

/** Failures are planted here by the hundred; their warnings would hide a real one. */
const quiet: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** A context at `now`, on these bindings. */
export function desk(over: { now?: number; env?: Partial<Env> } = {}): Desk {
  const late: Promise<unknown>[] = [];
  const told: (BalanceChanged & { owner: string })[] = [];
  // Hubs have tests of their own; here they only listen.
  const hubOf = (owner: string) => ({ balanceChanged: async (event: BalanceChanged) => void told.push({ ...event, owner }) });
  const hubs = { getByName: hubOf } as unknown as Env['USER_HUB'];
  const ctx = contextOf(
    { ...bindings, USER_HUB: hubs, ...over.env },
    { now: over.now ?? NOON, requestId: 'test', waitUntil: (work) => void late.push(work) },
  );
  return {
    ...ctx,
    log: quiet,
    told,
    settled: async () => {
      while (late.length > 0) await Promise.all(late.splice(0));
    },
  };
}

export const person = (shard = 0): Owner => ({ userId: newId('usr'), shard });

export const creditFact = (owner: Owner, unit: Unit, amount: number, key = `seed:${crypto.randomUUID()}`): Fact => ({
  owner,
  key,
  kind: 'seed',
  ref: key,
  actor: 'system',
  eventAt: NOON,
  intent: { unit, amount },
  moves: [credit(owner, unit, sourceOf(unit), amount)],
});

/** The two halves of a checkpoint of a call nobody else knows of: what the payer pays in coins, what the payee earns. */
export function checkpoint(payer: Owner, payee: Owner, paid = 60, earned = 30): [Fact, Fact] {
  const id = crypto.randomUUID();
  const common = { ref: id, actor: 'system', eventAt: NOON };
  return [
    {
      ...common,
      owner: payer,
      key: `call:${id}:payer:0`,
      kind: 'checkpoint',
      intent: { paid },
      moves: [debit(payer, 'COIN', 'revenue', paid)],
    },
    {
      ...common,
      owner: payee,
      key: `call:${id}:payee:0`,
      kind: 'earning',
      intent: { earned },
      moves: [credit(payee, 'EARN', 'earned', earned)],
    },
  ];
}

/** A new person with something in the purse. */
export async function personWith(amount: number, shard = 0, unit: Unit = 'COIN'): Promise<Owner> {
  const owner = person(shard);
  await post(desk(), [creditFact(owner, unit, amount)]);
  return owner;
}

/** Every balance of a shard by account, to see that nothing moved. */
export async function balanceOfAccount(shard: number, id: string): Promise<number | null> {
  const row = await ledgerShard(bindings, shard).prepare('SELECT balance FROM account WHERE id = ?1').bind(id).first<{ balance: number }>();
  return row?.balance ?? null;
}

export async function postingCount(shard: number, key: string): Promise<number> {
  const row = await ledgerShard(bindings, shard)
    .prepare('SELECT count(*) AS n FROM posting WHERE key = ?1')
    .bind(key)
    .first<{ n: number }>();
  return row?.n ?? 0;
}

/** A shard whose batches fail `times` times: before they reach the database, or after it has committed them. */
export function failing(shard: D1Database, when: 'before' | 'after', times: number): D1Database {
  let left = times;
  return new Proxy(shard, {
    get(target, name) {
      if (name !== 'batch') {
        const value = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      return async (statements: D1PreparedStatement[]) => {
        if (left > 0 && when === 'before') {
          left--;
          throw new Error('D1_ERROR: Network connection lost.');
        }
        const answer = await target.batch(statements);
        if (left > 0) {
          left--;
          throw new Error('D1_ERROR: Network connection lost.');
        }
        return answer;
      };
    },
  });
}
