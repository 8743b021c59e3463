import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserId } from '../../protocol/ids.ts';
import type { PresenceState } from '../../protocol/people.ts';
import {
  availableFor,
  byPosition,
  type Candidate,
  type GalleryFilter,
  isAvailable,
  type Position,
  pageOf,
  passes,
  positionOf,
  readingOrder,
} from './rules.ts';

const person = (name: string, more: Partial<Candidate> & { profile?: Partial<Candidate['person']> } = {}): Candidate => {
  const { profile, ...rest } = more;
  return {
    person: {
      id: `usr_${name}` as UserId,
      role: 'companion',
      displayName: name,
      pronunciation: null,
      about: '',
      languages: ['en'],
      skills: [],
      gender: null,
      ageBand: null,
      portrait: null,
      ...profile,
    },
    media: ['audio', 'video'],
    tier: 'standard',
    presence: 'online',
    since: 0,
    onShift: true,
    ...rest,
  };
};

describe('available', () => {
  it.each([
    ['online', true, true],
    ['offline', true, true],
    ['away', true, true],
    ['in_call', true, false],
    ['online', false, false],
    ['in_call', false, false],
    ['on_break', false, false],
  ] as [PresenceState, boolean, boolean][])('%s, on shift %s: %s', (presence, onShift, available) => {
    expect(isAvailable({ presence, onShift, media: ['audio'] }, 'audio')).toBe(available);
  });

  it('is told for the asked medium, or for any where none is asked', () => {
    const audioOnly = person('a', { media: ['audio'] });
    expect([availableFor(audioOnly, 'video'), availableFor(audioOnly, 'audio'), availableFor(audioOnly, undefined)]).toEqual([
      false,
      true,
      true,
    ]);
    expect(availableFor(person('a', { media: [] }), undefined)).toBe(false);
  });
});

describe('each filter', () => {
  const grace = person('Grace', {
    media: ['audio'],
    tier: 'plus',
    profile: { languages: ['en-GB', 'fi'], skills: ['Music and singing'], gender: 'woman', ageBand: '45-59' },
  });
  it.each([
    [{ language: 'en' }, true],
    [{ language: 'EN-gb' }, true],
    [{ language: 'en-US' }, false],
    [{ language: 'e' }, false],
    [{ language: 'f' }, false],
    [{ skill: 'music AND singing' }, true],
    [{ skill: 'music' }, false],
    [{ media: 'audio' }, true],
    [{ media: 'video' }, false],
    [{ gender: 'woman' }, true],
    [{ gender: 'man' }, false],
    [{ ageBand: '45-59' }, true],
    [{ ageBand: '30-44' }, false],
    [{ tier: 'plus' }, true],
    [{ tier: 'standard' }, false],
    [{ available: true }, true],
    [{ available: false }, false],
    [
      { language: 'fi', skill: 'Music and singing', media: 'audio', gender: 'woman', ageBand: '45-59', tier: 'plus', available: true },
      true,
    ],
    [{ language: 'fi', gender: 'man' }, false],
    [{}, true],
  ] as [GalleryFilter, boolean][])('%j lets Grace through: %s', (filter, through) => {
    expect(passes(grace, filter)).toBe(through);
  });

  it('for a gender or an age lets nobody through who has not told theirs', () => {
    expect(passes(person('a'), { gender: 'woman' })).toBe(false);
    expect(passes(person('a'), { ageBand: '45-59' })).toBe(false);
  });
});

const names = (people: readonly Candidate[]) => people.map((one) => one.person.displayName);

