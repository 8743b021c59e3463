/** A room for tests: keeps a sequence as the server does, and answers one or more sockets of a `FakeServer`. */
import type { ChatEvent } from '../../../worker/protocol/chat/event.ts';
import type { Message, SentMessage } from '../../../worker/protocol/chat/message.ts';
import type { ChatUp } from '../../../worker/protocol/chat/up.ts';
import type { ChatId, MessageId, UserId } from '../../../worker/protocol/ids.ts';
import { settle } from '../fake-clock.ts';
import { type Answering, FakeServer } from '../fake-server.ts';
import type { Drawer } from './letters.ts';

const id = <T extends string>(prefix: string, n: number): T => `${prefix}_0${String(n).padStart(25, '0')}` as T;
export const ada = id<UserId>('usr', 1);
export const grace = id<UserId>('usr', 2);
export const chatId = id<ChatId>('chat', 1);
export const messageId = (seq: number): MessageId => id<MessageId>('msg', seq);
export const moment = (seq: number): string => new Date(1_700_000_000_000 + seq * 1000).toISOString();

export function text(seq: number, sender: UserId, words: string, clientId = `c-${String(seq).padStart(8, '0')}`): Message {
  return {
    id: messageId(seq),
    seq,
    sender,
    clientId,
    at: moment(seq),
    replyTo: null,
    editedAt: null,
    deletedAt: null,
    automatic: false,
    price: null,
    media: null,
    kind: 'text',
    body: { text: words },
    reactions: [],
  };
}

export const written = (message: Message): ChatEvent => ({ type: 'message', seq: message.seq, at: message.at, message });

export const drawer = <T>(kept = new Map<string, T>()): Drawer<T> & { kept: Map<string, T> } => ({
  kept,
  all: () => [...kept.values()],
  put: (key, entry) => void kept.set(key, structuredClone(entry)),
  remove: (key) => void kept.delete(key),
});

export class FakeRoom {
  events: ChatEvent[] = [];
  epoch = 'e1';
  /** A welcome brings at most so many events. */
  tail = Number.POSITIVE_INFINITY;
  /** Whether a message is answered once it is stored; off: stored, and the ack is lost. */
  acks = true;
  price: { unit: string; amount: number; freeLeft: number } | null = null;
  readonly server: FakeServer;
  #answered = 0;

  constructor(also: Answering = () => undefined) {
    this.server = new FakeServer((asked) => {
      const told = also(asked);
      if (told) return told;
      if (asked.path === '/tickets') return { status: 201, body: { ticket: 't', expiresAt: moment(0) } };
      const query = new URLSearchParams(asked.path.split('?')[1]);
      if (!asked.path.startsWith(`/chats/${chatId}/events`)) return undefined;
      const limit = Number(query.get('limit') ?? 50);
      const after = query.get('after');
      const before = Number(query.get('before') ?? Number.POSITIVE_INFINITY);
      const items =
        after === null
          ? this.events.filter(({ seq }) => seq < before).slice(-limit)
          : this.events.filter(({ seq }) => seq > Number(after)).slice(0, limit);
      return { body: { epoch: this.epoch, seq: this.events.length, first: 1, items } };
    });
  }

  get seq(): number {
    return this.events.length;
  }

  /** Stores without telling anybody. */
  store(make: (seq: number) => ChatEvent): ChatEvent {
    const event = make(this.seq + 1);
    // A message is told as it stands now, whenever it is read.
    if (event.type === 'edited')
      this.events = this.events.map((each) =>
        each.type === 'message' && each.message.id === event.messageId
          ? { ...each, message: { ...each.message, body: event.body, editedAt: event.at } as Message }
          : each,
      );
    this.events.push(event);
    return event;
  }

  talk(count: number, sender: UserId = grace): void {
    for (let turn = 0; turn < count; turn += 1) this.store((seq) => written(text(seq, sender, `words ${seq}`)));
  }

  /** Stores and tells the open socket. */
  happen(make: (seq: number) => ChatEvent): void {
    this.server.socket.tell({ type: 'events', items: [this.store(make)] });
  }

  /** Takes the connection, and answers whatever the client said until it is quiet. */
  async accept(): Promise<void> {
    await this.acceptSilently();
    this.#answered = 0;
    await this.answer();
  }

  /** Takes the connection, and leaves what the client says at first unanswered. */
  async acceptSilently(): Promise<void> {
    await settle();
    this.server.socket.accept();
    await settle();
    this.#answered = this.server.socket.frames.length;
  }

  async answer(): Promise<void> {
    for (;;) {
      await settle();
      const frame = this.server.socket.frames[this.#answered] as ChatUp | undefined;
      if (!frame) return;
      this.#answered += 1;
      this.#take(frame);
    }
  }

  #take(frame: ChatUp): void {
    const { socket } = this.server;
    if (frame.type === 'hello') {
      const fits = (frame.epoch === undefined || frame.epoch === this.epoch) && frame.lastSeq <= this.seq;
      const known = fits ? frame.lastSeq : 0;
      const events = this.events.filter(({ seq }) => seq > known).slice(-this.tail);
      const gap = (events[0]?.seq ?? known + 1) > known + 1;
      socket.tell({
        type: 'welcome',
        epoch: this.epoch,
        seq: this.seq,
        events,
        price: this.price,
        closed: null,
        ...(gap ? { gap: true, from: events[0]?.seq ?? this.seq + 1 } : {}),
      });
    }
    if (frame.type === 'message.send') this.#send(frame.message);
  }

  #send(sent: SentMessage): void {
    const { socket } = this.server;
    const known = this.events.find((event) => event.type === 'message' && event.message.clientId === sent.clientId);
    const event =
      known ?? this.store((seq) => written({ ...text(seq, ada, '', sent.clientId), kind: sent.kind, body: sent.body } as Message));
    if (!this.acks) return;
    socket.tell({ type: 'message.ack', clientId: sent.clientId, id: messageId(event.seq), seq: event.seq, at: event.at });
    if (!known) socket.tell({ type: 'events', items: [event] });
  }
}
