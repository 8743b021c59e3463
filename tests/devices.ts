/** For tests inside workerd: people with sessions, and devices that open a socket of an object. */
import { env } from 'cloudflare:workers';
import { createUser, issueTicket } from '../worker/domains/user/service.ts';
import type { Env } from '../worker/env.ts';
import { type Context, contextOf } from '../worker/platform/context.ts';
import { newId } from '../worker/platform/ids.ts';
import type { SessionId, UserId } from '../worker/protocol/ids.ts';
import type { Role } from '../worker/protocol/people.ts';
import { PING, PONG, SUBPROTOCOL, TICKET_PREFIX } from '../worker/protocol/sockets.ts';

export const testEnv = env as unknown as Env;

/** A context of this moment, outside any request. */
export const contextNow = (): Context =>
  contextOf(testEnv, { now: Date.now(), requestId: crypto.randomUUID(), waitUntil: (work) => void work.catch(() => {}) });

export interface SignedIn {
  readonly userId: UserId;
  readonly sessionId: SessionId;
}

/** A new person, signed in on one device. */
export async function newPerson(role: Role): Promise<SignedIn> {
  const ctx = contextNow();
  const { id } = await createUser(ctx, { email: `${crypto.randomUUID()}@test.test`, role, monetizationVersion: 'tokens', ledgerShard: 0 });
  return { userId: id, sessionId: await newSession(id) };
}

/** Another signed-in device of a person. */
export async function newSession(userId: UserId): Promise<SessionId> {
  const sessionId = newId('ses');
  await testEnv.DB.prepare('INSERT INTO session (id, user_id, created_at, last_seen_at) VALUES (?, ?, ?, ?)')
    .bind(sessionId, userId, Date.now(), Date.now())
    .run();
  return sessionId;
}

/** The request of a socket; without a ticket it asks for one of `scope`. */
export async function upgradeRequest(by: SignedIn, scope: string, path: string, ticket?: string): Promise<Request> {
  const shown = ticket ?? (await issueTicket(contextNow(), by, scope)).ticket;
  return new Request(`https://api.test/api/v1${path}`, {
    headers: { Upgrade: 'websocket', 'Sec-WebSocket-Protocol': `${SUBPROTOCOL}, ${TICKET_PREFIX}${shown}` },
  });
}

/** A frame as it came; tests look at what they know is there. */
// biome-ignore lint/suspicious/noExplicitAny: frames are checked by the assertions of each test
export type Frame = any;

/** A device at the end of a socket: frames wait in order, and `next` takes them one by one. */
export class TestDevice {
  readonly #frames: Frame[] = [];
  readonly #waiting: ((frame: Frame) => void)[] = [];
  readonly #pongs: (() => void)[] = [];
  readonly #socket: WebSocket;
  /** How the socket was closed by the other side. */
  readonly closed: Promise<{ code: number; reason: string }>;
  isClosed = false;

  constructor(response: Response) {
    const socket = response.webSocket;
    if (!socket) throw new Error(`not upgraded: ${response.status}`);
    this.#socket = socket;
    this.closed = new Promise((resolve) =>
      socket.addEventListener('close', ({ code, reason }) => {
        this.isClosed = true;
        for (const taker of this.#waiting.splice(0)) taker({ type: 'closed' });
        resolve({ code, reason });
      }),
    );
    socket.addEventListener('message', ({ data }) => {
      if (data === PONG) return void this.#pongs.shift()?.();
      const frame = JSON.parse(data as string);
      const taker = this.#waiting.shift();
      if (taker) taker(frame);
      else this.#frames.push(frame);
    });
    socket.accept();
  }

  send(frame: object | string | ArrayBuffer): void {
    this.#socket.send(typeof frame === 'string' || frame instanceof ArrayBuffer ? frame : JSON.stringify(frame));
  }

  /** The next frame, waited for; `{type: 'closed'}` where none can come any more. */
  next(): Promise<Frame> {
    const frame = this.#frames.shift() ?? (this.isClosed ? { type: 'closed' } : undefined);
    return frame === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(frame);
  }

  /** The next frame of a type; those before it are dropped. */
  async nextOf(type: string): Promise<Frame> {
    for (;;) {
      const frame = await this.next();
      if (frame.type === type) return frame;
      if (frame.type === 'closed') throw new Error(`closed before a ${type} came`);
    }
  }

  /**
   * Frames that have come and nobody took, once everything sent so far has been answered. Asks with a wrong frame, whose
   * error names it: a `pong` would overtake the others.
   */
  async rest(): Promise<Frame[]> {
    const id = crypto.randomUUID();
    if (!this.isClosed) this.send({ type: 'marker', id });
    const rest: Frame[] = [];
    for (let frame = await this.next(); frame.id !== id && frame.type !== 'closed'; frame = await this.next()) rest.push(frame);
    return rest;
  }

  /** Pings, and waits for the answer. */
  ping(): Promise<void> {
    this.#socket.send(PING);
    return new Promise((resolve) => this.#pongs.push(resolve));
  }

  close(): void {
    this.#socket.close(1000, 'done');
  }
}
