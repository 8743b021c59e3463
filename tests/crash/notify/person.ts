/** Somebody who is told: a phone that takes pushes, and perhaps an open app that shows what comes, or lies in a drawer. */
import { WebSocket } from 'ws';
import type { Client } from '../client.ts';

/** `shows`: the app is on the screen and acknowledges; `hidden`: it is open and says nothing; `closed`: it is not open. */
export type App = 'shows' | 'hidden' | 'closed';

export class Person {
  readonly client: Client;
  readonly app: App;
  readonly token: string;
  #socket: WebSocket | null = null;
  #lastSeq = 0;
  /** Notifications that the app acknowledged. */
  readonly shown = new Set<string>();

  constructor(client: Client, app: App, token: string) {
    this.client = client;
    this.app = app;
    this.token = token;
  }

  async registerPhone(): Promise<void> {
    await this.client.must(this.client.put('/me/push-devices', { platform: 'fcm', token: this.token }));
  }

  /** Opens the app, if it is one that is open. After a crash it says what it has. */
  async open(): Promise<void> {
    if (this.app === 'closed') return;
    const ticket = (await this.client.post('/tickets', { scope: 'hub' })).body?.ticket;
    if (!ticket) return;
    const socket = new WebSocket(`${this.client.origin.replace('http', 'ws')}/api/v1/hub/socket`, ['hearthline.v1', `ticket.${ticket}`]);
    this.#socket = socket;
    await new Promise<void>((resolve) => {
      socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', lastSeq: this.#lastSeq })));
      socket.on('message', (data) => {
        const frame = JSON.parse(String(data)) as Frame;
        for (const item of frame.type === 'hello' ? (frame.items ?? []) : [frame]) this.#show(item, socket);
        if (frame.type === 'hello') resolve();
      });
      socket.on('error', () => resolve());
      socket.on('close', () => resolve());
    });
  }

  cut(): void {
    this.#socket?.terminate();
    this.#socket = null;
  }

  #show(item: Frame, socket: WebSocket): void {
    if (item.seq === undefined || item.id === undefined) return;
    this.#lastSeq = Math.max(this.#lastSeq, item.seq);
    if (this.app !== 'shows') return;
    socket.send(JSON.stringify({ type: 'ack', id: item.id }));
    this.shown.add(item.id);
  }
}

interface Frame {
  readonly type: string;
  readonly id?: string;
  readonly seq?: number;
  readonly items?: readonly Frame[];
}
