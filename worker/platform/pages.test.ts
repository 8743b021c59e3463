import { describe, expect, it } from 'vitest';
import { throughPages } from './pages.ts';

const rows = Array.from({ length: 23 }, (_, n) => n);
const pageOf = (size: number) => async (last: number | null) => rows.filter((row) => last === null || row > last).slice(0, size);

describe('pages', () => {
  it('are gone through until none is left, each row once, in order', async () => {
    const seen: number[] = [];
    const each = async (row: number) => void seen.push(row);
    expect(await throughPages({ read: pageOf(10), each, atOnce: 3, timeLeft: () => true })).toEqual({ count: 23, all: true });
    expect(seen).toEqual(rows);
  });

  it('run no more at once than they may', async () => {
    let running = 0;
    let most = 0;
    const each = async () => {
      most = Math.max(most, ++running);
      await null;
      running--;
    };
    await throughPages({ read: pageOf(10), each, atOnce: 4, timeLeft: () => true });
    expect(most).toBe(4);
  });

  it('stop when the time is up, and say so', async () => {
    let turns = 0;
    expect(await throughPages({ read: pageOf(10), each: async () => {}, atOnce: 5, timeLeft: () => turns++ < 3 })).toEqual({
      count: 15,
      all: false,
    });
  });

  it('have nothing to do where there is nothing', async () => {
    expect(await throughPages({ read: async () => [], each: async () => {}, atOnce: 5, timeLeft: () => false })).toEqual({
      count: 0,
      all: true,
    });
  });
});
