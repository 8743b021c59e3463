/** Fields of a template and facts become what one person reads: of a push message, in the app, in a mail, in an SMS. */
import type { NoticeChannel, NoticeFields } from '../../../protocol/http/templates.ts';
import { channelFields, cut } from './channels.ts';
import { type CallLine, callLines, factWords, type Reader } from './fact-words.ts';
import { countOf, type FactsOf, type MissedCall, type NoticeKind } from './kinds.ts';
import { type Block, htmlOf, type Letter, textOf } from './mail-layout.ts';
import { said } from './phrases.ts';

/** What a push message or an item of the inbox says: of `call.incoming` nothing, devices have the words for a ring. */
export interface NoticeWords {
  readonly title: string;
  readonly body: string;
}
export interface MailWords {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}
export interface SmsWords {
  readonly text: string;
}

export type WordsOf<C extends NoticeChannel> = C extends 'mail' ? MailWords : C extends 'sms' ? SmsWords : NoticeWords;

/** Where a mail leads. */
export interface MailLinks {
  /** Of the members' app. */
  readonly origin: string;
  /** A path of the link grammar; null: the mail has no button. */
  readonly link: string | null;
  readonly stopUrl: string | null;
}

/** Stands for the list until its paragraph is found; no fact can hold it. */
const LIST = '\u{e000}';

/** @throws Error where a fact is missing or of another type */
export function rendered<K extends NoticeKind, C extends NoticeChannel>(
  notice: { kind: K; channel: C; fields: NoticeFields; facts: FactsOf<K> },
  reader: Reader,
  links: MailLinks,
): WordsOf<C> {
  const { kind, channel, fields, facts } = notice;
  const words = { ...factWords(kind, facts, reader, channel === 'mail'), calls: LIST };
  const count = countOf(kind, facts);
  const say = (field: string): string => said(fields[field] ?? '', words, reader.language, count);
  const whole = (): NoticeWords | MailWords | SmsWords => {
    if (channel === 'sms') return { text: say('text') };
    if (channel === 'mail') {
      const letter: Letter = {
        language: reader.language,
        blocks: blocksOf(say('body'), words, () => callLines((facts as { calls: readonly MissedCall[] }).calls, reader)),
        action: fields.action && links.link ? { label: say('action'), url: `${links.origin}${links.link}` } : null,
        stopUrl: links.stopUrl,
        origin: links.origin,
      };
      return { subject: cut(say('subject'), channelFields.mail.subject.most), text: textOf(letter), html: htmlOf(letter) };
    }
    const { title, body } = channelFields[channel as 'push' | 'in_app'];
    return { title: cut(say('title'), title.most), body: cut(say('body'), body.most) };
  };
  return whole() as WordsOf<C>;
}

/** The paragraphs of a body; a code or a list that has one of its own is drawn as such. */
function blocksOf(body: string, words: Readonly<Record<string, string>>, calls: () => CallLine[]): Block[] {
  return body
    .split(/\n[ \t]*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((text): Block => {
      if (text === LIST) return { kind: 'calls', calls: calls() };
      return { kind: text === words.code ? 'code' : 'paragraph', text };
    });
}
