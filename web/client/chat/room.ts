/**
 * One conversation as this device lives it. It says `hello` with what it has, takes events only where they join, fetches
 * what is missing, and tells letters and wishes again on every connection until the sequence confirms them.
 */
import * as z from 'zod/mini';
import { type ChatDown, chatDown } from '../../../worker/protocol/chat/down.ts';
import type { ChatEvent } from '../../../worker/protocol/chat/event.ts';
import type { Message } from '../../../worker/protocol/chat/message.ts';
import type { ChatUp } from '../../../worker/protocol/chat/up.ts';
import type { ErrorCode } from '../../../worker/protocol/errors.ts';
import { issueTicket } from '../../../worker/protocol/http/auth.ts';
import { readChatEvents } from '../../../worker/protocol/http/chats.ts';
import type { ChatId, UserId } from '../../../worker/protocol/ids.ts';
import type { Api } from '../api.ts';
import { API_BASE } from '../api.ts';
import type { Clock } from '../clock.ts';
import { parseJson } from '../hub.ts';
import { isProblem } from '../problem.ts';
import { backoffMs, type RawSocket, Socket } from '../socket.ts';
import { Store } from '../store.ts';
import { type Bytes, type Draft, type Drawer, type Letter, onWire, type Wish } from './letters.ts';
import { type Answerable, type Editable, type Removable, usualWindows, type Windows } from './permitted.ts';
import { extend, join, marksOf, messageOf, precede, type Span, spanAfter, touched } from './span.ts';
import type { LetterView, Refusal, RoomView, Writing } from './view.ts';

export interface RoomOptions {
  readonly api: Api;
  readonly clock: Clock;
  readonly open: (path: string, protocols: string[]) => RawSocket;
  readonly me: UserId;
  readonly chatId: ChatId;
  readonly letters: Drawer<Letter>;
  readonly wishes: Drawer<Wish>;
  readonly bytes: Bytes;
  /** Brings a letter's bytes to the server. `progress`: 0–1. */
  readonly upload: (letter: Letter, bytes: Blob, progress: (part: number) => void) => Promise<NonNullable<Letter['mediaId']>>;
  /** A new `clientId`. */
  readonly newId: () => string;
}

/** A deletion can be taken back for so long, ms. */
export const UNDO_MS = 10_000;
const HEARTBEAT_MS = 20_000;
const PAGE = 100;
/** Beside what was asked for, when somebody goes to an old message. */
const AROUND = 20;
/** With more missing than this, older events are fetched as somebody scrolls to them. */
const MOST_MISSING = 1_000;
/** “Is writing” is told this often while keys are pressed, and believed this long. */
const TYPING_EVERY_MS = 3_000;
const TYPING_MS = 6_000;
const SEEN_MS = 250;
const GREET_AGAIN_MS = 1_000;
const FETCH_AGAIN_MS = 2_000;

/** The server was not able to; the same again may do. */
const passing: readonly ErrorCode[] = ['overloaded', 'rate_limited', 'internal'];

type Welcome = Extract<ChatDown, { type: 'welcome' }>;
type Telling = { readonly state: 'sent' | 'paying' | 'uploading'; readonly progress: number | null };

