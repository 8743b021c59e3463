/**
 * A PostgreSQL server of the bench's own, from the programs that are installed on the machine: a new cluster in a folder of
 * its own, on a socket in that folder, with the settings as they are delivered (a commit waits for the disk).
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { Failure } from '../../scripts/stack/failure.ts';
import { type Order, type Running, run } from '../../scripts/stack/processes.ts';

/** Where the server's programs are. */
export interface Programs {
  readonly folder: string;
  /** As `postgres --version` says it, without the product's name: `15.18 (Debian …)`. */
  readonly version: string;
}

export interface Cluster {
  /** Another connection, open. It is closed by the end of the cluster at the latest. */
  connect(): Promise<Client>;
  /** Where its data is. */
  readonly folder: string;
  /** Ends the server and removes what it wrote. */
  stop(): Promise<void>;
}

const NEEDED = ['initdb', 'postgres'] as const;
/** Hangs only: a new cluster takes some seconds on a slow disk. */
const PATIENCE_MS = 120_000;
/** What a server gets to end by itself before it is killed. */
const GOODBYE_MS = 10_000;

/** How to get it, for the report where it is not there. */
export const HOW_TO_INSTALL = '`apt-get install postgresql`, `dnf install postgresql-server` or `brew install postgresql` installs them';

/** Where packages put the programs, newest first, after the folders of PATH. */
export function placesOf(path: string, listed: (folder: string) => readonly string[]): string[] {
  const versions = (folder: string, name: RegExp): string[] =>
    listed(folder)
      .flatMap((entry) => {
        const found = name.exec(entry);
        return found ? [{ entry, version: Number(found[1]) }] : [];
      })
      .sort((a, b) => b.version - a.version)
      .map(({ entry }) => `${folder}/${entry}/bin`);
  return [
    ...path.split(delimiter).filter((folder) => folder !== ''),
    ...versions('/usr/lib/postgresql', /^(\d+(?:\.\d+)?)$/),
    ...versions('/usr', /^pgsql-(\d+(?:\.\d+)?)$/),
    ...['/opt/homebrew/opt', '/usr/local/opt'].flatMap((folder) => versions(folder, /^postgresql@(\d+)$/)),
  ];
}

/** The first folder that has all programs of a server. */
export const folderWithAll = (places: readonly string[], exists: (file: string) => boolean): string | undefined =>
  places.find((folder) => NEEDED.every((program) => exists(join(folder, program))));

/** The programs that are installed, or none. */
export function installed(): Programs | undefined {
  const listed = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder) : []);
  const folder = folderWithAll(placesOf(process.env.PATH ?? '', listed), existsSync);
  if (folder === undefined) return undefined;
  const { stdout } = spawnSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8' });
  return { folder, version: versionOf(stdout ?? '') };
}

/** `15.18 (Debian …)` of `postgres (PostgreSQL) 15.18 (Debian …)`. */
export const versionOf = (said: string): string => said.trim().replace(/^.*\(PostgreSQL\)\s*/, '') || 'of unknown version';

interface Person {
  readonly uid: number;
  readonly gid: number;
}

/** The server refuses to run as root: it is run as somebody who may do nothing else. */
function somebodyElse(): Person | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((what) => Number.parseInt(spawnSync('id', [what, name], { encoding: 'utf8' }).stdout, 10));
    if (uid && gid) return { uid, gid };
  }
  throw new Failure('PostgreSQL does not run as root, and there is neither a user postgres nor nobody.');
}

/** What there is of a cluster, complete or on its way. */
interface Started {
  readonly folder: string;
  /** What runs now, and the file that is there as long as it does. */
  child?: { readonly running: Running; readonly sign: string };
}

const started = new Set<Started>();
// The runtime beside it ends the process itself on an interrupt, where nothing can be waited for any more.
process.on('exit', endClusters);

/** Ends every cluster of this process, at once: nothing else goes on meanwhile. */
export function endClusters(): void {
  for (const cluster of started) endNow(cluster);
}

/** An interrupt ends the server without waiting for its clients, and makes `initdb` take back what it has begun. */
function endNow(cluster: Started): void {
  const { child, folder } = cluster;
  if (child && !child.running.hasExited()) {
    signal(child.running.pid, 'SIGINT');
    const until = performance.now() + GOODBYE_MS;
    while (existsSync(child.sign) && performance.now() < until) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    signal(child.running.pid, 'SIGKILL');
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  started.delete(cluster);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

/**
 * Makes a cluster and starts its server.
 * @throws Failure with the server's last words where it does not come up
 */
export async function startCluster(programs: Programs, logs: string): Promise<Cluster> {
  const person = somebodyElse();
  const folder = mkdtempSync(join(tmpdir(), 'hearthline-postgres-'));
  const own: Started = { folder };
  started.add(own);
  const clients = new Set<Client>();
  const cluster: Cluster = {
    folder,
    connect: () => connected(folder, clients),
    stop: async () => {
      await Promise.allSettled([...clients].map((client) => client.end()));
      endNow(own);
    },
  };
  try {
    chmodSync(folder, 0o700);
    if (person) chownSync(folder, person.uid, person.gid);
    const data = join(folder, 'data');
    const start = (program: (typeof NEEDED)[number], sign: string, args: string[]): Running => {
      const child = run(orderOf(programs, person, { program, args, folder, log: join(logs, `${program}.log`) }));
      own.child = { running: child, sign };
      return child;
    };
    const made = start('initdb', data, ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale']);
    if ((await made.exited) !== 0) throw new Failure('PostgreSQL could not make a cluster.', made.lastWords());
    // No network, and no shared memory that would outlive a server that was killed.
    const settings = { listen_addresses: '', unix_socket_directories: folder, dynamic_shared_memory_type: 'mmap' };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    await answers(cluster, start('postgres', join(data, 'postmaster.pid'), ['-D', data, ...flags]));
    return cluster;
  } catch (thrown) {
    await cluster.stop();
    throw thrown;
  }
}

function orderOf(
  programs: Programs,
  person: Person | undefined,
  { program, args, folder, log }: { program: string; args: string[]; folder: string; log: string },
): Order {
  const command = join(programs.folder, program);
  const order = { name: program, cwd: folder, log };
  if (!person) return { ...order, command, args };
  const become = [`--reuid=${person.uid}`, `--regid=${person.gid}`, '--clear-groups', '--'];
  return { ...order, command: 'setpriv', args: [...become, command, ...args] };
}

async function connected(folder: string, clients: Set<Client>): Promise<Client> {
  const client = new Client({ host: folder, port: 5432, user: 'postgres', database: 'postgres' });
  // A server that goes while nobody asks says so here; who asks hears it in the answer.
  client.on('error', () => clients.delete(client));
  await client.connect();
  clients.add(client);
  return client;
}

/** Waits until the server lets somebody in. */
async function answers(cluster: Cluster, server: Running): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    if (server.hasExited()) throw new Failure('PostgreSQL ended as it came up.', server.lastWords());
    try {
      await (await cluster.connect()).query('SELECT 1');
      return;
    } catch (thrown) {
      if (performance.now() > until) throw new Failure(`PostgreSQL does not answer: ${(thrown as Error).message}`, server.lastWords());
      await pause(50);
    }
  }
}
