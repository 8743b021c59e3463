/**
 * A whole local Hearthline: storage, Worker, sandbox, web apps. `npm start` runs one; journeys and crash runs start their
 * own beside it, on other ports and another state folder.
 */
import { cpSync } from 'node:fs';
import { resolve } from 'node:path';
import { lockState } from './lock.ts';
import { mustBeFree, originOf, type Part, type Ports } from './ports.ts';
import type { Running } from './processes.ts';
import type { Variables } from './runtime.ts';
import { startSandbox } from './sandbox.ts';
import { buildWeb, startVite } from './web.ts';
import { bundleWorker, migrate, seed, startReloading, startRuntime, tick } from './worker.ts';

export interface StackOptions {
  readonly ports: Ports;
  /** Folder of the local state; made where it is missing. */
  readonly state: string;
  /** `api` alone is the Worker without web apps and sandbox. Default: all. */
  readonly parts?: readonly Part[];
  /** Reload on every edit of a source. */
  readonly watch?: boolean;
  /** The web apps stand in `web/dist` as they should, since a stack beside this one has just built them. */
  readonly webIsBuilt?: boolean;
  /** A state folder that `prepareState` made; its storage and bundle are copied, which takes a tenth of making them. */
  readonly copyOf?: string;
  /** Whether the demo data is put in. Default: true. */
  readonly demo?: boolean;
  /** Told before and after each step. */
  readonly progress?: (event: { step: string; ms?: number }) => void;
}

export interface Stack {
  readonly origins: Readonly<Record<Part, string>>;
  readonly state: string;
  /** Ends everything, within a second. */
  stop(): Promise<void>;
  /** SIGKILL to the Worker's runtime, and with it to its Pages, as a crash would; the rest runs on. */
  kill9(): Promise<void>;
  /** Starts the Worker again on the same storage, and waits until it answers; `variables` are beside those of `wrangler.toml`. */
  restartWorker(variables?: Variables): Promise<void>;
  /** Runs the jobs that are due, as the cron trigger does each minute. */
  tick(): Promise<void>;
  /** Resolves with the part that ended although nobody asked it to. */
  readonly broken: Promise<Running>;
}

type Progress = NonNullable<StackOptions['progress']>;

async function step<T>(progress: Progress, name: string, work: Promise<T>): Promise<T> {
  const began = performance.now();
  progress({ step: name });
  const result = await work;
  progress({ step: name, ms: performance.now() - began });
  return result;
}

/** Databases, demo data and the bundle of the Worker in a folder of their own, for stacks that begin alike (`copyOf`). */
export async function prepareState(folder: string, progress: Progress = () => {}): Promise<void> {
  const state = resolve(folder);
  await step(progress, 'databases', migrate(state));
  await step(progress, 'demo data', seed(state));
  await step(progress, 'bundle of the Worker', bundleWorker(state));
}

/** @throws Failure with one sentence; whatever was started before has ended then */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { ports, watch = false, webIsBuilt = false, copyOf, demo = true, progress = () => {} } = options;
  const state = resolve(options.state);
  const parts = options.parts ?? (['api', 'app', 'panel', 'sandbox'] as const);
  const web = (['app', 'panel'] as const).filter((app) => parts.includes(app));
  const unlock = lockState(state);
  const others: Running[] = [];
  let worker: Running | undefined;
  let stopping = false;
  let tellBroken: (running: Running) => void;
  const broken = new Promise<Running>((tell) => {
    tellBroken = tell;
  });
  const guard = (running: Running): Running => {
    void running.exited.then(() => {
      if (!stopping && (running === worker || others.includes(running))) tellBroken(running);
    });
    return running;
  };
  const stop = async (): Promise<void> => {
    stopping = true;
    await Promise.all([worker, ...others].map((running) => running?.stop()));
    unlock();
  };
  const startAgain = async (variables?: Variables): Promise<void> => {
    const started = await (watch ? startReloading(state, ports, variables) : startRuntime(state, ports, web, variables));
    worker = started;
    guard(started);
  };
  const startOther = async (work: Promise<Running>): Promise<void> => {
    const running = await work;
    others.push(running);
    guard(running);
    // The stack was stopped while this one was starting.
    if (stopping) await running.stop();
  };

  try {
    await mustBeFree(ports, parts);
    if (copyOf) cpSync(resolve(copyOf), state, { recursive: true });
    await step(progress, 'databases', migrate(state));
    if (demo) await step(progress, 'demo data', seed(state));
    const building = [watch || copyOf ? undefined : step(progress, 'bundle of the Worker', bundleWorker(state))];
    if (web.length > 0 && !watch && !webIsBuilt) building.push(step(progress, 'web apps', buildWeb()));
    await all(building);
    const served = watch ? [] : web;
    const starting = [step(progress, (['Worker', ...served] as const).map((part) => at(ports, part)).join(', '), startAgain())];
    if (parts.includes('sandbox')) starting.push(step(progress, at(ports, 'sandbox'), startOther(startSandbox(state, ports))));
    if (watch) for (const app of web) starting.push(step(progress, at(ports, app), startOther(startVite(state, ports, app))));
    await all(starting);
  } catch (failure) {
    await stop();
    throw failure;
  }

  return {
    origins: { api: originOf(ports.api), app: originOf(ports.app), panel: originOf(ports.panel), sandbox: originOf(ports.sandbox) },
    state,
    stop,
    broken,
    tick: () => tick(ports),
    async kill9() {
      const killed = worker;
      worker = undefined;
      await killed?.kill9();
    },
    async restartWorker(variables) {
      const stopped = worker;
      worker = undefined;
      await stopped?.stop();
      await startAgain(variables);
    },
  };
}

const at = (ports: Ports, part: Part | 'Worker'): string => `${part} at ${originOf(ports[part === 'Worker' ? 'api' : part])}`;

/** Waits for all, also where one fails, so that nothing is still being started when the failure is told. */
async function all(work: readonly (Promise<unknown> | undefined)[]): Promise<void> {
  const outcomes = await Promise.allSettled(work);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
