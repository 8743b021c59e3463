/**
 * One registry of shortcuts: what the keys do, what the buttons show, what the cheat sheet lists. Pure, so that it can be
 * tested without a page.
 */
export type ShortcutGroup = 'go' | 'work' | 'ring' | 'call' | 'chats' | 'everywhere';

/** One key (`m`, `space`, `ctrl+enter`, `alt+1`), or two after one another (`g t`). */
export const shortcuts = {
  goToday: { keys: 'g t', group: 'go' },
  goCalls: { keys: 'g c', group: 'go' },
  goChats: { keys: 'g m', group: 'go' },
  goEarnings: { keys: 'g e', group: 'go' },
  goHours: { keys: 'g h', group: 'go' },
  goInbox: { keys: 'g n', group: 'go' },
  goMe: { keys: 'g p', group: 'go' },
  work: { keys: 'w w', group: 'work' },
  break: { keys: 'b', group: 'work' },
  answer: { keys: 'space', group: 'ring' },
  decline: { keys: 'd', group: 'ring' },
  mute: { keys: 'm', group: 'call' },
  camera: { keys: 'v', group: 'call' },
  medium: { keys: 'c', group: 'call' },
  hangUp: { keys: 'h h', group: 'call' },
  note: { keys: 'n', group: 'call' },
  keep: { keys: 'ctrl+enter', group: 'call' },
  skip: { keys: 's', group: 'call' },
  nextChat: { keys: 'j', group: 'chats' },
  previousChat: { keys: 'k', group: 'chats' },
  openChat: { keys: 'enter', group: 'chats' },
  nextList: { keys: 'l', group: 'chats' },
  take: { keys: 'a', group: 'chats' },
  reply: { keys: 'r', group: 'chats' },
  transfer: { keys: 't', group: 'chats' },
  card: { keys: 'i', group: 'chats' },
  closeChat: { keys: 'x', group: 'chats' },
  back: { keys: 'escape', group: 'chats' },
  pane1: { keys: 'alt+1', group: 'chats' },
  pane2: { keys: 'alt+2', group: 'chats' },
  pane3: { keys: 'alt+3', group: 'chats' },
  pane4: { keys: 'alt+4', group: 'chats' },
  help: { keys: '?', group: 'everywhere' },
} as const satisfies Record<string, { keys: string; group: ShortcutGroup }>;
export type ShortcutId = keyof typeof shortcuts;
export const shortcutIds = Object.keys(shortcuts) as ShortcutId[];
export const shortcutGroups: readonly ShortcutGroup[] = ['go', 'work', 'ring', 'call', 'chats', 'everywhere'];

export interface Press {
  readonly key: string;
  readonly ctrl: boolean;
  /** Alt with a digit; `key` is the digit, whatever the keyboard writes with it. */
  readonly alt: boolean;
  /** Alt with another key, or Meta: never ours. */
  readonly other: boolean;
  /** The focus is in a field that takes text. */
  readonly inText: boolean;
  /** The focus is on something that takes Space and Enter for itself, such as a button. */
  readonly onControl: boolean;
  /** The focus is in a dialog, which Escape closes. */
  readonly inDialog: boolean;
  readonly repeat: boolean;
}

/** The first key of a pair waits so long for the second, ms. */
export const PAIR_MS = 1_500;

export interface Pending {
  readonly key: string;
  readonly at: number;
}

const nameOf = ({ key, ctrl, alt }: Press): string =>
  `${ctrl ? 'ctrl+' : ''}${alt ? 'alt+' : ''}${key === ' ' ? 'space' : key.toLowerCase()}`;

/**
 * What a key press means.
 * @param listening the shortcuts somebody listens to now
 * @param now ms
 */
export function press(
  pressed: Press,
  listening: ReadonlySet<ShortcutId>,
  pending: Pending | null,
  now: number,
): { fired: ShortcutId | null; pending: Pending | null } {
  const nothing = { fired: null, pending: null };
  if (pressed.other || pressed.repeat) return nothing;
  const name = nameOf(pressed);
  // A word that is being written is no command; a chord and Escape can't be part of a word.
  if (pressed.inText && !pressed.ctrl && !pressed.alt && name !== 'escape') return nothing;
  if (pressed.inDialog && name === 'escape') return nothing;
  if (pressed.onControl && (name === 'space' || name === 'enter')) return nothing;
  const heard = shortcutIds.filter((id) => listening.has(id));
  const pair = pending && now - pending.at <= PAIR_MS ? heard.find((id) => shortcuts[id].keys === `${pending.key} ${name}`) : undefined;
  if (pair) return { fired: pair, pending: null };
  const single = heard.find((id) => shortcuts[id].keys === name);
  if (single) return { fired: single, pending: null };
  return heard.some((id) => shortcuts[id].keys.startsWith(`${name} `)) ? { fired: null, pending: { key: name, at: now } } : nothing;
}

/** The keys one by one, as they stand on a keyboard. */
export const keyCaps = (id: ShortcutId): readonly string[] =>
  shortcuts[id].keys.split(/[ +]/).map((key) => (key.length === 1 ? key.toUpperCase() : `${key.slice(0, 1).toUpperCase()}${key.slice(1)}`));
