import { expect, test } from 'vitest';
import { keyCaps, PAIR_MS, type Press, press, type ShortcutId, shortcutIds, shortcuts } from './registry.ts';

const key = (name: string, more: Partial<Press> = {}): Press => ({
  key: name,
  ctrl: false,
  alt: false,
  other: false,
  inText: false,
  onControl: false,
  inDialog: false,
  repeat: false,
  ...more,
});
const all: ReadonlySet<ShortcutId> = new Set(shortcutIds);

test('Space answers, unless a button has the focus and takes it for itself', () => {
  expect(press(key(' '), all, null, 0).fired).toBe('answer');
  expect(press(key(' ', { onControl: true }), all, null, 0).fired).toBeNull();
});

test('a word that is being written is no command', () => {
  for (const letter of ['b', ' ', 'm', 'd', '?']) expect(press(key(letter, { inText: true }), all, null, 0).fired).toBeNull();
  expect(press(key('Enter', { inText: true, ctrl: true }), all, null, 0).fired).toBe('keep');
});

test('two keys belong together only soon after one another', () => {
  const first = press(key('g'), all, null, 1_000);
  expect(first).toEqual({ fired: null, pending: { key: 'g', at: 1_000 } });
  expect(press(key('e'), all, first.pending, 1_000 + PAIR_MS).fired).toBe('goEarnings');
  expect(press(key('e'), all, first.pending, 1_001 + PAIR_MS).fired).toBeNull();
});

test('hanging up takes the same key twice, and a held key is pressed once', () => {
  const once = press(key('h'), all, null, 0);
  expect(once.fired).toBeNull();
  expect(press(key('h', { repeat: true }), all, once.pending, 50).fired).toBeNull();
  expect(press(key('h'), all, once.pending, 50).fired).toBe('hangUp');
});

test('only what somebody listens to is fired, and nothing with Alt and a letter', () => {
  expect(press(key('b'), new Set(['mute']), null, 0).fired).toBeNull();
  expect(press(key('b', { other: true }), all, null, 0).fired).toBeNull();
});

test('no keys mean two things, and no single key begins a pair', () => {
  const keys = shortcutIds.map((id) => shortcuts[id].keys as string);
  expect(new Set(keys).size).toBe(keys.length);
  for (const pair of keys.filter((each) => each.includes(' '))) expect(keys).not.toContain(pair.split(' ')[0]);
});

test('Escape and Alt with a digit are heard while one writes', () => {
  expect(press(key('Escape', { inText: true }), all, null, 0).fired).toBe('back');
  // What it closes there is closed, and nothing behind it.
  expect(press(key('Escape', { inText: true, inDialog: true }), all, null, 0).fired).toBeNull();
  expect(press(key('2', { inText: true, alt: true }), all, null, 0).fired).toBe('pane2');
  expect(press(key('2', { inText: true }), all, null, 0).fired).toBeNull();
  expect(press(key('2'), all, null, 0).fired).toBeNull();
});

test('caps are written as on a keyboard', () => {
  expect(keyCaps('goToday')).toEqual(['G', 'T']);
  expect(keyCaps('keep')).toEqual(['Ctrl', 'Enter']);
});
