/** Calls in conversations, and blocks that reach open ones. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { later, newCompanion, newMember, Scene, START } from '../../../tests/calls.ts';
import { contextNow, TestDevice, testEnv, upgradeRequest } from '../../../tests/devices.ts';
import { chatRoom } from '../../platform/stubs.ts';
import type { ChatEvent } from '../../protocol/chat/event.ts';
import type { ChatId, UserId } from '../../protocol/ids.ts';
import { block, unblock } from '../blocklist/service.ts';
import { chatOfPair } from './conversations.ts';
import { noteCall, tellBlocks } from './news.ts';
import { pairRow } from './store.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const pairOf = ({ member, companion }: Scene) => ({ memberId: member.userId, companionId: companion.userId });
async function eventsOf(id: string): Promise<ChatEvent[]> {
  const answer = await chatRoom(testEnv, id as ChatId).events({ by: null });
  if (!answer.ok) throw new Error(answer.detail);
  return answer.value.items;
}
/** How many messages each of the two has not read. */
async function unreadOf({ member, companion }: Scene): Promise<number[]> {
  const row = await pairRow(testEnv.DB, { memberId: member.userId, companionId: companion.userId });
  const standings = await Promise.all([member, companion].map(({ userId }) => chatRoom(testEnv, row?.id as ChatId).read({ by: userId })));
  return standings.map((standing) => (standing.ok ? standing.value.unread : -1));
}
/** The call cards in the conversation of a pair; null where they have none. */
async function cardsOf(pair: { memberId: string; companionId: string }) {
  const row = await pairRow(testEnv.DB, pair);
  if (!row) return null;
  return (await eventsOf(row.id)).flatMap((event) => (event.type === 'message' && event.message.kind === 'call' ? [event.message] : []));
}

describe('a call that rang and is settled', () => {
  it('stands in a conversation that it made, with what it came to', async () => {
    const scene = await Scene.open(500);
    await scene.connect();
    await scene.talk(70);
    scene.device('caller').send({ type: 'end' });
    await scene.device('callee').nextOf('call.ended');
    await scene.object.reconcile(Date.now());
    const cards = await cardsOf(pairOf(scene));
    expect(cards).toMatchObject([
      {
        ...{ sender: scene.member.userId, automatic: false, price: null },
        body: {
          ...{ callId: scene.id, media: 'video', kind: 'direct', callerId: scene.member.userId, payerId: scene.member.userId },
          ...{ endReason: 'hangup', connectedMs: 70_000, paid: [{ unit: 'COIN', amount: 129 }], earned: [{ unit: 'EARN', amount: 60 }] },
        },
      },
    ]);
    // They were both there: nobody has anything to catch up with.
    expect(await unreadOf(scene)).toEqual([0, 0]);
  });

  it('stands there once, however often it is told', async () => {
    const scene = await Scene.open();
    await scene.place();
    await scene.object.decline({ userId: scene.companion.userId, now: Date.now() });
    for (let n = 0; n < 3; n += 1) await scene.object.reconcile(Date.now());
    const [card, ...more] = (await cardsOf(pairOf(scene))) ?? [];
    if (card?.kind !== 'call' || !card.body) throw new Error('no card');
    expect([card.body.endReason, card.body.connectedMs, more]).toEqual(['declined', 0, []]);
    const { paid: payer, earned: payee, ...facts } = card.body;
    await noteCall(contextNow(), pairOf(scene), { ...facts, totals: { payer, payee } });
    expect(await cardsOf(pairOf(scene))).toHaveLength(1);
  });

  it('missed and cancelled alike, in the one conversation of the two, whoever rang', async () => {
    const scene = await Scene.open();
    const { id } = await chatOfPair(contextNow(), pairOf(scene));
    await scene.place();
    later(30);
    await scene.alarm();
    await scene.object.reconcile(Date.now());
    expect(await unreadOf(scene)).toEqual([0, 1]);
    const back = scene.turned();
    await back.place();
    await back.object.end({ userId: back.member.userId, now: Date.now() });
    await back.object.reconcile(Date.now());
    expect(await cardsOf(pairOf(scene))).toMatchObject([
      { sender: scene.member.userId, body: { endReason: 'no_answer' } },
      { sender: scene.companion.userId, body: { endReason: 'cancelled', payerId: scene.member.userId } },
    ]);
    expect((await pairRow(testEnv.DB, pairOf(scene)))?.id).toBe(id);
  });

  it('and one that never rang stands nowhere', async () => {
    const [busy, other] = [await Scene.open(), await newMember(500)];
    await busy.connect();
    const second = Object.assign(Object.create(Scene.prototype), busy, { member: other, devices: {} }) as Scene;
    await second.place().catch(() => null);
    const refused = await testEnv.DB.prepare('SELECT id FROM call WHERE caller_id = ?').bind(other.userId).first<string>('id');
    expect(refused).not.toBe(null);
    await Object.assign(second, { id: refused }).object.reconcile(Date.now());
    expect(await cardsOf({ memberId: other.userId, companionId: busy.companion.userId })).toBe(null);
  });

  it('makes no conversation for two of whom one has blocked the other', async () => {
    const scene = await Scene.open();
    await scene.connect();
    await scene.talk(10);
    await block(contextNow(), { blockerId: scene.member.userId, blockedId: scene.companion.userId, reason: 'harassment', text: null });
    await scene.object.reconcile(Date.now());
    expect(await scene.call()).toMatchObject({ endReason: 'blocked', settled: true });
    expect(await cardsOf(pairOf(scene))).toBe(null);
  });
});

