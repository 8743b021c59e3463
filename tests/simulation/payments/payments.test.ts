/** Five hundred histories, each in twenty orders: one end, that of the oracle; and every planted bug is caught. */
import { describe, expect, it } from 'vitest';
import { liveThrough, noCounts, ORDERS, realWorks, type Works } from './live.ts';
import { mutants } from './mutants.ts';

const HISTORIES = 500;
const SEED = 'test';
const MOST_HISTORIES = 600;

/** The law that broke first, or null if none did. */
async function firstBroken(works: Works): Promise<string | null> {
  const counts = noCounts();
  for (let n = 0; n < MOST_HISTORIES; n++) {
    try {
      await liveThrough(`planted-${n}`, counts, works, 6);
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : String(thrown);
    }
  }
  return null;
}

describe('histories of payments', () => {
  it(`${HISTORIES} of them end alike in ${ORDERS} orders, as the truth has it`, async () => {
    const counts = noCounts();
    for (let n = 0; n < HISTORIES; n++)
      await liveThrough(`${SEED}-${n}`, counts).catch((thrown: unknown) => {
        throw new Error(`history ${SEED}-${n}: ${thrown instanceof Error ? thrown.message : thrown}`, { cause: thrown });
      });
    expect(counts.crashes).toBeGreaterThan(HISTORIES);
  });
});

describe('the laws', () => {
  it('are tried by bugs with a name of their own each', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
    expect(mutants.length).toBeGreaterThanOrEqual(30);
  });
  it.each(mutants.map(({ name, works }) => [name, works] as const))('catch who %s', async (_name, works) => {
    expect(await firstBroken(works)).not.toBeNull();
  });
  it('hold for what is right', async () => expect(await firstBroken(realWorks)).toBeNull());
});
