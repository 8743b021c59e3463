/** How the panel says expressions, and how long runs took. */
import { expect, it } from 'vitest';
import { cronWords } from './cron-words.ts';
import { lastedWords } from './words.ts';

it.each([
  ['*/5 * * * *', 'Every 5 minutes', 'Alle 5 Minuten'],
  ['40 3 * * *', 'At 03:40', 'Um 03:40'],
  ['0 9 * * 1-5', 'At 09:00, Monday through Friday', 'Um 09:00, Montag bis Freitag'],
  ['soon', null, null],
  ['', null, null],
])('says “%s” in words', (cron, english, german) => {
  expect([cronWords(cron, 'en'), cronWords(cron, 'de')]).toEqual([english, german]);
});

it.each([
  [0, '0 sec'],
  [420, '0.4 sec'],
  [59_940, '59.9 sec'],
  [59_960, '1 min 0 sec'],
  [125_400, '2 min 5 sec'],
])('%i ms took %s', (ms, words) => {
  expect(lastedWords(ms)).toBe(words);
});
