/** What stands on each device's screen after all that was sent to it. Pure. */
import type { Listed } from '../outbox.ts';

export interface Card {
  readonly message: Listed;
  /** How many older ones it took the place of. */
  readonly replaced: number;
  /** A call that rings no more. */
  readonly over: boolean;
}

export interface Screen {
  /** The device's token or endpoint. */
  readonly to: string;
  readonly platform: NonNullable<Listed['push']>['platform'];
  /** RFC 3339; when it was told something last. */
  readonly at: string;
  /** Newest first. */
  readonly cards: readonly Card[];
  /** What it was given without showing it, newest first. */
  readonly silent: readonly Listed[];
}

/**
 * One screen for each device, the one that was told last first.
 * @param items newest first, of any channel
 * @param now ms since the epoch
 */
export function screensOf(items: readonly Listed[], now: number): readonly Screen[] {
  const devices = Map.groupBy(
    items.filter(({ push }) => push),
    ({ to }) => to,
  );
  return [...devices].flatMap(([to, mine]) => {
    const [newest] = mine;
    return newest?.push ? [{ to, platform: newest.push.platform, at: newest.at, ...shownOf(mine, now) }] : [];
  });
}

function shownOf(mine: readonly Listed[], now: number): Pick<Screen, 'cards' | 'silent'> {
  const cards: Card[] = [];
  const silent: Listed[] = [];
  for (const message of mine) {
    const { tag = null, shows, until } = message.push ?? {};
    if (shows === 'nothing') {
      silent.push(message);
      continue;
    }
    const newer = tag === null ? -1 : cards.findIndex((card) => card.message.push?.tag === tag);
    const holder = cards[newer];
    if (holder) {
      cards[newer] = { ...holder, replaced: holder.replaced + 1 };
      continue;
    }
    const isEnded = tag !== null && silent.some(({ push }) => push?.tag === tag);
    const isTooLate = until != null && Date.parse(until) <= now;
    cards.push({ message, replaced: 0, over: shows === 'ring' && (isEnded || isTooLate) });
  }
  return { cards, silent };
}
