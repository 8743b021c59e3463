import { useEffect, useReducer, useRef } from 'react';
import { entered, type Held, heldBy, left, letIn, renewed, waiting } from './held.ts';

/** A list that comes anew every few seconds, held still for who is reading it (`held.ts` decides). */
export interface Still<T> {
  /** In the order they were first shown; what is known of each is the newest. */
  readonly rows: readonly { readonly item: T; readonly gone: boolean }[];
  /** How many wait to be let in. */
  readonly fresh: number;
  readonly letIn: () => void;
  /** To be spread on what holds the list and the button that lets in: while pointer or focus is in it, no row moves. */
  readonly hold: {
    readonly onPointerEnter: () => void;
    readonly onPointerLeave: () => void;
    readonly onFocus: () => void;
    readonly onBlur: (event: { currentTarget: Node; relatedTarget: EventTarget | null }) => void;
  };
}

/**
 * @param items as they came last, newest first
 * @param view changes when the reader asked for another list: then everything is let in
 */
export function useStill<T>(items: readonly T[], idOf: (item: T) => string, view: string): Still<T> {
  const kept = useRef<Held<T>>(heldBy(view));
  const [, drawAgain] = useReducer((n: number) => n + 1, 0);
  kept.current = renewed(kept.current, items, view, Date.now());
  const held = kept.current;
  const fresh = waiting(held, items, idOf).length;
  const turn = (next: Held<T>): void => {
    kept.current = next;
    drawAgain();
  };
  const { graceUntil } = held;
  useEffect(() => {
    if (graceUntil === null) return;
    const timer = setTimeout(drawAgain, Math.max(0, graceUntil - Date.now()));
    return () => clearTimeout(timer);
  }, [graceUntil]);
  useEffect(() => {
    const look = (): void => {
      kept.current = document.hidden ? entered(kept.current, 'hidden') : left(kept.current, 'hidden', false, Date.now());
      drawAgain();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  const newest = new Map(items.map((item) => [idOf(item), item]));
  return {
    rows: held.shown.map((item) => ({ item: newest.get(idOf(item)) ?? item, gone: !newest.has(idOf(item)) })),
    fresh,
    // The button goes with what it let in, and no blur tells that the focus went with it.
    letIn: () => turn({ ...letIn(kept.current, items, view), focus: false }),
    hold: {
      onPointerEnter: () => turn(entered(kept.current, 'pointer')),
      onPointerLeave: () => turn(left(kept.current, 'pointer', fresh > 0, Date.now())),
      onFocus: () => turn(entered(kept.current, 'focus')),
      onBlur: ({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node) || !currentTarget.contains(relatedTarget))
          turn(left(kept.current, 'focus', fresh > 0, Date.now()));
      },
    },
  };
}
