/** Kinds, channels and fields in words, and the address of what is said of a kind on a channel. */
import { type NoticeChannel, type NoticeTexts, noticeChannel, type Phrase } from '../../../../worker/protocol/http/templates.ts';
import { type StaffWords, wordFor } from '../../words.ts';

export interface Place {
  readonly kind: string;
  readonly channel: NoticeChannel;
}

/** `call.missed.push`: the channel stands behind the last dot. */
export const idOfPlace = ({ kind, channel }: Place): string => `${kind}.${channel}`;

export function placeOf(id: string): Place | null {
  const at = id.lastIndexOf('.');
  const channel = noticeChannel.options.find((known) => known === id.slice(at + 1));
  return at > 0 && channel ? { kind: id.slice(0, at), channel } : null;
}

export const kindWords = (t: StaffWords, kind: string): string => wordFor(t, `notices.kind.${kind.replaceAll('.', '_')}`, kind);
/** “Missed call (Push)”. */
export const placeWords = (t: StaffWords, { kind, channel }: Place): string => `${kindWords(t, kind)} (${t(`notices.by.${channel}`)})`;
export const fieldWords = (t: StaffWords, field: string): string => wordFor(t, `notices.field.${field}`, field);
export const formWords = (t: StaffWords, form: string): string => wordFor(t, `notices.form.${form}`, form);

/** A phrase as one line: the form for many, where there are several. */
export const inShort = (phrase: Phrase | undefined): string =>
  (typeof phrase === 'string' ? phrase : (phrase?.other ?? '')).replace(/\s+/g, ' ').trim();

/** Texts line by line, for showing them and for telling two versions apart: “English, title” → what it says. */
export function textLines(t: StaffWords, texts: NoticeTexts): Map<string, string> {
  const lines = new Map<string, string>();
  for (const [language, fields] of Object.entries(texts))
    for (const [field, phrase] of Object.entries(fields ?? {})) {
      const name = `${wordFor(t, `notices.language.${language}`, language)}, ${fieldWords(t, field)}`;
      if (typeof phrase === 'string') lines.set(name, phrase);
      else for (const [form, text] of Object.entries(phrase)) if (text !== undefined) lines.set(`${name}, ${formWords(t, form)}`, text);
    }
  return lines;
}
