/**
 * What this page has shown of what the hub sent. Only that is acknowledged: a hidden page that can't tell through the device
 * leaves it to a push, and says so as soon as somebody looks.
 */
import type { Sequenced } from '../../worker/protocol/hub/sequenced.ts';

/** Whether somebody could see what comes now. */
export interface Attention {
  /** The page is on the screen. */
  readonly visible: boolean;
  /** The page may tell through the device while it is hidden. */
  readonly notices: boolean;
}

/** A page on the screen shows everything; a hidden one tells of calls through the device, and of nothing else. */
export const shows = (item: Pick<Sequenced, 'type'>, { visible, notices }: Attention): boolean =>
  visible || (notices && item.type === 'call.incoming');

/** No more are kept than the hub itself keeps. */
const MOST_WAITING = 300;

export class Shown {
  readonly #attention: () => Attention;
  readonly #acknowledge: (id: string) => boolean;
  readonly #waiting = new Set<string>();

  /** @param acknowledge false where it can't be said now: it is said later */
  constructor(attention: () => Attention, acknowledge: (id: string) => boolean) {
    this.#attention = attention;
    this.#acknowledge = acknowledge;
  }

  /** An item is here. True: it is shown; else it waits for `look`. */
  take(item: Pick<Sequenced, 'type' | 'id'>): boolean {
    if (shows(item, this.#attention())) return true;
    this.#waiting.add(item.id);
    for (const id of this.#waiting) {
      if (this.#waiting.size <= MOST_WAITING) break;
      this.#waiting.delete(id);
    }
    return false;
  }

  /** Somebody may look now: acknowledges what they see. */
  look(): void {
    if (!this.#attention().visible) return;
    for (const id of this.#waiting) if (this.#acknowledge(id)) this.#waiting.delete(id);
  }
}
