/** Messages, days and sizes in words. */
import type { TFunction } from 'i18next';
import type { Message } from '../../../worker/protocol/chat/message.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import type { Draft } from '../../client/chat/letters.ts';
import { marksOf, type Span } from '../../client/chat/span.ts';
import { timeWords, whenWords } from '../format.ts';
import { locale } from '../i18n.ts';
import en from './locales/en.json';

type Kind = keyof typeof en.chats.kind;
const isKind = (kind: string): kind is Kind => kind in en.chats.kind;

/** A message in a line: its words, or what it is. */
export function shortWords(t: TFunction, kind: string, text: string): string {
  return text !== '' ? text : t(`chats.kind.${isKind(kind) ? kind : 'deleted'}`);
}

/** What a message's body says of itself in words; empty where it says nothing. */
function textOf({ body }: Message): string {
  if (!body) return '';
  if ('text' in body) return body.text;
  if ('name' in body) return body.name;
  return ('caption' in body && body.caption) || ('alt' in body && body.alt) || '';
}

/** A message in a line: its words; before them what it is, where it is no text. */
export function messageWords(t: TFunction, message: Message): string {
  if (message.body === null) return t('chats.kind.deleted');
  // What nobody has looked at yet is not described either.
  const text = message.media && message.media.state !== 'passed' ? '' : textOf(message);
  if (message.kind === 'text' || text === '') return shortWords(t, message.kind, text);
  return `${shortWords(t, message.kind, '')}: ${text}`;
}

export const draftWords = (t: TFunction, draft: Draft): string =>
  draft.kind === 'text' ? draft.text : shortWords(t, draft.kind, 'caption' in draft ? draft.caption : 'name' in draft ? draft.name : '');

/** "Today", "Yesterday", "Tuesday, 3 June". */
export function dayWords(t: TFunction, at: number, now: number): string {
  const day = (ms: number): string => new Date(ms).toDateString();
  if (day(at) === day(now)) return t('chat.today');
  if (day(at) === day(now - 86_400_000)) return t('chat.yesterday');
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(locale(), {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(sameYear ? {} : { year: 'numeric' }),
  }).format(at);
}

/** When, for a list: "Today 3:05 PM", "Yesterday 3:05 PM", then as everywhere. */
export function listWhen(t: TFunction, at: string, now: number): string {
  const near = [now, now - 86_400_000].some((day) => new Date(day).toDateString() === dayOf(at));
  return near ? `${dayWords(t, Date.parse(at), now)} ${timeWords(at)}` : whenWords(at, now);
}

export const dayOf = (at: string): string => new Date(at).toDateString();

/** Who a message is from, in words. */
export function senderWords(t: TFunction, sender: Message['sender'], me: UserId, peer: { id: UserId; displayName: string }): string {
  if (sender === null) return t('chat.house');
  if (sender === me) return t('chat.you');
  return sender === peer.id ? peer.displayName : t('chat.colleague', { name: peer.displayName });
}

/** How far one's own message has come, by the marks of all others. */
export function reachWords(t: TFunction, { seq }: Message, span: Span, me: UserId): string {
  const others = [...span.marks.keys()].filter((userId) => userId !== me).map((userId) => marksOf(span, userId));
  if (others.some(({ read }) => read >= seq)) return t('chat.state.read');
  return t(others.some(({ delivered }) => delivered >= seq) ? 'chat.state.delivered' : 'chat.state.sent');
}

type Refused = keyof typeof en.chat.refused;
/** Why a letter or a change was refused. */
export const refusedWords = (t: TFunction, code: string): string =>
  t(`chat.refused.${code in en.chat.refused ? (code as Refused) : 'other'}`);

export function sizeWords(t: TFunction, bytes: number): string {
  const mega = bytes / 1_048_576;
  return mega >= 1
    ? t('chat.megabytes', { count: Math.round(mega) })
    : t('chat.kilobytes', { count: Math.max(1, Math.round(bytes / 1024)) });
}
