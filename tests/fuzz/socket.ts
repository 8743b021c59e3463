/** A client's end of a socket, opened at the Worker's front door as a device would. */
import { exports } from 'cloudflare:workers';
import { SUBPROTOCOL, TICKET_PREFIX } from '../../worker/protocol/sockets.ts';
import { ask, BASE, type Device } from '../access/town.ts';

export interface Frame {
  readonly type: string;
  readonly [field: string]: unknown;
}

export interface Socket {
  send(frame: object | string | ArrayBuffer): void;
  /** The next frame that fits, also one that came before; those that do not fit are passed over. */
  next(fits: (frame: Frame) => boolean): Promise<Frame>;
  /** What came and was not asked for; it is forgotten then. */
  unasked(): readonly Frame[];
  /** Sends something bad and waits for the complaint, or the close. */
  complaint(bad: object | string | ArrayBuffer): Promise<Frame | { type: 'closed'; code: number }>;
  readonly closed: Promise<number>;
  close(): void;
}

/** A ticket from `POST /tickets`. */
export async function ticketFor(by: Device, scope: string): Promise<string> {
  const { json } = await ask({ method: 'POST', path: '/tickets', by, body: { scope } });
  return String(json?.ticket);
}

/** Knocks; the answer as it comes, a socket in it or not. */
export function knock(path: string, ticket: string | undefined, headers: Record<string, string> = {}): Promise<Response> {
  const offered = [SUBPROTOCOL, ...(ticket === undefined ? [] : [`${TICKET_PREFIX}${ticket}`])].join(', ');
  return (exports as unknown as { default: Fetcher }).default.fetch(`${BASE}${path}`, {
    headers: { Upgrade: 'websocket', 'Sec-WebSocket-Protocol': offered, ...headers },
  });
}

/** Opens a socket that must open. */
export async function open(path: string, ticket: string): Promise<Socket> {
  const { status, webSocket } = await knock(path, ticket);
  if (!webSocket) throw new Error(`no socket at ${path}: ${status}`);
  return listen(webSocket);
}

/** Listens before it accepts, so that no frame is missed. */
function listen(socket: WebSocket): Socket {
  const waiting: Frame[] = [];
  let wanted: { fits: (frame: Frame) => boolean; found: (frame: Frame) => void } | undefined;
  let tellClosed: (code: number) => void = () => {};
  const closed = new Promise<number>((tell) => {
    tellClosed = tell;
  });
  socket.addEventListener('message', ({ data }) => {
    const frame: Frame = data === 'pong' ? { type: 'pong' } : JSON.parse(String(data));
    if (wanted?.fits(frame)) {
      wanted.found(frame);
      wanted = undefined;
    } else waiting.push(frame);
  });
  socket.addEventListener('close', ({ code }) => {
    tellClosed(code);
    try {
      socket.close();
    } catch {
      // Both sides have closed.
    }
  });
  socket.accept();
  const next = (fits: (frame: Frame) => boolean): Promise<Frame> => {
    for (let frame = waiting.shift(); frame; frame = waiting.shift()) if (fits(frame)) return Promise.resolve(frame);
    return new Promise((found) => {
      wanted = { fits, found };
    });
  };
  const send = (frame: object | string | ArrayBuffer): void =>
    socket.send(typeof frame === 'string' || frame instanceof ArrayBuffer ? frame : JSON.stringify(frame));
  return {
    send,
    next,
    unasked: () => waiting.splice(0),
    complaint(bad) {
      send(bad);
      return Promise.race([next(({ type }) => type === 'error'), closed.then((code) => ({ type: 'closed' as const, code }))]);
    },
    closed,
    close: () => socket.close(1000),
  };
}
