/** Whom somebody would rather talk to: it orders who is shown, and hides nobody. */
import type { Wishes } from '../../worker/protocol/http/comfort.ts';
import type { GalleryItem } from '../../worker/protocol/http/gallery.ts';

export const hasWishes = ({ media, gender, ageBand }: Wishes): boolean => media !== null || gender !== null || ageBand !== null;

/** How many of the wishes this person fulfils. */
function fulfilled({ person, media }: GalleryItem, wishes: Wishes): number {
  return [
    wishes.media !== null && media.includes(wishes.media),
    wishes.gender !== null && person.gender === wishes.gender,
    wishes.ageBand !== null && person.ageBand === wishes.ageBand,
  ].filter(Boolean).length;
}

/** Those who fulfil most come first; among equals the order stays. */
export const wishedFirst = (items: readonly GalleryItem[], wishes: Wishes): readonly GalleryItem[] =>
  hasWishes(wishes) ? items.toSorted((a, b) => fulfilled(b, wishes) - fulfilled(a, wishes)) : items;
