import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import { ok } from '../../platform/result.ts';
import type { CallSessionStub, UserHubStub } from '../../platform/stubs.ts';
import type { CallId, UserId } from '../../protocol/ids.ts';
import { type BlockReason, block, blockedBetween, endBlockedCalls, hiddenFrom, listBlocks, unblock } from './service.ts';

const bindings = env as unknown as Env;
const START = 1_800_000_000_000;

/** Hubs and calls as far as a block reaches them. */
function town({ calls = [], deaf = false }: { calls?: { id: CallId; callerId: UserId; calleeId: UserId }[]; deaf?: boolean } = {}) {
  const stopped: { callId: string; reason: string }[] = [];
  const vanished: { viewer: string; gone: string; available: boolean }[] = [];
  const later: Promise<unknown>[] = [];
  const hub = (name: string) =>
    ({
      busyWith: async () => calls.find(({ callerId, calleeId }) => callerId === name || calleeId === name)?.id ?? null,
      personChanged: async ({ userId, available }: { userId: string; available: boolean }) => {
        vanished.push({ viewer: name, gone: userId, available });
      },
    }) as unknown as UserHubStub;
  const session = (callId: string) =>
    ({
      read: async () => ok({ call: calls.find(({ id }) => id === callId) }),
      stop: async ({ reason }: { reason: string }) => {
        if (deaf) throw new Error('no answer');
        stopped.push({ callId, reason });
        return ok({});
      },
    }) as unknown as CallSessionStub;
  const at = (ms: number) =>
    contextOf({ DB: bindings.DB, USER_HUB: { getByName: hub }, CALL_SESSION: { getByName: session } } as unknown as Env, {
      now: START + ms,
      requestId: 'req-1',
      waitUntil: (work) => later.push(work),
    });
  const settle = () => Promise.all(later);
  return { at, stopped, vanished, settle };
}

const ask = (blockerId: UserId, blockedId: UserId, reason: BlockReason = 'spam') => ({ blockerId, blockedId, reason, text: null });

describe('a block', () => {
  it('hides both from each other and from nobody else', async () => {
    const { at } = town();
    const [ada, hugo, iris] = [newId('usr'), newId('usr'), newId('usr')];
    await block(at(0), ask(ada, hugo));
    expect(await hiddenFrom(at(1), ada)).toEqual(new Set([hugo]));
    expect(await hiddenFrom(at(1), hugo)).toEqual(new Set([ada]));
    expect(await hiddenFrom(at(1), iris)).toEqual(new Set());
    expect([
      await blockedBetween(at(1), ada, hugo),
      await blockedBetween(at(1), hugo, ada),
      await blockedBetween(at(1), ada, iris),
    ]).toEqual([true, true, false]);
  });

  it('can be taken back, again and again, and made anew', async () => {
    const { at } = town();
    const [ada, hugo] = [newId('usr'), newId('usr')];
    const pair = { blockerId: ada, blockedId: hugo };
    await unblock(at(0), pair);
    await block(at(1), ask(ada, hugo));
    await unblock(at(2), pair);
    await unblock(at(3), pair);
    expect(await blockedBetween(at(4), ada, hugo)).toBe(false);
    expect((await listBlocks(at(4), ada, {})).items).toEqual([]);
    expect(await block(at(5), ask(ada, hugo, 'scam'))).toEqual({ blockedId: hugo, reason: 'scam', at: START + 5 });
    const kept = await bindings.DB.prepare('SELECT reason, lifted_at FROM block WHERE blocker_id = ? ORDER BY at').bind(ada).all();
    expect(kept.results).toEqual([
      { reason: 'spam', lifted_at: START + 2 },
      { reason: 'scam', lifted_at: null },
    ]);
  });

  it('of the other side stays when one’s own is taken back', async () => {
    const { at } = town();
    const [ada, hugo] = [newId('usr'), newId('usr')];
    await block(at(0), ask(ada, hugo));
    await block(at(0), ask(hugo, ada));
    await unblock(at(1), { blockerId: ada, blockedId: hugo });
    expect(await blockedBetween(at(2), ada, hugo)).toBe(true);
  });

  it('made twice is one, with what was said last and the time of the first', async () => {
    const { at } = town();
    const [ada, hugo] = [newId('usr'), newId('usr')];
    await block(at(0), ask(ada, hugo, 'spam'));
    expect(await block(at(9), ask(ada, hugo, 'harassment'))).toEqual({ blockedId: hugo, reason: 'harassment', at: START });
    await Promise.all([block(at(10), ask(ada, hugo)), block(at(10), ask(ada, hugo))]);
    expect((await listBlocks(at(11), ada, {})).items).toHaveLength(1);
  });

  it('of oneself is refused', async () => {
    const { at } = town();
    const ada = newId('usr');
    await expect(block(at(0), ask(ada, ada))).rejects.toMatchObject({ code: 'validation_failed', fields: [{ path: 'userId' }] });
  });

  it('lists newest first, page by page, only one’s own', async () => {
    const { at } = town();
    const ada = newId('usr');
    const others = [newId('usr'), newId('usr'), newId('usr')] as const;
    await block(at(0), ask(others[0], ada));
    for (const [index, other] of others.entries()) await block(at(index), ask(ada, other));
    const first = await listBlocks(at(9), ada, { limit: 2 });
    const second = await listBlocks(at(9), ada, { limit: 2, cursor: first.nextCursor ?? '' });
    expect(new Set([...first.items, ...second.items].map(({ blockedId }) => blockedId))).toEqual(new Set(others));
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null]);
    await expect(listBlocks(at(9), ada, { cursor: 'nonsense' })).rejects.toMatchObject({ code: 'validation_failed' });
  });
});

