/** A server for tests of the client: answers requests from a table and holds the other end of each socket. */
import type { Api } from './api.ts';
import { createApi } from './api.ts';
import type { RawSocket } from './socket.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export type Answering = (asked: Asked) => { status?: number; body?: unknown; headers?: Record<string, string> } | undefined;

export const problemOf = (status: number, code: string) => ({
  status,
  body: { type: 'about:blank', title: code, status, detail: code, code, requestId: 'req' },
});

export class FakeServer {
  readonly asked: Asked[] = [];
  readonly sockets: FakeSocket[] = [];
  signedOut = 0;
  #answering: Answering;

  constructor(answering: Answering = () => undefined) {
    this.#answering = answering;
  }

  answerWith(answering: Answering): void {
    this.#answering = answering;
  }

  readonly api: Api = createApi({
    origin: '',
    app: 'app',
    fetch: async (input, init) => {
      const asked = {
        method: init?.method ?? 'GET',
        path: String(input).replace('/api/v1', ''),
        headers: (init?.headers ?? {}) as Record<string, string>,
        body: init?.body ? JSON.parse(String(init.body)) : undefined,
      };
      this.asked.push(asked);
      const { status = 200, body, headers = {} } = this.#answering(asked) ?? { ...problemOf(404, 'not_found') };
      return new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
    },
    onSignedOut: () => {
      this.signedOut += 1;
    },
  });

  readonly open = (path: string, protocols: string[]): RawSocket => {
    const socket = new FakeSocket(path, protocols);
    this.sockets.push(socket);
    return socket;
  };

  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (!last) throw new Error('no socket was opened');
    return last;
  }
}

export class FakeSocket implements RawSocket {
  readonly path: string;
  readonly protocols: readonly string[];
  readonly sent: string[] = [];
  closed = false;
  onopen: RawSocket['onopen'] = null;
  onmessage: RawSocket['onmessage'] = null;
  onclose: RawSocket['onclose'] = null;
  onerror: RawSocket['onerror'] = null;
  /** Whether pings are answered. */
  answers = true;

  constructor(path: string, protocols: readonly string[]) {
    this.path = path;
    this.protocols = protocols;
  }

  send(text: string): void {
    this.sent.push(text);
    if (text === 'ping' && this.answers) queueMicrotask(() => this.onmessage?.({ data: 'pong' }));
  }
  close(): void {
    this.closed = true;
  }

  accept(): void {
    this.onopen?.(undefined as never);
  }
  tell(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  drop(code = 1006): void {
    this.onclose?.({ code });
  }

  /** What was sent beside heartbeats. */
  get frames(): { type: string; [key: string]: unknown }[] {
    return this.sent.filter((text) => text !== 'ping').map((text) => JSON.parse(text));
  }
  get pings(): number {
    return this.sent.filter((text) => text === 'ping').length;
  }
}
