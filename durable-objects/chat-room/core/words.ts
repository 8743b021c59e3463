/** What of a message can be found, and how a question becomes a search. */
import type { Message } from '../../../worker/protocol/chat/message.ts';

/** The words of a message; empty where there are none to find. */
export const wordsOf = (message: Pick<Message, 'kind' | 'body'>): string => folded(saidIn(message));

/** What the index does not fold by itself: it takes accents and case off, but ß stands for two letters. */
const folded = (text: string): string => text.replaceAll(/[ßẞ]/g, 'ss');

function saidIn(message: Pick<Message, 'kind' | 'body'>): string {
  const body = message.body as Partial<Record<'text' | 'caption' | 'alt' | 'name', string>> | null;
  if (!body) return '';
  switch (message.kind) {
    case 'text':
      return body.text ?? '';
    case 'image':
    case 'voice':
    case 'video':
    case 'file':
    case 'gift':
      return [body.name, body.caption, body.alt].filter(Boolean).join('\n');
    default:
      return '';
  }
}

/** A question as FTS5 understands it: every word begins so. Null where there is no word in it. */
export function matchOf(question: string): string | null {
  const words = folded(question).match(/[\p{L}\p{N}\p{M}]+/gu);
  return words ? words.map((word) => `"${word}"*`).join(' ') : null;
}
