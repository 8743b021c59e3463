/**
 * One desk per browser: of several tabs only one rings and answers. The browser's own locks decide, so that a tab that
 * was closed or crashed never keeps the desk.
 */
import { Store } from '../client/store.ts';

/** What of the Web Locks API is needed. */
export interface Locks {
  request(
    name: string,
    options: { ifAvailable?: boolean; steal?: boolean; signal?: AbortSignal },
    held: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>;
}

/** `asking` for a moment only; `elsewhere`: another tab has the desk, and this one gets it when that closes. */
export type DeskPlace = 'asking' | 'here' | 'elsewhere';

const NAME = 'hearthline.desk';

export class OneDesk {
  readonly place = new Store<DeskPlace>('asking');
  readonly #locks: Locks | null;
  #release: (() => void) | null = null;
  #queue: AbortController | null = null;
  #closed = false;

  /** Without locks (an old browser) every tab is a desk. */
  constructor(locks: Locks | null) {
    this.#locks = locks;
  }

  begin(): void {
    if (!this.#locks) this.place.set('here');
    else void this.#ask({ ifAvailable: true });
  }

  /** Takes the desk from the tab that has it. */
  take(): void {
    this.#queue?.abort();
    void this.#ask({ steal: true });
  }

  close(): void {
    this.#closed = true;
    this.#queue?.abort();
    this.#release?.();
  }

  async #ask(options: Parameters<Locks['request']>[1]): Promise<void> {
    try {
      await this.#locks?.request(NAME, options, (lock) => (lock === null ? this.#wait() : this.#hold()));
    } catch {
      // Stolen by another tab, or no longer queued for: either way the desk is not here.
      if (this.#closed || options.signal?.aborted) return;
      this.#release = null;
      this.#wait();
    }
  }

  #hold(): Promise<void> | undefined {
    if (this.#closed) return undefined;
    this.place.set('here');
    return new Promise((done) => {
      this.#release = done;
    });
  }

  #wait(): undefined {
    if (this.#closed) return undefined;
    this.place.set('elsewhere');
    this.#queue = new AbortController();
    void this.#ask({ signal: this.#queue.signal });
    return undefined;
  }
}
