import { noteVisit } from '../../client/arrival.ts';

let noted = false;

/**
 * Keeps the link and the campaign of this visit, once, and takes the campaign out of the address. Whoever needs what is kept
 * calls it first: the page itself does not wait for it.
 * @param base where the app lives on its origin, without a slash at the end
 */
export function arrive(base: '' | '/portal'): void {
  if (noted) return;
  noted = true;
  const { pathname, search, hash, origin } = location;
  const path = pathname.startsWith(base) ? pathname.slice(base.length) : pathname;
  const rest = noteVisit(localStorage, { path, search, referrer: document.referrer, origin }, Date.now());
  if (rest !== null) history.replaceState(history.state, '', `${pathname}${rest === '' ? '' : `?${rest}`}${hash}`);
}
