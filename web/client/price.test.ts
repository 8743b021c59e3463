import { expect, test } from 'vitest';
import type { Quote } from '../../worker/protocol/call/call.ts';
import type { OwnMeans } from '../../worker/protocol/means.ts';
import { payingFor, restWith, secondsFor } from './price.ts';

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

test('what is used up pays no more; coins are named with none of them left, where they are spent', () => {
  const quote = (means?: Quote['means']) => payingFor({ ...golden, means } as Quote).map(({ is }) => is);
  const turnsAt = '2030-01-01T00:00:00.000Z';
  const day = (secondsLeft: number) => ({ is: 'allowance' as const, plan: 'plus', secondsLeft, turnsAt });
  expect(quote()).toEqual(['coins']);
  expect(
    quote([day(60), { is: 'piece', secondsLeft: 30 }, { is: 'moments', left: 2, secondsEach: 600 }, { is: 'coins', left: 0 }]),
  ).toEqual(['allowance', 'piece', 'moments', 'coins']);
  expect(quote([day(0), { is: 'coins', left: 0 }])).toEqual(['coins']);
  expect(quote([day(0)])).toEqual([]);
});

test('the rest of moments is told for one companion, as long as all of it can be used', () => {
  const until = (hour: number) => `2030-01-01T${hour}:00:00.000Z`;
  const piece = (peerId: 'usr_grace' | 'usr_hugo', audioSecondsLeft: number, hour: number) =>
    ({ is: 'piece', peerId, audioSecondsLeft, videoSecondsLeft: 0, messagesLeft: 0, until: until(hour) }) as const;
  const all = [piece('usr_grace', 240, 20), piece('usr_grace', 600, 18), piece('usr_hugo', 60, 12), piece('usr_grace', 0, 11)];
  const means = { model: 'moments', means: [...all, { is: 'moments', left: 1, lots: [] }] } as OwnMeans;
  expect(restWith(means, 'usr_grace', Date.parse(until(10)))).toEqual({ audioSecondsLeft: 840, until: until(18) });
  expect(restWith(means, 'usr_grace', Date.parse(until(18)))).toEqual({ audioSecondsLeft: 240, until: until(20) });
  expect(restWith(means, 'usr_grace', Date.parse(until(20)))).toBeNull();
  expect(restWith(means, 'usr_iris', 0)).toBeNull();
});
