/** For tests: a conversation in memory, with every decision carried out as the store does. */
import type { ChatEvent } from '../../../worker/protocol/chat/event.ts';
import type { Message, MessageMedia, SentMessage } from '../../../worker/protocol/chat/message.ts';
import type { ChatMediaId, MessageId, UserId } from '../../../worker/protocol/ids.ts';
import { toTimestamp } from '../../../worker/protocol/time.ts';
import { decide } from './decide.ts';
import type { Order } from './orders.ts';
import { hiddenEvent, type WireEvent } from './resuming.ts';
import type { Intent, KnownMedium, Marks, Person, Placed, Room, Shelf, Step, Windows, Write } from './state.ts';

export const NOON = Date.parse('2030-01-01T12:00:00.000Z');
const id = (prefix: string, n: number): string => `${prefix}_${String(n).padStart(26, '0')}`;
export const ADA = id('usr', 1) as UserId;
export const GRACE = id('usr', 2) as UserId;
export const HUGO = id('usr', 3) as UserId;
export const mediaId = (n: number): ChatMediaId => id('cmd', n) as ChatMediaId;

export const windows: Windows = { editMs: 900_000, deleteMs: 86_400_000 };

const person = (userId: UserId, role: Person['role'], more: Partial<Person> = {}): Person => ({
  userId,
  role,
  ledgerShard: 0,
  fromSeq: 1,
  cameAt: NOON,
  leftAt: null,
  ...more,
});

export const newRoom = (more: Partial<Room> = {}): Room => ({
  chatId: id('chat', 1) as Room['chatId'],
  epoch: 'first',
  lastSeq: 0,
  lastAt: 0,
  lastMessageSeq: 0,
  waiting: null,
  closed: null,
  people: [person(ADA, 'member'), person(GRACE, 'companion')],
  ...more,
});

interface Row {
  readonly author: string;
  readonly name: string;
  readonly fingerprint: string;
  message: Message;
}

export class Rehearsal implements Shelf {
  room: Room;
  now = NOON;
  readonly rows: Row[] = [];
  readonly #events: WireEvent[] = [];
  readonly #intents: Intent[] = [];
  readonly #givenUp = new Set<string>();
  readonly #marks = new Map<UserId, Marks>();
  readonly #media = new Map<ChatMediaId, KnownMedium>();
  readonly dropped: ChatMediaId[] = [];
  #ids = 0;
  #n = 0;

  constructor(room: Room = newRoom()) {
    this.room = room;
  }

  pass(ms: number): void {
    this.now += ms;
  }

  do(order: Order): Step {
    const tools = { now: this.now, messageId: () => id('msg', ++this.#ids) as MessageId };
    const step = decide(this.room, this, order, windows, tools);
    for (const write of step.writes) this.#write(write);
    this.room = step.room;
    return step;
  }

  /** A text of somebody; the name is the text's own where none is given. */
  text(by: UserId, text: string, more: { clientId?: string; replyTo?: MessageId; terms?: Extract<Order, { type: 'send' }>['terms'] } = {}) {
    const sent: SentMessage = {
      kind: 'text',
      clientId: more.clientId ?? `name-${text}`,
      body: { text },
      ...(more.replyTo ? { replyTo: more.replyTo } : {}),
    };
    return this.do({ type: 'send', by, sent, media: null, terms: more.terms ?? null });
  }

  /** The same, which must be taken at once. */
  said(by: UserId, text: string, clientId?: string): Message {
    const { reply } = this.text(by, text, clientId === undefined ? {} : { clientId });
    if (reply.is !== 'placed') throw new Error(`not taken: ${JSON.stringify(reply)}`);
    return reply.message;
  }

  image(by: UserId, media: MessageMedia | null, clientId = 'an-image') {
    const sent: SentMessage = { kind: 'image', clientId, body: { mediaId: media?.id ?? mediaId(99) } };
    return this.do({ type: 'send', by, sent, media, terms: null });
  }

  /** The sequence as it is stored now, messages as they stand. */
  events(): readonly WireEvent[] {
    const messages = this.rows.map(({ message }): WireEvent => {
      const event: ChatEvent = { seq: message.seq, at: message.at, type: 'message', message };
      return { seq: message.seq, about: null, at: message.at, text: JSON.stringify(event) };
    });
    return [...messages, ...this.#events].sort((a, b) => a.seq - b.seq);
  }

  #write(write: Write): void {
    switch (write.kind) {
      case 'message':
        this.rows.push({ ...write });
        break;
      case 'mark':
        this.#events.push({ seq: write.event.seq, about: write.about, at: write.event.at, text: JSON.stringify(write.event) });
        break;
      case 'revise':
        for (const row of this.rows) if (row.message.id === write.message.id) row.message = write.message;
        break;
      case 'forget edits':
        this.#events.forEach((event, n) => {
          if (event.about === write.about && event.text.includes('"type":"edited"'))
            this.#events[n] = { ...event, text: hiddenEvent(event.seq, event.at) };
        });
        break;
      case 'marks':
        this.#marks.set(write.userId, write.marks);
        break;
      case 'intent':
        this.#intents.push({ ...write.intent, n: ++this.#n });
        break;
      case 'intent gone': {
        const at = this.#intents.findIndex(({ sender, clientId }) => sender === write.sender && clientId === write.clientId);
        if (at >= 0) this.#intents.splice(at, 1);
        if (write.givenUp) this.#givenUp.add(`${write.sender} ${write.clientId}`);
        break;
      }
      case 'medium':
        this.#media.set(write.mediaId, { usedBy: write.usedBy, state: write.state });
        break;
      case 'drop medium':
        this.dropped.push(write.mediaId);
    }
  }

  /** Messages without a place, oldest first. */
  get open(): readonly Intent[] {
    return this.#intents;
  }

  placed(author: string, name: string): Placed | null {
    const row = this.rows.find((each) => each.author === author && each.name === name);
    return row ? { id: row.message.id, seq: row.message.seq, fingerprint: row.fingerprint } : null;
  }

  message(wanted: MessageId): Message | null {
    return this.rows.find(({ message }) => message.id === wanted)?.message ?? null;
  }

  intent(sender: UserId, clientId: string): Intent | null {
    return this.#intents.find((intent) => intent.sender === sender && intent.clientId === clientId) ?? null;
  }

  givenUp(sender: UserId, clientId: string): boolean {
    return this.#givenUp.has(`${sender} ${clientId}`);
  }

  intents(sender: UserId): number {
    return this.#intents.filter((intent) => intent.sender === sender).length;
  }

  sentBy(author: UserId, most: number): number {
    return Math.min(most, this.rows.filter((row) => row.author === author).length);
  }

  marks(userId: UserId): Marks {
    return this.#marks.get(userId) ?? { delivered: 0, read: 0 };
  }

  lastOfOthers(userId: UserId, after: number, upTo: number): number | null {
    const found = this.rows.findLast(({ message: { seq, sender } }) => seq > after && seq <= upTo && sender !== userId);
    return found?.message.seq ?? null;
  }

  media(wanted: ChatMediaId): KnownMedium | null {
    return this.#media.get(wanted) ?? null;
  }
}

export const picture = (n = 1, more: Partial<MessageMedia> = {}): MessageMedia => ({
  id: mediaId(n),
  kind: 'image',
  type: 'image/webp',
  bytes: 1_000,
  width: 10,
  height: 10,
  durationMs: null,
  state: 'pending',
  ...more,
});

export const at = (ms: number): string => toTimestamp(NOON + ms);
