/** Facts in words: what stands in the place of `{{name}}` for a reader of a language, in a time zone. */
import type { AppLanguage } from '../../../protocol/http/comfort.ts';
import { type FactsOf, isFact, kindOf, type MissedCall, type NoticeKind } from './kinds.ts';
import { momentWords } from './moment-words.ts';

export interface Reader {
  readonly language: AppLanguage;
  /** IANA name; `UTC` where nobody knows. */
  readonly timeZone: string;
  /** ms since the epoch. */
  readonly now: number;
}

/** A missed call in words. */
export interface CallLine {
  readonly name: string;
  readonly when: string;
  readonly link: string;
}

const oneMinute: Readonly<Record<AppLanguage, string>> = { en: 'one minute', de: 'eine Minute' };

/** Characters that end lines, or turn the reading direction around: a name with them could rewrite what stands after it. */
const unruly = /[\p{Cc}\p{Co}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

/** A text of somebody else’s, in one line. */
export const inOneLine = (text: string): string => text.replace(unruly, ' ').replace(/ {2,}/g, ' ').trim();

/** A text of several paragraphs: their order stays, everything else is tidied as in one line. */
const inParagraphs = (text: string): string =>
  text
    .split(/\r?\n\s*\r?\n/)
    .map(inOneLine)
    .filter(Boolean)
    .join('\n\n');

/** 123 456 is easier to carry from one screen to another than 123456. */
const spaced = (code: string): string => code.replace(/^(\d{3})(\d{3})$/, '$1 $2');

/**
 * Each fact of a kind as the text that is said for it; lists are left out.
 * @param paragraphs whether prose keeps them
 * @throws Error naming the fact that is missing or of another type
 */
export function factWords<K extends NoticeKind>(kind: K, facts: FactsOf<K>, reader: Reader, paragraphs: boolean): Record<string, string> {
  const { language } = reader;
  const number = (value: number): string => new Intl.NumberFormat(language).format(value);
  const words: Record<string, string> = {};
  for (const [name, type] of Object.entries(kindOf(kind).facts)) {
    const value: unknown = (facts as Record<string, unknown>)[name];
    if (!isFact(type, value)) throw new Error(`facts of ${kind}: ${name} is no ${type}`);
    if (type === 'name' || type === 'text') words[name] = inOneLine(value as string);
    else if (type === 'prose') words[name] = (paragraphs ? inParagraphs : inOneLine)(value as string);
    else if (type === 'code') words[name] = spaced(value as string);
    else if (type === 'count') words[name] = number(value as number);
    else if (type === 'minutes') words[name] = value === 1 ? oneMinute[language] : minutes(value as number, language);
    else if (type === 'moment') words[name] = momentWords(value as number, reader);
  }
  return words;
}

const minutes = (count: number, language: AppLanguage): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit: 'minute', unitDisplay: 'long' }).format(count);

/** Missed calls, a line each, in the order they came in. */
export const callLines = (calls: readonly MissedCall[], reader: Reader): CallLine[] =>
  calls.map(({ name, at, link }) => ({ name: inOneLine(name), when: momentWords(at, reader), link }));
