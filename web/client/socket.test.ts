import { expect, test } from 'vitest';
import { closeCodes } from '../../worker/protocol/errors.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';
import { backoffMs, Socket, type SocketOptions, SUSPECT_MS } from './socket.ts';

function setUp(over: Partial<SocketOptions> = {}) {
  const clock = new FakeClock();
  const server = new FakeServer();
  let tickets = 0;
  const socket = new Socket({
    clock,
    open: server.open,
    heartbeatMs: 5_000,
    address: async () => ({ path: '/socket', ticket: `t${++tickets}` }),
    onOpen: () => undefined,
    onText: () => undefined,
    ...over,
  });
  return { clock, server, socket };
}

test('connects with the subprotocol and a ticket of its own each time', async () => {
  const { clock, server, socket } = setUp();
  await settle();
  expect(server.socket.protocols).toEqual(['hearthline.v1', 'ticket.t1']);
  expect(socket.phase.get()).toEqual({ phase: 'connecting' });
  server.socket.accept();
  expect(socket.phase.get()).toEqual({ phase: 'open', suspect: false });
  server.socket.drop();
  expect(socket.phase.get()).toMatchObject({ phase: 'waiting', attempt: 0 });
  await clock.advance(backoffMs(0, 0.5));
  expect(server.socket.protocols).toEqual(['hearthline.v1', 'ticket.t2']);
});

test('waits longer and longer while nothing answers, and starts short again after a word of the server', async () => {
  const { clock, server, socket } = setUp();
  const waits: number[] = [];
  for (let turn = 0; turn < 4; turn++) {
    await settle();
    server.socket.drop();
    const phase = socket.phase.get();
    waits.push(phase.phase === 'waiting' ? phase.until - clock.now() : -1);
    await clock.advance(waits.at(-1) ?? 0);
  }
  expect(waits).toEqual([225, 450, 900, 1_800]);
  server.socket.accept();
  await settle();
  server.socket.drop();
  const phase = socket.phase.get();
  expect(phase.phase === 'waiting' && phase.until - clock.now()).toBe(225);
});

test('chance moves the wait between half and whole, and it has an upper bound', () => {
  expect([backoffMs(3, 0), backoffMs(3, 1)]).toEqual([1_200, 2_400]);
  expect(backoffMs(60, 1)).toBe(10_000);
});

test('pings each heartbeat and once more at the asked moment', async () => {
  const { clock, server, socket } = setUp();
  await settle();
  server.socket.accept();
  await settle();
  expect(server.socket.pings).toBe(1);
  socket.pingAt(clock.now() + 2_000);
  await clock.advance(1_999);
  expect(server.socket.pings).toBe(1);
  await clock.advance(1);
  expect(server.socket.pings).toBe(2);
  await clock.advance(3_000);
  expect(server.socket.pings).toBe(3);
});

test('another heartbeat counts at once, and on every connection after it', async () => {
  const { clock, server, socket } = setUp();
  await settle();
  server.socket.accept();
  await clock.advance(1_000);
  socket.beatEvery(700);
  expect(server.socket.pings).toBe(2);
  await clock.advance(1_400);
  expect(server.socket.pings).toBe(4);
  socket.beatEvery(700);
  expect(server.socket.pings).toBe(4);
  server.socket.drop();
  await clock.advance(1_000);
  server.socket.accept();
  await settle();
  const before = server.socket.pings;
  await clock.advance(1_400);
  expect(server.socket.pings).toBe(before + 2);
});

test('a missing pong raises suspicion, a late one lays it, a lasting silence makes a new connection', async () => {
  const { clock, server, socket } = setUp();
  await settle();
  const first = server.socket;
  first.accept();
  await settle();
  first.answers = false;
  await clock.advance(5_000 + SUSPECT_MS);
  expect(socket.phase.get()).toEqual({ phase: 'open', suspect: true });
  first.onmessage?.({ data: 'pong' });
  expect(socket.phase.get()).toEqual({ phase: 'open', suspect: false });
  await clock.advance(16_000);
  expect(first.closed).toBe(true);
  expect(server.sockets.length).toBeGreaterThan(1);
  first.onmessage?.({ data: '{"late":true}' });
  expect(socket.phase.get().phase).not.toBe('open');
});

test.each([
  ['replaced', closeCodes.replaced],
  ['revoked', closeCodes.revoked],
  ['not_found', closeCodes.not_found],
] as const)('%s is final', async (reason, code) => {
  const { clock, server, socket } = setUp();
  await settle();
  server.socket.accept();
  server.socket.drop(code);
  expect(socket.phase.get()).toEqual({ phase: 'closed', reason });
  await clock.advance(60_000);
  expect(server.sockets).toHaveLength(1);
  expect(clock.waiting).toBe(0);
});

test('a connection that never opens is given up and tried again; leaving ends all of it', async () => {
  const { clock, server, socket } = setUp();
  await settle();
  await clock.advance(10_000);
  expect(socket.phase.get().phase).toBe('waiting');
  await clock.advance(1_000);
  expect(server.sockets).toHaveLength(2);
  socket.close();
  expect(socket.phase.get()).toEqual({ phase: 'closed', reason: 'left' });
  expect(socket.send('x')).toBe(false);
  await clock.advance(60_000);
  expect(server.sockets).toHaveLength(2);
});

test('the network is back: the wait is cut short', async () => {
  const { clock, server, socket } = setUp();
  await settle();
  for (let turn = 0; turn < 5; turn++) {
    server.socket.drop();
    if (turn < 4) await clock.advance(20_000);
  }
  expect(socket.phase.get().phase).toBe('waiting');
  const before = server.sockets.length;
  socket.hurry();
  await settle();
  expect(server.sockets).toHaveLength(before + 1);
});

test('a device without a network does not wait for a silence to be noticed', async () => {
  const { clock, server, socket } = setUp();
  await settle();
  server.socket.accept();
  await settle();
  const first = server.socket;
  socket.cut();
  expect(first.closed).toBe(true);
  expect(socket.phase.get()).toMatchObject({ phase: 'waiting' });
  expect(socket.send('x')).toBe(false);
  socket.cut();
  await clock.advance(1_000);
  expect(server.sockets).toHaveLength(2);
});
