/** Who is here, who may see what, blocks, media and what the house says, inside workerd. Rule ids: SPEC.md. */
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contextNow, newPerson, type SignedIn, testEnv } from '../../tests/devices.ts';
import { eventually } from '../../tests/eventually.ts';
import { block, unblock } from '../../worker/domains/blocklist/service.ts';
import { newId } from '../../worker/platform/ids.ts';
import { chatRoom } from '../../worker/platform/stubs.ts';
import type { ChatMediaId, UserId } from '../../worker/protocol/ids.ts';
import {
  connect,
  enter,
  evict,
  hearUpTo,
  later,
  must,
  newName,
  openScene,
  personOf,
  price,
  type Room,
  ring,
  type Scene,
  START,
  sequence,
  textFrame,
  unprice,
  withBindings,
} from './scene.workers.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => void vi.useRealTimers());

const say = async (scene: Scene, by: UserId, text: string) => {
  const answer = must(await scene.room.send({ by, message: { kind: 'text', clientId: newName(), body: { text } }, now: Date.now() }));
  if (!('message' in answer)) throw new Error('not taken at once');
  return answer.message;
};

describe('people', () => {
  it('[RH1] make a room once', async () => {
    const scene = await openScene();
    await say(scene, scene.ada.userId, 'hello');
    const hugo = await newPerson('companion');
    expect(must(await scene.room.open({ chatId: scene.chatId, people: [personOf(hugo, 'companion')], now: Date.now() }))).toEqual({
      seq: 1,
    });
    expect(await scene.room.read({ by: hugo.userId })).toMatchObject({ ok: false, code: 'not_found' });
  });

  it('[RH1] find nothing in a room that was never made', async () => {
    const room = chatRoom(testEnv, newId('chat')) as Room;
    const by = newId('usr');
    const message = { kind: 'text', clientId: 'some-name', body: { text: 'hi' } } as const;
    for (const answer of [
      await room.read({ by }),
      await room.events({ by: null }),
      await room.send({ by, message, now: START }),
      await room.search({ by: null, q: 'x', limit: 1 }),
      await room.messages({ by: null, ids: [] }),
      await room.remove({ messageId: newId('msg'), now: START }),
      await room.leave({ userId: by, now: START }),
      await room.blockChanged({ now: START }),
    ])
      expect(answer).toMatchObject({ ok: false, code: 'not_found' });
  });

  it('[RH2] who takes over sees it from the first unanswered message on, and nothing of what was before', async () => {
    const scene = await openScene();
    const before = await say(scene, scene.ada.userId, 'secret-before');
    await say(scene, scene.grace.userId, 'answer');
    await say(scene, scene.ada.userId, 'unanswered');
    await say(scene, scene.ada.userId, 'still unanswered');
    const hugo = await newPerson('companion');
    const join = () => scene.room.join({ person: personOf(hugo, 'companion'), from: 'unanswered', now: Date.now() });
    expect(must(await join())).toEqual({ first: 3 });
    await say(scene, scene.ada.userId, 'more');
    expect(must(await join())).toEqual({ first: 3 });
    const { device, welcome } = await enter(scene, hugo);
    expect(welcome).toMatchObject({ gap: true, from: 3, seq: 5 });
    expect(welcome.events.map(({ seq }: { seq: number }) => seq)).toEqual([3, 4, 5]);
    const { device: hers } = await enter(scene, scene.ada);
    hers.send({ type: 'message.edit', messageId: before.id, body: { text: 'secret-edited' } });
    expect((await hearUpTo(device, 6)).events).toMatchObject([{ seq: 6, type: 'hidden' }]);
    expect((await hearUpTo(hers, 6)).events.at(-1)).toMatchObject({ seq: 6, type: 'edited', body: { text: 'secret-edited' } });
    const page = must(await scene.room.events({ by: hugo.userId, before: 6, limit: 50 }));
    expect(page).toMatchObject({ first: 3, seq: 6 });
    expect(page.items.map(({ seq }) => seq)).toEqual([3, 4, 5]);
    expect(must(await scene.room.events({ by: hugo.userId, after: 0 })).items.map(({ seq }) => seq)).toEqual([3, 4, 5, 6]);
    expect(must(await scene.room.messages({ by: hugo.userId, ids: [before.id] })).items).toEqual([]);
    expect(must(await scene.room.search({ by: hugo.userId, q: 'secret', limit: 5 })).items).toEqual([]);
    expect(must(await scene.room.search({ by: scene.ada.userId, q: 'secret', limit: 5 })).items).toHaveLength(1);
    device.send({ type: 'reaction.set', id: 'mine', messageId: before.id, emoji: '👍' });
    expect(await device.next()).toMatchObject({ type: 'error', code: 'not_found', id: 'mine' });
    expect(must(await scene.room.read({ by: hugo.userId }))).toMatchObject({ first: 3, unread: 3 });
  });

  it('[RP1] pay nothing while nobody is there to answer, and are told so', async () => {
    const tariff = await price({ amount: 5 });
    try {
      const scene = await openScene();
      expect((await enter(scene, scene.ada)).welcome.price).toEqual({ unit: 'COIN', amount: 5, freeLeft: 0 });
      must(await scene.room.leave({ userId: scene.grace.userId, now: Date.now() }));
      const { device, welcome } = await enter(scene, scene.ada);
      expect(welcome.price).toBeNull();
      device.send(textFrame('is anybody there'));
      expect(await device.next()).toMatchObject({ type: 'message.ack', seq: 1 });
    } finally {
      await unprice(tariff);
    }
  });

  it('[RH3] who goes sees and says nothing more; back again, they begin anew', async () => {
    const scene = await openScene();
    await say(scene, scene.ada.userId, 'one');
    const { device } = await enter(scene, scene.grace);
    must(await scene.room.leave({ userId: scene.grace.userId, now: Date.now() }));
    expect(await device.closed).toEqual({ code: 4003, reason: 'forbidden' });
    await evict(scene);
    for (const answer of [
      await scene.room.read({ by: scene.grace.userId }),
      await scene.room.events({ by: scene.grace.userId }),
      await scene.room.send({ by: scene.grace.userId, message: { kind: 'text', clientId: 'some-name', body: { text: 'x' } }, now: START }),
    ])
      expect(answer).toMatchObject({ ok: false, code: 'not_found' });
    await say(scene, scene.ada.userId, 'two');
    const back = await scene.room.join({ person: personOf(scene.grace, 'companion'), from: 'all', now: Date.now() });
    expect(must(back)).toEqual({ first: 1 });
    expect((await enter(scene, scene.grace)).welcome.events).toHaveLength(2);
  });

  it('[RQ4] tells the lists of nothing that lies before somebody’s time', async () => {
    const scene = await openScene();
    await say(scene, scene.ada.userId, 'one');
    await say(scene, scene.grace.userId, 'two');
    later(60_000);
    const hugo = await newPerson('companion');
    must(await scene.room.join({ person: personOf(hugo, 'companion'), from: 'unanswered', now: Date.now() }));
    await ring(scene);
    const newest = async ({ userId }: SignedIn) =>
      testEnv.DB.prepare('SELECT newest_at FROM chat_member WHERE user_id = ? AND chat_id = ?')
        .bind(userId, scene.chatId)
        .first('newest_at');
    await eventually(async () => expect(await newest(hugo)).toBe(START + 60_000));
    expect([await newest(scene.ada), await newest(scene.grace)]).toEqual([START, START]);
  });

  it('counts what is unread, for each', async () => {
    const scene = await openScene();
    for (let n = 0; n < 3; n++) await say(scene, scene.ada.userId, `${n}`);
    await say(scene, scene.grace.userId, 'answer');
    const { device } = await enter(scene, scene.grace);
    device.send({ type: 'read', seq: 2 });
    await hearUpTo(device, 5);
    expect(must(await scene.room.read({ by: scene.grace.userId }))).toMatchObject({ seq: 5, readSeq: 2, unread: 1, last: { seq: 4 } });
    expect(must(await scene.room.read({ by: scene.ada.userId }))).toMatchObject({ readSeq: 0, unread: 1, closed: null });
  });
});

