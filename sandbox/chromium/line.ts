/** A browser's line: it signs in, hears of what waited for it and of what comes, and says what it has. */
import type { Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { generate } from 'selfsigned';
import type { Browsers, Message } from './browsers.ts';
import { type Frame, type FramedName, FrameReader, framed, VERSION } from './frames.ts';
import { decode, type Messages } from './messages.ts';

/**
 * The server, not listening yet, with a certificate that nobody vouches for.
 * @param complain told why a line was closed
 */
export async function createLine(browsers: Browsers, complain: (reason: string) => void): Promise<Server> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec', algorithm: 'sha256' });
  return createServer({ key, cert }, (socket) => {
    const reader = new FrameReader();
    const line = new Line(browsers, socket);
    socket.on('data', (piece: Buffer) => {
      try {
        for (const frame of reader.take(piece)) line.hear(frame);
      } catch (thrown) {
        complain(thrown instanceof Error ? thrown.message : String(thrown));
        socket.destroy();
      }
    });
    // A line that breaks is a browser that went away: it comes again by itself.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => line.leave());
  });
}

class Line {
  readonly #browsers: Browsers;
  readonly #socket: Socket;
  /** Messages of each direction are counted from 1: their `stream_id`. */
  #sent = 0;
  #received = 0;
  #browserId: string | null = null;
  /** By the `stream_id` they were sent with. */
  readonly #unacknowledged = new Map<number, string>();
  leave: () => void = () => undefined;

  constructor(browsers: Browsers, socket: Socket) {
    this.#browsers = browsers;
    this.#socket = socket;
  }

  /** @throws Error where a browser would never say that */
  hear({ name, bytes }: Frame): void {
    this.#received += 1;
    if (name !== 'LoginRequest' && this.#browserId === null) throw new Error(`${name} before signing in`);
    switch (name) {
      case 'LoginRequest':
        this.#signIn(decode(name, bytes));
        return;
      case 'HeartbeatPing':
        this.#acknowledge(decode(name, bytes).last_stream_id_received);
        this.#send('HeartbeatAck', { last_stream_id_received: this.#received });
        return;
      case 'HeartbeatAck':
      case 'IqStanza':
        this.#acknowledge(decode(name, bytes).last_stream_id_received);
        return;
      case 'Close':
        this.#socket.end();
        return;
      default:
        throw new Error(`a browser sends no ${name}`);
    }
  }

  #signIn({ id, user, auth_token, received_persistent_id = [] }: Messages['LoginRequest']): void {
    this.#socket.write(Buffer.of(VERSION));
    if (!this.#browsers.isKnown({ id: user, secret: auth_token })) {
      this.#send('LoginResponse', { id, error: { code: 401, message: 'nobody is known by this' } });
      this.#socket.end();
      return;
    }
    this.#send('LoginResponse', { id, server_timestamp: String(Date.now()) });
    this.#browserId = user;
    this.#browsers.acknowledge(user, received_persistent_id);
    this.leave = this.#browsers.attach(user, (message) => this.#deliver(message), Date.now());
  }

  #deliver(message: Message): void {
    this.#unacknowledged.set(this.#sent + 1, message.persistentId);
    this.#send('DataMessageStanza', { ...stanzaOf(message), last_stream_id_received: this.#received });
  }

  #acknowledge(upTo = 0): void {
    const had = [...this.#unacknowledged].filter(([stream]) => stream <= upTo);
    for (const [stream] of had) this.#unacknowledged.delete(stream);
    const persistentIds = had.map(([, persistentId]) => persistentId);
    if (this.#browserId !== null) this.#browsers.acknowledge(this.#browserId, persistentIds);
  }

  #send<Name extends FramedName>(name: Name, message: Messages[Name]): void {
    this.#sent += 1;
    this.#socket.write(framed(name, message));
  }
}

function stanzaOf({ persistentId, subscription, body, ttl, sentAt }: Message): Messages['DataMessageStanza'] {
  return {
    from: subscription.sender,
    category: subscription.app,
    app_data: [
      { key: 'subtype', value: subscription.subtype },
      { key: 'content-encoding', value: 'aes128gcm' },
    ],
    persistent_id: persistentId,
    ttl,
    sent: String(sentAt),
    raw_data: body,
  };
}
