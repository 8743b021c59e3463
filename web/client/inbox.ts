/**
 * What this person was told and can still read: the list, kept true by what the hub says of it, and the one thing that has
 * just come, as a card. Without React; the screens watch its stores.
 *
 * The hub says how many are unread and that something changed; what stands in the list is read over HTTP, as far as it was
 * loaded. What is marked as read counts at once here, and is given back where the server did not take it.
 */
import { type InboxItem, listNotifications, readNotifications } from '../../worker/protocol/http/notifications.ts';
import type { InboxStanding } from '../../worker/protocol/hub/inbox.ts';
import { toTimestamp } from '../../worker/protocol/time.ts';
import type { Api } from './api.ts';
import type { Clock } from './clock.ts';
import { OneReading } from './one-reading.ts';
import { Store } from './store.ts';

export interface InboxView {
  /** `failed`: nothing could be read yet. What was read once stays on the screen, whatever fails later. */
  readonly status: 'loading' | 'ready' | 'failed';
  /** Newest first. */
  readonly items: readonly InboxItem[];
  /** Whether older ones are there. */
  readonly more: 'none' | 'some' | 'loading' | 'failed';
  /** Why it could not be read, or what was marked was not taken; null: all is well. */
  readonly error: unknown;
}

export interface InboxOptions {
  readonly api: Api;
  readonly clock: Pick<Clock, 'now'>;
  /** What the hub says of the inbox. */
  readonly standing: Store<InboxStanding | null>;
  /** The id of what the hub has just told. */
  readonly told: Store<string | null>;
}

type NotificationId = InboxItem['id'];

const PAGE = 30;
/** The server gives no more at once. */
const MOST_AT_ONCE = 100;

export class Inbox {
  readonly view = new Store<InboxView>({ status: 'loading', items: [], more: 'none', error: null });
  /** How many are unread, as far as this device knows. */
  readonly unread = new Store(0);
  /** What has just come, until somebody has read it or put it away. */
  readonly card = new Store<InboxItem | null>(null);
  readonly #options: InboxOptions;
  readonly #reading = new OneReading(() => this.#read());
  /** As the server has them. */
  #items: readonly InboxItem[] = [];
  #cursor: string | null = null;
  /** Marked here and not answered yet, with what the hub had said of the inbox by then. */
  readonly #marked = new Map<NotificationId, InboxStanding | null>();
  /** Everything up to here is about to be marked, if nobody takes it back. */
  #upTo = 0;
  #lookers = 0;

