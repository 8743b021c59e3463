/**
 * What can be said: each kind of notification with the facts its words may name, and the channels that have words for it.
 * A new kind is an entry here, its words in `en.ts` and `de.ts`, and a sample in `samples.ts`.
 */
import type { NoticeChannel, NoticeFields } from '../../../protocol/http/templates.ts';
import type { MailGroup } from './mail-groups.ts';

/** A call somebody missed, as a line of a list. */
export interface MissedCall {
  /** Who rang. */
  readonly name: string;
  /** ms since the epoch. */
  readonly at: number;
  /** To ring them back: a path of the link grammar. */
  readonly link: string;
}

/** Type of a fact → what whoever tells hands in. */
interface Facts {
  /** What a person is called. */
  readonly name: string;
  readonly text: string;
  /** Text with paragraphs, which mails keep. */
  readonly prose: string;
  /** Digits to be copied by hand; in a paragraph of its own it is drawn large. */
  readonly code: string;
  readonly count: number;
  /** Said with its word: “one minute”, “10 minutes”. */
  readonly minutes: number;
  /** ms since the epoch; said in the reader's time zone: “yesterday at 3:10 PM”. */
  readonly moment: number;
  /** A list in a paragraph of its own, in mails only. */
  readonly calls: readonly MissedCall[];
}
export type FactType = keyof Facts;

interface Kind {
  readonly channels: readonly NoticeChannel[];
  readonly facts: Readonly<Record<string, FactType>>;
  /** The fact whose number decides between one and many, and is `{{count}}`: a `count`, or `calls` by how many they are. */
  readonly counts?: string;
  /** Facts without which the words would be no use: mail bodies and SMS must name them. */
  readonly needs?: readonly string[];
  /** What a reader of its mails may stop; only where there are mails. */
  readonly mail?: MailGroup;
}

export const kinds = {
  otp: { channels: ['mail', 'sms'], facts: { code: 'code', minutes: 'minutes' }, needs: ['code'], mail: 'sign_in' },
  'security.sign_in': { channels: ['in_app', 'push', 'mail'], facts: { device: 'text', at: 'moment' }, mail: 'safety' },
  'call.missed': { channels: ['in_app', 'push'], facts: { name: 'name', at: 'moment' } },
  'call.missed_digest': { channels: ['mail'], facts: { calls: 'calls' }, counts: 'calls', needs: ['calls'], mail: 'calls' },
  'chat.message': { channels: ['push'], facts: { name: 'name', count: 'count' }, counts: 'count' },
  announcement: { channels: ['in_app', 'push', 'mail'], facts: { title: 'text', text: 'prose' }, needs: ['text'], mail: 'news' },
  'case.decided': { channels: ['in_app', 'push', 'mail'], facts: { at: 'moment' }, mail: 'safety' },
  'purchase.receipt': {
    channels: ['in_app', 'mail'],
    facts: { what: 'text', price: 'text', number: 'text', at: 'moment' },
    needs: ['what', 'price'],
    mail: 'purchases',
  },
  'purchase.refunded': {
    channels: ['in_app', 'mail'],
    facts: { what: 'text', price: 'text', number: 'text', at: 'moment' },
    needs: ['what', 'price'],
    mail: 'purchases',
  },
  'top_up.stopped': { channels: ['in_app', 'push', 'mail'], facts: { at: 'moment' }, mail: 'purchases' },
  'job.failed': { channels: ['in_app', 'push', 'mail'], facts: { job: 'text', at: 'moment' }, mail: 'work' },
  'job.healed': { channels: ['in_app'], facts: { job: 'text', at: 'moment' } },
} as const satisfies Readonly<Record<string, Kind>>;

export type NoticeKind = keyof typeof kinds;
export const noticeKinds = Object.keys(kinds) as readonly NoticeKind[];
export const isNoticeKind = (name: string): name is NoticeKind => Object.hasOwn(kinds, name);

/** A kind without the exact types of its entry. */
export const kindOf = (kind: NoticeKind): Kind => kinds[kind];

/** The fact that a kind counts, as the number it is; undefined where it counts nothing. */
export function countOf(kind: NoticeKind, facts: Readonly<Record<string, unknown>>): number | undefined {
  const counted = facts[kindOf(kind).counts ?? ''];
  return Array.isArray(counted) ? counted.length : typeof counted === 'number' ? counted : undefined;
}

/** What may stand between double braces in the words of a kind. */
export const placeholdersOf = (kind: NoticeKind): ReadonlyMap<string, FactType> => {
  const { facts, counts } = kindOf(kind);
  return new Map([...Object.entries(facts), ...(counts === undefined ? [] : [['count', 'count'] as const])]);
};

/** What must be handed in to say something of a kind. */
export type FactsOf<K extends NoticeKind> = {
  readonly [F in keyof (typeof kinds)[K]['facts']]: (typeof kinds)[K]['facts'][F] extends FactType
    ? Facts[(typeof kinds)[K]['facts'][F]]
    : never;
};

/** Whether a fact is of the type its kind asks for: facts travel through a queue, and words must not say “undefined”. */
export function isFact(type: FactType, value: unknown): boolean {
  if (type === 'count' || type === 'minutes' || type === 'moment') return typeof value === 'number' && Number.isFinite(value);
  if (type !== 'calls') return typeof value === 'string' && value !== '';
  const isCall = (one: Partial<MissedCall>): boolean => isFact('name', one.name) && isFact('moment', one.at) && isFact('text', one.link);
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'object' && one !== null && isCall(one));
}

/** The words of one language that are there from the start: of each kind, on each of its channels. */
export type BuiltIn = {
  readonly [K in NoticeKind]: { readonly [C in (typeof kinds)[K]['channels'][number]]: NoticeFields };
};
