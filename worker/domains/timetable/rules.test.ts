import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MissedPolicy, missedPolicies } from '../../platform/jobs.ts';
import { alertAfter, dueRuns, errorWords, firstSince, MOST_ATTEMPTS, MOST_EACH, ON_TIME_MS, type Run, type Standing } from './rules.ts';
import { isComplaint, type Schedule, scheduleOf } from './schedule-rules.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.parse('2027-01-15T08:00:00Z');

function schedule(cron: string, zone = 'UTC'): Schedule {
  const made = scheduleOf({ cron, zone }, START);
  if (isComplaint(made)) throw new Error(made.message);
  return made;
}
const plan = (cron: string, missed: MissedPolicy, zone = 'UTC', more = {}) =>
  ({ schedule: schedule(cron, zone), missed, enabled: true, overlaps: false, ...more }) as const;
const standing = (more: Partial<Standing> = {}): Standing => ({ since: START, last: null, held: false, ...more });
const ran = (slot: number, more: Partial<NonNullable<Standing['last']>> = {}) => ({ slot, due: slot, attempt: 1, lost: false, ...more });

/** Cron as it fires, over a job whose runs all go well: what was run and what was skipped. */
function played(cron: string, zone: string, missed: MissedPolicy, firings: readonly number[], since = firings[0] ?? START) {
  const runs: (Run & { at: number })[] = [];
  const skipped: { due: number; slot: number }[] = [];
  const followed = plan(cron, missed, zone);
  let last: Standing['last'] = null;
  for (const now of firings) {
    const decision = dueRuns(followed, standing({ since, last }), now);
    if (decision.skipped) skipped.push(decision.skipped);
    for (const run of decision.runs) runs.push({ ...run, at: now });
    const { slot = decision.skipped?.slot } = decision.runs.at(-1) ?? {};
    if (slot !== undefined) last = ran(slot);
  }
  return { runs, skipped };
}

const everyTurn = (cron: string, zone: string, from: number, to: number): number[] => {
  const all: number[] = [];
  const turns = schedule(cron, zone);
  for (let turn = turns.next(from); turn !== null && turn <= to; turn = turns.next(turn)) all.push(turn);
  return all;
};

/** Firings of two days around a change of the clocks: late ones, doubled ones, a gap, and a clock that steps back. */
const firings = fc
  .record({
    day: fc.constantFrom('2027-03-27', '2027-10-30', '2027-03-13', '2027-11-06', '2027-06-01'),
    late: fc.array(fc.integer({ min: 0, max: 4 * MINUTE }), { minLength: 20, maxLength: 20 }),
    gapFrom: fc.integer({ min: 0, max: 40 }),
    gap: fc.constantFrom(0, 1, 5, 30),
    back: fc.integer({ min: 0, max: 30 * MINUTE }),
  })
  .map(({ day, late, gapFrom, gap, back }) => {
    const from = Date.parse(day);
    const fired: number[] = [];
    for (let n = 0; n < 2 * 24 * 60; n += 4) {
      if (n >= gapFrom * 60 && n < (gapFrom + gap) * 60) continue;
      const at = from + n * MINUTE + (late[n % late.length] ?? 0);
      fired.push(n % 7 === 3 ? at - back : at);
      if (n % 5 === 0) fired.push(at);
    }
    return fired;
  });
const zone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York');
const cron = fc.constantFrom('* * * * *', '*/5 * * * *', '30 2 * * *', '0 * * * *', '0 3 * * 0', '15,45 1,2 * * *');

