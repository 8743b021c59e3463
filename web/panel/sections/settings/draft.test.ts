import { expect, it } from 'vitest';
import { draftOf, saidBy } from './draft.ts';

it.each([30_000, 0, { COIN: 1_000, MOMENT: 20 }, null, true, 'text', ['a', 1]])('%j comes back from its fields as it was', (value) => {
  expect(saidBy(draftOf(value))).toEqual(value);
});

it.each(['', 'soon', '1.5', '1e3', '1 000'])('says nothing with “%s” in a field of numbers', (text) => {
  expect(saidBy({ kind: 'number', fields: { '': text } })).toBeUndefined();
  expect(saidBy({ kind: 'numbers', fields: { COIN: '5', EARN: text } })).toBeUndefined();
});

it('says nothing with half a JSON', () => {
  expect(saidBy({ kind: 'json', fields: { '': '{"a":' } })).toBeUndefined();
});

it('makes yes, no and neither a choice', () => {
  expect([true, false, null].map((value) => draftOf(value).kind)).toEqual(['choice', 'choice', 'choice']);
});
