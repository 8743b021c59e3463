// What `npm start` and `npm test` do before anything else. Plain JavaScript without packages: it runs on Node 20 in a fresh
// clone, before there is a node_modules.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
/** The project's own Node, a package like any other. */
export const ownNode = join(bin, 'node');

/** Ends the process with one sentence. */
export function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** Installs the packages of package-lock.json where they are missing or other versions. */
export function install() {
  if (Number(process.versions.node.split('.')[0]) < 20)
    fail(`Hearthline needs Node 20 or newer to begin with; this is ${process.version}. Install a newer Node and try again.`);
  if (isInstalled()) return;
  console.log('· installing packages (npm ci; about half a minute) …');
  const began = Date.now();
  // npm must not run on the Node that it is about to replace.
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes(join('node_modules', '.bin')))
    .join(delimiter);
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (npm.error) fail('npm is missing: install it beside Node and try again.');
  if (npm.status !== 0) fail('Installing the packages failed; npm has said why above. Is the package registry reachable?');
  if (!isInstalled()) fail('npm ci finished, but packages are still missing; does npm skip optional packages or install scripts?');
  console.log(`✓ packages (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

/** True where every installed package has the version of the lockfile, and our Node is there. */
function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed) || !existsSync(ownNode)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const present = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (path === '' || link) return true;
    // An optional package for another system is never there.
    return present[path] ? present[path].version === version : optional === true;
  });
}

/**
 * Goes on with `script` under the project's Node, passes signals on, and ends with its exit code. Ends it too where the
 * npm that started us is killed without a word.
 */
export function goOn(script, args) {
  const child = spawn(ownNode, [join(root, script), ...args], {
    cwd: root,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, HEARTHLINE_PARENT: String(process.pid) },
    stdio: 'inherit',
  });
  child.on('error', (error) => fail(`The project's own Node does not start (${error.message}); delete node_modules and try again.`));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  if (process.env.npm_lifecycle_event) {
    // npm runs us by a shell, which outlives it.
    const began = [process.ppid, parentOf(process.ppid)].join();
    setInterval(() => [process.ppid, parentOf(process.ppid)].join() !== began && child.kill('SIGTERM'), 300).unref();
  }
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

/** Empty where there is no /proc to tell. */
function parentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1] ?? '';
  } catch {
    return '';
  }
}
