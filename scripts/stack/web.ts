/** The web apps: built once for each version of their sources, served by Pages; by vite with hot reload in `npm run dev`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { untilItAnswers } from './answers.ts';
import { HOST, originOf, type Ports } from './ports.ts';
import { type Running, run, runToEnd } from './processes.ts';
import { hashOf, quiet } from './worker.ts';

export type WebApp = 'app' | 'panel';

const built = resolve('web/dist');
const sources = ['web', 'worker/protocol', 'package-lock.json'];

/** Builds `web/dist/app` (with the portal at `portal/`) and `web/dist/panel` where their sources have changed. */
export async function buildWeb(): Promise<void> {
  const mark = join(built, '.built-from');
  const hash = hashOf(sources);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) return;
  await runToEnd(
    { name: 'build of the web apps', command: process.execPath, args: ['web/build.ts'], log: join(built, '..', 'dist', 'build.log') },
    'The web apps could not be built.',
  );
  writeFileSync(mark, hash);
}

/** Pages with the app's files and `web/functions`, which hand `/api` to the Worker. */
export function startPages(state: string, ports: Ports, app: WebApp): Promise<Running> {
  const running = run({
    name: `the ${app}`,
    command: resolve('node_modules/.bin/wrangler'),
    args: [
      ...['pages', 'dev', join(built, app), '--ip', HOST, '--port', String(ports[app]), '--inspector-port', '0'],
      ...['--persist-to', join(state, 'pages', app), '--show-interactive-dev-session=false'],
      ...['--binding', `API_ORIGIN=${originOf(ports.api)}`],
    ],
    cwd: resolve('web'),
    env: quiet(state),
    log: join(state, 'logs', `${app}.log`),
  });
  return answering(running, originOf(ports[app]));
}

export function startVite(state: string, ports: Ports, app: WebApp): Promise<Running> {
  const running = run({
    name: `the ${app} (vite)`,
    command: resolve('node_modules/.bin/vite'),
    args: ['--config', `vite.${app}.config.ts`, '--host', HOST, '--port', String(ports[app]), '--strictPort'],
    cwd: resolve('web'),
    env: { HEARTHLINE_API_PORT: String(ports.api) },
    log: join(state, 'logs', `${app}.log`),
  });
  return answering(running, originOf(ports[app]));
}

async function answering(running: Running, url: string): Promise<Running> {
  try {
    await untilItAnswers(running, url);
  } catch (failure) {
    await running.stop();
    throw failure;
  }
  return running;
}
