import { env as bound } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Env } from '../env.ts';
import { contextOf } from './context.ts';
import { type Job, runDueJobs } from './jobs.ts';

const MINUTE = 60_000;
const START = 1_800_000_000_000 - (1_800_000_000_000 % (60 * MINUTE));
const at = (now: number) => contextOf(bound as unknown as Env, { now, requestId: 'test', waitUntil: () => {} });
let made = 0;
function counting(everyMinutes: number, run: () => Promise<void> = async () => {}): Job & { runs: number } {
  const job = {
    name: `test.${made++}`,
    everyMinutes,
    runs: 0,
    run: async () => {
      job.runs++;
      await run();
    },
  };
  return job;
}

describe('a job', () => {
  it('runs once in each of its slots, however often cron fires', async () => {
    const job = counting(5);
    for (const minute of [0, 0, 1, 4, 5, 5, 9, 10]) await runDueJobs(at(START + minute * MINUTE), [job]);
    expect(job.runs).toBe(3);
  });

  it('runs once when two firings overlap', async () => {
    const job = counting(1);
    await Promise.all([runDueJobs(at(START), [job]), runDueJobs(at(START), [job]), runDueJobs(at(START + 5), [job])]);
    expect(job.runs).toBe(1);
  });

  it('is not begun again while it still runs, but once its run must have died', async () => {
    let finish = () => {};
    const job = counting(1, () => new Promise<void>((done) => (finish = done)));
    const first = runDueJobs(at(START), [job]);
    while (job.runs === 0) await Promise.resolve(await (bound as unknown as Env).DB.prepare('SELECT 1').first());
    await runDueJobs(at(START + MINUTE), [job]);
    expect(job.runs).toBe(1);
    const second = runDueJobs(at(START + 15 * MINUTE), [job]);
    while (job.runs === 1) await Promise.resolve(await (bound as unknown as Env).DB.prepare('SELECT 1').first());
    finish();
    await second;
    expect(job.runs).toBe(2);
    void first;
  });

  it('that may overlap is held up by a run that died for its own slot only', async () => {
    const job = Object.assign(
      counting(1, () => new Promise<void>(() => {})),
      { overlaps: true as const },
    );
    for (const now of [START, START + 30_000, START + MINUTE - 1_000, START + MINUTE + 500]) {
      void runDueJobs(at(now), [job]);
      for (let turn = 0; turn < 5; turn++) await (bound as unknown as Env).DB.prepare('SELECT 1').first();
    }
    expect(job.runs).toBe(2);
  });

  it('fails alone, and comes back in its next slot', async () => {
    const bad = counting(1, () => Promise.reject(new Error('broken')));
    const good = counting(1);
    expect(await runDueJobs(at(START), [bad, good])).toEqual({ ran: [good.name], failed: [bad.name] });
    await runDueJobs(at(START + MINUTE), [bad, good]);
    expect([bad.runs, good.runs]).toEqual([2, 2]);
    const row = await (bound as unknown as Env).DB.prepare('SELECT failures FROM job_lease WHERE name = ?')
      .bind(bad.name)
      .first('failures');
    expect(row).toBe(2);
  });
});
