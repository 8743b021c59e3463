/** Twenty thousand calls: no law broken, every way to end reached, and a seed that replays exactly. */
import { describe, expect, it } from 'vitest';
import { endReason } from '../../worker/protocol/call/call.ts';
import { Random } from './random.ts';
import { type Ends, liveThrough, noCounts } from './world.ts';

const CALLS = 20_000;
/** Change it for other worlds; a failure names the world, which replays with `npm run simulate -- --seed <world>`. */
const SEED = 'test';

describe('the simulation', () => {
  it(`lives ${CALLS} calls through without a violation, and reaches every end`, () => {
    const counts = noCounts();
    const ends: Ends = new Map();
    for (let world = 0; counts.calls < CALLS; world++) {
      try {
        liveThrough(`${SEED}-${world}`, counts, { ends });
      } catch (thrown) {
        throw new Error(`world ${SEED}-${world}: ${thrown instanceof Error ? thrown.message : thrown}`, { cause: thrown });
      }
    }
    expect(new Set(ends.keys())).toEqual(new Set(endReason.def.entries ? Object.values(endReason.def.entries) : []));
    expect(counts.talked).toBeGreaterThan(CALLS / 2);
    expect(counts.crashes).toBeGreaterThan(CALLS / 10);
    // All three models paid, and members moved between them.
    expect(Math.min(counts.allowances, counts.pieces)).toBeGreaterThan(CALLS / 10);
    expect(counts.moves).toBeGreaterThan(CALLS / 100);
  });

  it('replays a world from its seed, step by step', () => {
    const live = (seed: string) => {
      const lines: string[] = [];
      liveThrough(seed, noCounts(), { trace: (line) => lines.push(line) });
      return lines;
    };
    for (const seed of ['again-1', 'again-2', 'again-3']) expect(live(seed)).toEqual(live(seed));
    expect(live('again-1')).not.toEqual(live('again-2'));
  });
});

describe('its randomness', () => {
  it('is spread evenly and differs from seed to seed', () => {
    const random = new Random('evenly');
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 100_000; draw++) {
      const at = random.int(0, 9);
      buckets[at] = (buckets[at] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(500);
    expect(new Random('a').unit()).not.toBe(new Random('b').unit());
  });
});