describe('a running call', () => {
  it.each(['caller', 'callee'] as const)('ends when its %s blocks the other', async (who) => {
    const [ada, grace, id] = [newId('usr'), newId('usr'), newId('call')];
    const { at, stopped } = town({ calls: [{ id, callerId: ada, calleeId: grace }] });
    await block(at(0), who === 'caller' ? ask(ada, grace) : ask(grace, ada));
    expect(stopped).toEqual([{ callId: id, reason: 'blocked' }]);
  });

  it('with somebody else goes on', async () => {
    const [ada, grace, hugo, id] = [newId('usr'), newId('usr'), newId('usr'), newId('call')];
    const { at, stopped } = town({ calls: [{ id, callerId: ada, calleeId: grace }] });
    await block(at(0), ask(ada, hugo));
    expect(stopped).toEqual([]);
  });

  it('that can’t be reached is said so, the block stands, and asking again is right', async () => {
    const [ada, grace, id] = [newId('usr'), newId('usr'), newId('call')];
    const calls = [{ id, callerId: ada, calleeId: grace }];
    await expect(block(town({ calls, deaf: true }).at(0), ask(ada, grace))).rejects.toMatchObject({ code: 'overloaded', retryAfter: 1 });
    const { at, stopped } = town({ calls });
    expect(await blockedBetween(at(1), ada, grace)).toBe(true);
    await block(at(2), ask(ada, grace));
    expect(stopped).toHaveLength(1);
  });
});

it('a call that a block could not end is ended by the job, once, and not after the block was taken back', async () => {
  const [ada, grace, id, other] = [newId('usr'), newId('usr'), newId('call'), newId('usr')];
  const calls = [{ id, callerId: ada, calleeId: grace }];
  const broken = town({ calls, deaf: true });
  await expect(block(broken.at(0), ask(ada, grace))).rejects.toMatchObject({ code: 'overloaded' });
  const { at, stopped } = town({ calls });
  await endBlockedCalls(at(1_000));
  expect(stopped).toEqual([]); // Still on its own way.
  await endBlockedCalls(broken.at(60_000));
  await endBlockedCalls(at(120_000));
  expect(stopped).toEqual([{ callId: id, reason: 'blocked' }]);
  await endBlockedCalls(at(180_000));
  expect(stopped).toHaveLength(1);
  // A block that reached its call at once is not looked at again; one that was taken back neither.
  await block(at(200_000), ask(ada, other));
  await expect(block(broken.at(200_000), ask(grace, ada))).rejects.toMatchObject({ code: 'overloaded' });
  await unblock(at(201_000), { blockerId: grace, blockedId: ada });
  await endBlockedCalls(at(300_000));
  expect(stopped).toHaveLength(1);
});

it('both see the other go at once', async () => {
  const { at, vanished, settle } = town();
  const [ada, hugo] = [newId('usr'), newId('usr')];
  await block(at(0), ask(ada, hugo));
  await settle();
  expect(vanished).toEqual([
    { viewer: ada, gone: hugo, available: false },
    { viewer: hugo, gone: ada, available: false },
  ]);
});

it('the free text stays in the table', async () => {
  const { at } = town();
  const [ada, hugo] = [newId('usr'), newId('usr')];
  await block(at(0), { ...ask(ada, hugo, 'other'), text: 'he asked for my card number' });
  const event = await bindings.DB.prepare('SELECT type, payload FROM event WHERE subject = ?').bind(hugo).first();
  expect(event).toEqual({ type: 'block.made', payload: '{"reason":"other"}' });
});
