/**
 * Bad tickets and bad frames at both sockets: a clear refusal or an error frame with a code, nothing stored, and whoever
 * else is in the room goes on undisturbed.
 */
import { runInDurableObject } from 'cloudflare:test';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { safeParse } from 'zod/mini';
import { FRAME_BUDGET } from '../../durable-objects/user-hub/device.ts';
import { mintTicket } from '../../worker/domains/user/tokens.ts';
import { callUp } from '../../worker/protocol/call/up.ts';
import { closeCodes, errorFrame } from '../../worker/protocol/errors.ts';
import { hubUp } from '../../worker/protocol/hub/up.ts';
import type { CallId } from '../../worker/protocol/ids.ts';
import { MAX_BAD_FRAMES, MAX_FRAME_BYTES } from '../../worker/protocol/sockets.ts';
import { absentId, ask, bindings, countRows, type Device, hangUp, newDevice, ring, settle, signIn } from '../access/town.ts';
import { eventually } from '../eventually.ts';
import { mutationsOf } from './mutations.ts';
import { knock, open, type Socket, ticketFor } from './socket.ts';

/** `401 unauthenticated` of an upgrade; `101` where it opened. */
async function verdictAt(path: string, ticket: string | undefined, headers?: Record<string, string>): Promise<string> {
  const answer = await knock(path, ticket, headers);
  if (answer.webSocket) return '101';
  const { code } = await answer.json<{ code: string }>();
  return `${answer.status} ${code}`;
}

/**
 * Rows of every table inside an object that has told all it had to tell, but those that remember its visitors and its
 * deadlines.
 */
function rowsAtRest(namespace: DurableObjectNamespace, name: string): Promise<Record<string, number>> {
  return eventually(async () => {
    const rows = await rowsInside(namespace, name);
    expect(rows.outbox).toBe(0);
    return rows;
  });
}

function rowsInside(namespace: DurableObjectNamespace, name: string): Promise<Record<string, number>> {
  return runInDurableObject(namespace.getByName(name), (_object, { storage }) => {
    const tables = storage.sql.exec<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
    );
    const kept = tables.toArray().filter(({ name }) => !['spent_ticket', 'named_alarm'].includes(name));
    return Object.fromEntries(kept.map(({ name }) => [name, Number(storage.sql.exec(`SELECT count(*) AS n FROM "${name}"`).one().n)]));
  });
}

/** Frames that no schema takes, each with a name for the failure's message. */
function* badFrames(good: readonly object[], schema: typeof hubUp | typeof callUp): Iterable<readonly [string, string | ArrayBuffer]> {
  for (const text of [
    '{',
    'nul',
    '',
    ' ',
    '"',
    '[',
    '42',
    'Ping',
    'pingping',
    '<xml/>',
    '[]',
    '{}',
    '{"type":"nonsense"}',
    '{"type":"__proto__"}',
  ])
    yield [text, text];
  yield ['binary', new Uint8Array([0, 1, 2, 255]).buffer];
  yield ['binary JSON', new TextEncoder().encode(JSON.stringify(good[0])).buffer as ArrayBuffer];
  yield ['deep', `${'['.repeat(20_000)}`];
  yield ['oversized', JSON.stringify({ ...good[0], filling: 'x'.repeat(MAX_FRAME_BYTES) })];
  for (const frame of good)
    for (const { what, value } of mutationsOf(frame)) {
      const text = JSON.stringify(value);
      if (!safeParse(schema, JSON.parse(text)).success) yield [`${JSON.stringify(frame)} ${what}`, text];
    }
}

