/**
 * What was begun to write in each conversation: on this device at once, so that a reload loses no letter; on the server
 * after a pause, so that another device goes on with it.
 */
import { type Chat, changeChat } from '../../../worker/protocol/http/chats.ts';
import type { ChatId } from '../../../worker/protocol/ids.ts';
import type { Api } from '../api.ts';
import type { Clock } from '../clock.ts';
import type { Drawer } from './letters.ts';

const PAUSE_MS = 1_500;

export class Drafts {
  readonly #api: Api;
  readonly #clock: Clock;
  readonly #drawer: Drawer<string>;
  readonly #waiting = new Map<ChatId, { text: string; stop: () => void }>();
  readonly #kept: Map<string, string>;
  readonly #present = new Map<ChatId, string>();
  readonly #onSaved: (chat: Chat) => void;

  constructor(options: { api: Api; clock: Clock; drafts: Drawer<string>; onSaved: (chat: Chat) => void }) {
    const { api, clock, drafts } = options;
    this.#onSaved = options.onSaved;
    this.#api = api;
    this.#clock = clock;
    this.#drawer = drafts;
    this.#kept = new Map(drafts.all().map((entry) => [entry.slice(0, entry.indexOf(' ')), entry.slice(entry.indexOf(' ') + 1)]));
  }

  /** As it was left on this page, or by an earlier one on this device; null where neither wrote. */
  of(chatId: ChatId): string | null {
    return this.#present.get(chatId) ?? this.#kept.get(chatId) ?? null;
  }

  write(chatId: ChatId, text: string): void {
    this.#present.set(chatId, text);
    if (text === '') {
      this.#kept.delete(chatId);
      this.#drawer.remove(chatId);
    } else {
      this.#kept.set(chatId, text);
      // The id stands in the entry too, because a drawer is read without its keys.
      this.#drawer.put(chatId, `${chatId} ${text}`);
    }
    this.#waiting.get(chatId)?.stop();
    this.#waiting.set(chatId, { text, stop: this.#clock.after(PAUSE_MS, () => this.#save(chatId, false)) });
  }

  /** The page goes away: nothing waits for a pause. */
  leave(): void {
    for (const chatId of [...this.#waiting.keys()]) this.#save(chatId, true);
  }

  #save(chatId: ChatId, leaving: boolean): void {
    const waiting = this.#waiting.get(chatId);
    if (!waiting) return;
    waiting.stop();
    this.#waiting.delete(chatId);
    const draft = waiting.text.slice(0, 4_000);
    this.#api.call(changeChat, { params: { id: chatId }, body: { draft }, keepalive: leaving }).then(
      ({ chat }) => {
        this.#onSaved(chat);
        // The server's counts from here on, so that what another device sends off is not begun here for ever.
        if (this.#waiting.has(chatId)) return;
        this.#kept.delete(chatId);
        this.#drawer.remove(chatId);
      },
      () => undefined, // What could not be saved stays on this device.
    );
  }
}
