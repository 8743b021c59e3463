/** The one process that runs the Worker with its objects, and what its storage needs before. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { answering } from './answers.ts';
import { HOST, originOf, type Ports, type WebApp } from './ports.ts';
import { type Running, run, runToEnd } from './processes.ts';
import type { RuntimeOrder, Variables } from './runtime.ts';

const wrangler = resolve('node_modules/.bin/wrangler');

/** No metrics, no look-ups outside, and nothing shared with other stacks of this machine. */
export const quiet = (state: string): Record<string, string> => ({
  WRANGLER_SEND_METRICS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_REGISTRY_PATH: join(state, 'registry'),
  WRANGLER_LOG_PATH: join(state, 'logs', 'wrangler'),
  NO_UPDATE_NOTIFIER: '1',
  CI: 'true',
});

/** Applies the migrations of every database; nothing to do where the files are those of the last time. */
export const migrate = (state: string): Promise<void> =>
  whenChanged(state, 'migrations', ['db/migrations'], () => fill(state, 'migrate', 'The migrations could not be applied.'));

/** Puts the demo data in, once for each version of it. */
export const seed = (state: string): Promise<void> =>
  whenChanged(state, 'seed', ['db/seed', 'db/migrations'], () => fill(state, 'seed', 'The demo data could not be put in.'));

const fill = (state: string, what: 'migrate' | 'seed', sentence: string): Promise<void> =>
  runToEnd(
    {
      name: what,
      command: process.execPath,
      args: [`scripts/stack/${what}.ts`, state],
      env: quiet(state),
      log: join(state, 'logs', `${what}.log`),
    },
    sentence,
  );

/** Bundles the Worker into the state folder, so that a running stack is not disturbed by edits of its sources. */
export async function bundleWorker(state: string): Promise<void> {
  await runToEnd(
    {
      name: 'bundle of the Worker',
      command: wrangler,
      args: ['deploy', '--dry-run', '--env', 'local', '--outdir', join(state, 'worker')],
      env: quiet(state),
      log: join(state, 'logs', 'bundle.log'),
    },
    'The Worker could not be bundled.',
  );
}

/**
 * Starts the runtime with the Worker and these Pages, and waits until all of them answer.
 * @param more variables beside those of `wrangler.toml`
 */
export function startRuntime(state: string, ports: Ports, pages: readonly WebApp[], more: Variables = {}): Promise<Running> {
  const order: RuntimeOrder = { state, ports, pages, variables: { ...addressesOf(ports), ...more } };
  const running = run({
    name: 'the Worker',
    command: process.execPath,
    args: ['scripts/stack/runtime.ts', JSON.stringify(order)],
    env: quiet(state),
    log: join(state, 'logs', 'worker.log'),
  });
  return answering(running, [healthOf(ports), ...pages.map((app) => originOf(ports[app]))]);
}

/**
 * Starts the Worker from its sources, which reloads it on every edit, and waits until it answers.
 * @param more variables beside those of `wrangler.toml`
 */
export function startReloading(state: string, ports: Ports, more: Variables = {}): Promise<Running> {
  const variables: Variables = { ...addressesOf(ports), ...more };
  const running = run({
    name: 'the Worker',
    command: wrangler,
    args: [
      ...['dev', '--config', resolve('wrangler.toml'), '--env', 'local', '--ip', HOST, '--port', String(ports.api)],
      ...['--persist-to', state, '--show-interactive-dev-session=false', '--inspector-port', '0'],
      ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
    ],
    env: quiet(state),
    log: join(state, 'logs', 'worker.log'),
  });
  return answering(running, [healthOf(ports)]);
}

const healthOf = (ports: Ports): string => `${originOf(ports.api)}/api/v1/health`;

function addressesOf(ports: Ports): Variables {
  const pages = [ports.app, ports.panel].flatMap((port) => [originOf(port), `http://localhost:${port}`]);
  return {
    API_ORIGIN: originOf(ports.api),
    ALLOWED_ORIGINS: pages.join(','),
    PANEL_ORIGIN: originOf(ports.panel),
    SANDBOX_ORIGIN: originOf(ports.sandbox),
  };
}

/** As long as the platform lets a firing of cron run, ms. */
const FIRING_MS = 15 * 60_000;

/**
 * What the cron trigger does each minute in production; the local runtime does not do it by itself. Resolves when every job
 * that was due is over.
 * @throws Error where the Worker could not look for them; a job that fails fails alone, and stands in the timetable
 */
export async function tick(ports: Ports): Promise<void> {
  const answer = await fetch(`${originOf(ports.api)}/cdn-cgi/local/scheduled?cron=${encodeURIComponent('* * * * *')}`, {
    signal: AbortSignal.timeout(FIRING_MS),
  });
  const words = await answer.text();
  if (!answer.ok || words !== 'ok') throw new Error(`the Worker answered ${answer.status}: ${words.slice(0, 200)}`);
}

/** Does `work` unless it was done before for exactly these files. */
export async function whenChanged(state: string, name: string, folders: readonly string[], work: () => Promise<void>): Promise<void> {
  const mark = join(state, 'done', name);
  const hash = hashOf(folders);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) return;
  await work();
  mkdirSync(join(state, 'done'), { recursive: true });
  writeFileSync(mark, hash);
}

/** A hash over the files of folders (or single files): names and contents. */
export function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort())
        if (name !== 'node_modules' && name !== 'dist' && !name.startsWith('.')) add(join(path, name));
    } else {
      hash.update(path).update('\0').update(readFileSync(path)).update('\0');
    }
  };
  for (const path of paths) add(path);
  return hash.digest('hex');
}
