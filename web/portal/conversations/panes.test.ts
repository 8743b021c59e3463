import { expect, test } from 'vitest';
import type { ChatId } from '../../../worker/protocol/ids.ts';
import { closed, focusedAt, layoutOf, noPanes, opened, type Panes, panesOf, paneText } from './panes.ts';

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((letter) => `chat_${letter.repeat(26)}` as ChatId) as [ChatId, ChatId, ChatId, ChatId];
const three = [a, b, c].reduce<Panes>((panes, id) => opened(panes, id, 4), noPanes);

test('each opened one stands to the right and has the focus; an open one only gets it', () => {
  expect(three).toEqual({ open: [a, b, c], focused: c });
  expect(opened(three, a, 4)).toEqual({ open: [a, b, c], focused: a });
});

test('without room the one with the focus gives its place', () => {
  expect(opened(focusedAt(three, 1), d, 3)).toEqual({ open: [a, d, c], focused: d });
  expect(opened({ open: [a], focused: a }, b, 1)).toEqual({ open: [b], focused: b });
});

test('closing one gives the focus to its neighbour, and leaves it where it was with another', () => {
  expect(closed(three, c)).toEqual({ open: [a, b], focused: b });
  expect(closed(three, a)).toEqual({ open: [b, c], focused: c });
  expect(closed({ open: [a], focused: a }, a)).toEqual(noPanes);
  expect(closed(three, d)).toEqual(three);
});

test('a place that is not there changes nothing', () => {
  expect(focusedAt(three, 3)).toEqual(three);
  expect(focusedAt(three, 0).focused).toBe(a);
});

test('the address keeps them, and believes nothing that is no conversation', () => {
  expect(panesOf(paneText(focusedAt(three, 1)))).toEqual(focusedAt(three, 1));
  expect(panesOf(`${a}.<script>.${a}.chat_x*`)).toEqual({ open: [a], focused: a });
  expect(panesOf('')).toEqual(noPanes);
});

test('one at a time on a phone; two to four side by side, the card and then the inbox stepping back', () => {
  expect(layoutOf(360, 3)).toEqual({ most: 1, shown: 1, inbox: 'over', card: 'over' });
  expect(layoutOf(1_200, 1)).toMatchObject({ shown: 1, inbox: 'beside', card: 'beside' });
  expect(layoutOf(1_200, 2)).toMatchObject({ shown: 2, inbox: 'beside', card: 'beside' });
  expect(layoutOf(1_200, 3)).toMatchObject({ shown: 3, inbox: 'beside', card: 'over' });
  expect(layoutOf(1_200, 4)).toMatchObject({ shown: 4, inbox: 'over', card: 'over' });
  expect(layoutOf(1_900, 4)).toMatchObject({ shown: 4, inbox: 'beside', card: 'beside' });
});
