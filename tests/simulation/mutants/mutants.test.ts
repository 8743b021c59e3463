/** Every planted bug is caught within a bounded number of calls; the real rules live through the same worlds unharmed. */
import { describe, expect, it } from 'vitest';
import { type Rules, realRules } from '../rules.ts';
import { liveThrough, noCounts } from '../world.ts';
import { mutants } from './index.ts';

const MOST_CALLS = 10_000;
const SEED = 'planted';

/** The law that broke first and after how many calls, or null if none did. */
function firstBroken(rules: Rules, mostCalls = MOST_CALLS): { law: string; calls: number } | null {
  const counts = noCounts();
  for (let world = 0; counts.calls < mostCalls; world++) {
    try {
      liveThrough(`${SEED}-${world}`, counts, { rules });
    } catch (thrown) {
      return { law: thrown instanceof Error ? thrown.message : String(thrown), calls: counts.calls };
    }
  }
  return null;
}

describe('the laws', () => {
  it('hold for the real rules', () => expect(firstBroken(realRules, 3_000)).toBeNull());

  it('are tried by at least thirty bugs, each with a name of its own', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
    expect(mutants.length).toBeGreaterThanOrEqual(30);
  });

  it('catch every planted bug', () => {
    const survivors = mutants.filter(({ rules }) => firstBroken(rules) === null).map(({ name }) => name);
    expect(survivors).toEqual([]);
  });
});