describe('whenever cron fires', () => {
  it('no turn is run twice, and each is run, stood in for or skipped', () => {
    fc.assert(
      fc.property(firings, zone, cron, fc.constantFrom(...missedPolicies), (fired, where, when, missed) => {
        const from = fired[0] ?? START;
        const until = Math.max(...fired);
        const { runs, skipped } = played(when, where, missed, fired, from);
        const slots = runs.map(({ slot }) => slot);
        expect(new Set(slots).size).toBe(slots.length);
        const spans = [...runs, ...skipped].toSorted((a, b) => a.due - b.due);
        const all = everyTurn(when, where, from, until);
        // Span after span, without a hole and without two over the same turn.
        const places = new Map(all.map((turn, n) => [turn, n]));
        expect(spans.map(({ due }) => places.get(due))).toEqual(
          [0, ...spans.map(({ slot }) => (places.get(slot) ?? 0) + 1)].slice(0, spans.length),
        );
        expect(spans.at(-1)?.slot).toBe(all.at(-1));
        for (const { slot, at } of runs) expect(slot).toBeLessThanOrEqual(at);
      }),
      { numRuns: 16 },
    );
  }, 60_000);

  it('“skip” runs nothing that is late, “once” skips nothing, “each” stands in for nothing', () => {
    fc.assert(
      fc.property(firings, zone, cron, (fired, where, when) => {
        for (const { slot, due, at } of played(when, where, 'skip', fired).runs) {
          expect(at - slot).toBeLessThan(ON_TIME_MS);
          expect(due).toBe(slot);
        }
        expect(played(when, where, 'once', fired).skipped).toEqual([]);
        for (const { slot, due } of played(when, where, 'each', fired).runs) expect(due).toBe(slot);
      }),
      { numRuns: 8 },
    );
  }, 60_000);

  it.each([
    ['2027-03-28', 'forward'],
    ['2027-10-31', 'back'],
  ])('a time of day comes once on the day the clocks go (%s, %s)', (day) => {
    const from = Date.parse(day) - DAY;
    const minutes = Array.from({ length: 3 * 24 * 12 }, (_, n) => from + n * 5 * MINUTE);
    for (const missed of missedPolicies) expect(played('30 2 * * *', 'Europe/Berlin', missed, minutes).runs).toHaveLength(3);
  });
});

describe('cron that was away for three days', () => {
  const since = START;
  const now = START + 3 * DAY + 7_000;
  const due = (when: string, missed: MissedPolicy) => dueRuns(plan(when, missed), standing({ since }), now);

  it('runs a job of each minute once, with or without standing in for the others', () => {
    expect(due('* * * * *', 'once')).toEqual({ skipped: null, runs: [{ due: START + MINUTE, slot: START + 3 * DAY, attempt: 1 }] });
    expect(due('* * * * *', 'skip')).toEqual({
      skipped: { due: START + MINUTE, slot: START + 3 * DAY - MINUTE },
      runs: [{ due: START + 3 * DAY, slot: START + 3 * DAY, attempt: 1 }],
    });
  });

  it('makes up a daily job once, each time, or not at all', () => {
    const noons = [0, 1, 2].map((days) => START + 4 * HOUR + days * DAY);
    expect(due('0 12 * * *', 'once').runs).toEqual([{ due: noons[0], slot: noons[2], attempt: 1 }]);
    expect(due('0 12 * * *', 'each').runs.map(({ slot }) => slot)).toEqual(noons);
    expect(due('0 12 * * *', 'skip')).toEqual({ skipped: { due: noons[0], slot: noons[2] }, runs: [] });
  });

  it('makes up the newest turns only where there are too many, and says which it skips', () => {
    const { skipped, runs } = due('0 * * * *', 'each');
    expect(runs).toHaveLength(MOST_EACH);
    expect(runs.at(-1)?.slot).toBe(START + 3 * DAY);
    expect(skipped).toEqual({ due: START + HOUR, slot: (runs[0]?.slot ?? 0) - HOUR });
  });
});

describe('a run that is not over', () => {
  it('holds its job, unless runs may overlap', () => {
    const held = standing({ last: ran(START + MINUTE), held: true });
    expect(dueRuns(plan('* * * * *', 'each'), held, START + 5 * MINUTE)).toEqual({ skipped: null, runs: [] });
    expect(dueRuns(plan('* * * * *', 'once', 'UTC', { overlaps: true }), held, START + 5 * MINUTE).runs).toHaveLength(1);
  });
});