export class Room {
  readonly view = new Store<RoomView>({ status: 'opening' });
  readonly socket: Socket;
  readonly #options: RoomOptions;
  #epoch: string | null = null;
  #span: Span | null = null;
  #past: Span | null = null;
  /** Events that wait until what lies before them has come. */
  #held: ChatEvent[] = [];
  /** The lowest `seq` there is for this person; null while it is not known. */
  #lowest: number | null = null;
  #older: 'idle' | 'loading' | 'failed' = 'idle';
  /** True from the welcome of the present connection on. */
  #welcomed = false;
  #catchingUp = false;
  #closed: Welcome['closed'] = null;
  #price: Welcome['price'] = null;
  #windows: Windows = usualWindows;
  #gone = false;
  #left = false;
  readonly #letters = new Map<string, Letter>();
  readonly #wishes = new Map<string, Wish>();
  /** What of both was told on the present connection, or has its bytes on their way. */
  readonly #told = new Map<string, Telling>();
  /** Wishes that were told at some time: a change that can't be seen here is not told again for ever. */
  readonly #toldEver = new Set<string>();
  readonly #attempts = new Map<string, number>();
  #refusal: Refusal | null = null;
  #seen = 0;
  #readTold = 0;
  #deliveredTold = 0;
  #stopSeen: (() => void) | null = null;
  #typingTold = Number.NEGATIVE_INFINITY;
  #stopTyping: (() => void) | null = null;
  #peerTyping = false;
  #stopPeerTyping: (() => void) | null = null;
  readonly #timers = new Map<string, () => void>();

