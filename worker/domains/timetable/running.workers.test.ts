import { env as bound } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import type { Job, MissedPolicy } from '../../platform/jobs.ts';
import { forgetOldRuns } from './jobs.ts';
import { LEASE_MS } from './rules.ts';
import { type Machine, runDueJobs } from './running.ts';
import { type RunRow, runsOf } from './store.ts';

const env = bound as unknown as Env;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.parse('2027-01-15T08:00:00Z');

let made = 0;
type Counting = Job & { runs: number; slots: number[] };
function counting(cron: string, more: Partial<Job> = {}, work: (run: number) => Promise<void> = async () => {}): Counting {
  const job: Counting = {
    name: `test.${made++}`,
    cron,
    missed: 'once' as MissedPolicy,
    ...more,
    runs: 0,
    slots: [],
    run: async (_ctx, slot) => {
      job.slots.push(slot);
      await work(job.runs++);
    },
  };
  return job;
}

/** A machine whose clock stands, and whose pulse beats when it is told to. */
function machineAt(now: number): Machine & { beat: () => void; now: number } {
  const beats = new Set<() => void>();
  const machine = {
    now,
    clock: () => machine.now,
    pulse: (_every: number, beat: () => void) => {
      beats.add(beat);
      return () => void beats.delete(beat);
    },
    beat: () => {
      for (const beat of beats) beat();
    },
  };
  return machine;
}
const fire = (now: number, jobs: readonly Job[], machine: Machine = machineAt(now)) =>
  runDueJobs(contextOf(env, { now, requestId: `at ${now}`, waitUntil: () => {} }), jobs, machine);
const history = async (job: Job): Promise<RunRow[]> =>
  (await runsOf(env.DB, { job: job.name, before: null, outcome: null, limit: 50 })).toReversed();
/** Lets everything that was begun come as far as it can. */
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await env.DB.prepare('SELECT 1').first();
};
const never = () => new Promise<void>(() => {});

describe('firings of cron', () => {
  it('run a job once in each of its turns, however often they come and however late', async () => {
    const job = counting('*/5 * * * *');
    for (const minute of [0, 0, 1, 4, 5, 5, 9, 10]) await fire(START + minute * MINUTE + 9_000, [job]);
    expect(job.slots).toEqual([0, 5, 10].map((minute) => START + minute * MINUTE));
    expect(await history(job)).toMatchObject([
      { outcome: 'ok', error: null, requestId: `at ${START + 9_000}` },
      { outcome: 'ok' },
      { outcome: 'ok' },
    ]);
  });

  it('that overlap run it once', async () => {
    const jobs = [counting('* * * * *'), counting('* * * * *', { overlaps: true }), counting('* * * * *', { missed: 'each' })];
    await Promise.all([fire(START, jobs), fire(START, jobs), fire(START + 5, jobs)]);
    expect(jobs.map(({ runs }) => runs)).toEqual([1, 1, 1]);
  });

  it('that come late find a turn already stood in for', async () => {
    const job = counting('* * * * *');
    await fire(START, [job]);
    await Promise.all([fire(START + 2 * MINUTE, [job]), fire(START + MINUTE, [job])]);
    await fire(START + MINUTE, [job]);
    const spans = (await history(job)).map(({ due, slot }) => [due, slot]);
    expect(new Set(spans.map(([, slot]) => slot)).size).toBe(spans.length);
    expect(spans.at(-1)?.[1]).toBe(START + 2 * MINUTE);
    expect(job.runs).toBeLessThanOrEqual(3);
  });

  it('a job that fails holds up no other, and comes again in its next turn', async () => {
    const bad = counting('* * * * *', {}, () => Promise.reject(new Error('no answer to ada@demo.test')));
    const good = counting('* * * * *');
    expect(await fire(START, [bad, good])).toEqual({ ran: [good.name], failed: [bad.name] });
    await fire(START + MINUTE, [bad, good]);
    expect([bad.runs, good.runs]).toEqual([2, 2]);
    expect((await history(bad))[0]).toMatchObject({ outcome: 'failed', error: 'no answer to …' });
  });

  it('a job whose expression can’t be read holds up no other', async () => {
    const good = counting('* * * * *');
    const bad = counting('every minute please now');
    expect(await fire(START, [bad, good])).toEqual({ ran: [good.name], failed: [bad.name] });
  });
});

describe('cron that was away for three days', () => {
  it.each<[MissedPolicy, number[], string[]]>([
    ['once', [0, 3 * DAY], ['ok', 'ok']],
    ['skip', [0], ['ok', 'skipped']],
    ['each', [0, DAY, 2 * DAY, 3 * DAY], ['ok', 'ok', 'ok', 'ok']],
  ])('%s', async (missed, slots, outcomes) => {
    const job = counting('0 8 * * *', { missed });
    await fire(START, [job]);
    await fire(START + 3 * DAY + 2 * HOUR, [job]);
    await fire(START + 3 * DAY + 2 * HOUR + MINUTE, [job]);
    expect(job.slots).toEqual(slots.map((slot) => START + slot));
    expect((await history(job)).map(({ outcome }) => outcome)).toEqual(outcomes);
    await fire(START + 4 * DAY, [job]);
    expect(job.slots.at(-1)).toBe(START + 4 * DAY);
  });
});

