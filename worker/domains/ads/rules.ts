/** Decisions about links and campaigns: for whom a place is, where to go instead, which touch counts. */
import { campaignOf, isEmptyCampaign } from '../../protocol/campaign.ts';
import type { ResolvedLink, Touch } from '../../protocol/http/links.ts';
import type { LinkTarget } from '../../protocol/links.ts';
import type { Role } from '../../protocol/people.ts';
import type { Permission } from '../../protocol/permissions.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A code for a link lives so long. */
export const DEFERRED_TTL_MS = DAY;
/** Links that one network may keep in an hour. */
export const MOST_DEFERRED_AN_HOUR = 60;

/** Letters that nobody takes for another when they type what they read: no I, L, O, U, 0, 1. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
export const CODE_LENGTH = 8;

/** A code made of random bytes; bytes beyond the last whole multiple of the alphabet are passed over. Null: too few were left. */
export function codeOf(bytes: Uint8Array): string | null {
  const fair = 256 - (256 % ALPHABET.length);
  const letters = [...bytes].filter((byte) => byte < fair).slice(0, CODE_LENGTH);
  return letters.length < CODE_LENGTH ? null : letters.map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** A code as it is kept, of one as somebody typed it. */
export const normalCode = (typed: string): string => typed.replace(/[\s-]+/g, '').toUpperCase();

/** Whose app opens a link. */
export const appOf = (role: Role): ResolvedLink['app'] => (role === 'member' ? 'app' : role === 'companion' ? 'portal' : 'panel');

/** What somebody must be allowed for a kind of place to be theirs at all; null: everybody's. */
const needed: Readonly<Partial<Record<LinkTarget['kind'], readonly Permission[]>>> = {
  call: ['call.take', 'call.read_any'],
  'call-back': ['call.place'],
  calls: ['call.take', 'call.read_any'],
  missed: ['call.take'],
  chat: ['chat.use'],
  chats: ['chat.use'],
  wallet: ['wallet.top_up'],
  paywall: ['wallet.top_up'],
  earnings: ['earnings.read'],
  hours: ['shift.work'],
  jobs: ['timetable.read'],
  settings: ['call.take'],
};

/** Whether such a place is for somebody with these permissions, apart from what is there. */
export const isFor = (target: LinkTarget, permissions: ReadonlySet<Permission>): boolean =>
  needed[target.kind]?.some((permission) => permissions.has(permission)) ?? true;

/** The list a thing stands in, where it is gone itself. */
const lists: Readonly<Partial<Record<LinkTarget['kind'], LinkTarget>>> = {
  call: { kind: 'calls' },
  missed: { kind: 'calls' },
  chat: { kind: 'chats' },
  paywall: { kind: 'wallet' },
};

/** Where to go instead; always a place that is theirs. */
export function fallbackOf(target: LinkTarget | null, permissions: ReadonlySet<Permission>): LinkTarget {
  const list = target ? lists[target.kind] : undefined;
  return list && isFor(list, permissions) ? list : { kind: 'home' };
}

/** A first touch tells what brought somebody to sign up: what they came by long after did not. */
const SIGN_UP_WINDOW_MS = DAY;
/** Of what was longer ago nobody can say that it brought them; what is ahead of our clock counts as now. */
const OLDEST_TOUCH_MS = 90 * DAY;

export interface CleanTouch extends Omit<Touch, 'at'> {
  /** ms since the epoch. */
  readonly at: number;
}

/** A touch as it may be kept; null where nothing is left of it. */
export function cleanTouch(told: Touch, now: number): CleanTouch | null {
  const campaign = campaignOf(Object.entries(told.campaign));
  const at = Math.min(Date.parse(told.at), now);
  return isEmptyCampaign(campaign) || at < now - OLDEST_TOUCH_MS ? null : { ...told, campaign, at };
}

/** Which of the two a touch can be: any may be the last one, the first only of who had not signed up long before. */
export function placesOf(touch: CleanTouch, user: { createdAt: number }): readonly ('first' | 'last')[] {
  return touch.at <= user.createdAt + SIGN_UP_WINDOW_MS ? ['first', 'last'] : ['last'];
}
