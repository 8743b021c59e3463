/**
 * The one grammar of links into the apps: what mails, push messages, advertisements and other people's messages point at.
 * A link is a path below `/go/` and nothing else, so it can't lead to another site; whoever opens it asks the server
 * (`GET /links/resolve`) what is there for them. Reading knows every string, and writing is its inverse.
 */
import * as z from 'zod/mini';
import { type Campaign, withoutCampaign } from './campaign.ts';
import { callId, chatId, userId } from './ids.ts';

/** Places that need no more than their name. */
export const linkPlaces = ['home', 'inbox', 'calls', 'missed', 'chats', 'wallet', 'earnings', 'hours', 'help', 'jobs'] as const;

/** What can be set, a page each. */
export const settingsParts = ['notifications', 'comfort', 'profile', 'devices', 'blocked', 'check', 'one-tap'] as const;
export type SettingsPart = (typeof settingsParts)[number];

const offer = z.string().check(z.regex(/^[a-z0-9](-?[a-z0-9]){0,39}$/, 'must be the short name of an offer'));

/** Where a link leads, apart from how it is written. */
export const linkTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), id: callId }),
  /** To ring somebody whose call was missed. */
  z.object({ kind: z.literal('call-back'), id: userId }),
  z.object({ kind: z.literal('chat'), id: chatId }),
  z.object({ kind: z.literal('profile'), id: userId }),
  z.object({ kind: z.literal('paywall'), offer }),
  z.object({ kind: z.literal('settings'), part: z.enum(settingsParts) }),
  z.object({ kind: z.enum(linkPlaces) }),
]);
export type LinkTarget = z.infer<typeof linkTarget>;

/** Every kind of target there is. */
export const linkKinds = [
  'call',
  'call-back',
  'chat',
  'profile',
  'paywall',
  'settings',
  ...linkPlaces,
] as const satisfies LinkTarget['kind'][];

/** Every link begins with it. */
export const LINK_BASE = '/go/';
/** Characters; a longer one is no link. */
export const MOST_LINK = 2_048;

const written = /^\/go\/([a-z-]+)(?:\/([A-Za-z0-9_-]+))?\/?(?:\?([^#]*))?(?:#.*)?$/s;

/** The link to a target: a path on the origin of the members' app; companions' app and panel know the same path. */
export function formatLink(target: LinkTarget): string {
  if ('id' in target) return `${LINK_BASE}${target.kind}/${target.id}`;
  if ('offer' in target) return `${LINK_BASE}${target.kind}/${target.offer}`;
  if ('part' in target) return `${LINK_BASE}${target.kind}/${target.part}`;
  return `${LINK_BASE}${target.kind}`;
}

/**
 * Reads a link: a path with or without a query and a fragment. `target` is null for whatever is none, a whole URL too;
 * the campaign is read in any case.
 */
export function parseLink(text: string): { target: LinkTarget | null; campaign: Campaign } {
  if (text.length > MOST_LINK) return { target: null, campaign: {} };
  const query = /\?([^#]*)/s.exec(text)?.[1] ?? '';
  const { campaign } = withoutCampaign(query);
  const [, kind, rest] = written.exec(text) ?? [];
  const read = z.safeParse(linkTarget, { kind, ...(rest === undefined ? {} : { id: rest, offer: rest, part: rest }) });
  // A place takes nothing behind its name; what it was given would be lost in silence.
  const surplus = rest !== undefined && linkPlaces.some((place) => place === kind);
  return { target: read.success && !surplus ? read.data : null, campaign };
}
