import { describe, expect, it } from 'vitest';
import type { Message } from '../../protocol/chat/message.ts';
import type { UserId } from '../../protocol/ids.ts';
import { nameFits, openingOf, pairOf, SHORT_TEXT, shortText } from './rules.ts';

const [ada, grace] = ['usr_a', 'usr_g'] as UserId[] as [UserId, UserId];

describe('a pair', () => {
  it('is a member and a companion, either way round', () => {
    const pair = { memberId: ada, companionId: grace };
    expect(pairOf({ id: ada, role: 'member' }, { id: grace, role: 'companion' })).toEqual(pair);
    expect(pairOf({ id: grace, role: 'companion' }, { id: ada, role: 'member' })).toEqual(pair);
    for (const [a, b] of [
      ['member', 'member'],
      ['companion', 'companion'],
      ['member', 'admin'],
      ['supervisor', 'companion'],
    ] as const)
      expect(pairOf({ id: ada, role: a }, { id: grace, role: b })).toBe(null);
  });
});

describe('wanting to write', () => {
  const stranger = { open: false, blocked: false, approved: true, known: false };
  it.each([
    ['member', {}, 'open'],
    ['companion', {}, 'forbidden'],
    ['companion', { known: true }, 'open'],
    ['member', { blocked: true }, 'blocked'],
    ['companion', { blocked: true, known: true }, 'blocked'],
    ['member', { approved: false }, 'not_found'],
    ['companion', { approved: false, known: true }, 'not_found'],
    ['companion', { open: true }, 'there'],
    ['member', { open: true, blocked: true, approved: false }, 'there'],
  ] as const)('a %s %o: %s', (by, facts, verdict) => {
    expect(openingOf(by, { ...stranger, ...facts })).toBe(verdict);
  });
});

describe('a message in a list', () => {
  const message = (kind: string, body: object | null) => ({ kind, body }) as unknown as Message;
  it('is its words on one line, cut between characters', () => {
    expect(shortText(message('text', { text: ' Good\n\tmorning ' }))).toBe('Good morning');
    const long = shortText(message('text', { text: '👩‍🌾🍅'.repeat(SHORT_TEXT) }));
    expect([[...long].length, long.endsWith('…'), long.isWellFormed()]).toEqual([SHORT_TEXT, true, true]);
  });
  it('has no words where it has none, and once it was deleted', () => {
    expect([
      shortText(message('image', { caption: 'us' })),
      shortText(message('text', null)),
      shortText(message('file', { name: 'a.pdf' })),
    ]).toEqual(['', '', 'a.pdf']);
  });
});

it('a name is found by the beginnings of its words', () => {
  for (const q of ['mar', 'ÅLU', 'alu mar', 'Märta']) expect(nameFits('Märta Ålund', q), q).toBe(true);
  for (const q of ['', '  ', '%', 'arta', 'lund mar']) expect(nameFits('Märta Ålund', q), q).toBe(false);
});
