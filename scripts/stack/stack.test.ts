/** What `npm start` promises about ports, folders and what it leaves behind. The whole stack is started by the journeys. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLocked, lockState } from './lock.ts';
import { freePorts, mustBeFree, portsFrom } from './ports.ts';
import { run, runToEnd } from './processes.ts';
import { hashOf } from './worker.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stack-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Killed at one moment, a grandchild has nobody left to reap it at once: it is a zombie then, which runs no more. */
const isRunning = (pid: number): boolean => isAlive(pid) && !/^State:\s+Z/m.test(textOf(`/proc/${pid}/status`));

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return 'State: Z (gone)';
  }
}

describe('ports', () => {
  it('are the usual ones, or those of the environment', () => {
    expect(portsFrom({})).toEqual({ api: 8787, app: 5173, panel: 5174, sandbox: 8799 });
    expect(portsFrom({ HEARTHLINE_PANEL_PORT: '6000' }).panel).toBe(6000);
  });
  it.each(['x', '0', '70000', '1.5'])('are refused when they are none: %s', (text) => {
    expect(() => portsFrom({ HEARTHLINE_API_PORT: text })).toThrow(`HEARTHLINE_API_PORT is not a port: ${text}`);
  });
  it('that are taken are named, with the way out', async () => {
    const ports = await freePorts();
    await expect(mustBeFree(ports, ['api', 'app', 'panel', 'sandbox'])).resolves.toBeUndefined();
    const server = createServer().listen(ports.app, '127.0.0.1');
    await new Promise((ready) => server.once('listening', ready));
    await expect(mustBeFree(ports, ['api', 'app'])).rejects.toThrow(new RegExp(`^Port ${ports.app} is taken.*HEARTHLINE_APP_PORT`));
    server.close();
  });
});

describe('the lock of a state folder', () => {
  it('is held by one, and given back', () => {
    const unlock = lockState(folder);
    expect(isLocked(folder)).toBe(true);
    expect(() => lockState(folder)).toThrow(/already running .* HEARTHLINE_STATE/);
    unlock();
    expect(isLocked(folder)).toBe(false);
    lockState(folder)();
  });
  it('is taken over from a process that is gone, also where its number was given to another', () => {
    writeFileSync(join(folder, 'lock'), '999999999 1');
    lockState(folder)();
    writeFileSync(join(folder, 'lock'), `${process.pid} 1`);
    lockState(folder)();
  });
});

describe('a child', () => {
  const log = (): string => join(folder, 'log');
  /** A shell with a child and a grandchild that ignore SIGTERM, and says their numbers. */
  const family = `trap '' TERM; sh -c 'trap "" TERM; sleep 60 & echo $!; wait' & echo $!; wait`;

  /** The numbers that the family has written, once both are there. */
  async function members(): Promise<number[]> {
    for (;;) {
      const numbers = readFileSync(log(), 'utf8').trim().split('\n').filter(Boolean).map(Number);
      if (numbers.length === 2) return numbers;
      await new Promise(setImmediate);
    }
  }

  it.each(['stop', 'kill9'] as const)('ends with all it has started: %s', async (how) => {
    const child = run({ name: 'family', command: 'sh', args: ['-c', family], log: log() });
    const all = [child.pid, ...(await members())];
    expect(all.map(isAlive)).toEqual([true, true, true]);
    await child[how]();
    expect(child.hasExited()).toBe(true);
    expect(all.filter(isRunning)).toEqual([]);
  });

  it('that fails is told with its last words', async () => {
    const order = { name: 'x', command: 'sh', args: ['-c', 'echo broken pipe; exit 3'], log: log() };
    await expect(runToEnd(order, 'It did not work.')).rejects.toMatchObject({ message: 'It did not work.', detail: 'broken pipe' });
  });
  it('that is not there is told', () => {
    expect(() => run({ name: 'the tool', command: '/no/such/tool', args: [], log: log() })).toThrow('the tool does not start');
  });
});

it('a step is done again only when its files have changed', () => {
  writeFileSync(join(folder, 'a.sql'), 'one');
  const before = hashOf([folder]);
  expect(hashOf([folder])).toBe(before);
  writeFileSync(join(folder, 'a.sql'), 'two');
  expect(hashOf([folder])).not.toBe(before);
});
