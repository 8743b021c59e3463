import { describe, expect, it } from 'vitest';
import { changeErrors, tidyWords, writtenLanguage } from './rules.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

describe('a change of a profile', () => {
  it.each([
    [{ timeZone: 'Europe/Helsinki' }, []],
    [{ timeZone: null, birthDate: null }, []],
    [{ timeZone: 'Middle/Earth' }, ['private.timeZone']],
    [{ birthDate: '1946-02-28' }, []],
    [{ birthDate: '2026-11-22' }, ['private.birthDate']],
    [{ timeZone: '+99:00', birthDate: '2999-01-01' }, ['private.timeZone', 'private.birthDate']],
  ])('with %j is wrong in %j', (change, paths) => {
    expect(changeErrors({ private: change }, NOW).map(({ path }) => path)).toEqual(paths);
  });
});

describe('words', () => {
  it('are kept once, in order, without blanks around them', () => {
    expect(tidyWords([' Music and singing', 'Books', '', '  ', 'Books ', 'Music and singing'])).toEqual(['Music and singing', 'Books']);
  });
});

describe('the language somebody is written to in', () => {
  it.each([
    ['de', 'en', ['en'], 'de'],
    [null, 'de', ['en'], 'de'],
    [null, undefined, ['fi', 'de-AT', 'en'], 'de'],
    [null, undefined, ['fi'], null],
    ['xx', undefined, ['EN-gb'], 'en'],
  ] as const)('of %j, on a device of %j, speaking %j is %j', (chosen, device, spoken, language) => {
    expect(writtenLanguage(chosen, device, spoken)).toBe(language);
  });
});
