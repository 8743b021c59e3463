/** Who may have a conversation with whom, and what of its newest message stands in a list. */
import type { Message } from '../../protocol/chat/message.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { Role } from '../../protocol/people.ts';

export interface Somebody {
  readonly id: UserId;
  readonly role: Role;
}

export interface Pair {
  readonly memberId: UserId;
  readonly companionId: UserId;
}

/** The two as member and companion; null where they are not one of each. */
export function pairOf(a: Somebody, b: Somebody): Pair | null {
  if (a.role === 'member' && b.role === 'companion') return { memberId: a.id, companionId: b.id };
  if (a.role === 'companion' && b.role === 'member') return { memberId: b.id, companionId: a.id };
  return null;
}

/** What is known of two people when one of them wants to write. */
export interface Acquaintance {
  /** Their conversation is there already. */
  readonly open: boolean;
  readonly blocked: boolean;
  /** The companion takes calls and messages. */
  readonly approved: boolean;
  /** They have talked, one of them has rung the other, or the member keeps the companion as a favourite. */
  readonly known: boolean;
}

/** What wanting to write to somebody comes to. A conversation that is there is found again, also behind a block: to be read. */
export function openingOf(by: 'member' | 'companion', { open, blocked, approved, known }: Acquaintance) {
  if (open) return 'there';
  if (blocked) return 'blocked';
  if (!approved) return 'not_found';
  return by === 'companion' && !known ? 'forbidden' : 'open';
}

/** So much of a message stands in a list, in characters. */
export const SHORT_TEXT = 140;

/** The words of a message for a list; empty where it has none, and once it was deleted. */
export function shortText(message: Message): string {
  const said = message.kind === 'text' ? message.body?.text : message.kind === 'file' ? message.body?.name : undefined;
  const line = (said ?? '').replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= SHORT_TEXT ? line : `${characters.slice(0, SHORT_TEXT - 1).join('')}…`;
}

/** A name for comparing: without case and accents. */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();

/** Whether every word of `q` begins a word of the name. */
export function nameFits(name: string, q: string): boolean {
  const words = plain(name).split(/[^\p{L}\p{N}]+/u);
  const sought = plain(q)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  return sought.length > 0 && sought.every((part) => words.some((word) => word.startsWith(part)));
}
