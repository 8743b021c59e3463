import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { emoji } from './message.ts';

const is = (text: string): boolean => z.safeParse(emoji, text).success;

it.each(['❤️', '❤', '👍', '👍🏽', '😂', '🇩🇪', '1️⃣', '🏳️‍🌈', '👩🏽‍🚀', '👨‍👩‍👧‍👦', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🤷🏿‍♀️'])('%s is an emoji', (text) =>
  expect(is(text)).toBe(true),
);

// What words cost is not gone round by a reaction that is a letter in truth.
it.each(['', 'a', '1', '👍 ring me at 5', '❤call me', '👍👍', '👍\u200d', '👍\u200dring', '👍🏽🏽', '🇩', '👍\u{e0072}\u{e007f}', ' 👍'])(
  '%j is none',
  (text) => expect(is(text)).toBe(false),
);
