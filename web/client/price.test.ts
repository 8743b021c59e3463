import { expect, test } from 'vitest';
import { secondsFor } from './price.ts';

const golden = {
  checkpoints: [
    { atSeconds: 0, amount: 9 },
    { atSeconds: 20, amount: 60 },
  ],
  then: { everySeconds: 60, amount: 60 },
};

test('a call ends at the first checkpoint that can’t be paid', () => {
  expect(secondsFor(golden, 8)).toBe(0);
  expect(secondsFor(golden, 9)).toBe(20);
  expect(secondsFor(golden, 68)).toBe(20);
  expect(secondsFor(golden, 69)).toBe(80);
  expect(secondsFor(golden, 500)).toBe(20 + 8 * 60);
});

test('a price without repetition has no end', () => {
  expect(secondsFor({ checkpoints: [{ atSeconds: 0, amount: 5 }], then: null }, 5)).toBeNull();
});
