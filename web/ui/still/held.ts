/** What holds a list. */
type Hold = 'pointer' | 'focus' | 'hidden';

/**
 * A list that comes anew while somebody reads it. While pointer or focus is in its place no row moves; what came meanwhile
 * waits until it is let in. Whoever leaves with something waiting has a while to come back, or to reach for the button that
 * lets it in. While the tab is hidden the list stands still too, so that what came is counted in its title.
 */
export interface Held<T> {
  /** Which question the list answers: another one shows its answer at once. */
  readonly view: string;
  /** In the order they were first shown. */
  readonly shown: readonly T[];
  readonly pointer: boolean;
  readonly focus: boolean;
  /** Whether the tab is in the background. */
  readonly hidden: boolean;
  /** Until when (ms) it is held although nobody is in its place; null: no longer than somebody is. */
  readonly graceUntil: number | null;
}

/** How long (ms) the list waits for who left its place while something waited to be let in. */
export const GRACE_MS = 4_000;

export const heldBy = (view: string): Held<never> => ({ view, shown: [], pointer: false, focus: false, hidden: false, graceUntil: null });

/** Those that are not shown yet, newest first. */
export function waiting<T>(held: Held<T>, items: readonly T[], idOf: (item: T) => string): readonly T[] {
  const here = new Set(held.shown.map(idOf));
  return items.filter((item) => !here.has(idOf(item)));
}

function isStill<T>(held: Held<T>, view: string, now: number): boolean {
  if (held.view !== view) return false;
  if (held.hidden) return true;
  // In an empty list there is no row to move.
  if (held.shown.length === 0) return false;
  return held.pointer || held.focus || (held.graceUntil !== null && now < held.graceUntil);
}

export const letIn = <T>(held: Held<T>, items: readonly T[], view: string): Held<T> => ({ ...held, view, shown: items, graceUntil: null });

/** What is shown now that these items came: all of them, unless somebody holds the list. */
export const renewed = <T>(held: Held<T>, items: readonly T[], view: string, now: number): Held<T> =>
  isStill(held, view, now) ? held : letIn(held, items, view);

export const entered = <T>(held: Held<T>, by: Hold): Held<T> => ({ ...held, [by]: true, graceUntil: null });

/** @param waits whether something waits to be let in */
export function left<T>(held: Held<T>, by: Hold, waits: boolean, now: number): Held<T> {
  const after = { ...held, [by]: false };
  return waits && held[by] && !after.pointer && !after.focus && !after.hidden ? { ...after, graceUntil: now + GRACE_MS } : after;
}
