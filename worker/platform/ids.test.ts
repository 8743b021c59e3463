import { afterEach, expect, it, vi } from 'vitest';
import { idOf } from '../protocol/ids.ts';
import { earliestId, idFrom, newId } from './ids.ts';

afterEach(() => void vi.useRealTimers());

it('the earliest id of a moment lies between ids made before it and at it', () => {
  // Ids never go back with a clock that does: the moments rise, by more each time.
  for (let ms = 1_800_000_000_000, n = 1; ms < 4_000_000_000_000; n += 1, ms += n ** 5) {
    vi.useFakeTimers({ toFake: ['Date'], now: ms - 1 });
    const before = newId('bev');
    vi.setSystemTime(ms);
    const at = newId('bev');
    const earliest = earliestId('bev', ms);
    expect(idOf('bev').safeParse(earliest).success).toBe(true);
    expect(before < earliest && earliest <= at, String(ms)).toBe(true);
  }
});

it('of the beginning of time sorts before every other', () => {
  expect(earliestId('pst', 0)).toBe(`pst_${'0'.repeat(26)}`);
});

it('an id from words is the same each time, another for other words, and of its moment', async () => {
  const at = 1_800_000_000_000;
  const [one, again, other] = await Promise.all([idFrom('ntf', at, 'a'), idFrom('ntf', at, 'a'), idFrom('ntf', at, 'b')]);
  expect(one).toBe(again);
  expect(other).not.toBe(one);
  expect(idOf('ntf').safeParse(one).success).toBe(true);
  expect(earliestId('ntf', at) <= one && one < earliestId('ntf', at + 1)).toBe(true);
});
