import { createECDH } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, type Server, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Browsers, type Subscription } from './browsers.ts';
import { type FramedName, FrameReader, framed, VERSION } from './frames.ts';
import { checkIn, register } from './http.ts';
import { createLine } from './line.ts';
import { decode, encode, type Messages } from './messages.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const key = createECDH('prime256v1');
key.generateKeys();
const VAPID = key.getPublicKey('base64url');
const PAGE = 'wp:http://127.0.0.1:5173/#one';
const form = (id: string, more: Record<string, string> = {}) =>
  new URLSearchParams({ app: 'org.chromium.linux', 'X-subtype': PAGE, appid: 'inst', sender: VAPID, device: id, ...more }).toString();
const aid = ({ id, secret }: { id: string; secret: string }) => `AidLogin ${id}:${secret}`;

let browsers: Browsers;
const newBrowser = () => browsers.checkIn({ id: '0', secret: '0' });
const subscribe = (id: string, subtype = PAGE): Subscription =>
  browsers.subscribe(id, { app: 'org.chromium.linux', subtype, sender: VAPID, instance: 'inst' });
beforeEach(() => {
  browsers = new Browsers();
});

describe('checking in', () => {
  const ask = (message: Messages['CheckinRequest']) => checkIn(browsers, encode('CheckinRequest', message), NOW);
  const answer = (body: string | Uint8Array) => decode('CheckinResponse', body as Uint8Array);

  it('makes a browser somebody, who stays the same as long as it knows its secret', () => {
    const first = answer(ask({ version: 3, checkin: { type: 3 } }).body);
    expect(first).toMatchObject({ stats_ok: true, android_id: expect.stringMatching(/^[1-9]\d+$/), time_msec: String(NOW) });
    const again = { version: 3, checkin: { type: 3 }, id: first.android_id };
    expect(answer(ask({ ...again, security_token: first.security_token }).body).android_id).toBe(first.android_id);
    expect(answer(ask({ ...again, security_token: '5' }).body).android_id).not.toBe(first.android_id);
  });

  it('refuses another version and what is no check-in', () => {
    expect(ask({ version: 2, checkin: {} }).status).toBe(400);
    expect(checkIn(browsers, Buffer.from('hello'), NOW).status).toBe(400);
  });
});

describe('subscribing', () => {
  it('gives a token, the same for the same page and sender, until it is given back', () => {
    const me = newBrowser();
    const first = String(register(browsers, form(me.id), aid(me)).body);
    expect(first).toMatch(/^token=inst:[\w-]{60,}$/);
    expect(register(browsers, form(me.id), aid(me)).body).toBe(first);
    expect(register(browsers, form(me.id, { 'X-subtype': 'wp:http://127.0.0.1:5173/#two' }), aid(me)).body).not.toBe(first);
    const token = first.slice('token='.length);
    expect([browsers.stateOf(token), browsers.senderOf(token)]).toEqual(['active', VAPID]);
    expect(register(browsers, form(me.id, { delete: 'true', sender: '*' }), aid(me)).body).toBe('token=inst');
    expect(browsers.stateOf(token)).toBe('gone');
    expect(browsers.stateOf('never')).toBe('unknown');
  });

  it('refuses strangers, another’s device, a sender without a key, and gaps', () => {
    const [me, other] = [newBrowser(), newBrowser()];
    expect(register(browsers, form(me.id), undefined).status).toBe(401);
    expect(register(browsers, form(me.id), aid({ id: me.id, secret: '1' })).status).toBe(401);
    expect(register(browsers, form(other.id), aid(me)).body).toBe('Error=INVALID_PARAMETERS');
    expect(register(browsers, form(me.id, { app: '' }), aid(me)).body).toBe('Error=INVALID_PARAMETERS');
    expect(register(browsers, form(me.id, { sender: 'aGk' }), aid(me)).body).toBe('Error=INVALID_SENDER');
  });
});

/** A browser's end of the line. */
class End {
  readonly #socket: TLSSocket;
  readonly #reader = new FrameReader();
  readonly #heard: { name: FramedName; bytes: Uint8Array }[] = [];
  #wake: () => void = () => undefined;
  closed = false;

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    socket.on('data', (piece: Buffer) => {
      this.#heard.push(...this.#reader.take(piece));
      this.#wake();
    });
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  static async open(server: Server): Promise<End> {
    const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    socket.write(Buffer.of(VERSION));
    return new End(socket);
  }

  async signIn({ id, secret }: { id: string; secret: string }, received: string[] = []): Promise<Messages['LoginResponse']> {
    const who = { user: id, resource: id, auth_token: secret };
    this.send('LoginRequest', { id: 'chrome', domain: 'mcs.android.com', ...who, received_persistent_id: received });
    return this.next('LoginResponse');
  }

  send<Name extends FramedName>(name: Name, message: Messages[Name]): void {
    // In two pieces: what is read must not hang on how it was cut.
    const bytes = framed(name, message);
    this.#socket.write(bytes.subarray(0, 1));
    this.#socket.write(bytes.subarray(1));
  }

