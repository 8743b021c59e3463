/** One party's end of a call: a real WebSocket that reports media at once, pings, and notes when it was there. */
import { WebSocket } from 'ws';
import type { Client } from './client.ts';

/** A time of proved presence, in ms of this machine's clock. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const PING_MS = 300;

export class Phone {
  readonly #origin: string;
  readonly #client: Client;
  readonly #callId: string;
  #socket: WebSocket | null = null;
  #timer: NodeJS.Timeout | undefined;
  #since: number | null = null;
  #last = 0;
  readonly #spans: Span[] = [];
  /** States heard on the socket, in order. */
  readonly states: string[] = [];
  #heard: (() => void) | null = null;

  constructor(origin: string, client: Client, callId: string) {
    this.#origin = origin;
    this.#client = client;
    this.#callId = callId;
  }

  /** Opens a socket with a ticket of its own; false where it could not. */
  async open(ticket?: string): Promise<boolean> {
    const shown = ticket ?? (await this.#client.post('/tickets', { scope: `call:${this.#callId}` })).body?.ticket;
    if (!shown) return false;
    const socket = new WebSocket(`${this.#origin.replace('http', 'ws')}/api/v1/calls/${this.#callId}/socket`, [
      'hearthline.v1',
      `ticket.${shown}`,
    ]);
    this.#socket = socket;
    socket.on('message', (data) => this.#hear(String(data)));
    socket.on('close', () => this.#silence());
    return new Promise((resolve) => {
      socket.on('open', () => {
        this.#timer = setInterval(() => this.#ping(), PING_MS);
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
  }

  /** Resolves when the socket has said that the call is in this state; false after `limitMs`. */
  async until(state: string, limitMs: number): Promise<boolean> {
    const end = performance.now() + limitMs;
    while (this.states.at(-1) !== state) {
      const left = end - performance.now();
      if (left <= 0 || this.#socket?.readyState === WebSocket.CLOSED) return this.states.at(-1) === state;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(left, 200));
        this.#heard = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return true;
  }

  /** Hangs up over the socket. */
  end(): void {
    this.#send({ type: 'end' });
  }

  /** Goes silent: no close, no word. */
  vanish(): void {
    this.#silence();
    this.#socket?.terminate();
  }

  /** When this party was there with media. */
  spans(): readonly Span[] {
    return this.#since === null ? this.#spans : [...this.#spans, { from: this.#since, to: this.#last }];
  }

  #hear(data: string): void {
    if (data === 'pong') return;
    const frame = JSON.parse(data) as { type: string; state?: string };
    if (frame.type === 'media') this.#report();
    if (frame.type === 'call.ended') this.states.push('ended');
    if (frame.type === 'call.state' && frame.state) this.states.push(frame.state);
    this.#heard?.();
  }

  #report(): void {
    this.#since ??= Date.now();
    this.#last = Date.now();
    this.#send({ type: 'media.connected' });
  }

  #ping(): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#last = Date.now();
    this.#socket.send('ping');
  }

  #send(frame: object): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#last = Date.now();
    this.#socket.send(JSON.stringify(frame));
  }

  #silence(): void {
    clearInterval(this.#timer);
    if (this.#since !== null) this.#spans.push({ from: this.#since, to: this.#last });
    this.#since = null;
  }
}
