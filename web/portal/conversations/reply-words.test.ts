import { expect, test } from 'vitest';
import type { CannedReply } from '../../../worker/protocol/http/desk.ts';
import { filled, repliesFor, slashAt, withReply } from './reply-words.ts';

const reply = (word: string, more: Partial<CannedReply> = {}): CannedReply => ({
  id: `rpl_${word}`,
  word,
  language: null,
  text: word,
  own: false,
  ...more,
});

test('a slash asks at the beginning or behind a space, and not inside a word', () => {
  expect(slashAt('/', 1)).toEqual({ from: 0, typed: '' });
  expect(slashAt('Dear /mor', 9)).toEqual({ from: 5, typed: 'mor' });
  expect(slashAt('Dear /mor', 7)).toEqual({ from: 5, typed: 'm' });
  for (const text of ['and/or', 'http://x', '/morning all', '']) expect(slashAt(text, text.length)).toBeNull();
});

test('offers what begins so first, in a language of the member, one’s own before the house’s', () => {
  const replies = [
    reply('goodnight'),
    reply('morning', { language: 'en' }),
    reply('morning', { language: 'de', own: true }),
    reply('moment', { own: true }),
  ];
  expect(repliesFor(replies, 'mo', ['de', 'en']).map(({ word, language }) => [word, language])).toEqual([
    ['morning', 'de'],
    ['morning', 'en'],
    ['moment', null],
  ]);
  expect(repliesFor(replies, 'mo', []).map(({ word }) => word)).toEqual(['moment', 'morning', 'morning']);
  expect(repliesFor(replies, 'night', []).map(({ word }) => word)).toEqual(['goodnight']);
  expect(repliesFor(replies, 'MÓ', ['en'])[0]?.language).toBe('en');
  expect(repliesFor(replies, 'zz', [])).toEqual([]);
});

test('the reply takes the place of the slash and its word, and nothing else', () => {
  const slash = slashAt('Dear /mor Greta', 9);
  expect(slash && withReply('Dear /mor Greta', 9, slash, 'Good morning')).toEqual({ text: 'Dear Good morning Greta', caret: 17 });
});

test('says the first name', () => expect(filled('Hello {name}, {name}!', 'Greta Weber')).toBe('Hello Greta, Greta!'));
