import { expect, test } from 'vitest';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';
import { Hub } from './hub.ts';

const at = '2026-11-21T02:00:00.000Z';
const note = (seq: number) => ({ type: 'notification', id: `ntf_${seq}`, seq, at, kind: 'test', body: {} });

async function setUp(lastSeq = 0) {
  const clock = new FakeClock();
  const server = new FakeServer(({ path }) => (path === '/tickets' ? { status: 201, body: { ticket: 't', expiresAt: at } } : undefined));
  const seen: string[] = [];
  const memory = { seq: lastSeq };
  let current = 0;
  const hub = new Hub({
    api: server.api,
    clock,
    open: server.open,
    memory: { read: () => memory.seq, write: (seq) => (memory.seq = seq) },
    onItem: (item, live) => {
      seen.push(`${item.seq}${live ? ' live' : ''}`);
      return live;
    },
    onCall: () => undefined,
    onBalance: () => undefined,
    onPresence: () => undefined,
    onInbox: () => undefined,
    onCurrent: () => (current += 1),
  });
  await settle();
  server.socket.accept();
  return { clock, server, hub, seen, memory, current: () => current };
}

test('says hello with the last seq, applies what it missed in order, acknowledges what it shows', async () => {
  const { server, seen, memory, current } = await setUp(4);
  expect(server.asked[0]).toMatchObject({ path: '/tickets', body: { scope: 'hub' } });
  expect(server.socket.frames).toEqual([{ type: 'hello', lastSeq: 4 }]);
  server.socket.tell(note(7));
  expect(seen).toEqual([]);
  server.socket.tell({ type: 'hello', seq: 7, items: [note(5), note(6), note(7)] });
  server.socket.tell(note(8));
  expect(seen).toEqual(['5', '6', '7', '8 live']);
  expect(memory.seq).toBe(8);
  expect(current()).toBe(1);
  expect(server.socket.frames.slice(1)).toEqual([{ type: 'ack', id: 'ntf_8' }]);
});

test('a repeated item is not applied again; a hole is asked for, and nothing is applied out of order', async () => {
  const { server, seen } = await setUp();
  server.socket.tell({ type: 'hello', seq: 1, items: [note(1)] });
  server.socket.tell(note(1));
  server.socket.tell(note(4));
  expect(seen).toEqual(['1']);
  expect(server.socket.frames.at(-1)).toEqual({ type: 'hello', lastSeq: 1 });
  server.socket.tell(note(5));
  server.socket.tell({ type: 'hello', seq: 5, items: [note(2), note(3), note(4), note(5)] });
  expect(seen).toEqual(['1', '2', '3', '4', '5']);
});

test('after a lost connection it goes on where it was', async () => {
  const { clock, server, seen, current } = await setUp();
  server.socket.tell({ type: 'hello', seq: 2, items: [note(1), note(2)] });
  server.socket.drop();
  await clock.advance(1_000);
  server.socket.accept();
  expect(server.socket.frames).toEqual([{ type: 'hello', lastSeq: 2 }]);
  server.socket.tell({ type: 'hello', seq: 3, items: [note(3)] });
  expect(seen).toEqual(['1', '2', '3']);
  expect(current()).toBe(2);
});

test('a server that began anew is believed; unknown frames and noise are left alone', async () => {
  const { server, seen, memory } = await setUp(90);
  server.socket.tell({ type: 'hello', seq: 2, items: [] });
  expect(memory.seq).toBe(2);
  server.socket.onmessage?.({ data: 'no json' });
  server.socket.tell({ type: 'something.new', seq: 3 });
  server.socket.tell(note(3));
  expect(seen).toEqual(['3 live']);
});

test('a conversation that moved on is an item of the sequence like any other', async () => {
  const { server, seen } = await setUp();
  server.socket.tell({ type: 'hello', seq: 0, items: [] });
  const moved = { chatId: `chat_0${'0'.repeat(25)}`, peerId: null, chatSeq: 4, readSeq: 2, unread: 1, message: null };
  server.socket.tell({ type: 'chat.event', id: 'ntf_1', seq: 1, at, ...moved });
  server.socket.tell({ type: 'chat.event', id: 'ntf_3', seq: 3, at, ...moved });
  expect(seen).toEqual(['1 live']);
  expect(server.socket.frames.at(-1)).toEqual({ type: 'hello', lastSeq: 1 });
});
