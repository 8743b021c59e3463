import { expect, test } from 'vitest';
import type { BalanceChanged } from '../../worker/protocol/hub/latest.ts';
import { Balance } from './balance.ts';
import { settle } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';

const bev = (n: number) => `bev_01m7xz2gcdfvm8xwv1ha7afe${String(n).padStart(2, '0')}`;
const at = '2026-11-21T02:00:00.000Z';

/** A ledger with one account of COIN; the cursor counts events. */
function ledger() {
  const events: { id: string; at: string; unit: 'COIN'; amount: number; balanceAfter: number; kind: string; ref: string }[] = [];
  const balance = () => events.at(-1)?.balanceAfter ?? 0;
  const post = (amount: number): BalanceChanged => {
    const prevEventId = events.at(-1)?.id ?? null;
    events.push({ id: bev(events.length), at, unit: 'COIN', amount, balanceAfter: balance() + amount, kind: 'test', ref: '' });
    return { type: 'balance.changed', unit: 'COIN', amount: balance(), delta: amount, eventId: bev(events.length - 1), prevEventId };
  };
  const server = new FakeServer(({ path }) => {
    if (path === '/me/balance') return { body: { balances: [{ unit: 'COIN', amount: balance() }], cursor: String(events.length) } };
    if (!path.startsWith('/me/balance/events')) return undefined;
    const from = Number(new URLSearchParams(path.split('?')[1]).get('after') ?? 0);
    return { body: { items: events.slice(from, from + 2), cursor: String(Math.min(events.length, from + 2)) } };
  });
  return { post, balance, server, reads: () => server.asked.length };
}

test('frames that follow each other need no reading', async () => {
  const { post, server, reads } = ledger();
  post(500);
  const mine = new Balance(server.api);
  await mine.catchUp();
  mine.changed(post(-9));
  await settle();
  const known = reads();
  mine.changed(post(-60));
  mine.changed(post(-60));
  expect(mine.amounts.get()).toEqual({ COIN: 371 });
  expect(reads()).toBe(known);
});

test('a hole is filled from the events, however many there are, and no amount is guessed', async () => {
  const { post, server } = ledger();
  post(500);
  const mine = new Balance(server.api);
  await mine.catchUp();
  mine.changed(post(-9));
  await settle();
  for (let n = 0; n < 5; n++) post(-10);
  mine.changed({ ...post(-10), amount: 999_999 });
  await settle();
  expect(mine.amounts.get()).toEqual({ COIN: 431 });
});

test('an old frame after a newer one changes nothing', async () => {
  const { post, server, balance } = ledger();
  const mine = new Balance(server.api);
  await mine.catchUp();
  const first = post(100);
  const second = post(100);
  mine.changed(second);
  await settle();
  mine.changed(first);
  await settle();
  expect(mine.amounts.get()).toEqual({ COIN: balance() });
});

test('a change that arrives while it reads is read after', async () => {
  const { post, server } = ledger();
  post(500);
  const mine = new Balance(server.api);
  const reading = mine.catchUp();
  mine.changed(post(-9));
  await reading;
  await settle();
  expect(mine.amounts.get()).toEqual({ COIN: 491 });
});
