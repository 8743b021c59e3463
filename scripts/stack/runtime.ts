/**
 * The runtime of a stack, a program of its own so that it can be killed as by a crash: the Worker's bundle, and Pages with the
 * web apps beside it where they are asked for. It is Miniflare, as inside `wrangler dev` and `wrangler pages dev`, without the
 * proxies and watchers that these put around it (docs/decisions/0015-one-runtime-without-proxies.md).
 *
 * `node scripts/stack/runtime.ts '<a RuntimeOrder as JSON>'` runs until it is killed; its storage may be cut off at any moment.
 */
import { join, resolve } from 'node:path';
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare';
import { unstable_generateASSETSBinding, unstable_getMiniflareWorkerOptions, unstable_readConfig } from 'wrangler';
import { HOST, type Ports, type WebApp } from './ports.ts';

/** Variables and secrets of the Worker by name. */
export type Variables = Readonly<Record<string, string>>;

export interface RuntimeOrder {
  /** Folder of the local state, absolute; holds the bundle (`worker/index.js`) and the storage (`v3/`). */
  readonly state: string;
  readonly ports: Ports;
  /** Which Pages answer beside the Worker; their files stand in `web/dist`. */
  readonly pages: readonly WebApp[];
  /** Of the Worker, beside those of `wrangler.toml`. */
  readonly variables: Variables;
}

type V4Options = Parameters<typeof convertV4MiniflareOptions>[0];

/** How Pages find the Worker: the name of its service, as in production. */
const WORKER = 'hearthline-local';
const configurations: Readonly<Record<WebApp, string>> = { app: 'web/wrangler.toml', panel: 'web/panel/wrangler.toml' };

const optionsOf = async ({ state, ports, pages, variables }: RuntimeOrder): Promise<V4Options> =>
  ({
    host: HOST,
    port: ports.api,
    cf: false,
    log: new Log(LogLevel.WARN),
    resourcePersistencePath: join(state, 'v3'),
    unsafeTriggerHandlers: true,
    workers: [workerOf(state, variables), ...(await Promise.all(pages.map((app) => pagesOf(app, ports[app]))))],
  }) as V4Options;

function workerOf(state: string, variables: Variables): object {
  const { workerOptions } = unstable_getMiniflareWorkerOptions('wrangler.toml', 'local');
  // Rules are for what is yet to be bundled.
  const { rules: _rules, modulesRules: _modulesRules, ...product } = workerOptions as typeof workerOptions & { modulesRules?: unknown };
  const root = join(state, 'worker');
  return {
    ...product,
    name: WORKER,
    modulesRoot: root,
    modules: [{ type: 'ESModule', path: join(root, 'index.js') }],
    bindings: { ...(product.bindings as object), ...variables },
  };
}

/** One Pages project: its files by the asset server that `wrangler pages dev` has, its functions as Pages compile them. */
async function pagesOf(app: WebApp, port: number): Promise<object> {
  const { vars, compatibility_date } = unstable_readConfig({ config: configurations[app] });
  const files = await unstable_generateASSETSBinding({ log: console as never, directory: resolve('web/dist', app) });
  const root = resolve('web/dist/functions');
  return {
    name: `hearthline-${app}`,
    compatibilityDate: compatibility_date,
    modulesRoot: root,
    modules: [{ type: 'ESModule', path: join(root, 'index.js') }],
    bindings: vars,
    serviceBindings: { API: WORKER, ASSETS: files },
    unsafeDirectSockets: [{ host: HOST, port }],
  };
}

if (import.meta.main) {
  const order: RuntimeOrder = JSON.parse(process.argv[2] ?? '');
  await new Miniflare(convertV4MiniflareOptions(await optionsOf(order))).ready;
}
