/** The gallery: companions one could talk to, as this viewer may see them. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { Problem } from '../../platform/errors.ts';
import { causeOf } from '../../platform/log.ts';
import type { Principal } from '../../platform/principal.ts';
import { galleryFeed, userHub } from '../../platform/stubs.ts';
import { callMedia, type Quote } from '../../protocol/call/call.ts';
import type { QueryOf } from '../../protocol/http/endpoint.ts';
import type { GalleryItem, Opening, readGallery } from '../../protocol/http/gallery.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { PresenceState, PublicProfile } from '../../protocol/people.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { blockedBetween, hiddenFrom } from '../blocklist/service.ts';
import { type Companion, companionById, listCompanions } from '../companions/service.ts';
import { cardsOf, publicProfiles } from '../profile/service.ts';
import { onShift, spansAhead } from '../shifts/service.ts';
import { userById } from '../user/service.ts';
import { priceFor } from './price.ts';
import { availableFor, type Candidate, DEFAULT_MEDIA, pageOf, readingOrder } from './rules.ts';

const DEFAULT_PAGE = 24;
const position = z.tuple([z.int(), z.int(), z.string(), z.string()]);

/** A page of people: companions, the longest online first; to companions the members who are online, the other way round. */
export async function galleryPage(
  ctx: Context,
  viewer: Principal,
  query: QueryOf<typeof readGallery>,
): Promise<{ items: GalleryItem[]; nextCursor: string | null }> {
  const { limit = DEFAULT_PAGE, cursor, available, ...filter } = query;
  const after = fromCursor(cursor, position);
  const toCompanion = viewer.role === 'companion';
  const candidates = toCompanion
    ? await membersOnline(ctx, viewer.userId)
    : await inView(ctx, viewer.userId, await listCompanions(ctx, { media: filter.media }));
  const wanted = { ...filter, available: available === undefined ? undefined : available === 'true' };
  const { items, next } = pageOf(candidates, wanted, { after, limit, order: readingOrder[viewer.role] });
  if (toCompanion) return { items: await asSeenNow(ctx, items), nextCursor: next && toCursor(next) };
  const price = items.length === 0 ? null : await priceFor(ctx, viewer, filter.media ?? DEFAULT_MEDIA, null);
  return { items: items.map((one) => toItem(one, filter.media, price)), nextCursor: next && toCursor(next) };
}

/**
 * One person: a companion to anybody, a member to those whom they might call or who look after the house.
 * @throws Problem `not_found` for oneself, for anybody hidden by a block, and for who is not shown to this viewer
 */
export async function personFor(ctx: Context, viewer: Principal, id: UserId): Promise<GalleryItem> {
  const hidden = id === viewer.userId || (await blockedBetween(ctx, viewer.userId, id));
  const companion = hidden ? null : await companionById(ctx, id);
  if (companion) {
    const [one] = await candidatesOf(ctx, [companion]);
    if (one) return toItem(one, undefined, await priceFor(ctx, viewer, DEFAULT_MEDIA, id));
  }
  const item = hidden || viewer.role === 'member' ? null : await memberItem(ctx, id);
  if (!item) throw new Problem('not_found', 'There is nobody with this id.');
  return item;
}

/** So many days ahead, and so many openings at most. */
const DAYS_AHEAD = 7;
const MOST_OPENINGS = 50;

/** When who usually is there: what to say where nobody is. Companions hidden by a block are left out. */
export async function openings(ctx: Context, viewer: Principal): Promise<{ available: number; next: Opening | null; openings: Opening[] }> {
  const candidates = await inView(ctx, viewer.userId, await listCompanions(ctx));
  const spans = await spansAhead(
    ctx,
    candidates.map(({ person }) => person.id),
    DAYS_AHEAD,
  );
  const cards = await cardsOf(ctx, [...spans.keys()]);
  const all = [...spans]
    .flatMap(([id, list]) => list.map((span) => ({ ...span, person: cards.get(id) ?? { id, displayName: '', portrait: null } })))
    .toSorted((a, b) => a.at - b.at || (a.person.id < b.person.id ? -1 : 1))
    .slice(0, MOST_OPENINGS)
    .map(({ at, until, person }) => ({ at: toTimestamp(at), until: toTimestamp(until), person }));
  return { available: candidates.filter((one) => availableFor(one, undefined)).length, next: all[0] ?? null, openings: all };
}

