/** The one process that runs the Worker with its objects, and what its storage needs before. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { untilItAnswers } from './answers.ts';
import { HOST, originOf, type Ports } from './ports.ts';
import { type Running, run, runToEnd } from './processes.ts';

const wrangler = resolve('node_modules/.bin/wrangler');
const databases = ['DB', 'LEDGER_0', 'LEDGER_1'] as const;

/** Variables and secrets of the Worker by name. */
export type Variables = Readonly<Record<string, string>>;

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
export async function migrate(state: string): Promise<void> {
  await whenChanged(state, 'migrations', ['db/migrations'], async () => {
    for (const name of databases)
      await runToEnd(
        {
          name: `migrations of ${name}`,
          command: wrangler,
          args: ['d1', 'migrations', 'apply', name, '--local', '--env', 'local', '--persist-to', state],
          env: quiet(state),
          log: join(state, 'logs', `migrate-${name}.log`),
        },
        `The migrations of ${name} could not be applied.`,
      );
  });
}

/** Puts the demo data in, once for each version of it. */
export async function seed(state: string): Promise<void> {
  await whenChanged(state, 'seed', ['db/seed', 'db/migrations'], () =>
    runToEnd(
      {
        name: 'demo data',
        command: process.execPath,
        args: ['scripts/stack/seed.ts', state],
        env: quiet(state),
        log: join(state, 'logs', 'seed.log'),
      },
      'The demo data could not be put in.',
    ),
  );
}

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
 * Starts the Worker and waits until it answers.
 * @param watch runs the sources and reloads on every edit, instead of the bundle
 * @param more variables beside those of `wrangler.toml`
 */
export async function startWorker(state: string, ports: Ports, watch = false, more: Variables = {}): Promise<Running> {
  const pages = [ports.app, ports.panel].flatMap((port) => [originOf(port), `http://localhost:${port}`]);
  const addresses = {
    API_ORIGIN: originOf(ports.api),
    ALLOWED_ORIGINS: pages.join(','),
    PANEL_ORIGIN: originOf(ports.panel),
    SANDBOX_ORIGIN: originOf(ports.sandbox),
  };
  const variables: Variables = { ...addresses, ...more };
  const entry = watch ? [] : [join(state, 'worker', 'index.js'), '--no-bundle'];
  const running = run({
    name: 'the Worker',
    command: wrangler,
    args: [
      ...[
        'dev',
        ...entry,
        '--config',
        resolve('wrangler.toml'),
        '--env',
        'local',
        '--ip',
        HOST,
        '--port',
        String(ports.api),
        '--persist-to',
        state,
      ],
      ...['--show-interactive-dev-session=false', '--inspector-port', '0'],
      ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
    ],
    env: quiet(state),
    log: join(state, 'logs', 'worker.log'),
  });
  try {
    await untilItAnswers(running, `${originOf(ports.api)}/api/v1/health`);
  } catch (failure) {
    await running.stop();
    throw failure;
  }
  return running;
}

/** As long as the platform lets a firing of cron run, ms. */
const FIRING_MS = 15 * 60_000;

/**
 * What the cron trigger does each minute in production; the local runtime does not do it by itself. Resolves when every job
 * that was due is over.
 * @throws Error where the Worker could not look for them; a job that fails fails alone, and stands in the timetable
 */
export async function tick(ports: Ports): Promise<void> {
  const answer = await fetch(`${originOf(ports.api)}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent('* * * * *')}`, {
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
