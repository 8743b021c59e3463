import { describe, expect, it } from 'vitest';
import { interleave, median, percentile, ratio, turnsOf } from './statistics.ts';

describe('median and percentile', () => {
  it('sort by number and leave the measurements as they were', () => {
    const values = [10, 9, 100, 1, 2];
    expect(median(values)).toBe(9);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(values).toEqual([10, 9, 100, 1, 2]);
  });

  it('take the nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile([7], 0.01)).toBe(7);
  });

  it('refuse nothing and what is no number', () => {
    expect(() => median([])).toThrow('nothing was measured');
    expect(() => percentile([1, Number.NaN], 0.5)).toThrow('not a number');
  });
});

describe('a ratio', () => {
  it('is taken within each round, so that a slow round counts for both', () => {
    // The medians of both sides divided would say 2: the noise of the last round fell on both.
    const rounds = { ours: [10, 20, 300], peer: [10, 10, 100] };
    expect(ratio(rounds, 'ours', 'peer')).toEqual({ median: 2, least: 1, most: 3 });
    expect(ratio({ ours: [1, 8, 9], peer: [1, 2, 90] }, 'ours', 'peer')).toEqual({ median: 1, least: 0.1, most: 4 });
  });

  it('needs the same rounds on both sides', () => {
    expect(() => ratio({ ours: [1, 2], peer: [1] }, 'ours', 'peer')).toThrow('same rounds');
  });
});

describe('interleaved rounds', () => {
  it('let everybody begin in turn', () => {
    expect([0, 1, 2, 3].map((round) => turnsOf(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
    expect(turnsOf([], 3)).toEqual([]);
  });

  it('throw the warm-up away and keep each round in its place', async () => {
    const order: string[] = [];
    const take = (name: string) => async (round: number) => {
      order.push(`${name}${round}`);
      return round * 10;
    };
    const rounds = await interleave({ a: take('a'), b: take('b') }, { runs: 2, warmUp: 1 });
    expect(rounds).toEqual({ a: [0, 10], b: [0, 10] });
    expect(order).toEqual(['a-1', 'b-1', 'b0', 'a0', 'a1', 'b1']);
  });
});
