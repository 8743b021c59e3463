/** A person at the product's doors: HTTP with a token, and the two sockets as an app would use them. */
import { WebSocket } from 'ws';
import type { BenchPerson } from './runtime/people.ts';
import type { Runtime } from './runtime/start.ts';

// biome-ignore lint/suspicious/noExplicitAny: a benchmark reads answers it does not judge
export type Body = any;

/** Longer than anything here may take: a benchmark that hangs says where. */
const LIMIT_MS = 60_000;

export class Person {
  readonly #origin: string;
  readonly #token: string;
  readonly userId: string;

  constructor(runtime: Runtime, { userId, token }: BenchPerson) {
    this.#origin = runtime.origin;
    this.#token = token;
    this.userId = userId;
  }

  /** @throws Error for an answer that is no success */
  async ask(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Body> {
    const response = await fetch(`${this.#origin}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.#token}`,
        ...(body ? { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text.slice(0, 500)}`);
    return text === '' ? null : JSON.parse(text);
  }

  /** A device on the hub that has said hello. */
  async hub(): Promise<Line> {
    const { ticket } = await this.ask('POST', '/tickets', { scope: 'hub' });
    const line = new Line(this.#origin, '/api/v1/hub/socket', ticket);
    await line.open;
    line.send({ type: 'hello', lastSeq: 0 });
    await line.next('hello');
    return line;
  }

  call(socket: { url: string; ticket: string }): Line {
    return new Line(this.#origin, socket.url, socket.ticket);
  }
}

interface Waiting {
  readonly fits: (frame: Body) => boolean;
  readonly take: (frame: Body) => void;
}

/** A socket of the product. */
export class Line {
  readonly #socket: WebSocket;
  readonly #waiting = new Set<Waiting>();
  readonly open: Promise<void>;
  /** Told of every frame, `pong` included, at the moment it came. */
  onFrame: (frame: Body) => void = () => {};

  constructor(origin: string, path: string, ticket: string) {
    this.#socket = new WebSocket(`${origin.replace('http', 'ws')}${path}`, ['hearthline.v1', `ticket.${ticket}`], {
      perMessageDeflate: false,
    });
    this.open = new Promise((resolve, reject) => {
      this.#socket.once('open', () => resolve());
      this.#socket.once('error', reject);
    });
    this.#socket.on('message', (data) => this.#hear(String(data)));
  }

  /** The next frame of this type that `fits`. */
  next(type: string, fits: (frame: Body) => boolean = () => true): Promise<Body> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${type} came`)), LIMIT_MS);
      const waiting: Waiting = {
        fits: (frame) => frame.type === type && fits(frame),
        take: (frame) => {
          clearTimeout(timer);
          resolve(frame);
        },
      };
      this.#waiting.add(waiting);
    });
  }

  send(frame: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  ping(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send('ping');
  }

  close(): void {
    this.#socket.terminate();
  }

  #hear(data: string): void {
    const frame = data === 'pong' ? { type: 'pong' } : JSON.parse(data);
    this.onFrame(frame);
    for (const waiting of this.#waiting)
      if (waiting.fits(frame)) {
        this.#waiting.delete(waiting);
        waiting.take(frame);
      }
  }
}
