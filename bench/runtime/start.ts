/**
 * The Worker under measure on a runtime of its own: miniflare directly, without the proxy of `wrangler dev` (which costs
 * about eight times), on what `wrangler deploy --dry-run` bundles. Storage on disk, all traffic on loopback.
 */
import { join, resolve } from 'node:path';
import { readD1Migrations } from '@cloudflare/vitest-plugin';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions } from 'wrangler';
import { HOST } from '../../scripts/stack/ports.ts';
import { runToEnd } from '../../scripts/stack/processes.ts';
import { quiet } from '../../scripts/stack/worker.ts';

const databases = { DB: 'main', LEDGER_0: 'ledger', LEDGER_1: 'ledger' } as const;

export interface Runtime {
  readonly origin: string;
  /** Asks one of the doors beside the product. Throws with its answer where it fails. */
  ask<Answer>(verb: string, body?: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

const running = new Set<Miniflare>();

/** Ends every runtime of this process. */
export async function stopRuntimes(): Promise<void> {
  await Promise.allSettled([...running].map((miniflare) => miniflare.dispose()));
}

/** Bundles once for all runtimes of a run. */
export async function bundle(folder: string): Promise<void> {
  const args = ['deploy', 'bench/runtime/worker.ts', '--dry-run', '--env', 'local', '--outdir', join(folder, 'worker')];
  await runToEnd(
    {
      name: 'bundle',
      command: resolve('node_modules/.bin/wrangler'),
      args,
      env: quiet(resolve(folder)),
      log: join(folder, 'bundle.log'),
    },
    'The Worker could not be bundled.',
  );
}

/**
 * Starts a runtime with storage of its own, migrated and empty.
 * @param options.counting whether what is billed is counted
 * @param options.variables beside those of `wrangler.toml`
 */
export async function startRuntime(
  folder: string,
  name: string,
  { counting = false, variables = {} }: { counting?: boolean; variables?: Readonly<Record<string, string>> } = {},
): Promise<Runtime> {
  const { workerOptions } = unstable_getMiniflareWorkerOptions('wrangler.toml', 'local');
  const { rules: _rules, modulesRules: _modulesRules, ...product } = workerOptions as typeof workerOptions & { modulesRules?: unknown };
  const root = resolve(folder, 'worker');
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: HOST,
      port: 0,
      cf: false,
      log: new Log(LogLevel.ERROR),
      resourcePersistencePath: resolve(folder, name),
      ...product,
      name: 'bench',
      modulesRoot: root,
      modules: [{ type: 'ESModule', path: join(root, 'worker.js') }],
      bindings: { ...(product.bindings as object), ...variables, ...(counting ? { BENCH_COUNTS: 'on' } : {}) },
      queueProducers: { ...(product.queueProducers as object), BENCH_QUEUE: { queueName: 'bench-bare' } },
      // As ours: batches of ten, at once.
      queueConsumers: { ...(product.queueConsumers as object), 'bench-bare': { maxBatchSize: 10, maxBatchTimeout: 0 } },
      durableObjects: {
        ...(product.durableObjects as object),
        BENCH_ECHO: { className: 'BareEcho', useSQLite: true },
        BENCH_BROADCAST: { className: 'BareBroadcast', useSQLite: true },
        BENCH_PARTY: { className: 'PartyRoom', useSQLite: true },
        BENCH_TIMER: { className: 'BareTimer', useSQLite: true },
        BENCH_STORE: { className: 'BareStore', useSQLite: true },
      },
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
  running.add(miniflare);
  const origin = (await miniflare.ready).origin;
  const runtime: Runtime = {
    origin,
    async ask<Answer>(verb: string, body: unknown = null) {
      const answer = await fetch(`${origin}/bench/${verb}`, { method: 'POST', body: JSON.stringify(body) });
      if (!answer.ok) throw new Error(`/bench/${verb} answered ${answer.status}: ${(await answer.text()).slice(0, 2_000)}`);
      return (await answer.json()) as Answer;
    },
    stop: async () => {
      running.delete(miniflare);
      await miniflare.dispose();
    },
  };
  try {
    for (const [database, set] of Object.entries(databases))
      for (const { queries } of await readD1Migrations(`db/migrations/${set}`)) await runtime.ask('migrate', { database, queries });
  } catch (thrown) {
    await runtime.stop();
    throw thrown;
  }
  return runtime;
}
