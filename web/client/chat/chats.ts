/**
 * All conversations of the signed-in person on this page: the list, and the rooms that are open. A room stays open while
 * somebody looks at it, and as long as something that was written in it has not reached the server.
 */
import type { ChatId, UserId } from '../../../worker/protocol/ids.ts';
import type { Api } from '../api.ts';
import type { Clock } from '../clock.ts';
import type { RawSocket } from '../socket.ts';
import { Drafts } from './drafts.ts';
import type { Bytes, Drawer, Letter, Wish } from './letters.ts';
import { ChatList } from './list.ts';
import { Room, type RoomOptions } from './room.ts';

export interface ChatsOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly open: (path: string, protocols: string[]) => RawSocket;
  readonly me: UserId;
  readonly letters: Drawer<Letter>;
  readonly wishes: Drawer<Wish>;
  readonly drafts: Drawer<string>;
  readonly bytes: Bytes;
  readonly upload: RoomOptions['upload'];
  readonly newId: () => string;
}

interface Held {
  readonly room: Room;
  lookers: number;
  readonly stop: () => void;
}

export class Chats {
  readonly list: ChatList;
  readonly drafts: Drafts;
  readonly #options: ChatsOptions;
  readonly #rooms = new Map<ChatId, Held>();

  constructor(options: ChatsOptions) {
    this.#options = options;
    this.list = new ChatList(options.api);
    this.drafts = new Drafts({ ...options, onSaved: (chat) => this.list.changed(chat) });
    // What an earlier page left unsent goes out now.
    const unsent = new Set(
      [...options.letters.all().filter(({ refused }) => refused === null), ...options.wishes.all()].map(({ chatId }) => chatId),
    );
    for (const chatId of unsent) this.release(chatId, this.look(chatId));
  }

  /** The room of a conversation, for somebody who looks at it; `release` when they don't any more. */
  look(chatId: ChatId): Room {
    const held = this.#rooms.get(chatId) ?? this.#enter(chatId);
    held.lookers += 1;
    return held.room;
  }

  release(chatId: ChatId, room: Room): void {
    const held = this.#rooms.get(chatId);
    if (held?.room !== room) return;
    held.lookers -= 1;
    this.#leaveIfDone(chatId);
  }

  hurry(): void {
    for (const { room } of this.#rooms.values()) room.hurry();
  }

  /** The device says that it has no network. */
  cut(): void {
    for (const { room } of this.#rooms.values()) room.socket.cut();
  }

  /** The page goes away. */
  leave(): void {
    this.drafts.leave();
    for (const { room } of this.#rooms.values()) room.leave();
  }

  close(): void {
    for (const { room, stop } of this.#rooms.values()) {
      stop();
      room.close();
    }
    this.#rooms.clear();
  }

  #enter(chatId: ChatId): Held {
    const { api, clock, open, me, letters, wishes, bytes, upload, newId } = this.#options;
    const room = new Room({ api, clock, open, me, chatId, letters, wishes, bytes, upload, newId });
    const held = { room, lookers: 0, stop: room.view.watch(() => this.#leaveIfDone(chatId)) };
    this.#rooms.set(chatId, held);
    return held;
  }

  #leaveIfDone(chatId: ChatId): void {
    const held = this.#rooms.get(chatId);
    if (!held || held.lookers > 0 || (held.room.busy && held.room.view.get().status !== 'gone')) return;
    this.#rooms.delete(chatId);
    held.stop();
    held.room.close();
  }
}
