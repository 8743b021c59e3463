/** Where `arrival.ts` keeps things; apart from it, because every page asks whether something lies there and few find it. */

/** The part of `localStorage` that is needed. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export const LINK = 'hearthline.link';
export const TOUCHES = 'hearthline.touches';

/** Whether a link waits to be opened, or the server is still to be told of a campaign. */
export const hasArrived = (shelf: Shelf): boolean => shelf.getItem(LINK) !== null || shelf.getItem(TOUCHES) !== null;
