/** The other side of a conversation without a screen: a socket that writes, answers and tells what it has seen. */
import assert from 'node:assert/strict';
import type { ChatDown } from '../../worker/protocol/chat/down.ts';
import type { ChatEvent } from '../../worker/protocol/chat/event.ts';
import type { Message } from '../../worker/protocol/chat/message.ts';
import type { ChatUp } from '../../worker/protocol/chat/up.ts';
import { SUBPROTOCOL, TICKET_PREFIX } from '../../worker/protocol/sockets.ts';
import { eventually } from './harness.ts';

export class ChatDevice {
  readonly #socket: WebSocket;
  readonly #events: ChatEvent[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string' && data.startsWith('{')) this.#take(JSON.parse(data) as ChatDown);
    });
  }

  static async open(origin: string, chatId: string, ticket: string): Promise<ChatDevice> {
    const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/api/v1/chats/${chatId}/socket`, [SUBPROTOCOL, TICKET_PREFIX + ticket]);
    const device = new ChatDevice(socket);
    await new Promise<void>((done, fail) => {
      socket.addEventListener('open', () => done());
      socket.addEventListener('error', () => fail(new Error('the conversation’s socket does not open')));
    });
    device.send({ type: 'hello', lastSeq: 0 });
    return device;
  }

  send(frame: ChatUp): void {
    this.#socket.send(JSON.stringify(frame));
  }

  write(text: string): void {
    this.send({ type: 'message.send', message: { clientId: crypto.randomUUID(), kind: 'text', body: { text } } });
  }

  /** The messages so far, in their order. */
  get messages(): Message[] {
    return this.#events.flatMap((event) => (event.type === 'message' ? [event.message] : []));
  }

  /** Every event so far; their places have no hole. */
  get events(): readonly ChatEvent[] {
    const [first] = this.#events;
    assert.deepEqual(
      this.#events.map(({ seq }) => seq),
      this.#events.map((_, index) => (first?.seq ?? 1) + index),
      'the sequence has no hole',
    );
    return this.#events;
  }

  /** The message that `fits`, once it has come. */
  message(what: string, fits: (message: Message) => boolean): Promise<Message> {
    return eventually(what, async () => this.messages.find(fits));
  }

  /** The event that `fits`, once it has come. */
  event(what: string, fits: (event: ChatEvent) => boolean): Promise<ChatEvent> {
    return eventually(what, async () => this.events.find(fits));
  }

  close(): void {
    this.#socket.close();
  }

  #take(frame: ChatDown): void {
    if (frame.type === 'welcome') this.#events.push(...frame.events);
    if (frame.type === 'events') this.#events.push(...frame.items);
  }
}
