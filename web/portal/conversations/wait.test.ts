import { expect, test } from 'vitest';
import { waitAt } from './wait.ts';

const at = (minute: number): string => new Date(minute * 60_000).toISOString();
const waiting = { since: at(0), dueAt: at(10), overdue: false, returnsAt: at(30) };

test('is calm for half the time, then soon, then late', () => {
  const tones = [0, 5, 6, 9.9, 10, 12].map((minute) => waitAt(waiting, minute * 60_000).tone);
  expect(tones).toEqual(['calm', 'calm', 'soon', 'soon', 'late', 'late']);
});

test('says how long they wait, what is left, and by how much it is late', () => {
  expect(waitAt(waiting, 4 * 60_000)).toMatchObject({ seconds: 240, margin: 360 });
  expect(waitAt(waiting, 13 * 60_000)).toMatchObject({ seconds: 780, margin: 180 });
  // A clock that is behind the server's.
  expect(waitAt(waiting, -5_000)).toMatchObject({ tone: 'calm', seconds: 0 });
});
