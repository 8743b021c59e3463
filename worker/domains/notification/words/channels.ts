/** Channels and the fields of their words: which must be there, and how long they may get before a phone cuts them off. */
import type { NoticeChannel } from '../../../protocol/http/templates.ts';

export interface Field {
  /** Characters at most, as a reader counts them. */
  readonly most: number;
  /** May be left out. */
  readonly optional?: true;
  /** May have paragraphs, a blank line between them. */
  readonly lines?: true;
}

/** Push: what a locked iPhone shows of a title and of four lines. SMS: one part of it. */
export const channelFields = {
  in_app: { title: { most: 80 }, body: { most: 300 } },
  push: { title: { most: 65 }, body: { most: 178 } },
  mail: { subject: { most: 120 }, body: { most: 4_000, lines: true }, action: { most: 40, optional: true } },
  sms: { text: { most: 160 } },
} as const satisfies Readonly<Record<NoticeChannel, Readonly<Record<string, Field>>>>;

export const fieldsOf = (channel: NoticeChannel): ReadonlyMap<string, Field> => new Map(Object.entries(channelFields[channel]));

const characters = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** How long a reader finds it. */
export const lengthOf = (text: string): number => [...characters.segment(text)].length;

/** The beginning of a text that got too long by what it was told, with a sign that it goes on. */
export function cut(text: string, most: number): string {
  const all = [...characters.segment(text)];
  if (all.length <= most) return text;
  const kept = all.slice(0, most - 1).map(({ segment }) => segment);
  return `${kept.join('').trimEnd()}…`;
}

/** What a single SMS can be written with (GSM 03.38); anything else halves its room. */
export const isGsm = (text: string): boolean => /^[\n !-Z_a-z¡§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΔΦΓΛΩΠΨΣΘΞ£¥¤]*$/.test(text) && !text.includes('`');
