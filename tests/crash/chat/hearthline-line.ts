/** A device in one of our rooms: a ticket, a socket, hello with what it has, the rest over HTTP where there is a gap. */
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Random } from '../../simulation/random.ts';
import type { Client } from '../client.ts';
import type { Ear, Line } from './line.ts';
import type { Sent } from './notes.ts';
import type { Greeting, Promised, Told } from './sequence.ts';

/** Events as they come over the wire; judged by the checks. */
export interface WireEvent {
  readonly seq: number;
  readonly at: string;
  readonly type: string;
  readonly by?: string;
  readonly messageId?: string;
  readonly upTo?: number;
  readonly emoji?: string | null;
  readonly body?: { readonly text: string };
  readonly message?: { readonly id: string; readonly sender: string; readonly clientId: string; readonly body: { text: string } | null };
}

/** What all devices of a room note together. */
export interface RoomTrail {
  readonly greetings: Greeting[];
  readonly told: Told[];
  readonly promised: Promised[];
  /** The highest seq that anybody was told of or promised. */
  known: number;
}

/** What never changes of an event, in one line; `checkSequence` reads the words. An edit's words are left out: they go when the next one comes. */
export function faceOf({ type, at, by, messageId, upTo, emoji, message }: WireEvent): string {
  if (message) return `message ${message.clientId} ${message.id} ${at} ${message.sender}`;
  return [type, by, messageId, upTo, emoji].filter((each) => each !== undefined).join(' ');
}

const emojis = ['❤️', '😂', '👍🏽', null] as const;

/** Nobody fidgets with this one, so it is there once it was set. */
const OWN_EMOJI = '👏';

/** Errors that ask for patience. */
const patient = new Set(['rate_limited', 'overloaded']);

export class HearthlineLine implements Line {
  readonly #origin: string;
  readonly #client: Client;
  readonly #chatId: string;
  readonly #device: string;
  readonly #ear: Ear;
  readonly #trail: RoomTrail;
  #socket: WebSocket | null = null;
  #epoch: string | null;
  #lastSeq: number;
  /** Between the greeting and the end of a backfill: what came meanwhile. */
  #early: WireEvent[] | null = null;
  #greeted = false;
  readonly #messages: { id: string; own: boolean }[] = [];
  #frames = 0;
  /** What `mark` set has come back. */
  #marked = false;

  constructor(
    at: { origin: string; chatId: string; epoch: string | null; base: number; device: string },
    client: Client,
    ear: Ear,
    trail: RoomTrail,
  ) {
    this.#origin = at.origin;
    this.#chatId = at.chatId;
    this.#device = at.device;
    this.#epoch = at.epoch;
    this.#lastSeq = at.base;
    this.#client = client;
    this.#ear = ear;
    this.#trail = trail;
  }

  readonly isOpen = (): boolean => this.#greeted && this.#socket?.readyState === WebSocket.OPEN;

