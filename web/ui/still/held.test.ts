import { expect, it } from 'vitest';
import { entered, GRACE_MS, type Held, heldBy, left, letIn, renewed, waiting } from './held.ts';

const idOf = (item: string): string => item;
const shown = (held: Held<string>): string => held.shown.join('');
/** Two rows under somebody's pointer, with a third waiting. */
const read = entered(renewed<string>(heldBy('running'), ['b', 'a'], 'running', 0), 'pointer');
const news = ['c', 'b', 'a'];

it('lets everything in while nobody is in its place', () => {
  const first = renewed<string>(heldBy('running'), ['a'], 'running', 0);
  expect(shown(renewed(first, ['b', 'a'], 'running', 1))).toBe('ba');
});

it('moves no row under the pointer, and counts what waits', () => {
  const later = renewed(read, news, 'running', 1_000);
  expect(shown(later)).toBe('ba');
  expect(waiting(later, news, idOf)).toEqual(['c']);
  expect(waiting(later, ['a'], idOf), 'what went away does not wait').toEqual([]);
});

it('gives who leaves with something waiting the time to reach for it, and no longer', () => {
  const away = left(read, 'pointer', true, 10_000);
  expect(shown(renewed(away, news, 'running', 10_000 + GRACE_MS - 1))).toBe('ba');
  expect(shown(renewed(away, news, 'running', 10_000 + GRACE_MS))).toBe('cba');
});

it('is held again by who comes back within the grace, for as long as they stay', () => {
  const back = entered(left(read, 'pointer', true, 10_000), 'pointer');
  expect(shown(renewed(back, news, 'running', 10_000 + 10 * GRACE_MS))).toBe('ba');
});

it('has no grace when nothing waited', () => {
  const away = left(read, 'pointer', false, 10_000);
  expect(shown(renewed(away, news, 'running', 10_001))).toBe('cba');
});

it('is held while the focus is in it, although the pointer left; the grace begins when both are out', () => {
  const focused = left(entered(read, 'focus'), 'pointer', true, 10_000);
  expect(shown(renewed(focused, news, 'running', 10_000 + 2 * GRACE_MS))).toBe('ba');
  const away = left(focused, 'focus', true, 30_000);
  expect(shown(renewed(away, news, 'running', 30_000 + GRACE_MS - 1))).toBe('ba');
  expect(left(away, 'pointer', true, 99_000), 'who is out does not leave again').toEqual({ ...away, graceUntil: away.graceUntil });
});

it('counts in a hidden tab, and shows all of it to who comes back', () => {
  const away = entered(renewed<string>(heldBy('running'), ['b', 'a'], 'running', 0), 'hidden');
  const later = renewed(away, news, 'running', 60_000);
  expect([shown(later), waiting(later, news, idOf)]).toEqual(['ba', ['c']]);
  const nothing = entered<string>(heldBy('running'), 'hidden');
  expect(waiting(renewed(nothing, ['a'], 'running', 60_000), ['a'], idOf), 'also of an empty list').toEqual(['a']);
  expect(shown(renewed(left(later, 'hidden', false, 61_000), news, 'running', 61_000))).toBe('cba');
});

it('shows what is let in at once and is held further under the pointer', () => {
  const open = letIn(read, news, 'running');
  expect(shown(open)).toBe('cba');
  expect(shown(renewed(open, ['d', ...news], 'running', 5_000))).toBe('cba');
});

it('answers another question at once, and is not held while it is empty', () => {
  expect(shown(renewed(read, ['z'], 'all', 1_000))).toBe('z');
  expect(shown(renewed(entered<string>(heldBy('running'), 'pointer'), ['a'], 'running', 1_000))).toBe('a');
});
