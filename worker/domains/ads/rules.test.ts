import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Touch } from '../../protocol/http/links.ts';
import { type LinkTarget, linkPlaces } from '../../protocol/links.ts';
import { role } from '../../protocol/people.ts';
import { permissionsOf } from '../user/permissions.ts';
import { appOf, CODE_LENGTH, cleanTouch, codeOf, fallbackOf, isFor, normalCode, placesOf } from './rules.ts';

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;
const id = `1${'2'.repeat(25)}`;
const targets: readonly LinkTarget[] = [
  { kind: 'call', id: `call_${id}` },
  { kind: 'call-back', id: `usr_${id}` },
  { kind: 'chat', id: `chat_${id}` },
  { kind: 'profile', id: `usr_${id}` },
  { kind: 'paywall', offer: 'spring' },
  { kind: 'settings', part: 'notifications' },
  ...linkPlaces.map((kind) => ({ kind })),
];

describe('where somebody goes', () => {
  it.each(role.options)('is always a place of their own (%s)', (each) => {
    const permissions = permissionsOf(each);
    for (const target of [...targets, null]) {
      const instead = fallbackOf(target, permissions);
      expect(isFor(instead, permissions)).toBe(true);
      // A way on that may itself be gone would lead in a circle.
      expect('id' in instead).toBe(false);
      expect(instead).not.toEqual(target?.kind === 'home' ? null : target);
    }
  });

  it('is the list where a thing of it is gone', () => {
    const member = permissionsOf('member');
    expect(targets.slice(0, 5).map((target) => fallbackOf(target, member).kind)).toEqual(['calls', 'home', 'chats', 'home', 'wallet']);
    expect(fallbackOf(targets[2] ?? null, permissionsOf('admin'))).toEqual({ kind: 'home' });
  });

  it('is in the app of their role', () => {
    expect(role.options.map(appOf)).toEqual(['app', 'portal', 'panel', 'panel', 'panel']);
  });

  it('is shut to who has no part in such places', () => {
    const open = (each: 'member' | 'companion' | 'supervisor') =>
      targets.filter((target) => isFor(target, permissionsOf(each))).map(({ kind }) => kind);
    expect(open('member')).not.toContain('earnings');
    expect(open('companion')).not.toContain('wallet');
    expect(open('supervisor')).toEqual(['call', 'profile', 'home', 'inbox', 'calls', 'help']);
  });
});

describe('a code', () => {
  it('is eight letters that can be read aloud, each as likely, or asks for more chance', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 16 }), (bytes) => {
        const code = codeOf(bytes);
        if (code === null) expect(bytes.filter((byte) => byte < 240).length).toBeLessThan(CODE_LENGTH);
        else expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{8}$/);
      }),
    );
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 240; byte++) {
      const letter = codeOf(new Uint8Array(CODE_LENGTH).fill(byte))?.[0] ?? '';
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    expect([...counts.values()]).toEqual(Array(30).fill(8));
  });

  it('may be typed as people type', () => {
    expect([' ab2c-d3ef ', 'AB2CD3EF', 'ab2c d3ef'].map(normalCode)).toEqual(Array(3).fill('AB2CD3EF'));
  });
});

describe('a touch', () => {
  const told = (more: Partial<Touch>): Touch => ({
    campaign: { utm_source: 'mail' },
    at: new Date(NOW - DAY).toISOString(),
    landing: null,
    referrer: null,
    ...more,
  });

  it('is cleaned once more, and nothing where nothing is left', () => {
    expect(cleanTouch(told({ campaign: { utm_source: ' a\u0000b ', utm_content: 'ada@demo.test', gclid: '<x>' } }), NOW)?.campaign).toEqual(
      {
        utm_source: 'a b',
      },
    );
    expect(cleanTouch(told({ campaign: { utm_content: 'ada@demo.test' } }), NOW)).toBeNull();
    expect(cleanTouch(told({ campaign: {} }), NOW)).toBeNull();
  });

  it('of long ago counts no more, and one of tomorrow is of now', () => {
    const at = (ms: number) => cleanTouch(told({ at: new Date(ms).toISOString() }), NOW)?.at;
    expect([at(NOW - 91 * DAY), at(NOW - 89 * DAY), at(NOW + DAY)]).toEqual([undefined, NOW - 89 * DAY, NOW]);
  });

  it('is the first one only of who had not signed up long before', () => {
    const places = (signedUp: number) => {
      const touch = cleanTouch(told({}), NOW);
      return touch && placesOf(touch, { createdAt: signedUp });
    };
    expect([places(NOW), places(NOW - DAY), places(NOW - 2 * DAY), places(NOW - 2 * DAY - 1)]).toEqual([
      ['first', 'last'],
      ['first', 'last'],
      ['first', 'last'],
      ['last'],
    ]);
  });
});
