/** The ledger shards: the bindings `LEDGER_0`, `LEDGER_1`, … without a gap. */
import type { Env } from '../env.ts';

/** Every ledger database, by its shard's number. */
export function ledgerShards(env: Env): D1Database[] {
  const shards: D1Database[] = [];
  const bindings = env as unknown as Record<string, D1Database | undefined>;
  for (let next = bindings.LEDGER_0; next; next = bindings[`LEDGER_${shards.length}`]) shards.push(next);
  return shards;
}

export const shardCount = (env: Env): number => ledgerShards(env).length;

/** The database of one shard. Throws on a number that no binding has: writing elsewhere would split an owner in two. */
export function ledgerShard(env: Env, index: number): D1Database {
  const shard = (env as unknown as Record<string, D1Database | undefined>)[`LEDGER_${index}`];
  if (!shard) throw new Error(`there is no ledger shard ${index}`);
  return shard;
}
