/**
 * How somebody came to this page, kept on the device until it is of use: the link they opened, through signing in, signing
 * up and the first visit, for a day; and the campaigns behind it, until the server has been told (`campaigns.ts`).
 *
 * One shelf for app and portal, which share an origin: whoever opens a link at the wrong one of them finds it at the right
 * one.
 */
import { type Campaign, isEmptyCampaign, withoutCampaign } from '../../worker/protocol/campaign.ts';
import { LINK_BASE } from '../../worker/protocol/links.ts';
import { LINK, type Shelf, TOUCHES } from './shelf.ts';

/** A link that nobody followed for a day is no longer what they want. */
const KEPT_MS = 24 * 3_600_000;

export interface Visit {
  /** The address without the origin and the app's own part before it. */
  readonly path: string;
  readonly search: string;
  /** The page before, as the browser tells it; empty where it tells none. */
  readonly referrer: string;
  readonly origin: string;
}

/** A visit with a campaign, as it lies on the shelf. */
export interface KeptTouch {
  readonly campaign: Campaign;
  /** RFC 3339. */
  readonly at: string;
  readonly path: string;
  readonly referrer: string | null;
}

/**
 * Keeps what a visit brought: its link, and its campaign as the last touch, and as the first where there is none yet.
 * @returns the query without what told of a campaign, without `?`; null where nothing is to be taken out of the address
 */
export function noteVisit(shelf: Shelf, visit: Visit, now: number): string | null {
  // Also what is no link of the grammar: that it leads nowhere is said to whoever opened it, once they are in.
  if (visit.path.startsWith(LINK_BASE)) keepLink(shelf, visit.path, now);
  const { campaign, rest } = withoutCampaign(visit.search);
  if (isEmptyCampaign(campaign)) return null;
  const touch = { campaign, at: new Date(now).toISOString(), path: visit.path.slice(0, 300), referrer: hostOf(visit) };
  const [first] = keptTouches(shelf);
  shelf.setItem(TOUCHES, JSON.stringify(first ? [first, touch] : [touch]));
  return rest;
}

/** The host and no more of the page before; null where it was one of ours, or has none. */
function hostOf({ referrer, origin }: Visit): string | null {
  if (!URL.canParse(referrer)) return null;
  const url = new URL(referrer);
  return url.origin === origin || url.hostname === '' ? null : url.hostname;
}

export function keepLink(shelf: Shelf, link: string, now: number): void {
  shelf.setItem(LINK, JSON.stringify({ link: link.slice(0, 300), at: now }));
}

/** The link that waits to be opened; null where there is none, or its day is over. */
export function keptLink(shelf: Shelf, now: number): string | null {
  const { link, at } = (read(shelf, LINK) ?? {}) as { link?: unknown; at?: unknown };
  if (typeof link === 'string' && link.startsWith(LINK_BASE) && typeof at === 'number' && at <= now && now - at < KEPT_MS) return link;
  forgetLink(shelf);
  return null;
}

/** It has been opened, or is not wanted any more. */
export const forgetLink = (shelf: Shelf): void => shelf.removeItem(LINK);

/** The first visit with a campaign and the last one, or the only one. */
export function keptTouches(shelf: Shelf): readonly KeptTouch[] {
  const kept = read(shelf, TOUCHES);
  return Array.isArray(kept) ? (kept as KeptTouch[]).slice(0, 2) : [];
}

/** These were told; what has come since stays. */
export function forgetTouches(shelf: Shelf, told: readonly KeptTouch[]): void {
  if (JSON.stringify(keptTouches(shelf)) === JSON.stringify(told)) shelf.removeItem(TOUCHES);
}

function read(shelf: Shelf, key: string): unknown {
  try {
    return JSON.parse(shelf.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}
