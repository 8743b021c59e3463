/** The person's gap-free sequence: what a device that comes back is sent, and what is kept for it. */

/** Items kept at most. */
export const KEEP_ITEMS = 300;
/** Items older than this are dropped, ms. */
export const KEEP_MS = 30 * 86_400_000;

export interface Kept {
  /** The newest number given out; 0 before the first. */
  readonly newest: number;
  /** The oldest number still kept; `newest + 1` when none is. */
  readonly oldest: number;
}

export interface Resume {
  /** Items with a larger number are sent. */
  readonly after: number;
  /** Set where the device can't have everything: the number from which on it has. */
  readonly gapFrom: number | null;
}

/** What to send a device that has everything up to `lastSeq`. A number we never gave out is as good as none. */
export function planResume(lastSeq: number, kept: Kept): Resume {
  if (lastSeq > kept.newest || lastSeq + 1 < kept.oldest) return { after: kept.oldest - 1, gapFrom: kept.oldest };
  return { after: lastSeq, gapFrom: null };
}

/** Items up to this number may go by count; age is the store's other rule. */
export const dropUpTo = (newest: number): number => newest - KEEP_ITEMS;