  constructor(options: RoomOptions) {
    this.#options = options;
    const kept = options.letters.all().filter(({ chatId }) => chatId === options.chatId);
    for (const letter of [...kept].sort((a, b) => a.writtenAt - b.writtenAt)) this.#letters.set(letter.clientId, letter);
    for (const wish of options.wishes.all()) if (wish.chatId === options.chatId) this.#wishes.set(wish.id, wish);
    this.socket = new Socket({
      clock: options.clock,
      open: options.open,
      heartbeatMs: HEARTBEAT_MS,
      address: async () => ({
        path: `${API_BASE}/chats/${options.chatId}/socket`,
        ticket: (await options.api.call(issueTicket, { body: { scope: `chat:${options.chatId}` } })).ticket,
      }),
      onOpen: () => this.#opened(),
      onText: (text) => this.#take(text),
    });
    this.socket.phase.watch(() => this.#linked());
    this.#tell();
  }

  /** Whether something here still has to reach the server. */
  get busy(): boolean {
    return [...this.#letters.values()].some(({ refused }) => refused === null) || this.#wishes.size > 0;
  }

  hurry(): void {
    this.socket.hurry();
    for (const [id, { state }] of this.#told) if (state === 'uploading' && this.#timers.has(id)) this.#retryNow(id);
  }

  /** The page goes away: deletions that could still be taken back are carried out; what is unconfirmed stays put down. */
  leave(): void {
    for (const [id, wish] of this.#wishes) if (wish.what.type === 'delete') this.#setWish({ ...wish, what: { type: 'delete', at: 0 } }, id);
    this.#tell();
  }

  close(): void {
    this.#left = true;
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
    this.#stopSeen?.();
    this.#stopTyping?.();
    this.#stopPeerTyping?.();
    this.socket.close();
  }

  // ── the sequence ──────────────────────────────────────────────────────────────────────────────────────────────────

  #opened(): void {
    this.#welcomed = false;
    this.#held = [];
    this.#hello();
  }

  #hello(): void {
    this.#send({ type: 'hello', ...(this.#epoch === null ? {} : { epoch: this.#epoch }), lastSeq: this.#span?.last ?? 0 });
  }

  /** The device's copy and the server's don't fit together: the next welcome decides. Not at once, so that two who never agree don't hammer. */
  #greetAgain(): void {
    this.#held = [];
    this.#timers.get('hello')?.();
    this.#timers.set(
      'hello',
      this.#options.clock.after(GREET_AGAIN_MS, () => {
        this.#timers.delete('hello');
        this.#welcomed = false;
        this.#hello();
      }),
    );
  }

  #take(text: string): void {
    const parsed = z.safeParse(chatDown, parseJson(text));
    // An event of a kind this client does not know yet would leave a hole: the next welcome brings it in a form it knows.
    if (!parsed.success) return;
    const frame = parsed.data;
    switch (frame.type) {
      case 'welcome':
        this.#welcome(frame);
        return;
      case 'events':
        this.#usedFree(frame.items);
        this.#events(frame.items);
        return;
      case 'message.ack': {
        const letter = this.#letters.get(frame.clientId);
        // Shown on until its message is in the sequence; put away, because it is stored.
        if (letter) this.#putAway(letter);
        return;
      }
      case 'message.pending':
        if (this.#letters.has(frame.clientId)) this.#told.set(frame.clientId, { state: 'paying', progress: null });
        this.#draw();
        return;
      case 'typing':
        if (frame.by !== this.#options.me) this.#othersTyping(frame.typing);
        return;
      case 'closed':
        this.#closed = frame.closed;
        this.#draw();
        return;
      case 'error':
        // Before the welcome it can only be the hello that was not taken.
        if (this.#welcomed) this.#refused(frame.code, frame.id ?? '');
        else this.#greetAgain();
        return;
    }
  }

  #welcome(frame: Welcome): void {
    // Another storage, or one that was set back: what this device has is of a conversation that is no more.
    if (this.#epoch !== frame.epoch || frame.seq < (this.#span?.last ?? 0)) {
      this.#epoch = frame.epoch;
      this.#span = null;
      this.#past = null;
      this.#lowest = null;
      this.#deliveredTold = 0;
      this.#readTold = 0;
    }
    this.#price = frame.price;
    this.#closed = frame.closed;
    this.#windows = frame.windows ?? this.#windows;
    this.#welcomed = true;
    const from = frame.gap ? (frame.from ?? frame.events[0]?.seq ?? frame.seq + 1) : null;
    if (from !== null && this.#span !== null && from > this.#span.last + 1 + MOST_MISSING) this.#span = null;
    if (this.#span === null) {
      const first = from ?? frame.events[0]?.seq ?? frame.seq + 1;
      this.#span = spanAfter(first - 1);
      if (from === null) this.#lowest = first;
    }
    this.#events(frame.events);
    this.#forget();
    this.#tell();
  }

  /** What is still free is told with the welcome; since then this person's own messages count. */
  #usedFree(items: readonly ChatEvent[]): void {
    const used = items.filter((event) => event.type === 'message' && event.message.sender === this.#options.me && !event.message.automatic);
    if (this.#price && used.length > 0) this.#price = { ...this.#price, freeLeft: Math.max(0, this.#price.freeLeft - used.length) };
  }

  /** Takes events where they join; others wait, and what lies between is fetched. */
  #events(items: readonly ChatEvent[]): void {
    if (!this.#welcomed || this.#span === null) return;
    const grown = this.#held.length === 0 ? extend(this.#span, items) : null;
    if (grown) this.#grown(grown, items);
    else {
      this.#held.push(...items);
      if (!this.#catchingUp) void this.#catchUp();
    }
    this.#draw();
  }

  async #catchUp(): Promise<void> {
    this.#catchingUp = true;
    const { api, chatId } = this.#options;
    try {
      while (this.#held.length > 0 && this.#span && !this.#left) {
        const { epoch, items } = await api.call(readChatEvents, {
          params: { id: chatId },
          query: { after: this.#span.last, limit: 200 },
        });
        if (epoch !== this.#epoch) {
          this.#greetAgain();
          return;
        }
        const before = this.#span?.last ?? 0;
        const grown = this.#span && extend(this.#span, items);
        if (grown) this.#grown(grown, items);
        const all = [...this.#held].sort((a, b) => a.seq - b.seq).filter(({ seq }, index, list) => list[index - 1]?.seq !== seq);
        const whole = this.#span && extend(this.#span, all);
        if (whole) {
          this.#grown(whole, all);
          this.#held = [];
        } else if (this.#span?.last === before) {
          // Neither the socket nor HTTP has what is missing now: begin anew with what this device has.
          this.#greetAgain();
          return;
        }
        this.#draw();
      }
    } catch {
      this.#timers.get('catch up')?.();
      if (!this.#left)
        this.#timers.set(
          'catch up',
          this.#options.clock.after(FETCH_AGAIN_MS, () => {
            if (this.#held.length > 0 && !this.#catchingUp) void this.#catchUp();
          }),
        );
    } finally {
      this.#catchingUp = false;
      this.#draw();
    }
  }

  #grown(span: Span, items: readonly ChatEvent[]): void {
    this.#span = span;
    if (this.#past) this.#past = touched(this.#past, items);
    const { me } = this.#options;
    for (const event of items) {
      if (event.type === 'message') {
        if (event.message.sender === me) this.#confirmed(event.message.clientId);
        else this.#othersTyping(false);
      } else if ('messageId' in event && event.type !== 'media') this.#confirmWish(event);
    }
    const theirs = span.messages.findLast(({ sender }) => sender !== me)?.seq ?? 0;
    if (theirs > Math.max(this.#deliveredTold, marksOf(span, me).delivered) && this.#send({ type: 'delivered', seq: theirs }))
      this.#deliveredTold = theirs;
  }

  // ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────────

  async #readOlder(): Promise<void> {
    const shown = this.#past ?? this.#span;
    if (!shown || this.#older === 'loading' || shown.first <= (this.#lowest ?? 1)) return;
    const ofPast = this.#past !== null;
    await this.#page({ before: shown.first, limit: PAGE }, (items) => {
      const target = ofPast ? this.#past : this.#span;
      const grown = target && precede(target, items);
      if (!grown) return;
      if (ofPast) this.#past = grown;
      else this.#span = grown;
    });
  }

  async #readNewer(): Promise<void> {
    if (!this.#past || this.#older === 'loading') return;
    await this.#page({ after: this.#past.last, limit: PAGE }, (items) => {
      const grown = this.#past && extend(this.#past, items);
      if (!grown || !this.#span) return;
      const whole = join(grown, this.#span);
      if (whole) this.#span = whole;
      this.#past = whole ? null : grown;
    });
  }

  async #jump(seq: number): Promise<void> {
    if (!this.#span || seq >= this.#span.first) {
      this.#past = null;
      this.#draw();
      return;
    }
    await this.#page({ before: seq + AROUND + 1, limit: PAGE }, (items) => {
      const begin = items[0];
      const piece = begin && extend(spanAfter(begin.seq - 1), items);
      if (!piece || !this.#span) return;
      const whole = join(piece, this.#span);
      if (whole) this.#span = whole;
      this.#past = whole ? null : piece;
    });
  }

  async #page(query: { before?: number; after?: number; limit: number }, take: (items: readonly ChatEvent[]) => void): Promise<void> {
    this.#older = 'loading';
    this.#draw();
    try {
      const { api, chatId } = this.#options;
      const { epoch, first, items } = await api.call(readChatEvents, { params: { id: chatId }, query });
      this.#older = 'idle';
      if (epoch !== this.#epoch) return;
      this.#lowest = first;
      take(items);
    } catch {
      this.#older = 'failed';
    } finally {
      this.#draw();
    }
  }

  #seenUpTo(seq: number): void {
    this.#seen = Math.max(this.#seen, seq);
    this.#stopSeen ??= this.#options.clock.after(SEEN_MS, () => {
      this.#stopSeen = null;
      this.#tellSeen();
    });
  }

  #tellSeen(): void {
    if (!this.#welcomed || !this.#span) return;
    const known = Math.max(this.#readTold, marksOf(this.#span, this.#options.me).read);
    const seen = Math.min(this.#seen, this.#span.last);
    if (seen > known && this.#send({ type: 'read', seq: seen })) this.#readTold = seen;
  }

  // ── letters and wishes ────────────────────────────────────────────────────────────────────────────────────────────

  #put(letter: Letter): void {
    this.#letters.set(letter.clientId, letter);
    this.#options.letters.put(letter.clientId, letter);
  }

  #putAway({ clientId, draft }: Letter): void {
    this.#options.letters.remove(clientId);
    if (draft.kind !== 'text') void this.#options.bytes.remove(clientId);
  }

  #setWish(wish: Wish, id = wish.id): void {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
    this.#told.delete(id);
    this.#wishes.set(id, wish);
    this.#options.wishes.put(id, wish);
  }

  /** Tells the server what it may not know. Called whenever something could be told. */
  #tell(): void {
    if (this.#left) return;
    let held = false;
    for (const letter of this.#letters.values()) {
      if (letter.refused !== null || this.#told.has(letter.clientId)) continue;
      const message = onWire(letter);
      // What could not be taken for a moment holds back what was written after it, so that the order stays.
      if (this.#timers.has(letter.clientId)) held ||= message !== null;
      else if (message === null) void this.#upload(letter);
      else if (!held && this.#welcomed && this.#closed === null && this.#send({ type: 'message.send', message }))
        this.#told.set(letter.clientId, { state: 'sent', progress: null });
    }
    for (const [id, { messageId, what }] of this.#wishes) {
      if (!this.#welcomed || this.#told.has(id) || this.#timers.has(id)) continue;
      const wait = what.type === 'delete' ? what.at - this.#options.clock.now() : 0;
      if (wait > 0) this.#after(id, wait);
      else if (
        this.#send(
          what.type === 'edit'
            ? { type: 'message.edit', id, messageId, body: { text: what.text } }
            : what.type === 'delete'
              ? { type: 'message.delete', id, messageId }
              : { type: 'reaction.set', id, messageId, emoji: what.emoji },
        )
      ) {
        this.#told.set(id, { state: 'sent', progress: null });
        this.#toldEver.add(id);
      }
    }
    this.#tellSeen();
    this.#draw();
  }

  /** Comes back to something after a while. */
  #after(id: string, ms: number): void {
    this.#timers.get(id)?.();
    this.#timers.set(
      id,
      this.#options.clock.after(ms, () => this.#retryNow(id)),
    );
  }

  #retryNow(id: string): void {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
    this.#told.delete(id);
    this.#tell();
  }

  #retryLater(id: string): void {
    if (this.#told.get(id)?.state !== 'uploading') this.#told.delete(id);
    const attempt = this.#attempts.get(id) ?? 0;
    this.#attempts.set(id, attempt + 1);
    this.#after(id, backoffMs(attempt + 2, this.#options.clock.random()));
    this.#draw();
  }

  async #upload(letter: Letter): Promise<void> {
    const { clientId } = letter;
    const { bytes, upload } = this.#options;
    this.#told.set(clientId, { state: 'uploading', progress: 0 });
    this.#draw();
    try {
      const body = await bytes.get(clientId);
      if (!body) {
        this.#refuse(clientId, 'lost');
        return;
      }
      const mediaId = await upload(letter, body, (progress) => {
        if (this.#told.get(clientId)?.state !== 'uploading') return;
        this.#told.set(clientId, { state: 'uploading', progress });
        this.#draw();
      });
      const present = this.#letters.get(clientId);
      if (!present || this.#left) return;
      this.#put({ ...present, mediaId });
      this.#told.delete(clientId);
      this.#tell();
    } catch (thrown) {
      if (isProblem(thrown) && !passing.includes(thrown.code)) this.#refuse(clientId, thrown.code);
      else if (!this.#left) this.#retryLater(clientId);
    }
  }

  #refused(code: ErrorCode, id: string): void {
    const wish = this.#wishes.get(id);
    if (!wish && !this.#letters.has(id)) return;
    if (passing.includes(code)) this.#retryLater(id);
    else if (!wish) this.#refuse(id, code);
    else {
      this.#dropWish(id);
      this.#refusal = { wish, code };
      this.#draw();
    }
  }

  #refuse(clientId: string, code: NonNullable<Letter['refused']>): void {
    const letter = this.#letters.get(clientId);
    if (letter) this.#put({ ...letter, refused: code });
    this.#told.delete(clientId);
    this.#draw();
  }

  /** A letter's message is in the sequence. */
  #confirmed(clientId: string): void {
    const letter = this.#letters.get(clientId);
    if (letter) this.#putAway(letter);
    this.#letters.delete(clientId);
    this.#told.delete(clientId);
  }

  #confirmWish(event: Extract<ChatEvent, { type: 'edited' | 'deleted' | 'reaction' }>): void {
    for (const [id, { messageId, what }] of this.#wishes) {
      if (messageId !== event.messageId) continue;
      const done =
        (event.type === 'deleted' && what.type !== 'react') ||
        (event.by === this.#options.me && event.type === 'edited' && what.type === 'edit' && what.text === event.body.text) ||
        (event.by === this.#options.me && event.type === 'reaction' && what.type === 'react' && what.emoji === event.emoji);
      if (done) this.#dropWish(id);
    }
  }

  /** After a welcome: what the sequence shows as done is not told again, and what it can't show is told once only. */
  #forget(): void {
    for (const [id, { state }] of this.#told) if (state !== 'uploading') this.#told.delete(id);
    for (const [id, { messageId, what }] of this.#wishes) {
      const message = (this.#span && messageOf(this.#span, messageId)) ?? (this.#past && messageOf(this.#past, messageId));
      const done = message
        ? (what.type !== 'react' && message.deletedAt !== null) ||
          (what.type === 'edit' && message.kind === 'text' && message.body?.text === what.text) ||
          (what.type === 'react' && (message.reactions.find(({ userId }) => userId === this.#options.me)?.emoji ?? null) === what.emoji)
        : this.#toldEver.has(id);
      if (done) this.#dropWish(id);
    }
    for (const { clientId, sender } of this.#span?.messages ?? []) if (sender === this.#options.me) this.#confirmed(clientId);
  }

  #dropWish(id: string): void {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
    this.#wishes.delete(id);
    this.#told.delete(id);
    this.#options.wishes.remove(id);
  }

  readonly #acts: Writing = {
    older: () => void this.#readOlder(),
    newer: () => void this.#readNewer(),
    jump: (seq) => this.#jump(seq),
    newest: () => {
      this.#past = null;
      this.#draw();
    },
    seen: (seq) => this.#seenUpTo(seq),
    noted: () => {
      this.#refusal = null;
      this.#draw();
    },
    discard: (clientId) => {
      const telling = this.#told.get(clientId)?.state;
      if (telling === 'sent' || telling === 'paying') return;
      this.#timers.get(clientId)?.();
      this.#timers.delete(clientId);
      this.#confirmed(clientId);
      this.#draw();
    },
    send: (draft, options) => this.#write(draft, options?.replyTo, options?.bytes),
    again: (clientId) => {
      const letter = this.#letters.get(clientId);
      if (!letter?.refused) return;
      this.#attempts.delete(clientId);
      // The server may have swept away what it was given long ago; the bytes are still here.
      this.#put({ ...letter, refused: null, mediaId: letter.refused === 'validation_failed' ? null : letter.mediaId });
      this.#tell();
    },
    edit: ({ id: messageId }: Editable, text) => this.#wish(`edit:${messageId}`, messageId, { type: 'edit', text: text.trim() }),
    remove: ({ id: messageId }: Removable) =>
      this.#wish(`delete:${messageId}`, messageId, { type: 'delete', at: this.#options.clock.now() + UNDO_MS }),
    keep: ({ id: messageId }) => {
      const id = `delete:${messageId}`;
      // What was told can't be taken back.
      if (!this.#told.has(id)) this.#dropWish(id);
      this.#draw();
    },
    react: ({ id: messageId }: Answerable, emoji) => this.#wish(`react:${messageId}`, messageId, { type: 'react', emoji }),
    typing: () => this.#type(),
  };

  #write(draft: Draft, replyTo?: Answerable, body?: Blob): string {
    const { newId, chatId, clock, bytes } = this.#options;
    const clientId = newId();
    const letter: Letter = {
      clientId,
      chatId,
      writtenAt: clock.now(),
      replyTo: replyTo?.id ?? null,
      draft: draft.kind === 'text' ? { kind: 'text', text: draft.text.trim() } : draft,
      mediaId: null,
      refused: null,
    };
    this.#stopTypingNow();
    if (!body) {
      this.#put(letter);
      this.#tell();
      return clientId;
    }
    // Its bytes first: a letter without them could never be sent after a reload.
    this.#letters.set(clientId, letter);
    this.#told.set(clientId, { state: 'uploading', progress: 0 });
    this.#draw();
    void bytes.put(clientId, body).then(
      () => {
        this.#told.delete(clientId);
        this.#put(letter);
        this.#tell();
      },
      () => this.#refuse(clientId, 'lost'),
    );
    return clientId;
  }

  #wish(id: string, messageId: Message['id'], what: Wish['what']): void {
    this.#setWish({ id, chatId: this.#options.chatId, messageId, what });
    this.#tell();
  }

  // ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────

  #type(): void {
    const { clock } = this.#options;
    if (clock.now() - this.#typingTold >= TYPING_EVERY_MS && this.#welcomed && this.#send({ type: 'typing', typing: true }))
      this.#typingTold = clock.now();
    this.#stopTyping?.();
    this.#stopTyping = clock.after(TYPING_EVERY_MS + 1_000, () => this.#stopTypingNow());
  }

  #stopTypingNow(): void {
    this.#stopTyping?.();
    this.#stopTyping = null;
    if (this.#typingTold === Number.NEGATIVE_INFINITY) return;
    this.#typingTold = Number.NEGATIVE_INFINITY;
    if (this.#welcomed) this.#send({ type: 'typing', typing: false });
  }

  #othersTyping(typing: boolean): void {
    this.#stopPeerTyping?.();
    this.#stopPeerTyping = typing ? this.#options.clock.after(TYPING_MS, () => this.#othersTyping(false)) : null;
    this.#peerTyping = typing;
    this.#draw();
  }

  // ── the view ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #linked(): void {
    const phase = this.socket.phase.get();
    if (phase.phase !== 'open') {
      this.#welcomed = false;
      this.#peerTyping = false;
      for (const [id, { state }] of this.#told) if (state !== 'uploading') this.#told.delete(id);
    }
    if (phase.phase === 'closed' && (phase.reason === 'not_found' || phase.reason === 'forbidden')) this.#gone = true;
    this.#draw();
  }

  #letterView(letter: Letter): LetterView {
    if (letter.refused !== null) return { ...letter, state: 'refused', progress: null };
    return { ...letter, ...(this.#told.get(letter.clientId) ?? { state: 'waiting', progress: null }) };
  }

  #draw(): void {
    if (this.#left) return;
    const span = this.#span;
    if (!span) {
      this.view.set({ status: this.#gone ? 'gone' : 'opening' });
      return;
    }
    const phase = this.socket.phase.get();
    const shown = this.#past ?? span;
    const begins = shown.first <= (this.#lowest ?? 1);
    const common = {
      link: phase.phase !== 'open' || !this.#welcomed ? 'away' : this.#held.length > 0 ? 'catching_up' : 'live',
      span,
      past: this.#past,
      older: begins ? 'none' : this.#older === 'idle' ? 'more' : this.#older,
      letters: [...this.#letters.values()].map((letter) => this.#letterView(letter)).sort((a, b) => a.writtenAt - b.writtenAt),
      wishes: [...this.#wishes.values()],
      refusal: this.#refusal,
      typing: this.#peerTyping,
      price: this.#price,
      windows: this.#windows,
    } as const;
    const why = this.#closed ?? (this.#gone ? 'gone' : null);
    this.view.set(why === null ? { ...common, status: 'open', acts: this.#acts } : { ...common, status: 'closed', why, acts: this.#acts });
  }

  #send(frame: ChatUp): boolean {
    return this.socket.send(JSON.stringify(frame));
  }
}