describe('a block', () => {
  const between = ({ ada, grace }: Scene) => ({ blockerId: grace.userId, blockedId: ada.userId });

  it('[RM1] closes an open conversation to both, at once; reading stays, and it opens again', async () => {
    const scene = await openScene();
    const old = await say(scene, scene.ada.userId, 'before');
    const { device: hers } = await enter(scene, scene.ada);
    const { device: graces } = await enter(scene, scene.grace);
    await block(contextNow(), { ...between(scene), reason: 'spam', text: null });
    must(await scene.room.blockChanged({ now: Date.now() }));
    for (const device of [hers, graces]) expect(await device.next()).toEqual({ type: 'closed', closed: 'blocked' });
    hers.send(textFrame('after', 'one-name'));
    expect(await hers.next()).toMatchObject({ type: 'error', code: 'blocked', id: 'one-name' });
    hers.send({ type: 'message.edit', id: 'edit', messageId: old.id, body: { text: 'changed' } });
    expect(await hers.next()).toMatchObject({ type: 'error', code: 'blocked', id: 'edit' });
    hers.send({ type: 'typing', typing: true });
    graces.send({ type: 'reaction.set', id: 'react', messageId: old.id, emoji: '👍' });
    expect(await graces.next()).toMatchObject({ type: 'error', code: 'blocked', id: 'react' });
    await evict(scene);
    graces.send(textFrame('after', 'other-name'));
    expect(await graces.next()).toMatchObject({ type: 'error', code: 'blocked', id: 'other-name' });
    expect((await enter(scene, scene.ada)).welcome).toMatchObject({ closed: 'blocked', events: [{ seq: 1 }] });
    expect(await sequence(scene)).toHaveLength(1);
    await unblock(contextNow(), between(scene));
    must(await scene.room.blockChanged({ now: Date.now() }));
    expect(await hers.next()).toEqual({ type: 'closed', closed: null });
    hers.send(textFrame('after', 'one-name'));
    expect(await hers.next()).toMatchObject({ type: 'message.ack', seq: 2 });
  });

  it('[RM1] nobody told of is found at the next hello, and by a message over HTTP', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    await block(contextNow(), { ...between(scene), reason: 'spam', text: null });
    later(2_000);
    const message = { kind: 'text', clientId: 'some-name', body: { text: 'x' } } as const;
    expect(await scene.room.send({ by: scene.ada.userId, message, now: Date.now() })).toMatchObject({ ok: false, code: 'blocked' });
    expect(await device.next()).toEqual({ type: 'closed', closed: 'blocked' });
    expect((await enter(scene, scene.grace)).welcome.closed).toBe('blocked');
  });

  it('[RM1] the house that does not answer keeps nobody from reading, and lets nothing pass that it would have to price', async () => {
    const scene = await openScene();
    await say(scene, scene.ada.userId, 'one');
    await evict(scene);
    const away = new Proxy(testEnv.DB, {
      get() {
        throw new Error('D1_ERROR: no answer');
      },
    });
    const device = await connect(scene, scene.ada);
    await withBindings(scene, { DB: away });
    device.send({ type: 'hello', lastSeq: 0 });
    expect(await device.next()).toMatchObject({ type: 'welcome', seq: 1, events: [{ seq: 1 }] });
    device.send(textFrame('two', 'some-name'));
    expect(await device.next()).toMatchObject({ type: 'error', code: 'overloaded', id: 'some-name' });
    await withBindings(scene, { DB: testEnv.DB });
    device.send(textFrame('two', 'some-name'));
    expect(await device.next()).toMatchObject({ type: 'message.ack', seq: 2 });
  });
});