describe('a block that nobody told the room of', () => {
  it('reaches open sockets by the job, and its end too', async () => {
    const [a, g] = [await newMember(0), await newCompanion()];
    const { id } = await chatOfPair(contextNow(), { memberId: a.userId, companionId: g.userId });
    const room = chatRoom(testEnv, id as ChatId);
    const device = new TestDevice(await room.fetch(await upgradeRequest(a, `chat:${id}`, `/chats/${id}/socket`)));
    device.send({ type: 'hello', lastSeq: 0 });
    expect(await device.nextOf('welcome')).toMatchObject({ closed: null });
    // The row and its event, and then the process died.
    const order = { blockerId: g.userId, blockedId: a.userId, reason: 'spam' as const, text: null };
    await block(contextNow(), order);
    await tellBlocks(contextNow());
    expect(await device.nextOf('closed')).toMatchObject({ closed: 'blocked' });
    device.send({ type: 'message.send', message: { clientId: crypto.randomUUID(), kind: 'text', body: { text: 'hello?' } } });
    expect(await device.nextOf('error')).toMatchObject({ code: 'blocked' });
    later(1);
    await unblock(contextNow(), order);
    await tellBlocks(contextNow());
    expect(await device.nextOf('closed')).toMatchObject({ closed: null });
    // Each is read once: nothing is left for the next time.
    await tellBlocks(contextNow());
    expect(await device.rest()).toEqual([]);
  });

  it('closes the conversation to a stand-in too: it is with whom it shows', async () => {
    const [a, g, eva] = [await newMember(0), await newCompanion(), await newCompanion()];
    const { id } = await chatOfPair(contextNow(), { memberId: a.userId, companionId: g.userId });
    const room = chatRoom(testEnv, id as ChatId);
    await room.join({ person: { userId: eva.userId, role: 'companion', ledgerShard: 0 }, from: 'unanswered', now: Date.now() });
    await room.leave({ userId: g.userId, now: Date.now() });
    await testEnv.DB.prepare('UPDATE chat_member SET left_at = 1 WHERE chat_id = ? AND user_id = ?').bind(id, g.userId).run();
    const send = (by: UserId) =>
      room.send({ by, message: { kind: 'text', clientId: crypto.randomUUID(), body: { text: 'hello?' } }, now: Date.now() });
    expect(await send(eva.userId)).toMatchObject({ ok: true });
    const device = new TestDevice(await room.fetch(await upgradeRequest(a, `chat:${id}`, `/chats/${id}/socket`)));
    device.send({ type: 'hello', lastSeq: 0 });
    expect(await device.nextOf('welcome')).toMatchObject({ closed: null });
    await block(contextNow(), { blockerId: a.userId, blockedId: g.userId, reason: 'harassment', text: null });
    await tellBlocks(contextNow());
    expect(await device.nextOf('closed')).toMatchObject({ closed: 'blocked' });
    for (const by of [a.userId, eva.userId]) expect(await send(by)).toMatchObject({ ok: false, code: 'blocked' });
  });
});