describe('a run that goes on and on', () => {
  it('holds its job as long as it lives', async () => {
    let finish = () => {};
    const job = counting('* * * * *', {}, () => new Promise<void>((done) => (finish = done)));
    const machine = machineAt(START);
    const first = fire(START, [job], machine);
    await until(() => job.runs === 1);
    for (let minute = 1; minute < 6; minute++) {
      machine.now = START + minute * MINUTE;
      machine.beat();
      const held = machine.now + LEASE_MS;
      await until(async () => (await history(job))[0]?.leasedUntil === held);
      await fire(START + minute * MINUTE, [job]);
    }
    expect(job.runs).toBe(1);
    finish();
    await first;
    expect(await history(job)).toMatchObject([{ outcome: 'ok', finishedAt: START + 5 * MINUTE }]);
    const second = fire(START + 6 * MINUTE, [job]);
    await until(() => job.runs === 2);
    finish();
    await second;
    expect(await history(job)).toMatchObject([{}, { due: START + MINUTE, slot: START + 6 * MINUTE }]);
  });

  it('does not hold it up where runs may overlap', async () => {
    const job = counting('* * * * *', { overlaps: true }, never);
    for (const minute of [0, 1]) {
      void fire(START + minute * MINUTE, [job]);
      await until(() => job.runs === minute + 1);
    }
    expect(job.runs).toBe(2);
  });
});

describe('a run that died', () => {
  it('is lost when its lease is over, and its turn is begun again', async () => {
    let die = true;
    const job = counting('0 8 * * *', {}, () => (die ? never() : Promise.resolve()));
    void fire(START, [job]);
    await until(() => job.runs === 1);
    await fire(START + MINUTE, [job]);
    expect(job.runs).toBe(1);
    die = false;
    await fire(START + LEASE_MS, [job]);
    expect(job.slots).toEqual([START, START]);
    expect(await history(job)).toMatchObject([
      { outcome: 'lost', error: 'lease_ran_out', attempt: 1 },
      { outcome: 'ok', attempt: 2, slot: START },
    ]);
  });

  it('is begun three times at most', async () => {
    const job = counting('0 8 * * *', {}, never);
    for (let minute = 0; minute < 12; minute++) {
      void fire(START + minute * LEASE_MS, [job]);
      const expected = Math.min(minute + 1, 3);
      await until(() => job.runs === expected);
    }
    await fire(START + 13 * LEASE_MS, [job]);
    expect((await history(job)).map(({ outcome }) => outcome)).toEqual(['lost', 'lost', 'lost']);
  });

  it('and comes back to life changes nothing any more', async () => {
    let finish = () => {};
    const job = counting('0 8 * * *', { missed: 'skip' }, () => new Promise<void>((done) => (finish = done)));
    const slow = fire(START, [job]);
    await until(() => job.runs === 1);
    await fire(START + LEASE_MS, [job]);
    finish();
    await slow;
    expect(await history(job)).toMatchObject([{ outcome: 'lost' }]);
  });
});

describe('a streak of failures', () => {
  const alerts = async (job: Job) => (await history(job)).map(({ outcome, alert }) => (alert ? `${outcome}: ${alert}` : outcome));

  it('is told once, and once that it is over', async () => {
    const ends = ['ok', 'no', 'no', 'ok', 'no', 'no', 'no', 'no', 'no', 'ok', 'ok', 'no', 'no', 'no'];
    const job = counting('* * * * *', {}, (run) => (ends[run] === 'ok' ? Promise.resolve() : Promise.reject(new Error('broken'))));
    for (const minute of ends.keys()) await fire(START + minute * MINUTE, [job]);
    const bad = 'failed';
    expect(await alerts(job)).toEqual([
      'ok',
      bad,
      bad,
      'ok',
      bad,
      bad,
      'failed: failed',
      bad,
      bad,
      'ok: healed',
      'ok',
      bad,
      bad,
      'failed: failed',
    ]);
  });

  it('counts runs that were lost, and is told at the first failure of a job that runs seldom', async () => {
    const seldom = counting('0 8 * * *', {}, never);
    void fire(START, [seldom]);
    await until(() => seldom.runs === 1);
    void fire(START + LEASE_MS, [seldom]);
    await until(() => seldom.runs === 2);
    expect(await alerts(seldom)).toEqual(['lost: failed', null]);
  });
});

describe('the history', () => {
  it('forgets what went well after two days and the rest after ninety, but never the newest', async () => {
    const job = counting('0 8 * * *', {}, (run) => (run === 2 ? Promise.reject(new Error('broken')) : Promise.resolve()));
    for (let day = 0; day < 10; day++) await fire(START + day * DAY, [job]);
    const at = (now: number) => contextOf(env, { now, requestId: 'forgetting', waitUntil: () => {} });
    await forgetOldRuns(at(START + 8 * DAY + 1), { keep: 2, atOnce: 3 });
    expect((await history(job)).map(({ slot, outcome }) => [((slot ?? 0) - START) / DAY, outcome])).toEqual([
      ...[
        [2, 'failed'],
        [3, 'ok'],
      ],
      ...[7, 8, 9].map((day) => [day, 'ok']),
    ]);
    await forgetOldRuns(at(START + 200 * DAY), { keep: 2 });
    expect((await history(job)).map(({ slot }) => ((slot ?? 0) - START) / DAY)).toEqual([8, 9]);
  });
});
