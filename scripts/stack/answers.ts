/** Waiting until a part answers, with a limit on every try. */
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from './failure.ts';
import type { Running } from './processes.ts';

/** Only what hangs reaches it, ms: a machine with other work to do may take a minute for what takes seconds. */
const LIMIT_MS = 180_000;

/**
 * Asks until the answer has a status below 500.
 * @param limitMs how long altogether
 * @throws Failure where the process ends before, or the time runs out
 */
export async function untilItAnswers(running: Running, url: string, limitMs = LIMIT_MS): Promise<void> {
  const end = performance.now() + limitMs;
  let last = '';
  while (performance.now() < end) {
    if (running.hasExited()) throw new Failure(`${running.name} ended before it answered.`, running.lastWords());
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(20_000) });
      last = `${answer.status} ${await answer.text()}`;
      if (answer.status < 500) return;
    } catch {
      // Not yet.
    }
    await pause(50);
  }
  throw new Failure(`${running.name} does not answer as it should at ${url}.`, last || running.lastWords());
}

/**
 * A child once it answers at every one of `urls`; ended where it does not.
 * @throws Failure as `untilItAnswers`
 */
export async function answering(running: Running, urls: readonly string[]): Promise<Running> {
  try {
    for (const url of urls) await untilItAnswers(running, url);
  } catch (failure) {
    await running.stop();
    throw failure;
  }
  return running;
}
