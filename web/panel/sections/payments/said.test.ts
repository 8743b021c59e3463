import { expect, test } from 'vitest';
import type { StaffWords } from '../../words.ts';
import { reasonWords, userIdIn } from './said.tsx';

const t = ((key: string, { defaultValue }: { defaultValue: string }) =>
  key === 'payments.reason.unknown_product' ? 'unknown product' : defaultValue) as unknown as StaffWords;

test.each([
  ['unknown_product', 'unknown product'],
  ['unknown_product: coins:9000', 'unknown product: coins:9000'],
  ['something_new:x', 'something_new: x'],
  ['unknown_product:', 'unknown product'],
])('the reason %s is read as “%s”', (reason, words) => expect(reasonWords(t, reason)).toBe(words));

test('an address names a person only by a whole id', () => {
  expect(userIdIn('usr_01h2xcejqtf2nbrexx3vqjhp41')).toBe('usr_01h2xcejqtf2nbrexx3vqjhp41');
  for (const text of [undefined, '', 'usr_', 'ada@demo.test']) expect(userIdIn(text)).toBeUndefined();
});
