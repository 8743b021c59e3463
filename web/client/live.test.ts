import { expect, test } from 'vitest';
import type { Me } from '../../worker/protocol/http/me.ts';
import { FakeClock, settle } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';
import { Live } from './live.ts';

const at = '2026-11-21T02:00:00.000Z';
const me = { id: 'usr_01m7xz2gcdfvm8xwv1ha7afe0s', role: 'member' } as Partial<Me> as Me;

function setUp() {
  const clock = new FakeClock();
  const server = new FakeServer(({ path }) => {
    if (path === '/tickets') return { status: 201, body: { ticket: 't', expiresAt: at } };
    if (path === '/me/balance') return { body: { balances: [{ unit: 'COIN', amount: 500 }], cursor: null } };
    return path.startsWith('/calls') ? { body: { items: [], nextCursor: null, unseen: 0 } } : undefined;
  });
  const live = new Live({
    api: server.api,
    clock,
    open: server.open,
    me,
    memory: { read: () => 0, write: () => undefined },
    attention: () => ({ visible: true, notices: false }),
    devices: () => Promise.reject(new Error('no call here')),
    mediaClientFor: () => Promise.reject(new Error('no call here')),
  });
  const phases: string[] = [];
  live.phase.watch(() => phases.push(live.phase.get().phase));
  return { server, live, phases };
}

/** Until the hub's own code has come and it has asked for its ticket. */
async function connecting(server: FakeServer, sockets: number): Promise<void> {
  await import('./hub.ts');
  while (server.sockets.length < sockets) await settle();
}

test('nothing is asked before it is opened; then the balance and the hub are, and its phase is told', async () => {
  const { server, live, phases } = setUp();
  await settle();
  expect(server.asked).toEqual([]);
  live.open();
  await connecting(server, 1);
  expect(live.balance.amounts.get()).toEqual({ COIN: 500 });
  server.socket.accept();
  server.socket.tell({ type: 'hello', seq: 0, items: [] });
  await settle();
  expect(phases).toEqual(['open']);
  server.socket.tell({ type: 'presence.changed', userId: 'usr_01m7xz2gcdfvm8xwv1ha7afe0t', presence: 'online', available: true, at });
  expect([...live.presence.get().values()]).toEqual([{ presence: 'online', available: true }]);
});

test('closed while the hub’s code is on its way, it stays closed; opened again it connects anew', async () => {
  const { server, live, phases } = setUp();
  live.open();
  live.close();
  await import('./hub.ts');
  await settle();
  expect(server.sockets).toEqual([]);
  expect(live.phase.get()).toEqual({ phase: 'closed', reason: 'left' });
  live.open();
  await connecting(server, 1);
  server.socket.accept();
  live.close();
  expect(server.socket.closed).toBe(true);
  expect(phases.at(-1)).toBe('closed');
});

test('a ring that comes while the page asks who rings is not taken away by the older answer', async () => {
  const { server, live } = setUp();
  live.open();
  await connecting(server, 1);
  server.socket.accept();
  server.socket.tell({ type: 'hello', seq: 0, items: [] });
  // The list of calls has been asked for, and nobody rang then.
  server.socket.tell({
    type: 'call.incoming',
    id: 'ntf_01m7xz2gcdfvm8xwv1ha7afe0u',
    seq: 1,
    at,
    call: {
      id: 'call_01m7xz2gcdfvm8xwv1ha7afe0v',
      state: 'ringing',
      media: 'audio',
      kind: 'direct',
      callerId: 'usr_01m7xz2gcdfvm8xwv1ha7afe0t',
      calleeId: me.id,
      createdAt: at,
      endReason: null,
      connectedMs: 0,
      endedAt: null,
      settled: false,
      resumes: null,
    },
    from: { id: 'usr_01m7xz2gcdfvm8xwv1ha7afe0t', displayName: 'Grace', portrait: null },
  });
  expect(live.incoming.get()?.from.displayName).toBe('Grace');
  await settle();
  expect(live.incoming.get()?.from.displayName).toBe('Grace');
});
