import { expect, it } from 'vitest';
import { differences, linesOf } from './diff.tsx';

it('names what was changed, added and taken away, and nothing else', () => {
  const before = linesOf({ name: 'a', parties: [{ amount: 5 }, { amount: 7 }], gone: true, same: 1 });
  const after = linesOf({ name: 'a', parties: [{ amount: 6 }, { amount: 7 }], same: 1, fresh: 'x' });
  expect(differences(before, after)).toEqual([
    { path: 'parties.0.amount', was: '5', is: '6' },
    { path: 'gone', was: 'true', is: undefined },
    { path: 'fresh', was: undefined, is: 'x' },
  ]);
});

it('compares a bare value, and something with nothing', () => {
  expect(differences(linesOf(5_000), linesOf(6_000))).toEqual([{ path: '', was: '5000', is: '6000' }]);
  expect(differences(linesOf(null), linesOf({ state: 'ended' }))).toEqual([{ path: 'state', was: undefined, is: 'ended' }]);
});
