/** A companion's device on the hub: notes what it hears, and comes back after a crash with the last number it has. */
import { WebSocket } from 'ws';
import type { Client } from './client.ts';

export interface Heard {
  /** Numbers of the sequence as they came, this run. */
  readonly seqs: number[];
  /** Where this run began: the last number of the run before. */
  readonly from: number;
  /** How often each call rang, by call id. */
  readonly rang: Map<string, number>;
  /** The last state heard of each call. */
  readonly updated: Map<string, string>;
  /** The hub said that something is missing. */
  readonly gap: boolean;
}

export class Ear {
  readonly #origin: string;
  readonly #client: Client;
  #socket: WebSocket | null = null;
  #lastSeq = 0;
  #heard: Heard = nothing(0);

  constructor(origin: string, client: Client) {
    this.#origin = origin;
    this.#client = client;
  }

  /** Begins a new run's notes. */
  forget(): void {
    this.#heard = nothing(this.#lastSeq);
  }

  heard(): Heard {
    return this.#heard;
  }

  /** Opens a socket and says hello; resolves once the hub has answered. False where it did not. */
  async open(): Promise<boolean> {
    const ticket = (await this.#client.post('/tickets', { scope: 'hub' })).body?.ticket;
    if (!ticket) return false;
    const socket = new WebSocket(`${this.#origin.replace('http', 'ws')}/api/v1/hub/socket`, ['hearthline.v1', `ticket.${ticket}`]);
    this.#socket = socket;
    return new Promise((resolve) => {
      socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', lastSeq: this.#lastSeq })));
      socket.on('message', (data) => {
        if (this.#hear(JSON.parse(String(data)))) resolve(true);
      });
      socket.on('error', () => resolve(false));
      socket.on('close', () => resolve(false));
    });
  }

  cut(): void {
    this.#socket?.terminate();
  }

  /** @returns whether it was the answer to hello */
  #hear(frame: { type: string; seq?: number; gap?: boolean; items?: Item[]; call?: { id: string; state: string } }): boolean {
    if (frame.type === 'hello') {
      if (frame.gap) this.#heard = { ...this.#heard, gap: true };
      for (const item of frame.items ?? []) this.#note(item);
      return true;
    }
    if (frame.seq !== undefined) this.#note(frame as Item);
    if (frame.type === 'call.updated' && frame.call) this.#heard.updated.set(frame.call.id, frame.call.state);
    return false;
  }

  #note({ seq, type, call }: Item): void {
    this.#lastSeq = seq;
    this.#heard.seqs.push(seq);
    if (type === 'call.incoming' && call) this.#heard.rang.set(call.id, (this.#heard.rang.get(call.id) ?? 0) + 1);
  }
}

interface Item {
  readonly type: string;
  readonly seq: number;
  readonly call?: { readonly id: string };
}

const nothing = (from: number): Heard => ({ seqs: [], from, rang: new Map(), updated: new Map(), gap: false });