describe('a run that was lost', () => {
  const slot = START + 4 * HOUR;
  const lost = (attempt: number, due = slot) => standing({ last: ran(slot, { lost: true, attempt, due }) });

  it('is begun again, until it was often enough', () => {
    const again = (attempt: number) => dueRuns(plan('0 12 * * *', 'once'), lost(attempt, slot - DAY), slot + 10 * MINUTE).runs;
    expect(again(1)).toEqual([{ due: slot - DAY, slot, attempt: 2 }]);
    expect(again(MOST_ATTEMPTS - 1)).toHaveLength(1);
    expect(again(MOST_ATTEMPTS)).toEqual([]);
  });

  it('is stood in for by the next turn where that has come; before it where each counts', () => {
    const now = slot + DAY;
    expect(dueRuns(plan('0 12 * * *', 'once'), lost(1), now).runs).toEqual([{ due: slot, slot: now, attempt: 1 }]);
    expect(dueRuns(plan('0 12 * * *', 'each'), lost(1), now).runs.map((run) => [run.slot, run.attempt])).toEqual([
      [slot, 2],
      [now, 1],
    ]);
  });

  it('stays lost where missed turns are skipped, and where staff have changed the plan since', () => {
    expect(dueRuns(plan('0 12 * * *', 'skip'), lost(1), slot + 10 * MINUTE).runs).toEqual([]);
    expect(dueRuns(plan('0 12 * * *', 'once'), { ...lost(1), since: slot + MINUTE }, slot + 10 * MINUTE).runs).toEqual([]);
  });
});

describe('a job', () => {
  it('that is switched off owes nothing for that time', () => {
    expect(dueRuns(plan('* * * * *', 'each', 'UTC', { enabled: false }), standing(), START + HOUR)).toEqual({ skipped: null, runs: [] });
    const onAgain = START + 2 * DAY;
    expect(dueRuns(plan('0 12 * * *', 'each'), standing({ since: onAgain }), onAgain + HOUR)).toEqual({ skipped: null, runs: [] });
  });

  it('that was never seen begins with the turn that has just come, and makes up none before', () => {
    const at = START + 12_345;
    expect(dueRuns(plan('* * * * *', 'each'), standing({ since: firstSince(schedule('* * * * *'), at) }), at).runs).toEqual([
      { due: START, slot: START, attempt: 1 },
    ]);
    expect(dueRuns(plan('0 2 * * *', 'once'), standing({ since: firstSince(schedule('0 2 * * *'), at) }), at).runs).toEqual([]);
  });

  it('goes on after a clock that ran ahead by a year', () => {
    const ahead = standing({ since: START, last: ran(START + 365 * DAY) });
    expect(dueRuns(plan('* * * * *', 'once'), ahead, START + HOUR).runs).toHaveLength(1);
    expect(
      dueRuns(plan('* * * * *', 'once'), standing({ since: START + 365 * DAY, last: ran(START + 365 * DAY) }), START).runs,
    ).toHaveLength(1);
  });

  it('waits for a clock that stepped back a little', () => {
    expect(dueRuns(plan('* * * * *', 'each'), standing({ last: ran(START + 10 * MINUTE) }), START + 7 * MINUTE).runs).toEqual([]);
  });
});

it.each([
  ['* * * * *', 3],
  ['0 * * * *', 3],
  ['0 4 * * *', 1],
  ['0 */2 * * *', 1],
  ['0 0 29 2 *', 1],
])('staff hear of “%s” after %i failures', (when, after) => {
  expect(alertAfter(schedule(when), START)).toBe(after);
});

it.each([
  ['Error: could not reach ada@demo.test', 'could not reach …'],
  ['TypeError: Unexpected token in "my secret words" at 4', 'TypeError: Unexpected token in “…” at 4'],
  ['Error: no SMS to +49 170 1234567', 'no SMS to …'],
  ['D1_ERROR: no such table: nothing', 'D1_ERROR: no such table: nothing'],
  [`Error: ${'x'.repeat(500)}`, 'x'.repeat(200)],
])('keeps of %j no more than it may', (cause, kept) => {
  expect(errorWords(cause)).toBe(kept);
});
