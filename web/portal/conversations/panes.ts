/** Which conversations stand side by side, which of them has the focus, and what there is room for. Pure. */
import type { ChatId } from '../../../worker/protocol/ids.ts';

export const MOST_PANES = 4;

export interface Panes {
  /** From left to right. */
  readonly open: readonly ChatId[];
  /** The one that is written in; null while none is open. */
  readonly focused: ChatId | null;
}

export const noPanes: Panes = { open: [], focused: null };

/**
 * Opens a conversation beside the others and gives it the focus. Where there is no room, it takes the place of the one
 * with the focus.
 * @param room how many fit
 */
export function opened({ open, focused }: Panes, id: ChatId, room: number): Panes {
  if (open.includes(id)) return { open, focused: id };
  if (open.length < room) return { open: [...open, id], focused: id };
  const place = Math.max(0, open.indexOf(focused ?? id));
  return { open: open.map((each, index) => (index === place ? id : each)), focused: id };
}

/** Closes one; its neighbour gets the focus. */
export function closed({ open, focused }: Panes, id: ChatId): Panes {
  const place = open.indexOf(id);
  if (place < 0) return { open, focused };
  const rest = open.filter((each) => each !== id);
  return { open: rest, focused: focused === id ? (rest[Math.min(place, rest.length - 1)] ?? null) : focused };
}

/** @param place 0: the leftmost */
export const focusedAt = (panes: Panes, place: number): Panes => {
  const id = panes.open[place];
  return id === undefined ? panes : { ...panes, focused: id };
};

/** In the address: the ids, the one with the focus marked. */
export const paneText = ({ open, focused }: Panes): string => open.map((id) => (id === focused ? `${id}*` : id)).join('.');

/** What an address says; whatever is no id is left out. */
export function panesOf(text: string): Panes {
  const parts = text.split('.').filter((part) => /^chat_[0-9a-z]{26}\*?$/.test(part));
  const open = [...new Set(parts.map((part) => part.replace('*', '') as ChatId))].slice(0, MOST_PANES);
  const marked = parts.find((part) => part.endsWith('*'))?.slice(0, -1) as ChatId | undefined;
  return { open, focused: marked !== undefined && open.includes(marked) ? marked : (open.at(-1) ?? null) };
}

/** Narrowest columns, px. */
const PANE = 280;
const INBOX = 250;
const CARD = 290;
/** From here on conversations stand side by side. */
export const WIDE = 1_000;

export interface Layout {
  /** How many conversations fit beside one another. */
  readonly most: number;
  readonly shown: number;
  /** Beside them, or in front of them when asked for. */
  readonly inbox: 'beside' | 'over';
  readonly card: 'beside' | 'over';
}

/** @param width px of the place that inbox, conversations and card share */
export function layoutOf(width: number, open: number): Layout {
  if (width < WIDE) return { most: 1, shown: Math.min(open, 1), inbox: 'over', card: 'over' };
  const most = Math.max(2, Math.min(MOST_PANES, Math.floor(width / PANE)));
  const shown = Math.min(open, most);
  const rest = width - Math.max(1, shown) * PANE;
  const inbox = rest >= INBOX ? 'beside' : 'over';
  const card = rest >= INBOX + CARD ? 'beside' : 'over';
  return { most, shown, inbox, card };
}