describe('the order', () => {
  it('is who is available, then the longest online, then those offline, then the name', () => {
    const people = [
      person('Zoe', { presence: 'offline' }),
      person('Ann', { presence: 'in_call', since: 1 }),
      person('bea', { presence: 'offline', since: 5 }),
      person('Eve', { since: 200 }),
      person('Dan', { since: 100 }),
      person('Cat', { presence: 'offline', onShift: false }),
      person('amy', { since: 200 }),
    ];
    const { items, next } = pageOf(people, {}, { after: null, limit: 10 });
    expect(names(items)).toEqual(['Dan', 'amy', 'Eve', 'bea', 'Zoe', 'Ann', 'Cat']);
    expect(next).toBeNull();
  });

  it('is total: no two people stand at one place', () => {
    const twins = [person('Same', { profile: { id: 'usr_b' as UserId } }), person('Same', { profile: { id: 'usr_a' as UserId } })];
    const [a, b] = twins.map((one) => positionOf(one, undefined)) as [Position, Position];
    expect(byPosition(a, b)).toBe(1);
    expect(byPosition(b, a)).toBe(-1);
    expect(byPosition(a, a)).toBe(0);
  });
});

const anyone = fc.record({
  since: fc.integer({ min: 0, max: 3 }),
  onShift: fc.boolean(),
  presence: fc.constantFrom<PresenceState>('online', 'offline', 'in_call', 'away'),
  name: fc.constantFrom('Ann', 'Bea', 'Cat'),
});
const crowd = fc
  .array(anyone, { minLength: 1, maxLength: 12 })
  .map((drafts) => drafts.map(({ name, ...more }, index) => person(`${name}`, { ...more, profile: { id: `usr_${index}` as UserId } })));

describe('paging', () => {
  it('shows everybody once when nobody moves', () => {
    fc.assert(
      fc.property(crowd, fc.integer({ min: 1, max: 5 }), (people, limit) => {
        const seen: string[] = [];
        let after: Position | null = null;
        do {
          const page = pageOf(people, {}, { after, limit });
          expect(page.items.length).toBeGreaterThan(0);
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items.map((one) => one.person.id));
          expect(seen.length).toBeLessThanOrEqual(people.length);
          after = page.next;
        } while (after);
        expect(seen).toEqual(pageOf(people, {}, { after: null, limit: 100 }).items.map((one) => one.person.id));
        expect(seen.length).toBe(people.length);
      }),
    );
  });

  it('shows whoever stays exactly once, whoever else comes, goes or moves between two pages', () => {
    fc.assert(
      fc.property(crowd, crowd, fc.func(fc.boolean()), fc.integer({ min: 1, max: 4 }), (before, later, stays, limit) => {
        const staying = before.filter((one) => stays(one.person.id));
        const after = [...staying, ...later.filter((one) => !staying.some((kept) => kept.person.id === one.person.id))];
        const first = pageOf(before, {}, { after: null, limit });
        const rest = first.next ? pageOf(after, {}, { after: first.next, limit: 100 }).items : [];
        const seen = [...first.items, ...rest].map((one) => one.person.id);
        for (const one of staying) expect(seen.filter((id) => id === one.person.id)).toHaveLength(1);
      }),
    );
  });
});

describe('the other way round', () => {
  it('is the mirror image, page by page too', () => {
    const people = fc.uniqueArray(fc.record({ name: fc.stringMatching(/^[a-z]{1,5}$/), since: fc.nat(5), onShift: fc.boolean() }), {
      selector: ({ name }) => name,
      maxLength: 12,
    });
    fc.assert(
      fc.property(people, fc.integer({ min: 1, max: 4 }), (list, limit) => {
        const all = list.map(({ name, ...more }) => person(name, more));
        const read = (order: 1 | -1): string[] => {
          const names: string[] = [];
          for (let after: Position | null = null; ; ) {
            const page = pageOf(all, {}, { after, limit, order });
            names.push(...page.items.map((one) => one.person.displayName));
            if (page.next === null) return names;
            after = page.next;
          }
        };
        expect(read(-1)).toEqual(read(1).toReversed());
      }),
    );
  });

  it('is how companions read, and nobody else', () => {
    expect(Object.entries(readingOrder).filter(([, order]) => order === -1)).toEqual([['companion', -1]]);
  });
});
