/**
 * All conversations of a person: read over HTTP, kept true by what the hub tells, so that every device counts the same
 * unread messages.
 */
import { type Chat, listChats, readChat } from '../../../worker/protocol/http/chats.ts';
import type { ChatMoved } from '../../../worker/protocol/hub/sequenced.ts';
import type { ChatId } from '../../../worker/protocol/ids.ts';
import type { Api } from '../api.ts';
import { OneReading } from '../one-reading.ts';
import { isProblem } from '../problem.ts';
import { Store } from '../store.ts';

export type ListView =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly error: unknown }
  | {
      readonly status: 'ready';
      readonly items: readonly Chat[];
      /** Over all conversations, also those not listed yet. */
      readonly unread: number;
      readonly cursor: string | null;
    };

const PAGE = 50;

export class ChatList {
  readonly view = new Store<ListView>({ status: 'loading' });
  readonly #api: Api;
  readonly #reading = new OneReading(() => this.#read());
  /** Conversations that are being read, and whether they changed meanwhile. */
  readonly #asked = new Map<ChatId, boolean>();

  constructor(api: Api) {
    this.#api = api;
    void this.read();
  }

  /** Reads it anew; what is shown stays until the answer is here. Calls during a reading lead to one more after it. */
  read(): Promise<void> {
    return this.#reading.ask();
  }

  async more(): Promise<void> {
    const view = this.view.get();
    if (view.status !== 'ready' || view.cursor === null) return;
    const { items, nextCursor } = await this.#api.call(listChats, { query: { limit: PAGE, cursor: view.cursor } });
    const present = this.view.get();
    if (present.status !== 'ready') return;
    const known = new Set(present.items.map(({ id }) => id));
    this.view.set({ ...present, items: ordered([...present.items, ...items.filter(({ id }) => !known.has(id))]), cursor: nextCursor });
  }

  /** What the hub tells; the words are read where the newest message is another. */
  moved({ chatId, chatSeq: seq, readSeq, unread, message }: ChatMoved): void {
    const view = this.view.get();
    if (view.status !== 'ready') {
      void this.read();
      return;
    }
    const chat = view.items.find(({ id }) => id === chatId);
    if (chat && seq < chat.seq) return;
    if (chat) this.changed({ ...chat, seq, readSeq, unread });
    if (!chat || message?.at !== chat.last?.at) void this.#readOne(chatId);
  }

  /** A conversation as it is now: answered by HTTP, or changed here ahead of the answer. */
  changed(chat: Chat): void {
    const view = this.view.get();
    if (view.status !== 'ready') return;
    const before = view.items.find(({ id }) => id === chat.id);
    if (before && chat.seq < before.seq) return;
    this.view.set({
      ...view,
      items: ordered([...view.items.filter(({ id }) => id !== chat.id), chat]),
      unread: Math.max(0, view.unread + chat.unread - (before?.unread ?? 0)),
    });
  }

  async #readOne(chatId: ChatId): Promise<void> {
    if (this.#asked.has(chatId)) {
      this.#asked.set(chatId, true);
      return;
    }
    this.#asked.set(chatId, false);
    try {
      const { chat } = await this.#api.call(readChat, { params: { id: chatId } });
      const view = this.view.get();
      // One that was not listed yet: the sum of all counts it already, or not, so it is read with it.
      if (view.status === 'ready' && !view.items.some(({ id }) => id === chatId)) void this.read();
      else this.changed(chat);
    } catch {
      // The next word of the hub, or the next visit, asks again.
    } finally {
      const again = this.#asked.get(chatId);
      this.#asked.delete(chatId);
      if (again) void this.#readOne(chatId);
    }
  }

  async #read(): Promise<void> {
    try {
      const { items, nextCursor, unread } = await this.#api.call(listChats, { query: { limit: PAGE } });
      this.view.set({ status: 'ready', items: ordered(items), unread, cursor: nextCursor });
    } catch (error) {
      if (this.view.get().status !== 'ready' || isProblem(error, 'forbidden', 'unauthenticated'))
        this.view.set({ status: 'failed', error });
    }
  }
}

/** Pinned ones first, then by their newest message. */
export const ordered = (chats: readonly Chat[]): readonly Chat[] =>
  [...chats].sort((a, b) => Number(b.pinned) - Number(a.pinned) || momentOf(b).localeCompare(momentOf(a)));

const momentOf = ({ last, createdAt }: Chat): string => last?.at ?? createdAt;
