/** What may be kept of a member, and who may see it. */
import type { NoteKind, NoteRefusal } from '../../protocol/http/notes.ts';

/** One companion keeps so many notes about one member. */
export const MOST_NOTES = 200;

// ── what is never kept ──────────────────────────────────────────────────────────────────────────────────────────────

/** Why these words can't be kept; null: they can. */
export function refusalOf(text: string): NoteRefusal | null {
  const plain = withAsciiDigits(text.normalize('NFKC'));
  if (hasCardNumber(plain)) return 'card_number';
  if (EMAIL.test(plain)) return 'email';
  return hasAddress(plain) ? 'address' : null;
}

/** Digits of other scripts as 0 to 9: they stand in tens, in order. */
const withAsciiDigits = (text: string): string =>
  text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let value = 0;
    while (value < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(code - value - 1))) value += 1;
    return String(value);
  });

/** Groups of digits with little between them: how people write long numbers. */
const NUMBERS = /\d(?:[ \u00a0.\-/_]{0,2}\d){12,}/g;
const ISSUED = /^(?:4|5[0-8]|2[2-7]|3[0-9]|6)\d{12,18}$/;

function hasCardNumber(text: string): boolean {
  return [...text.matchAll(NUMBERS)].some(([written]) => {
    const groups = written.split(/\D+/);
    // An expiry date or a check number may stand before or behind it.
    for (let from = 0; from < groups.length; from += 1)
      for (let to = groups.length; to > from; to -= 1) {
        const digits = groups.slice(from, to).join('');
        if (ISSUED.test(digits) && isLuhn(digits)) return true;
      }
    return false;
  });
}

/** The check digit that cards have: every second digit from the right doubled, the sum a multiple of ten. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = Number(digits.at(-1 - place));
    const counted = place % 2 === 1 ? digit * 2 : digit;
    sum += counted > 9 ? counted - 9 : counted;
  }
  return sum % 10 === 0;
}

const EMAIL = /[^\s@<>]+@[^\s@<>]+\.\p{L}{2,}/u;

/** What follows a number where no house is meant. */
const MEASURE =
  '(?:k?m|km/h|cm|min(?:ute)?[ns]?|st(?:d|unden?)|hours?|days?|tage?n?|weeks?|wochen?|months?|monate?n?|years?|jahre?n?|times|mal|uhr|miles?|meilen?|percent|prozent|%|o’clock|am|pm)';
const NO_STREET =
  '(?:a|an|the|on|in|at|of|off|to|by|from|her|his|their|my|our|down|along|across|up|and|or|for|people|friends|houses|steps|more|dogs|cats|children|kids|k?m|min(?:ute)?s?|hours?|days?|weeks?|months?|years?|times|miles?|ago)';

const ADDRESSES = [
  // 12 Baker Street, 7b Old Mill Road
  new RegExp(
    `\\b\\d{1,5}[a-z]?,?\\s+(?:(?!${NO_STREET}\\b)[\\p{L}’'.-]+\\s+){1,3}(?:street|st|road|rd|avenue|ave|lane|ln|drive|close|court|boulevard|blvd|terrace|crescent|gardens|grove)\\b`,
    'iu',
  ),
  // Lindenstraße 12, Alter Markt-Platz 3 a, Hauptstr. 5
  new RegExp(
    `\\p{L}[\\p{L}-]*\\s?(?:straße|strasse|str\\.|gasse|allee|weg|platz|ufer|damm)\\s+\\d{1,4}\\s?[a-h]?\\b(?!\\s*${MEASURE}\\b|[.:,]\\d)`,
    'iu',
  ),
  // 12 rue de la Paix, Rue de la Paix 12, Calle Mayor 4, Via Roma 7
  /\b(?:\d{1,4},?\s+(?:rue|calle)\s+\p{L}+|(?:[Rr]ue|[Cc]alle|Via|Piazza|Plaza)\s+(?:\p{L}+\s+){0,3}\p{Lu}\p{L}+\s+\d{1,4})\b/u,
  // in 10117 Berlin, D-10117 Berlin: a postal code and what begins with a capital; no round number of something
  /(?:\b(?:in|aus|nach|from)\s+|[,;]\s*|^|\bD-)(?!\d{2}000)\d{5}\s+\p{Lu}\p{Ll}{2,}/u,
  // Austin, TX 78701
  /\b[A-Z]{2}\s+\d{5}(?:-\d{4})?\b/,
  // NW1 6XE
  /\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[ABD-HJLNP-UW-Z]{2}\b/,
] as const;

const hasAddress = (text: string): boolean => ADDRESSES.some((pattern) => pattern.test(text));

// ── who sees what ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Who looks, and what they are to the member. */
export interface NoteReader {
  readonly userId: string;
  /** True for who looks after the house. */
  readonly supervises: boolean;
  /** True while they answer a conversation of this member. */
  readonly answers: boolean;
}

export const seesNote = (reader: NoteReader, note: { readonly authorId: string; readonly kind: NoteKind }): boolean =>
  reader.supervises || note.authorId === reader.userId || (reader.answers && note.kind !== 'sensitive');

export const seesHandover = (reader: NoteReader, { authorId }: { readonly authorId: string }): boolean =>
  reader.supervises || authorId === reader.userId || reader.answers;

/** What it said before is for who wrote it and who looks after the house. */
export const seesHistory = (reader: Pick<NoteReader, 'userId' | 'supervises'>, note: { readonly authorId: string }): boolean =>
  reader.supervises || note.authorId === reader.userId;

/** What one comes back to first: open follow-ups by their day, then the newest. */
export function inOrder(
  a: { readonly followUpOn: string | null; readonly doneAt: number | null; readonly id: string },
  b: typeof a,
): number {
  const day = (note: typeof a): string => (note.doneAt === null && note.followUpOn !== null ? note.followUpOn : 'later');
  const [first, second] = [day(a), day(b)];
  if (first !== second) return first < second ? -1 : 1;
  return a.id < b.id ? 1 : -1;
}

/** What a note would say after a change, or the field that can't be so. */
export function changedNote<N extends { kind: NoteKind; text: string; followUpOn: string | null; doneAt: number | null }>(
  before: N,
  change: { kind?: NoteKind | undefined; text?: string | undefined; followUpOn?: string | undefined; done?: boolean | undefined },
  now: number,
): { ok: true; note: N } | { ok: false; field: string; message: string } {
  const kind = change.kind ?? before.kind;
  const isFollowUp = kind === 'follow_up';
  const followUpOn = isFollowUp ? (change.followUpOn ?? before.followUpOn) : null;
  if (isFollowUp && followUpOn === null) return { ok: false, field: 'followUpOn', message: 'must say the day to come back to it' };
  if (!isFollowUp && change.followUpOn !== undefined) return { ok: false, field: 'followUpOn', message: 'goes with a follow-up only' };
  if (!isFollowUp && change.done) return { ok: false, field: 'done', message: 'goes with a follow-up only' };
  const doneAt = !isFollowUp || change.done === false ? null : change.done ? (before.doneAt ?? now) : before.doneAt;
  return { ok: true, note: { ...before, kind, text: change.text ?? before.text, followUpOn, doneAt } };
}
