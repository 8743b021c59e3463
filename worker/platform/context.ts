/** What every service takes first: the bindings, the clock and the log of one request, queue batch, job or object event. */
import type { Env } from '../env.ts';
import { causeOf, type Log, logWith } from './log.ts';

export interface Context {
  readonly env: Env;
  /** ms since the epoch, read once when the work began and the same throughout it. */
  readonly now: number;
  readonly requestId: string;
  readonly log: Log;
  /** Lets work go on after the answer; its failure is logged, never thrown. */
  readonly later: (work: Promise<unknown>) => void;
}

/**
 * A context for work that begins now.
 * @param later the platform's `waitUntil`; a failure of what it is given is logged here, never thrown
 */
export function contextOf(env: Env, work: { now: number; requestId: string; waitUntil: (work: Promise<unknown>) => void }): Context {
  const log = logWith({ requestId: work.requestId });
  return {
    env,
    now: work.now,
    requestId: work.requestId,
    log,
    later: (promise) => work.waitUntil(promise.catch((thrown) => log.error('work after the answer failed', { cause: causeOf(thrown) }))),
  };
}