  constructor(options: InboxOptions) {
    this.#options = options;
    options.standing.watch(() => this.#changed());
    options.told.watch(() => void this.#tell());
    this.#count();
    // It may have come before anybody asked for an inbox.
    void this.#tell();
  }

  /** Somebody looks at the list until the answer is called: it is read now, and whenever it changes. */
  look(): () => void {
    this.#lookers += 1;
    void this.refresh();
    let looking = true;
    return () => {
      if (looking) this.#lookers -= 1;
      looking = false;
    };
  }

  refresh(): Promise<void> {
    return this.#reading.ask();
  }

  /** The next page of older ones. */
  async more(): Promise<void> {
    if (this.#cursor === null || this.view.get().more === 'loading') return;
    const cursor = this.#cursor;
    this.#show({ more: 'loading' });
    try {
      const { items, nextCursor } = await this.#options.api.call(listNotifications, { query: { limit: PAGE, cursor } });
      // The list was read anew meanwhile, and this page joins nothing.
      if (this.#cursor !== cursor) return;
      this.#items = [...this.#items, ...items];
      this.#cursor = nextCursor;
      this.#show({ more: nextCursor === null ? 'none' : 'some' });
    } catch (error) {
      this.#show({ more: 'failed', error });
    }
  }

  /** Marks these as read, on every device. */
  async read(ids: readonly NotificationId[]): Promise<void> {
    const open = ids.filter((id) => !this.#marked.has(id) && this.#items.some((item) => item.id === id && item.readAt === null));
    if (open.length === 0) return;
    for (const id of open) this.#marked.set(id, this.#options.standing.get());
    this.#show({ error: null });
    try {
      for (let from = 0; from < open.length; from += MOST_AT_ONCE) {
        const some = open.slice(from, from + MOST_AT_ONCE);
        await this.#options.api.call(readNotifications, { body: { ids: some } });
        const readAt = toTimestamp(this.#options.clock.now());
        this.#items = this.#items.map((item) => (some.includes(item.id) && item.readAt === null ? { ...item, readAt } : item));
        for (const id of some) this.#marked.delete(id);
      }
      this.#show({});
    } catch (error) {
      for (const id of open) this.#marked.delete(id);
      this.#show({ error });
    }
  }

  /** Everything of a kind has been seen elsewhere, as missed calls in the list of calls. */
  async readKind(kind: InboxItem['kind']): Promise<void> {
    if ((this.#options.standing.get()?.unread ?? 0) === 0) return;
    await this.refresh();
    await this.read(this.#items.filter((item) => item.kind === kind).map(({ id }) => id));
  }

  /** The newest there is: what “all of it” means at this moment. Null where there is nothing unread. */
  newestUnread(): number | null {
    const { items } = this.view.get();
    return items.some(({ readAt }) => readAt === null) || this.unread.get() > 0
      ? Math.max(this.#options.standing.get()?.newest ?? 0, items[0]?.seq ?? 0) || null
      : null;
  }

  /** Shows everything up to `seq` as read, while that can still be taken back (0: nothing more than is). */
  pretend(seq: number): void {
    this.#upTo = seq;
    this.#show({});
  }

  /** Puts the card away; what it told of stays unread. */
  closeCard(): void {
    this.card.set(null);
  }

  #changed(): void {
    this.#count();
    if (this.#lookers > 0 || this.card.get()) void this.refresh();
  }

  async #tell(): Promise<void> {
    const id = this.#options.told.get();
    if (id === null) return;
    await this.refresh();
    const item = this.view.get().items.find((each) => each.id === id);
    // Not every kind stands in the inbox, and another device may have been quicker.
    if (item && item.readAt === null) this.card.set(item);
  }

  /** As much as was loaded, from the newest on. */
  async #read(): Promise<void> {
    const wanted = Math.max(PAGE, this.#items.length);
    const found: InboxItem[] = [];
    let cursor: string | null = null;
    try {
      do {
        const limit = Math.min(MOST_AT_ONCE, wanted - found.length);
        const page: { items: InboxItem[]; nextCursor: string | null } = await this.#options.api.call(listNotifications, {
          query: { limit, ...(cursor === null ? {} : { cursor }) },
        });
        found.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null && found.length < wanted);
    } catch (error) {
      this.#show({ error, ...(this.view.get().status === 'loading' ? { status: 'failed' } : {}) });
      return;
    }
    this.#items = found;
    this.#cursor = cursor;
    this.#show({ status: 'ready', more: cursor === null ? 'none' : 'some', error: null });
    const card = this.card.get();
    if (card && this.view.get().items.find(({ id }) => id === card.id)?.readAt !== null) this.card.set(null);
  }

  #show(change: Partial<InboxView>): void {
    const now = toTimestamp(this.#options.clock.now());
    const items = this.#items.map((item) => (item.readAt === null && this.#isMarked(item) ? { ...item, readAt: now } : item));
    this.view.set({ ...this.view.get(), ...change, items });
    const card = this.card.get();
    if (card && this.#isMarked(card)) this.card.set(null);
    this.#count();
  }

  #isMarked({ id, seq }: Pick<InboxItem, 'id' | 'seq'>): boolean {
    return seq <= this.#upTo || this.#marked.has(id);
  }

  #count(): void {
    const standing = this.#options.standing.get();
    const { unread = 0, newest = 0 } = standing ?? {};
    // What the hub said after something was marked counts it already.
    const marked = this.#items.filter(
      ({ id, seq, readAt }) => readAt === null && (seq <= this.#upTo || (this.#marked.has(id) && this.#marked.get(id) === standing)),
    );
    this.unread.set(newest <= this.#upTo ? 0 : Math.max(0, unread - marked.length));
  }
}
