import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openUntil, talkedSince } from './rules.ts';

const DAY = 86_400_000;

describe('a word on a talk', () => {
  it.each([
    [null, 1_000 + 7 * DAY],
    [5_000, 5_000 + DAY],
    [1_000 + 7 * DAY - 1, 1_000 + 8 * DAY - 1],
  ])('first said at %s is taken until %s', (saidAt, until) => {
    expect(openUntil(1_000, saidAt)).toBe(until);
  });
});

describe('what counts to a day', () => {
  it('is only what came after its beginning', () => {
    const talks = [
      { endedAt: 100, connectedMs: 50 },
      { endedAt: 130, connectedMs: 60 },
      { endedAt: 300, connectedMs: 60 },
    ];
    expect(talkedSince(talks, 100)).toBe(30 + 60);
  });

  it('is never more than the talks, never less than nothing, and falls as the day begins later', () => {
    const talks = fc.array(fc.record({ endedAt: fc.nat(10_000), connectedMs: fc.nat(5_000) }));
    fc.assert(
      fc.property(talks, fc.nat(10_000), fc.nat(1_000), (list, from, later) => {
        const total = list.reduce((sum, { connectedMs }) => sum + connectedMs, 0);
        const counted = talkedSince(list, from);
        expect(counted).toBeGreaterThanOrEqual(0);
        expect(counted).toBeLessThanOrEqual(total);
        expect(talkedSince(list, from + later)).toBeLessThanOrEqual(counted);
      }),
    );
  });
});