  async open(): Promise<boolean> {
    const ticket = (await this.#client.post('/tickets', { scope: `chat:${this.#chatId}` })).body?.ticket;
    if (!ticket) return false;
    const path = `${this.#origin.replace('http', 'ws')}/api/v1/chats/${this.#chatId}/socket`;
    const socket = new WebSocket(path, ['hearthline.v1', `ticket.${ticket}`], { handshakeTimeout: 60_000 });
    this.#socket = socket;
    return new Promise((resolve) => {
      const asked = { epoch: this.#epoch, lastSeq: this.#lastSeq };
      const knownBefore = this.#trail.known;
      socket.on('open', () =>
        this.#say({ type: 'hello', ...(asked.epoch === null ? {} : { epoch: asked.epoch }), lastSeq: asked.lastSeq }),
      );
      socket.on('message', (data) => {
        if (this.#socket !== socket) return;
        const frame = JSON.parse(String(data));
        if (frame.type === 'welcome') void this.#welcome(frame, asked, knownBefore).then(resolve);
        else this.#hear(frame);
      });
      socket.on('error', () => resolve(false));
      socket.on('close', () => resolve(false));
    });
  }

  send({ clientId, text }: Sent): void {
    this.#say({ type: 'message.send', message: { kind: 'text', clientId, body: { text } } });
  }

  async post({ clientId, text }: Sent): Promise<void> {
    const { status, body } = await this.#client.post(
      `/chats/${this.#chatId}/messages`,
      { kind: 'text', clientId, body: { text } },
      clientId,
    );
    if (status === 201) this.#promised({ clientId, id: body.message.id, seq: body.message.seq, at: body.message.at });
    else if (status > 0 && status < 500 && status !== 429) this.#ear.wrong(`POST messages answered ${status} ${JSON.stringify(body)}`);
  }

  fidget(random: Random): void {
    const dice = random.unit();
    const some = this.#messages.slice(-30);
    const message = some.length > 0 ? random.pick(some) : null;
    const id = `f${++this.#frames}`;
    if (dice < 0.15) this.#say({ type: 'typing', id, typing: random.chance(0.7) });
    else if (dice < 0.3) this.#say({ type: 'delivered', id, seq: this.#lastSeq });
    else if (dice < 0.5) this.#say({ type: 'read', id, seq: this.#lastSeq });
    else if (message && (dice < 0.75 || !message.own))
      this.#say({ type: 'reaction.set', id, messageId: message.id, emoji: random.pick(emojis) });
    else if (message) this.#say({ type: 'message.edit', id, messageId: message.id, body: { text: `Corrected ${random.int(1, 999)}` } });
  }

  async mark(going: () => boolean): Promise<void> {
    const [message] = this.#messages;
    while (message && going() && !this.#marked) {
      if (this.isOpen() || (await this.open()))
        this.#say({ type: 'reaction.set', id: `f${++this.#frames}`, messageId: message.id, emoji: OWN_EMOJI });
      await pause(100);
    }
  }

  cut(): void {
    this.#greeted = false;
    this.#socket?.terminate();
  }

  #say(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  /** @returns whether the device has everything */
  async #welcome(
    frame: { epoch: string; seq: number; events: WireEvent[]; gap?: true; from?: number },
    asked: Greeting['asked'],
    knownBefore: number,
  ): Promise<boolean> {
    const seqs = frame.events.map(({ seq }) => seq);
    const gapFrom = frame.gap ? (frame.from ?? Number.NaN) : null;
    this.#trail.greetings.push({ device: this.#device, asked, epoch: frame.epoch, seq: frame.seq, gapFrom, seqs, knownBefore });
    const wasKnown = this.#epoch !== null;
    this.#epoch = frame.epoch;
    if (gapFrom !== null) {
      this.#early = [];
      if (!(await this.#backfill(gapFrom - 1))) return false;
    }
    this.#take([...frame.events, ...(this.#early ?? [])]);
    this.#early = null;
    this.#greeted = true;
    // With a gap it said that something was missing; what came over HTTP since must make it whole.
    this.#ear.greeted(wasKnown ? 'complete' : 'new', true);
    return this.isOpen();
  }

  /** Reads what lies before, up to `upTo`; false where that failed. */
  async #backfill(upTo: number): Promise<boolean> {
    while (this.#lastSeq < upTo) {
      const { status, body } = await this.#client.get(`/chats/${this.#chatId}/events?after=${this.#lastSeq}&limit=200`);
      if (status !== 200 || body.items.length === 0) {
        this.cut();
        return false;
      }
      this.#take(body.items.filter(({ seq }: WireEvent) => seq <= upTo));
    }
    return true;
  }

  #hear(frame: { type: string; items?: WireEvent[]; code?: string; id?: string; message?: string } & Partial<Promised>): void {
    if (frame.type === 'events') {
      if (this.#early) this.#early.push(...(frame.items ?? []));
      else this.#take(frame.items ?? []);
    } else if (frame.type === 'message.ack') {
      const { clientId = '', id = '', seq = 0, at = '' } = frame;
      this.#promised({ clientId, id, seq, at });
    } else if (frame.type === 'error') {
      if (!patient.has(frame.code ?? '')) this.#ear.wrong(`was told ${JSON.stringify(frame)}`);
      else if (!frame.id?.startsWith('f')) this.#ear.refused(frame.id ?? '');
    }
  }

  #promised(promised: Promised): void {
    this.#trail.promised.push(promised);
    this.#trail.known = Math.max(this.#trail.known, promised.seq);
    this.#ear.acknowledged(promised.clientId);
  }

  #take(events: readonly WireEvent[]): void {
    for (const event of events) {
      if (event.seq !== this.#lastSeq + 1) this.#ear.wrong(`was given ${event.seq} after ${this.#lastSeq}`);
      this.#lastSeq = event.seq;
      this.#trail.told.push({ seq: event.seq, face: faceOf(event) });
      this.#trail.known = Math.max(this.#trail.known, event.seq);
      if (event.emoji === OWN_EMOJI) this.#marked = true;
      if (!event.message) continue;
      this.#messages.push({ id: event.message.id, own: event.message.sender === this.#client.userId });
      this.#ear.shown(event.message.clientId);
    }
  }
}
