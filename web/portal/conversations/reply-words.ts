/** Replies that are ready, as they are asked for with `/` in what is being written. Pure. */
import type { CannedReply } from '../../../worker/protocol/http/desk.ts';

/** A `/word` that is being typed: where it begins, and what has been typed of the word. */
export interface Slash {
  readonly from: number;
  readonly typed: string;
}

/** The `/word` that ends at the caret; null where none does. A slash inside a word, as in “and/or”, is none. */
export function slashAt(text: string, caret: number): Slash | null {
  const found = /(?:^|\s)\/([\p{L}\p{N}-]*)$/u.exec(text.slice(0, caret));
  if (!found) return null;
  const typed = found[1] ?? '';
  return { from: caret - typed.length - 1, typed };
}

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();

/**
 * Replies whose word begins with what was typed, then those that have it anywhere. In a language that the member speaks
 * first, then those in none; one's own before the house's.
 */
export function repliesFor(replies: readonly CannedReply[], typed: string, languages: readonly string[]): readonly CannedReply[] {
  const sought = plain(typed);
  const rank = ({ word, language, own }: CannedReply): number =>
    (plain(word).startsWith(sought) ? 0 : 100) +
    (language === null ? 10 : languages.includes(language) ? languages.indexOf(language) : 50) +
    (own ? 0 : 1);
  return replies
    .filter(({ word, text }) => plain(word).includes(sought) || (sought.length > 2 && plain(text).includes(sought)))
    .toSorted((a, b) => rank(a) - rank(b) || (a.word < b.word ? -1 : 1));
}

/** As it is sent: `{name}` is the member's first name. */
export const filled = (text: string, displayName: string): string => text.replaceAll('{name}', displayName.split(/\s+/)[0] ?? displayName);

/** The text with the reply in the place of the `/word`, and where the caret stands then. */
export function withReply(text: string, caret: number, slash: Slash, reply: string): { text: string; caret: number } {
  const before = text.slice(0, slash.from) + reply;
  return { text: before + text.slice(caret), caret: before.length };
}