describe('media', () => {
  async function upload(scene: Scene, { userId }: SignedIn, id: ChatMediaId = newId('cmd')): Promise<ChatMediaId> {
    await testEnv.DB.prepare(
      `INSERT INTO chat_media (id, chat_id, uploader_id, kind, type, asked_bytes, created_at, uploaded_at, bytes, width, height, hash, state)
       VALUES (?, ?, ?, 'image', 'image/webp', 10, ?, ?, 10, 4, 4, 'hash', 'pending')`,
    )
      .bind(id, scene.chatId, userId, Date.now(), Date.now())
      .run();
    return id;
  }
  const image = (mediaId: ChatMediaId, clientId = newName()) => ({
    type: 'message.send',
    message: { clientId, kind: 'image', body: { mediaId, alt: 'a red door' } },
  });

  it('[RM4] go out with what is known of them, in their order among texts, and are found by what is told of them', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    const mediaId = await upload(scene, scene.ada);
    device.send(image(mediaId));
    device.send(textFrame('look'));
    const { events } = await hearUpTo(device, 2);
    expect(events).toMatchObject([
      { message: { kind: 'image', body: { mediaId, alt: 'a red door' }, media: { id: mediaId, type: 'image/webp', state: 'pending' } } },
      { message: { body: { text: 'look' } } },
    ]);
    expect(must(await scene.room.search({ by: scene.grace.userId, q: 'door', limit: 5 })).items).toMatchObject([{ seq: 1 }]);
  });

  it('[RM4] of somebody else, of nowhere, or sent before are refused', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    const graces = await upload(scene, scene.grace);
    const own = await upload(scene, scene.ada);
    device.send(image(graces, 'name-one'));
    device.send(image(newId('cmd'), 'name-two'));
    device.send(image(own, 'name-three'));
    device.send(image(own, 'name-four'));
    const frames = [];
    while (frames.length < 4) frames.push(await device.next());
    expect(frames.filter(({ type }) => type === 'error').map(({ code, id }) => [code, id])).toEqual([
      ['validation_failed', 'name-one'],
      ['validation_failed', 'name-two'],
    ]);
    expect(await device.nextOf('error')).toMatchObject({ code: 'validation_failed', id: 'name-four' });
    expect(await sequence(scene)).toHaveLength(1);
  });

  it('[RC5] change their state in the message and by an event, also for who resumes', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    const mediaId = await upload(scene, scene.ada);
    device.send(image(mediaId));
    await hearUpTo(device, 1);
    await evict(scene);
    must(await scene.room.mediaDecided({ mediaId, state: 'passed', now: Date.now() }));
    must(await scene.room.mediaDecided({ mediaId, state: 'passed', now: Date.now() }));
    expect((await hearUpTo(device, 2)).events).toMatchObject([{ type: 'media', state: 'passed' }]);
    expect((await enter(scene, scene.grace)).welcome.events).toMatchObject([
      { message: { media: { state: 'passed' } } },
      { type: 'media' },
    ]);
  });

  it('[RC2] are gone with their message, from the house too', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    const mediaId = await upload(scene, scene.ada);
    device.send(image(mediaId));
    const { events } = await hearUpTo(device, 1);
    const [sent] = events;
    if (sent?.type !== 'message') throw new Error('no message');
    device.send({ type: 'message.delete', messageId: sent.message.id });
    expect((await hearUpTo(device, 2)).events).toMatchObject([{ type: 'deleted', by: scene.ada.userId }]);
    await evict(scene);
    later(1_000);
    await ring(scene);
    await eventually(async () => {
      const row = await testEnv.DB.prepare('SELECT 1 FROM chat_media WHERE id = ?').bind(mediaId).first();
      expect(row).toBeNull();
    });
    const left = await runInDurableObject(scene.room, (_room, state) =>
      JSON.stringify(state.storage.sql.exec('SELECT body FROM message').toArray()),
    );
    expect(left).not.toContain('red door');
  });
});

