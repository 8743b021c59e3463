import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { catalogue, settingKeys } from '../../../../worker/domains/settings/rules.ts';
import { draftOf, saidBy, shapeOf } from './draft.ts';

const plain = { choice: false, nothing: false };

it.each([30_000, 0, { COIN: 1_000, MOMENT: 20 }, null, true, 'text', ['a', 1]])('%j comes back from its fields as it was', (value) => {
  expect(saidBy(draftOf(value, plain))).toEqual(value);
});

it.each(['', 'soon', '1.5', '1e3', '1 000'])('says nothing with “%s” in a field of numbers', (text) => {
  expect(saidBy({ kind: 'number', fields: { '': text } })).toBeUndefined();
  expect(saidBy({ kind: 'numbers', fields: { COIN: '5', EARN: text } })).toBeUndefined();
});

it('says nothing with half a JSON', () => {
  expect(saidBy({ kind: 'json', fields: { '': '{"a":' } })).toBeUndefined();
});

it('takes an empty field for nothing where nothing is a value', () => {
  const draft = draftOf(20, { choice: false, nothing: true });
  expect(saidBy({ ...draft, fields: { '': ' ' } })).toBeNull();
  expect(saidBy({ ...draft, fields: { '': '30' } })).toBe(30);
  expect(saidBy({ ...draft, fields: { '': 'soon' } })).toBeUndefined();
});

it.each(settingKeys)('knows whether %s is yes or no, and gives its default back', (key) => {
  const { schema, default: value } = catalogue[key];
  const shape = shapeOf({ key, default: value });
  expect(shape.choice).toBe(z.safeParse(schema, true).success);
  expect(saidBy(draftOf(value, shape))).toEqual(value);
});
