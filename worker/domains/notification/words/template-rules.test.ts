import { describe, expect, it } from 'vitest';
import type { NoticeTexts } from '../../../protocol/http/templates.ts';
import { builtIn } from './built-in.ts';
import { isTold, textErrors } from './template-rules.ts';

const push = (title: string): NoticeTexts => ({ en: { title, body: 'Hello' }, de: { title: 'Hallo', body: 'Hallo' } });
const digest = (body: string): NoticeTexts => ({ ...builtIn('call.missed_digest', 'mail'), en: { subject: 'Missed', body } });
const sms = (text: string): NoticeTexts => ({ ...builtIn('otp', 'sms'), de: { text } });
const pathsOf = (errors: readonly { path: string }[]): string[] => errors.map(({ path }) => path);

describe('words of a template', () => {
  it('may leave out what is optional, and say a number in one form', () => {
    expect(textErrors('chat.message', 'push', push('{{name}}: {{count}}'))).toEqual([]);
    expect(textErrors('call.missed_digest', 'mail', digest('Missed:\n\n{{calls}}'))).toEqual([]);
  });

  it('are needed in every language and every field, and in no other', () => {
    expect(textErrors('call.missed', 'push', { en: { title: 'a', body: 'b' } })).toEqual([
      { path: 'texts.de', message: 'is missing: words are needed in every language' },
    ]);
    expect(pathsOf(textErrors('call.missed', 'push', { ...push('a'), de: { title: 'b', subject: 'c' } }))).toEqual([
      'texts.de.subject',
      'texts.de.body',
    ]);
  });

  it.each([
    ['', 'must say something'],
    [' \n ', 'must say something'],
    ['{{nmae}}', '{{nmae}} is not known here; known are name, at'],
    ['{{ name }}', 'has braces that are no placeholder; one looks like {{name}}'],
    ['{{- name}}', 'has braces that are no placeholder; one looks like {{name}}'],
    ['{{at, datetime}}', 'has braces that are no placeholder; one looks like {{name}}'],
    ['{{name', 'has braces that are no placeholder; one looks like {{name}}'],
    ['$t(notice)', 'has braces that are no placeholder; one looks like {{name}}'],
    ['two\nlines', 'must be one line'],
    ['bell\u0007', 'has characters that can’t be seen'],
    ['x'.repeat(66), 'is too long: 66 characters as it is read, 65 at most'],
    [`{{name}}${'x'.repeat(61)}`, 'is too long: 66 characters as it is read, 65 at most'],
  ])('%j as the title of a push are refused: %s', (title, message) => {
    expect(textErrors('call.missed', 'push', push(title))).toEqual([{ path: 'texts.en.title', message }]);
  });

  it('must say what they are there for', () => {
    expect(textErrors('otp', 'sms', sms('Ihr Code'))).toEqual([{ path: 'texts.de.text', message: 'must say {{code}}' }]);
    expect(pathsOf(textErrors('call.missed_digest', 'mail', digest('Missed some')))).toEqual(['texts.en.body']);
  });

  it.each(['Missed {{calls}}', 'Missed:\n{{calls}}\n\nBye', '{{calls}} here'])(
    'show a list in a paragraph of its own, not as %j',
    (body) => {
      expect(textErrors('call.missed_digest', 'mail', digest(body))).toEqual([
        { path: 'texts.en.body', message: '{{calls}} needs a paragraph of its own, with a blank line before and after it' },
      ]);
    },
  );
  it('show a list in the body of a mail alone', () => {
    const texts = { ...builtIn('call.missed_digest', 'mail'), en: { subject: '{{calls}}', body: '{{calls}}' } };
    expect(pathsOf(textErrors('call.missed_digest', 'mail', texts))).toEqual(['texts.en.subject']);
  });

  it('have the forms of a number that their language has, where something is counted', () => {
    const forms = (body: object): NoticeTexts => ({ en: { title: 'a', body: body as never }, de: { title: 'a', body: 'b' } });
    expect(pathsOf(textErrors('chat.message', 'push', forms({ other: 'b' })))).toEqual(['texts.en.body.one']);
    expect(pathsOf(textErrors('chat.message', 'push', forms({ one: 'a', few: 'b', other: 'c' })))).toEqual(['texts.en.body.few']);
    expect(pathsOf(textErrors('call.missed', 'push', forms({ one: 'a', other: 'c' })))).toEqual(['texts.en.body']);
  });

  it('fit into one SMS', () => {
    expect(textErrors('otp', 'sms', sms('{{code}} ’'))).toEqual([
      { path: 'texts.de.text', message: 'has a character that an SMS can carry only at twice the price' },
    ]);
    expect(pathsOf(textErrors('otp', 'sms', sms(`{{code}}${'x'.repeat(154)}`)))).toEqual(['texts.de.text']);
  });
});

it('words exist for kinds on their own channels only', () => {
  expect(isTold('otp', 'sms')).toBe(true);
  for (const kind of ['otp', 'toString', '__proto__', 'call.incoming', '']) expect(isTold(kind, 'push')).toBe(false);
});
