/** `GET /health`: asks every database one small question. */
import { readHealth } from '../protocol/http/health.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { Context } from './context.ts';
import { causeOf } from './log.ts';
import { type App, serve } from './serve.ts';
import { ledgerShards } from './shards.ts';

const TIME_LIMIT_MS = 2000;

export function mountHealth(app: App): void {
  serve(app, readHealth, async ({ ctx }) => {
    const databases: [string, D1Database][] = [
      ['DB', ctx.env.DB],
      ...ledgerShards(ctx.env).map((shard, index): [string, D1Database] => [`LEDGER_${index}`, shard]),
    ];
    const checks = Object.fromEntries(
      await Promise.all(databases.map(async ([name, database]) => [name, await check(ctx, name, database)] as const)),
    );
    const well = Object.values(checks).every((answer) => answer === 'ok');
    const status = well ? ('ok' as const) : ('degraded' as const);
    return { status, version: String(PROTOCOL_VERSION), environment: ctx.env.ENVIRONMENT, checks };
  });
}

async function check(ctx: Context, name: string, database: D1Database): Promise<'ok' | 'failed'> {
  try {
    await Promise.race([database.prepare('SELECT 1').first(), late()]);
    return 'ok';
  } catch (thrown) {
    ctx.log.error('health check failed', { check: name, cause: causeOf(thrown) });
    return 'failed';
  }
}

const late = (): Promise<never> =>
  new Promise((_, reject) => setTimeout(() => reject(new Error(`no answer in ${TIME_LIMIT_MS} ms`)), TIME_LIMIT_MS));
