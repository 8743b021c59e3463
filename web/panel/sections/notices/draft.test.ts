import { describe, expect, it } from 'vitest';
import type { NoticeTexts, TemplateLine } from '../../../../worker/protocol/http/templates.ts';
import { draftOf, textsOf, textsToWrite, withForms } from './draft.ts';

const field = (name: string, optional = false) => ({ name, most: 99, optional, lines: false });
const line: Pick<TemplateLine, 'fields'> = { fields: [field('subject'), field('body'), field('action', true)] };
const texts: NoticeTexts = {
  en: { subject: { one: 'A call', other: '{{count}} calls' }, body: 'Hello', action: 'Open' },
  de: { subject: { one: 'Ein Anruf', other: '{{count}} Anrufe' }, body: 'Hallo' },
};

describe('words while they are written', () => {
  it('are sent as they came where nothing was changed', () => {
    expect(textsOf(line, draftOf(texts))).toEqual(texts);
  });

  it('have a text for each form, and for what is optional too', () => {
    expect(textsToWrite(line, draftOf(texts), 'de').map(({ path }) => path)).toEqual([
      'texts.de.subject.one',
      'texts.de.subject.other',
      'texts.de.body',
      'texts.de.action',
    ]);
  });

  it('leave out what is optional and empty, and nothing else', () => {
    const draft = new Map([...draftOf(texts), ['texts.en.action', ' '], ['texts.en.body', '']]);
    expect(textsOf(line, draft).en).toEqual({ subject: texts.en?.subject, body: '' });
  });

  it('take forms and lose them without losing what was written', () => {
    const split = withForms(draftOf(texts), 'en', 'body', true);
    expect(textsOf(line, split).en?.body).toEqual({ one: 'Hello', other: 'Hello' });
    const joined = withForms(split, 'en', 'subject', false);
    expect(textsOf(line, joined).en?.subject).toBe('{{count}} calls');
    expect(textsOf(line, joined).de).toEqual(texts.de);
  });
});
