/** What words may say: every language, every field, only facts that their kind has, and no more than a reader's screen shows. */
import type { FieldError } from '../../../protocol/errors.ts';
import { appLanguage } from '../../../protocol/http/comfort.ts';
import type { NoticeChannel, NoticeTexts, Phrase } from '../../../protocol/http/templates.ts';
import { type Field, fieldsOf, isGsm, lengthOf } from './channels.ts';
import { factWords } from './fact-words.ts';
import { isNoticeKind, kindOf, type NoticeKind, placeholdersOf } from './kinds.ts';
import { placeholder, said } from './phrases.ts';
import { sampleFacts } from './samples.ts';

/** A moment in the afternoon, so that times are as long as they get. */
const SOME_TIME = Date.UTC(2026, 10, 25, 22, 50);

/** Whether words for this kind exist on this channel. */
export const isTold = (kind: string, channel: NoticeChannel): kind is NoticeKind =>
  isNoticeKind(kind) && kindOf(kind).channels.includes(channel);

/** What is wrong with the words of a kind on a channel, each by its path (`texts.de.title`); empty: they can be sent. */
export function textErrors(kind: NoticeKind, channel: NoticeChannel, texts: NoticeTexts): FieldError[] {
  return appLanguage.options.flatMap((language): FieldError[] => {
    const words = texts[language];
    const path = `texts.${language}`;
    if (!words) return [{ path, message: 'is missing: words are needed in every language' }];
    const known = fieldsOf(channel);
    const strange = Object.keys(words).filter((name) => !known.has(name));
    return [
      ...strange.map((name) => ({ path: `${path}.${name}`, message: `is no field of ${channel}` })),
      ...[...known].flatMap(([name, field]) =>
        fieldErrors({ kind, channel, language, name, field }, words[name]).map(({ path: inner, message }) => ({
          path: `${path}.${name}${inner}`,
          message,
        })),
      ),
    ];
  });
}

interface Place {
  readonly kind: NoticeKind;
  readonly channel: NoticeChannel;
  readonly language: (typeof appLanguage.options)[number];
  readonly name: string;
  readonly field: Field;
}

function fieldErrors(place: Place, phrase: Phrase | undefined): FieldError[] {
  if (phrase === undefined) return place.field.optional ? [] : [{ path: '', message: 'is missing' }];
  if (typeof phrase === 'string') return wordErrors(place, phrase, undefined).map((message) => ({ path: '', message }));
  if (kindOf(place.kind).counts === undefined) return [{ path: '', message: 'has forms, but nothing is counted in this kind' }];
  const needed = new Intl.PluralRules(place.language).resolvedOptions().pluralCategories as string[];
  const forms = Object.entries(phrase).filter((form): form is [string, string] => form[1] !== undefined);
  return [
    ...needed.filter((form) => !forms.some(([given]) => given === form)).map((form) => ({ path: `.${form}`, message: 'is missing' })),
    ...forms.flatMap(([form, text]) =>
      needed.includes(form)
        ? wordErrors(place, text, form).map((message) => ({ path: `.${form}`, message }))
        : [{ path: `.${form}`, message: 'is no form that this language has' }],
    ),
  ];
}

/** What is wrong with one text. @param form of a number, where it is one of several */
function wordErrors(place: Place, text: string, form: string | undefined): string[] {
  const { kind, channel, language, name, field } = place;
  if (text.trim() === '') return ['must say something'];
  const known = placeholdersOf(kind);
  const errors: string[] = [];
  const rest = text.replace(placeholder, (_, fact: string) => {
    const type = known.get(fact);
    if (type === undefined) errors.push(`{{${fact}}} is not known here; known are ${[...known.keys()].join(', ')}`);
    else if (type === 'calls' && !(channel === 'mail' && name === 'body'))
      errors.push(`{{${fact}}} is a list, which only the body of a mail can show`);
    return '';
  });
  if (/\{\{|\}\}|\$t\(/.test(rest)) errors.push('has braces that are no placeholder; one looks like {{name}}');
  if (/\{\{calls\}\}/.test(text) && !/(^|\n[ \t]*\n)[ \t]*\{\{calls\}\}[ \t]*(\n[ \t]*\n|\s*$)/.test(text))
    errors.push('{{calls}} needs a paragraph of its own, with a blank line before and after it');
  if (field.lines !== true && /[\r\n]/.test(text)) errors.push('must be one line');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0009\u000b-\u001f\u007f]/.test(text.replaceAll('\r\n', '\n'))) errors.push('has characters that can’t be seen');
  if (name === 'body' || name === 'text')
    for (const fact of channel === 'mail' || channel === 'sms' ? (kindOf(kind).needs ?? []) : [])
      if (!text.includes(`{{${fact}}}`)) errors.push(`must say {{${fact}}}`);
  if (errors.length > 0) return errors;

  const facts = sampleFacts(kind, { language, count: form === 'one' ? 1 : 3, now: SOME_TIME });
  const words = { ...factWords(kind, facts, { language, timeZone: 'America/Los_Angeles', now: SOME_TIME }, true), calls: '' };
  const spoken = said(text, words, language, form === 'one' ? 1 : 3);
  const length = lengthOf(spoken);
  if (length > field.most) errors.push(`is too long: ${length} characters as it is read, ${field.most} at most`);
  if (channel === 'sms' && !isGsm(spoken)) errors.push('has a character that an SMS can carry only at twice the price');
  return errors;
}
