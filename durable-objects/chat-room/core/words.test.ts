import { expect, it } from 'vitest';
import { fingerprintOf } from './fingerprint.ts';
import { matchOf, wordsOf } from './words.ts';

it('finds what people wrote: texts, captions, descriptions, names of files', () => {
  expect(wordsOf({ kind: 'text', body: { text: 'Straße' } })).toBe('Strasse');
  expect(wordsOf({ kind: 'image', body: { mediaId: 'cmd_1', alt: 'a cat', caption: 'look' } })).toBe('look\na cat');
  expect(wordsOf({ kind: 'file', body: { mediaId: 'cmd_1', name: 'plan.pdf' } })).toBe('plan.pdf');
  expect(wordsOf({ kind: 'text', body: null })).toBe('');
  expect(wordsOf({ kind: 'system', body: { what: 'closed', detail: {} } })).toBe('');
});

it('asks for words that begin so, whatever else is in the question', () => {
  expect(matchOf('Crème  brû')).toBe('"Crème"* "brû"*');
  expect(matchOf('a" OR b* NEAR(c) -d')).toBe('"a"* "OR"* "b"* "NEAR"* "c"* "d"*');
  expect(matchOf('straße')).toBe('"strasse"*');
  expect(matchOf('… 😀 "')).toBeNull();
});

it('tells messages apart by kind, body and what they answer', () => {
  const text = { kind: 'text', body: { text: 'hello' } } as const;
  expect(fingerprintOf(text)).toBe(fingerprintOf({ ...text, body: { text: 'hello' } }));
  const others = [
    fingerprintOf({ kind: 'text', body: { text: 'hello ' } }),
    fingerprintOf({ kind: 'text', body: { text: 'olleh' } }),
    fingerprintOf({ ...text, replyTo: 'msg_1' }),
    fingerprintOf({ kind: 'image', body: { mediaId: 'cmd_1' } }),
  ];
  expect(new Set([fingerprintOf(text), ...others]).size).toBe(5);
  const many = Array.from({ length: 20_000 }, (_, n) => fingerprintOf({ kind: 'text', body: { text: `message ${n}` } }));
  expect(new Set(many).size).toBe(many.length);
});
