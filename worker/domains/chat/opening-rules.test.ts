import { describe, expect, it } from 'vitest';
import type { UserId } from '../../protocol/ids.ts';
import { type Candidate, dayOf, decideOpening, type Newcomer, type Rule, ruleErrors, templateFor } from './opening-rules.ts';

const id = (name: string) => `usr_${name}` as UserId;
const rule: Rule = {
  event: 'sign_up',
  templates: { en: 'Hello {member}, {companion} here.', de: 'Guten Tag {member}' },
  cohort: { languages: [], plans: [] },
  companions: { choice: 'by_language' },
  perCompanionDay: 2,
  enabled: true,
};
const ada: Newcomer = { role: 'member', displayName: 'Ada', languages: ['en-GB', 'fr'], plan: 'tokens', followedId: null };
const one = (name: string, more: Partial<Candidate> = {}): Candidate => ({
  ...{ id: id(name), displayName: name, languages: ['en'], today: 0, known: false },
  ...more,
});

describe('whose message it is', () => {
  it('is of who wrote the fewest that day, and of those always the same', () => {
    const some = [one('hugo', { today: 1 }), one('iris'), one('grace')];
    expect(decideOpening(rule, ada, some)).toEqual({ companionId: id('grace'), text: 'Hello Ada, grace here.' });
  });
  it('is of who speaks the language, whatever its region', () => {
    const some = [one('grace', { languages: ['de'] }), one('iris', { languages: ['en-US'] })];
    expect(decideOpening(rule, ada, some)).toMatchObject({ companionId: id('iris') });
  });
  it('is of those named, and of the followed one', () => {
    const some = [one('grace'), one('iris', { languages: ['fi'] })];
    expect(decideOpening({ ...rule, companions: { choice: 'named', ids: [id('iris')] } }, ada, some)).toMatchObject({
      companionId: id('iris'),
    });
    const followed = { ...rule, event: 'follow', companions: { choice: 'followed' } } as const;
    expect(decideOpening(followed, { ...ada, followedId: id('iris') }, some)).toMatchObject({ companionId: id('iris') });
    expect(decideOpening(followed, ada, some)).toEqual({ dropped: 'nobody' });
  });
});

describe('nobody writes', () => {
  it.each([
    ['disabled', { enabled: false }, ada, [one('grace')]],
    ['cohort', { cohort: { languages: ['fi'], plans: [] } }, ada, [one('grace')]],
    ['cohort', { cohort: { languages: [], plans: ['moments'] } }, ada, [one('grace')]],
    ['cohort', {}, { ...ada, role: 'companion' }, [one('grace')]],
    ['nobody', {}, ada, []],
    ['known', {}, ada, [one('grace', { known: true })]],
    ['full', {}, ada, [one('grace', { today: 2 })]],
    ['no_text', { templates: { fi: 'Hei' } }, ada, [one('grace')]],
  ] as const)('%s', (dropped, change, member, some) => {
    expect(decideOpening({ ...rule, ...change } as Rule, member as Newcomer, some)).toEqual({ dropped });
  });
});

describe('what it says', () => {
  it('is in the member’s first language that there is, else English', () => {
    const templates = { en: 'Hello', de: 'Hallo', 'pt-BR': 'Oi', pt: 'Olá' };
    expect([['fr', 'de'], ['fr'], ['DE-at'], ['pt-BR'], []].map((languages) => templateFor(templates, languages))).toEqual([
      ...['Hallo', 'Hello', 'Hallo', 'Oi', 'Hello'],
    ]);
  });
  it('fills names as they are, whatever stands in them', () => {
    expect(decideOpening(rule, { ...ada, displayName: '$& {companion}' }, [one('grace')])).toMatchObject({
      text: 'Hello $& {companion}, grace here.',
    });
  });
  it('can fill nothing else', () => {
    expect(ruleErrors(rule)).toEqual([]);
    expect(ruleErrors({ ...rule, templates: { en: 'Hi {name}', de: '{}' } }).map(({ path }) => path)).toEqual([
      'templates.en',
      'templates.de',
    ]);
    expect(ruleErrors({ ...rule, templates: {} })).toHaveLength(1);
    expect(ruleErrors({ ...rule, companions: { choice: 'followed' } })).toHaveLength(1);
  });
});

it('days turn at midnight UTC', () => {
  const midnight = Date.UTC(2026, 10, 24);
  expect(dayOf(midnight) - dayOf(midnight - 1)).toBe(1);
});
