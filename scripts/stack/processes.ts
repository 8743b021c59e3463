/** Children of a stack: their output in a file, and an end that leaves none of their own children behind. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from './failure.ts';

export interface Order {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Where its output goes. */
  readonly log: string;
}

export interface Running {
  readonly name: string;
  readonly pid: number;
  /** Resolves with the exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
  readonly hasExited: () => boolean;
  /** The last lines of its output. */
  readonly lastWords: () => string;
  /** Ends it and all it started, within a second. */
  readonly stop: () => Promise<void>;
  /** SIGKILL to all of it at the same moment, as a crash would. */
  readonly kill9: () => Promise<void>;
}

const children = new Set<Running>();
let closed = false;

/** Ends every child of this process, also those of a stack that is only half up; nothing can be started after. */
export async function stopAll(): Promise<void> {
  closed = true;
  await Promise.all([...children].map((running) => running.stop()));
}

/**
 * Starts a child in our own process group, so that a signal to the group reaches it too.
 * @throws Failure where it can't be started
 */
export function run({ name, command, args, cwd, env, log }: Order): Running {
  if (closed) throw new Failure(`${name} is not started: we are stopping.`);
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, 'w');
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', output, output] });
  closeSync(output);
  let over = false;
  const exited = new Promise<number | null>((done) => {
    child.once('error', () => done(null));
    child.once('exit', (code) => done(code));
  }).then((code) => {
    over = true;
    return code;
  });
  const pid = child.pid;
  if (pid === undefined) throw new Failure(`${name} does not start: is ${command} there?`);
  const running: Running = {
    name,
    pid,
    exited,
    hasExited: () => over,
    lastWords: () => lastLines(log, 25),
    stop: () => endTree(pid, exited),
    kill9: async () => {
      const all = [pid, ...descendants(pid)];
      for (const member of all) signal(member, 'SIGKILL');
      await exited;
      for (let tries = 0; tries < 100 && all.some(isRunning); tries++) await pause(10);
    },
  };
  children.add(running);
  void exited.then(() => children.delete(running));
  return running;
}

/**
 * Runs a child to its end.
 * @throws Failure with its last words where it exits with anything but 0
 */
export async function runToEnd(order: Order, sentence: string): Promise<void> {
  const child = run(order);
  if ((await child.exited) !== 0) throw new Failure(sentence, child.lastWords());
}

/**
 * Children first: each is reaped by its own parent, so that not even a zombie is left. The runtime's storage is made to be
 * cut off at any moment, so it gets no time to say goodbye.
 */
async function endTree(root: number, exited: Promise<unknown>): Promise<void> {
  for (const level of levels(root).slice(1).reverse()) {
    for (const pid of level) signal(pid, 'SIGKILL');
    for (let tries = 0; tries < 10 && level.some(exists); tries++) await pause(5);
  }
  // Miniflare starts a runtime anew that ends by itself; held still, it can't between our look and its own end.
  signal(root, 'SIGSTOP');
  for (const late of descendants(root)) signal(late, 'SIGKILL');
  signal(root, 'SIGKILL');
  await exited;
}

/** The tree below `root` by depth, root first. */
function levels(root: number): number[][] {
  const parents = processTable();
  const all: number[][] = [];
  for (let level = [root]; level.length > 0; level = parents.filter(([, parent]) => level.includes(parent)).map(([pid]) => pid))
    all.push(level);
  return all;
}

const descendants = (root: number): number[] => levels(root).slice(1).flat();

/** Every process with its parent. */
function processTable(): (readonly [pid: number, parent: number])[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const parent = stat(Number(name))?.parent;
        return parent === undefined ? [] : [[Number(name), parent] as const];
      });
  } catch {
    const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
    return stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  }
}

function stat(pid: number): { state: string; parent: number } | undefined {
  try {
    const [state = '', parent = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already.
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Exists and is no zombie that waits to be reaped. */
const isRunning = (pid: number): boolean => exists(pid) && stat(pid)?.state !== 'Z';

function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}
