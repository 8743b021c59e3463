/** Who is shown in the gallery, in which order, and where a page goes on. */
import type { CallMedia } from '../../protocol/call/call.ts';
import type { PresenceState, PublicProfile, Role } from '../../protocol/people.ts';

/** A companion as the gallery weighs them. */
export interface Candidate {
  readonly person: PublicProfile;
  readonly media: readonly CallMedia[];
  readonly tier: string;
  readonly presence: PresenceState;
  /** When they came online, ms since the epoch; without meaning while offline. */
  readonly since: number;
  readonly onShift: boolean;
}

/** What is asked for; what is left out lets everybody through. */
export interface GalleryFilter {
  readonly language?: string | undefined;
  readonly skill?: string | undefined;
  readonly available?: boolean | undefined;
  readonly media?: CallMedia | undefined;
  readonly gender?: string | undefined;
  readonly ageBand?: string | undefined;
  readonly tier?: string | undefined;
}

/**
 * Whether a call could be placed now: at work, in no call, and the medium theirs. An open page is not needed: a call
 * rings out where no device answers.
 */
export const isAvailable = (one: Pick<Candidate, 'onShift' | 'presence' | 'media'>, media: CallMedia): boolean =>
  one.onShift && one.presence !== 'in_call' && one.media.includes(media);

/** The medium a price is told for where none is asked. */
export const DEFAULT_MEDIA: CallMedia = 'audio';

/** Available by the asked medium; where none is asked, by any of theirs. */
export const availableFor = (one: Candidate, media: CallMedia | undefined): boolean =>
  media === undefined ? one.media.some((theirs) => isAvailable(one, theirs)) : isAvailable(one, media);

const same = (a: string | null, b: string): boolean => a !== null && a.toLowerCase() === b.toLowerCase();

/** `en` finds `en-GB` too; `en-GB` finds only itself. */
const speaks = (spoken: string, asked: string): boolean =>
  same(spoken, asked) || spoken.toLowerCase().startsWith(`${asked.toLowerCase()}-`);

/** Whether somebody passes all that is asked; the filters narrow together. */
export function passes(one: Candidate, { language, skill, available, media, gender, ageBand, tier }: GalleryFilter): boolean {
  const { person } = one;
  return (
    (language === undefined || person.languages.some((spoken) => speaks(spoken, language))) &&
    (skill === undefined || person.skills.some((theirs) => same(theirs, skill))) &&
    (media === undefined || one.media.includes(media)) &&
    (gender === undefined || same(person.gender, gender)) &&
    (ageBand === undefined || person.ageBand === ageBand) &&
    (tier === undefined || same(one.tier, tier)) &&
    (available === undefined || availableFor(one, media) === available)
  );
}

/** Where somebody stands: available first, then the longest online, then by name; the id makes the order total. */
export type Position = readonly [unavailable: number, since: number, name: string, id: string];

/** Enough of a name to order by, and short enough for a cursor. */
const NAME_LENGTH = 16;

export const positionOf = (one: Candidate, media: CallMedia | undefined): Position => [
  availableFor(one, media) ? 0 : 1,
  one.presence === 'offline' ? Number.MAX_SAFE_INTEGER : one.since,
  one.person.displayName.toLowerCase().slice(0, NAME_LENGTH),
  one.person.id,
];

/** Negative where `a` stands before `b`. */
export function byPosition(a: Position, b: Position): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? left;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

export interface GalleryPage {
  readonly items: readonly Candidate[];
  /** Where the next page goes on: behind the last one shown; null at the end. */
  readonly next: Position | null;
}

/**
 * Which way round each sees the others: those who pay see the longest online first, those who are paid the opposite way,
 * whoever came last first. The same positions, read from one end or the other.
 */
export const readingOrder = { member: 1, companion: -1, supervisor: 1, admin: 1, superadmin: 1 } as const satisfies Record<Role, 1 | -1>;

/**
 * One page. A page begins behind a position, not behind a number of people: whoever stays where they are between two
 * pages is shown exactly once, whoever else comes and goes.
 */
export function pageOf(
  people: readonly Candidate[],
  filter: GalleryFilter,
  { after, limit, order = 1 }: { after: Position | null; limit: number; order?: 1 | -1 },
): GalleryPage {
  const compare = (a: Position, b: Position): number => order * byPosition(a, b);
  const rest = people
    .filter((one) => passes(one, filter))
    .map((one) => ({ one, position: positionOf(one, filter.media) }))
    .filter(({ position }) => after === null || compare(after, position) < 0)
    .toSorted((a, b) => compare(a.position, b.position));
  const shown = rest.slice(0, limit);
  return { items: shown.map(({ one }) => one), next: rest.length > limit ? (shown.at(-1)?.position ?? null) : null };
}