  async next<Name extends FramedName>(name: Name): Promise<Messages[Name]> {
    while (this.#heard.length === 0 && !this.closed) await this.#something();
    const frame = this.#heard.shift();
    expect(frame?.name).toBe(name);
    return decode(name, frame?.bytes ?? new Uint8Array());
  }

  async untilClosed(): Promise<void> {
    while (!this.closed) await this.#something();
  }

  close(): Promise<void> {
    this.#socket.end();
    return this.untilClosed();
  }

  #something = () =>
    new Promise<void>((done) => {
      this.#wake = done;
    });
}

describe('the line', () => {
  let server: Server;
  const complaints: string[] = [];
  beforeEach(async () => {
    complaints.length = 0;
    server = await createLine(browsers, (reason) => complaints.push(reason));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterEach(() => server.close());
  const text = (message: Messages['DataMessageStanza']) => Buffer.from(message.raw_data).toString();
  const push = (to: Subscription, words: string, more: { ttl?: number; topic?: string; at?: number } = {}) =>
    browsers.take(to.token, { body: Buffer.from(words), ttl: more.ttl ?? 60, topic: more.topic ?? null }, more.at ?? Date.now());

  it('brings a message as it is, with the page it is for', async () => {
    const me = newBrowser();
    const end = await End.open(server);
    expect(await end.signIn(me)).toMatchObject({ id: 'chrome' });
    push(subscribe(me.id), 'sealed');
    const message = await end.next('DataMessageStanza');
    expect(text(message)).toBe('sealed');
    expect(message).toMatchObject({ from: VAPID, category: 'org.chromium.linux', ttl: 60 });
    expect(message.app_data).toEqual([
      { key: 'subtype', value: PAGE },
      { key: 'content-encoding', value: 'aes128gcm' },
    ]);
    end.send('HeartbeatPing', { last_stream_id_received: 2 });
    await end.next('HeartbeatAck');
    await end.close();
  });

  it('keeps what the browser did not say it has, and brings it once more', async () => {
    const me = newBrowser();
    const subscription = subscribe(me.id);
    const first = await End.open(server);
    await first.signIn(me);
    push(subscription, 'one');
    push(subscription, 'two');
    await first.next('DataMessageStanza');
    const two = await first.next('DataMessageStanza');
    // It has the answer to its sign-in and the first message.
    first.send('HeartbeatPing', { last_stream_id_received: 2 });
    await first.next('HeartbeatAck');
    await first.close();
    const second = await End.open(server);
    await second.signIn(me);
    expect(text(await second.next('DataMessageStanza'))).toBe('two');
    await second.close();
    const third = await End.open(server);
    await third.signIn(me, [two.persistent_id]);
    push(subscription, 'three');
    expect(text(await third.next('DataMessageStanza'))).toBe('three');
    await third.close();
  });

  it('holds messages for a browser that is away, the newest of a topic, none that is too old or may not wait', async () => {
    const me = newBrowser();
    const subscription = subscribe(me.id);
    push(subscription, 'now or never', { ttl: 0 });
    push(subscription, 'too old', { ttl: 30, at: Date.now() - 31_000 });
    push(subscription, 'replaced', { topic: 'chat' });
    push(subscription, 'newest', { topic: 'chat' });
    push(subscribe(me.id, 'wp:http://127.0.0.1:5173/portal/#two'), 'another page', { topic: 'chat' });
    const end = await End.open(server);
    await end.signIn(me);
    expect(text(await end.next('DataMessageStanza'))).toBe('newest');
    expect(text(await end.next('DataMessageStanza'))).toBe('another page');
    await end.close();
  });

  it('knows nobody by a wrong secret, and hangs up on who speaks out of turn', async () => {
    const me = newBrowser();
    const stranger = await End.open(server);
    expect((await stranger.signIn({ id: me.id, secret: '1' })).error).toMatchObject({ code: 401 });
    await stranger.untilClosed();
    const hasty = await End.open(server);
    hasty.send('HeartbeatPing', {});
    await hasty.untilClosed();
    expect(complaints).toEqual(['HeartbeatPing before signing in']);
  });
});

describe('frames', () => {
  it('are whole however they were cut, and their length has an end', () => {
    const whole = Buffer.concat([Buffer.of(VERSION), framed('HeartbeatPing', { last_stream_id_received: 300 }), framed('Close', {})]);
    const reader = new FrameReader();
    const frames = [...whole].flatMap((byte) => reader.take(Buffer.of(byte)));
    expect(frames.map(({ name }) => name)).toEqual(['HeartbeatPing', 'Close']);
    expect(decode('HeartbeatPing', frames[0]?.bytes ?? Buffer.of()).last_stream_id_received).toBe(300);
    const begun = () => {
      const fresh = new FrameReader();
      fresh.take(Buffer.of(VERSION));
      return fresh;
    };
    expect(() => new FrameReader().take(Buffer.of(40))).toThrow(/version/);
    expect(() => begun().take(Buffer.of(8, 0xff, 0xff, 0xff, 0xff, 0xff))).toThrow(/length/);
    expect(() => begun().take(Buffer.of(8, 0xff, 0xff, 0xff, 0x7f))).toThrow(/bytes/);
    expect(() => begun().take(Buffer.of(99, 0))).toThrow(/tag/);
  });
});
