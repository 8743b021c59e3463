import { useRef, useState } from 'react';

/** A list that comes anew every few seconds, held still for who is reading it. */
export interface Still<T> {
  /** In the order they were first shown; what is known of each is the newest. */
  readonly rows: readonly { readonly item: T; readonly gone: boolean }[];
  /** How many wait to be let in. */
  readonly fresh: number;
  readonly letIn: () => void;
  /** To be spread on the list: while pointer or focus is in it, no row moves. */
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
  const shown = useRef<{ view: string; items: readonly T[] }>({ view, items: [] });
  const [held, setHeld] = useState({ pointer: false, focus: false });
  const [, again] = useState(0);
  const newest = new Map(items.map((item) => [idOf(item), item]));
  const isHeld = (held.pointer || held.focus) && shown.current.view === view && shown.current.items.length > 0;
  if (!isHeld) shown.current = { view, items };
  const here = new Set(shown.current.items.map(idOf));
  return {
    rows: shown.current.items.map((item) => ({ item: newest.get(idOf(item)) ?? item, gone: !newest.has(idOf(item)) })),
    fresh: items.filter((item) => !here.has(idOf(item))).length,
    letIn: () => {
      shown.current = { view, items };
      again((n) => n + 1);
    },
    hold: {
      onPointerEnter: () => setHeld((now) => ({ ...now, pointer: true })),
      onPointerLeave: () => setHeld((now) => ({ ...now, pointer: false })),
      onFocus: () => setHeld((now) => ({ ...now, focus: true })),
      onBlur: ({ currentTarget, relatedTarget }) => {
        if (!(relatedTarget instanceof Node) || !currentTarget.contains(relatedTarget)) setHeld((now) => ({ ...now, focus: false }));
      },
    },
  };
}
