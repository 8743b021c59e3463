/** The words that are there before staff ever wrote any: nothing is ever unsaid, in no language. */
import type { AppLanguage } from '../../../protocol/http/comfort.ts';
import type { NoticeChannel, NoticeFields, NoticeTexts } from '../../../protocol/http/templates.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import type { BuiltIn, NoticeKind } from './kinds.ts';

const languages: Readonly<Record<AppLanguage, BuiltIn>> = { en, de };

/** Undefined where the kind is not told on this channel. */
const fieldsOf = (words: BuiltIn, kind: NoticeKind, channel: NoticeChannel): NoticeFields | undefined =>
  (words[kind] as Partial<Record<NoticeChannel, NoticeFields>>)[channel];

/** What is built in for a kind on a channel, in every language. @throws Error where the kind is not told there */
export function builtIn(kind: NoticeKind, channel: NoticeChannel): NoticeTexts {
  return Object.fromEntries(
    Object.entries(languages).map(([language, words]) => {
      const fields = fieldsOf(words, kind, channel);
      if (!fields) throw new Error(`${kind} is not told by ${channel}`);
      return [language, fields];
    }),
  );
}
