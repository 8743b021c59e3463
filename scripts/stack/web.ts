/** The web apps: built once for each version of their sources, served by Pages; by vite with hot reload in `npm run dev`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { answering } from './answers.ts';
import { HOST, originOf, type Ports, type WebApp } from './ports.ts';
import { type Running, run, runToEnd } from './processes.ts';
import { hashOf, quiet } from './worker.ts';

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
  // As `wrangler pages deploy` does it.
  await runToEnd(
    {
      name: 'functions of Pages',
      command: resolve('node_modules/.bin/wrangler'),
      args: ['pages', 'functions', 'build', 'functions', '--outdir', join(built, 'functions')],
      cwd: resolve('web'),
      env: quiet(built),
      log: join(built, 'functions.log'),
    },
    'The functions of Pages could not be compiled.',
  );
  writeFileSync(mark, hash);
}

/** With hot reload. */
export function startVite(state: string, ports: Ports, app: WebApp): Promise<Running> {
  const running = run({
    name: `the ${app} (vite)`,
    command: resolve('node_modules/.bin/vite'),
    args: ['--config', `vite.${app}.config.ts`, '--host', HOST, '--port', String(ports[app]), '--strictPort'],
    cwd: resolve('web'),
    env: { HEARTHLINE_API_PORT: String(ports.api) },
    log: join(state, 'logs', `${app}.log`),
  });
  return answering(running, [originOf(ports[app])]);
}