/** Members who are looking at the gallery, and whom no block hides. Where the feed can't be read: nobody. */
async function membersOnline(ctx: Context, viewer: UserId): Promise<Candidate[]> {
  const [here, hidden] = await Promise.all([watchers(ctx), hiddenFrom(ctx, viewer)]);
  const seen = here.filter(({ userId }) => !hidden.has(userId));
  const profiles = await publicProfiles(
    ctx,
    seen.map(({ userId }) => ({ id: userId, role: 'member' as const })),
  );
  return seen.flatMap(({ userId, since }) => {
    const person = profiles.get(userId);
    return person ? [memberCandidate(person, since)] : [];
  });
}

/** A member needs no shift, and takes a call by either medium. */
const memberCandidate = (person: PublicProfile, since: number): Candidate => ({
  person,
  media: callMedia.options,
  tier: '',
  presence: 'online',
  since,
  onShift: true,
});

async function watchers(ctx: Context): Promise<readonly { userId: UserId; since: number }[]> {
  try {
    return await galleryFeed(ctx.env).watching(ctx.now);
  } catch (thrown) {
    ctx.log.warn('the gallery feed could not be read', { cause: causeOf(thrown) });
    return [];
  }
}

/** Members of one page as their hubs have them now: the feed knows that they look, not whether they are in a call. */
const asSeenNow = (ctx: Context, members: readonly Candidate[]): Promise<GalleryItem[]> =>
  Promise.all(
    members.map(async (one) => {
      const { presence } = await userHub(ctx.env, one.person.id).presence(ctx.now);
      return toItem({ ...one, presence, onShift: presence === 'online' || presence === 'away' }, undefined, null);
    }),
  );

/** The candidates among `companions` that this viewer may see. */
async function inView(ctx: Context, viewer: UserId, companions: readonly Companion[]): Promise<Candidate[]> {
  const hidden = await hiddenFrom(ctx, viewer);
  return candidatesOf(
    ctx,
    companions.filter(({ userId }) => userId !== viewer && !hidden.has(userId)),
  );
}

/** Who is at work is told by their shift alone; the feed tells how they appear, and knows nothing of who never came. */
async function candidatesOf(ctx: Context, companions: readonly Companion[]): Promise<Candidate[]> {
  const ids = companions.map(({ userId }) => userId);
  const [profiles, working, seen] = await Promise.all([
    publicProfiles(
      ctx,
      ids.map((id) => ({ id, role: 'companion' as const })),
    ),
    onShift(ctx, ids),
    presences(ctx),
  ]);
  return companions.flatMap(({ userId, media, tier }) => {
    const person = profiles.get(userId);
    const { presence, since } = seen.get(userId) ?? { presence: 'offline' as const, since: 0 };
    return person ? [{ person, media, tier, presence, since, onShift: working.has(userId) }] : [];
  });
}

/** How companions appear, as the feed last heard. Without the feed everybody counts as offline: less, never wrong. */
async function presences(ctx: Context): Promise<Map<UserId, { presence: PresenceState; since: number }>> {
  try {
    const people = await galleryFeed(ctx.env).list();
    return new Map(people.map(({ userId, presence, since }) => [userId, { presence, since }]));
  } catch (thrown) {
    ctx.log.warn('the gallery feed could not be read', { cause: causeOf(thrown) });
    return new Map();
  }
}

async function memberItem(ctx: Context, id: UserId): Promise<GalleryItem | null> {
  const user = await userById(ctx, id);
  if (user?.role !== 'member') return null;
  const person = (await publicProfiles(ctx, [user])).get(id);
  if (!person) return null;
  const [item] = await asSeenNow(ctx, [memberCandidate(person, 0)]);
  return item ?? null;
}

function toItem(one: Candidate, media: Candidate['media'][number] | undefined, price: Quote | null): GalleryItem {
  const { person, presence, tier } = one;
  const sold = one.media.includes(media ?? DEFAULT_MEDIA);
  return { person, presence, available: availableFor(one, media), media: [...one.media], tier, price: sold ? price : null };
}