describe('the house', () => {
  it('[RM6] says each thing once, free of charge, and everybody hears it', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.grace);
    const card = {
      key: `call:${newId('call')}`,
      sender: scene.ada.userId,
      automatic: false,
      kind: 'system',
      body: { what: 'transferred', detail: {} },
      now: START,
    } as const;
    const first = must(await scene.room.post(card));
    await evict(scene);
    expect(must(await scene.room.post(card))).toEqual(first);
    expect((await hearUpTo(device, 1)).events).toMatchObject([{ message: { kind: 'system', price: null } }]);
    expect(await sequence(scene)).toHaveLength(1);
    expect(await scene.room.post({ ...card, key: 'other', sender: newId('usr') })).toMatchObject({ ok: false, code: 'not_found' });
  });

  it('[RC2] deletes what it must, at any time', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    const { id: messageId } = await say(scene, scene.ada.userId, 'bad words');
    later(90 * 86_400_000);
    expect(must(await scene.room.remove({ messageId, now: Date.now() }))).toMatchObject({ message: { body: null } });
    expect(must(await scene.room.remove({ messageId, now: Date.now() }))).toMatchObject({ message: { body: null } });
    expect((await hearUpTo(device, 2)).events.at(-1)).toMatchObject({ type: 'deleted', by: null });
    expect(must(await scene.room.search({ by: null, q: 'bad', limit: 5 })).items).toEqual([]);
    expect(await sequence(scene)).toHaveLength(2);
  });
});