function expectComplaint(answer: unknown, what: string): void {
  const known = safeParse(errorFrame, answer);
  expect(known.success, `${what}: ${JSON.stringify(answer)}`).toBe(true);
  expect(JSON.stringify(answer), what).not.toMatch(/SQLITE|\bat \w+ \(|\.ts:\d+/);
}

/** Sends every bad frame, few enough to a socket that it is not closed for them. */
async function sendAllBad(frames: Iterable<readonly [string, string | ArrayBuffer]>, begin: () => Promise<Socket>): Promise<number> {
  let count = 0;
  let socket: Socket | undefined;
  for (const [what, bad] of frames) {
    if (count % (MAX_BAD_FRAMES - 2) === 0) {
      socket?.close();
      socket = await begin();
    }
    count += 1;
    expectComplaint(await socket?.complaint(bad), what);
  }
  socket?.close();
  return count;
}

let ada: Device;
let grace: Device;
let call: CallId;

beforeAll(async () => {
  await settle();
  [ada, grace] = [await signIn('ada'), await signIn('grace')];
  // The call waits for media as long as these tests take.
  const patient = { method: 'PUT', path: '/admin/settings/call.connectMs', by: await signIn('root'), body: { value: 600_000 } };
  expect((await ask(patient)).status).toBe(200);
  call = await ring(ada, grace.userId);
  await ask({ method: 'POST', path: `/calls/${call}/accept`, by: grace });
});
afterAll(() => hangUp(ada, call));

describe.each([
  ['hub', () => ({ path: '/hub/socket', scope: 'hub' })],
  ['call', () => ({ path: `/calls/${call}/socket`, scope: `call:${call}` })],
])('the door of the %s socket', (kind, door) => {
  it('refuses what is no socket, no protocol of ours, or from a page that is not listed', async () => {
    const { path, scope } = door();
    const ticket = await ticketFor(ada, scope);
    expect(await verdictAt(path, ticket, { Upgrade: '' })).toBe('426 upgrade_required');
    expect(await verdictAt(path, ticket, { 'Sec-WebSocket-Protocol': `chat, ticket.${ticket}` })).toBe('426 upgrade_required');
    expect(await verdictAt(path, ticket, { Origin: 'https://elsewhere.example' })).toBe('403 forbidden');
    // None of these has spent it.
    expect(await verdictAt(path, ticket)).toBe('101');
  });

  it('refuses tickets that are missing, made up, expired, foreign or used', async () => {
    const { path, scope } = door();
    expect(await verdictAt(path, undefined)).toBe('401 unauthenticated');
    for (const made of ['', 'x', 'a.b.c', 'x'.repeat(8_000), ada.accessToken, ada.refreshToken])
      expect(await verdictAt(path, made), made.slice(0, 20)).toBe('401 unauthenticated');
    const { ticket: expired } = await mintTicket(bindings, ada, scope, Date.now() - 60_000);
    expect(await verdictAt(path, expired)).toBe('401 unauthenticated');
    for (const other of [kind === 'hub' ? `call:${call}` : 'hub', `call:${absentId('call')}`])
      expect(await verdictAt(path, await ticketFor(ada, other)), other).toBe('403 forbidden');
    const once = await ticketFor(ada, scope);
    expect(await verdictAt(path, once)).toBe('101');
    expect(await verdictAt(path, once)).toBe('401 unauthenticated');
  });

  it('refuses a ticket whose session has ended', async () => {
    const { path, scope } = door();
    const phone = await newDevice('ada');
    const ticket = await ticketFor(phone, scope);
    await ask({ method: 'POST', path: '/auth/logout', by: phone });
    expect(await verdictAt(path, ticket)).toBe('401 unauthenticated');
  });
});

describe('the door of a call', () => {
  it('opens to nobody but its parties', async () => {
    for (const stranger of ['dora', 'hugo', 'sam', 'root'] as const)
      expect(await verdictAt(`/calls/${call}/socket`, await ticketFor(await signIn(stranger), `call:${call}`)), stranger).toBe(
        '404 not_found',
      );
  });
  it('is not there for calls that are not', async () => {
    const absent = absentId('call');
    expect(await verdictAt(`/calls/${absent}/socket`, await ticketFor(ada, `call:${absent}`))).toBe('404 not_found');
    expect(await verdictAt('/calls/x/socket', await ticketFor(ada, `call:${call}`))).toBe('404 not_found');
  });
});

describe('frames at the hub', () => {
  const openHub = async (): Promise<Socket> => open('/hub/socket', await ticketFor(ada, 'hub'));
  const greeted = async (): Promise<Socket> => {
    const socket = await openHub();
    socket.send({ type: 'hello', lastSeq: 0 });
    await socket.next(({ type }) => type === 'hello');
    return socket;
  };
  const good = [
    { type: 'hello', lastSeq: 0 },
    { type: 'ack', id: 'ntf_x' },
    { type: 'presence.set', presence: 'online' },
  ];

  it('are refused before hello, and hello is taken after', async () => {
    const socket = await openHub();
    for (const early of good.slice(1)) expectComplaint(await socket.complaint(early), JSON.stringify(early));
    socket.send({ type: 'hello', lastSeq: 0 });
    await socket.next(({ type }) => type === 'hello');
    socket.close();
  });

  it('that are bad get an error, store nothing and disturb no other device', async () => {
    const other = await greeted();
    // The call and the hub first tell each other of the sockets that were opened until now.
    const look = async () => [
      await rowsAtRest(bindings.CALL_SESSION as never, call),
      await rowsAtRest(bindings.USER_HUB as never, ada.userId),
      await countRows(),
    ];
    const before = await look();
    expect(await sendAllBad(badFrames(good, hubUp), greeted)).toBeGreaterThan(60);
    expect(await look()).toEqual(before);
    other.send({ type: 'hello', lastSeq: 0 });
    await other.next(({ type }) => type === 'hello');
    other.close();
  });

  it('that stay bad end the socket', async () => {
    const socket = await greeted();
    for (let n = 0; n <= MAX_BAD_FRAMES; n++) socket.send('{');
    expect(await socket.closed).toBe(closeCodes.bad_frame);
  });

  it('that come in a flood are refused, then end the socket', async () => {
    const socket = await greeted();
    // All in one moment, however long it takes here.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    for (let n = 0; n < 3 * FRAME_BUDGET.burst; n++) socket.send({ type: 'presence.set', presence: 'online' });
    expectComplaint(await socket.next(({ type }) => type === 'error'), 'a flood');
    expect(await socket.closed).toBe(closeCodes.rate_limited);
    vi.useRealTimers();
  });
});

describe('frames in a call', () => {
  const inCall = async (by: Device): Promise<Socket> => {
    const socket = await open(`/calls/${call}/socket`, await ticketFor(by, `call:${call}`));
    await socket.next(({ type }) => type === 'call.state');
    return socket;
  };
  const good = [
    { type: 'media.connected' },
    { type: 'media.failed', provider: 'direct', reason: 'x' },
    { type: 'media.change', media: 'video' },
    { type: 'signal', data: { sdp: 'x' } },
    { type: 'end' },
  ];

  it('that are bad get an error, store nothing and leave the call and the other party as they were', async () => {
    const other = await inCall(grace);
    const look = async () => {
      const { timeline: _, ...rows } = await rowsAtRest(bindings.CALL_SESSION as never, call);
      return [rows, await countRows()];
    };
    const before = await look();
    expect(await sendAllBad(badFrames(good, callUp), () => inCall(ada))).toBeGreaterThan(100);
    const mine = await inCall(ada);
    expect(await look()).toEqual(before);
    mine.send({ type: 'signal', data: { still: 'here' } });
    expect(await other.next(({ type }) => type === 'signal')).toMatchObject({ data: { still: 'here' } });
    const { json } = await ask({ method: 'GET', path: `/calls/${call}`, by: grace });
    expect(json?.call).toMatchObject({ id: call, endReason: null });
    mine.close();
    other.close();
  });

  it('that stay bad end the socket, not the call', async () => {
    const socket = await inCall(ada);
    for (let n = 0; n <= MAX_BAD_FRAMES; n++) socket.send('{');
    expect(await socket.closed).toBe(closeCodes.bad_frame);
    (await inCall(ada)).close();
  });
});
