/** The room inside workerd: sockets, the sequence, what survives what. Rule ids: SPEC.md. */
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contextNow, type Frame, newPerson, newSession, type SignedIn, TestDevice, testEnv, upgradeRequest } from '../../tests/devices.ts';
import { eventually } from '../../tests/eventually.ts';
import { changeSetting } from '../../worker/domains/settings/service.ts';
import { issueTicket } from '../../worker/domains/user/service.ts';
import { newId } from '../../worker/platform/ids.ts';
import { userHub } from '../../worker/platform/stubs.ts';
import type { ChatEvent } from '../../worker/protocol/chat/event.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import { WELCOME_EVENTS } from './core/resuming.ts';
import { MANY_CHARACTERS, MAX_SOCKETS, PATIENCE_MS } from './device.ts';
import {
  alarmAt,
  connect,
  enter,
  evict,
  hearUpTo,
  inOneTick,
  later,
  must,
  newName,
  open,
  openScene,
  ring,
  type Scene,
  START,
  sequence,
  textFrame,
  withBindings,
} from './scene.workers.ts';
import { MAX_UNREAD } from './store.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => void vi.useRealTimers());

const say = async (scene: Scene, by: SignedIn, text: string) => {
  const clientId = newName();
  const answer = must(await scene.room.send({ by: by.userId, message: { kind: 'text', clientId, body: { text } }, now: Date.now() }));
  if (!('message' in answer)) throw new Error('not taken at once');
  return answer.message;
};
const seqs = (events: readonly ChatEvent[]): number[] => events.map(({ seq }) => seq);
const upTo = (last: number, from = 1): number[] => Array.from({ length: last - from + 1 }, (_, n) => from + n);

describe('sockets', () => {
  it('[RK1] open once per ticket, for who is in the conversation', async () => {
    const scene = await openScene();
    const { ticket } = await issueTicket(contextNow(), scene.ada, `chat:${scene.chatId}`);
    expect((await open(scene, scene.ada, ticket)).status).toBe(101);
    await evict(scene);
    expect((await open(scene, scene.ada, ticket)).status).toBe(401);
    expect((await open(scene, await newPerson('companion'))).status).toBe(404);
    const { ticket: other } = await issueTicket(contextNow(), scene.ada, `chat:${newId('chat')}`);
    expect((await open(scene, scene.ada, other)).status).toBe(403);
    expect((await scene.room.fetch('https://api.test/api/v1/x')).status).toBe(426);
    const empty = await openScene();
    const nobody = { ...empty, room: (await import('../../worker/platform/stubs.ts')).chatRoom(testEnv, newId('chat')) as Scene['room'] };
    expect((await open(nobody, empty.ada)).status).toBe(404);
  });

  it('[RK2] take nothing before hello, and keep what comes right behind it', async () => {
    const scene = await openScene();
    const early = await connect(scene, scene.ada);
    early.send(textFrame('too early', 'early-name'));
    expect(await early.next()).toMatchObject({ type: 'error', code: 'validation_failed', id: 'early-name' });
    early.send({ type: 'hello', lastSeq: 0 });
    early.send(textFrame('at once'));
    expect(await early.next()).toMatchObject({ type: 'welcome', seq: 0 });
    expect(await early.next()).toMatchObject({ type: 'message.ack', seq: 1 });
    expect((await sequence(scene)).length).toBe(1);
  });

  it('[RK2] take a message whose parts stand beside the type of its frame', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    device.send({ type: 'message.send', clientId: 'plain-name', kind: 'text', body: { text: 'plain' } });
    expect(await device.next()).toMatchObject({ type: 'message.ack', clientId: 'plain-name', seq: 1 });
    device.send({ type: 'message.send', message: { clientId: 'plain-name', kind: 'text', body: { text: 'plain' } } });
    expect(await device.nextOf('message.ack')).toMatchObject({ seq: 1 });
    device.send({ type: 'message.send', id: 'mine', clientId: 'other-name', kind: 'text', body: { text: 'x' }, more: 1 });
    expect(await device.next()).toMatchObject({ type: 'error', code: 'validation_failed', id: 'mine' });
    expect(await sequence(scene)).toHaveLength(1);
  });

  it('[RK3] answer what they can’t read, store nothing of it, and end after ten in a row', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    const { device: other } = await enter(scene, scene.grace);
    const bad: [string | ArrayBuffer | object, string][] = [
      [new ArrayBuffer(8), 'validation_failed'],
      ['{"type":"hello"', 'malformed_json'],
      ['x'.repeat(65 * 1024), 'body_too_large'],
      [{ type: 'message.send', message: { clientId: 'short', kind: 'text', body: { text: 'x' } } }, 'validation_failed'],
      [{ type: 'message.send', message: { clientId: 'long-enough', kind: 'text', body: { text: '   ' } } }, 'validation_failed'],
      [{ type: 'message.send', message: { clientId: 'long-enough', kind: 'call', body: {} } }, 'validation_failed'],
      [{ type: 'message.send', message: { clientId: 'long-enough', kind: 'text', body: { text: 'x' }, seq: 9 } }, 'validation_failed'],
      [{ type: 'read', seq: -1 }, 'validation_failed'],
      [{ type: 'events', items: [] }, 'validation_failed'],
    ];
    for (const [frame, code] of bad) {
      device.send(frame);
      expect(await device.next()).toMatchObject({ type: 'error', code });
    }
    device.send('null');
    expect(await device.next()).toMatchObject({ type: 'error' });
    expect(await device.closed).toEqual({ code: 4022, reason: 'bad_frame' });
    expect(await sequence(scene)).toEqual([]);
    expect(await other.rest()).toEqual([]);
  });

  it('[RK4] refuse a flood by name, then end it', async () => {
    await changeSetting(contextNow(), { key: 'chat.framesPerSecond', value: 1, actor: newId('usr') });
    try {
      const scene = await openScene();
      const { device } = await enter(scene, scene.ada);
      for (let n = 0; n < 30; n++) device.send(textFrame(`flood ${n}`, `flood-name-${n}`));
      expect(await device.closed).toMatchObject({ code: 4029 });
      const taken = await sequence(scene);
      expect(taken.length).toBeLessThanOrEqual(10);
      const limited: Frame[] = (await device.rest()).filter((frame: Frame) => frame.code === 'rate_limited');
      expect(limited.length).toBeGreaterThan(0);
      for (const { id } of limited) expect(id).toMatch(/^flood-name-/);
    } finally {
      await changeSetting(contextNow(), { key: 'chat.framesPerSecond', value: null, actor: newId('usr') });
    }
  });

  it('[RK4] are not gone round over HTTP: who sends there has as much patience as a device', async () => {
    await changeSetting(contextNow(), { key: 'chat.framesPerSecond', value: 1, actor: newId('usr') });
    try {
      const scene = await openScene();
      const send = async (by: UserId) => {
        const answer = await scene.room.send({ by, message: { kind: 'text', clientId: newName(), body: { text: 'hi' } }, now: Date.now() });
        return answer.ok ? 'taken' : answer.code;
      };
      const answers: string[] = [];
      for (let n = 0; n < 30; n++) answers.push(await send(scene.ada.userId));
      expect(answers.filter((answer) => answer === 'taken')).toHaveLength(10);
      expect(new Set(answers.slice(10))).toEqual(new Set(['rate_limited']));
      expect(await send(scene.grace.userId)).toBe('taken');
      later(2_000);
      expect([await send(scene.ada.userId), await send(scene.ada.userId)]).toEqual(['taken', 'taken']);
      expect(await send(scene.ada.userId)).toBe('rate_limited');
    } finally {
      await changeSetting(contextNow(), { key: 'chat.framesPerSecond', value: null, actor: newId('usr') });
    }
  });

  it('[RK5] make room for one more than there may be', async () => {
    const scene = await openScene();
    const devices: TestDevice[] = [];
    for (let n = 0; n <= MAX_SOCKETS; n++) {
      later(1);
      devices.push(await connect(scene, scene.ada));
    }
    expect(await devices[0]?.closed).toEqual({ code: 4009, reason: 'replaced' });
    devices[1]?.send({ type: 'hello', lastSeq: 0 });
    expect(await devices[1]?.next()).toMatchObject({ type: 'welcome' });
  });

  it('[RK6] end with their session, wherever it is ended', async () => {
    const scene = await openScene();
    const laptop = { ...scene.ada, sessionId: await newSession(scene.ada.userId) };
    const { device: phone } = await enter(scene, scene.ada);
    const { device: other } = await enter(scene, laptop);
    const hub = userHub(testEnv, scene.ada.userId);
    // The hub learns of the sockets on the side.
    await eventually(async () => {
      await hub.revoke({ sessionId: scene.ada.sessionId, now: Date.now() });
      expect(phone.isClosed).toBe(true);
    });
    expect(await phone.closed).toEqual({ code: 4010, reason: 'revoked' });
    other.send(textFrame('still here'));
    expect(await other.nextOf('message.ack')).toMatchObject({ seq: 1 });
  });
});

describe('the sequence', () => {
  it('[RS1] [RQ1] is one order on all devices of both', async () => {
    const scene = await openScene();
    const devices = [
      (await enter(scene, scene.ada)).device,
      (await enter(scene, { ...scene.ada, sessionId: await newSession(scene.ada.userId) })).device,
      (await enter(scene, scene.grace)).device,
    ];
    for (let n = 0; n < 20; n++) for (const device of devices) device.send(textFrame(`${n}`));
    const heard = await Promise.all(devices.map((device) => hearUpTo(device, 60)));
    const stored = await sequence(scene);
    expect(seqs(stored)).toEqual(upTo(60));
    for (const { events } of heard) expect(events).toEqual(stored);
    // Every sender has an acknowledgement for each of theirs, with the place it has.
    for (const { others } of heard) {
      const acks = others.filter(({ type }) => type === 'message.ack');
      expect(acks).toHaveLength(20);
      for (const { seq, id } of acks) expect(stored[seq - 1]).toMatchObject({ type: 'message', message: { id } });
    }
  });

  it('[RQ2] resumes at every cut point with all that is missing, and nothing twice', async () => {
    const scene = await openScene();
    const { device, welcome } = await enter(scene, scene.ada);
    for (let n = 1; n <= 6; n++) device.send(textFrame(`${n}`));
    const { events } = await hearUpTo(device, 6);
    device.close();
    const { id: messageId } = (events[2] as Extract<ChatEvent, { type: 'message' }>).message;
    const { device: second } = await enter(scene, scene.grace);
    second.send({ type: 'reaction.set', messageId, emoji: '👍' });
    second.send({ type: 'read', seq: 6 });
    await hearUpTo(second, 8);
    const whole = await sequence(scene);
    for (let lastSeq = 0; lastSeq <= 8; lastSeq++) {
      if (lastSeq % 3 === 1) await evict(scene);
      const { device: again, welcome: met } = await enter(scene, scene.ada, { epoch: welcome.epoch, lastSeq });
      expect(met).toMatchObject({ epoch: welcome.epoch, seq: 8 });
      expect(met.gap).toBeUndefined();
      expect(met.events).toEqual(whole.slice(lastSeq));
      again.close();
    }
  });

  it('[RQ2] is honest about a hole, which is filled over HTTP', async () => {
    const scene = await openScene();
    await enter(scene, scene.ada);
    await inOneTick(
      scene,
      scene.ada,
      upTo(WELCOME_EVENTS + 50).map((n) => textFrame(`${n}`)),
    );
    await eventually(async () => expect(must(await scene.room.read({ by: scene.ada.userId })).seq).toBe(WELCOME_EVENTS + 50));
    const { welcome } = await enter(scene, scene.grace, { lastSeq: 10 });
    expect(welcome).toMatchObject({ gap: true, from: 51, seq: WELCOME_EVENTS + 50 });
    expect(seqs(welcome.events)).toEqual(upTo(WELCOME_EVENTS + 50, 51));
    const page = must(await scene.room.events({ by: scene.grace.userId, before: 51, limit: 40 }));
    expect(page).toMatchObject({ epoch: welcome.epoch, first: 1 });
    expect(seqs(page.items)).toEqual(upTo(50, 11));
    // Another storage's copy, or a seq that was never given, is worth nothing.
    expect((await enter(scene, scene.grace, { epoch: 'another', lastSeq: 249 })).welcome).toMatchObject({ gap: true, from: 51 });
    expect((await enter(scene, scene.grace, { epoch: welcome.epoch, lastSeq: 999 })).welcome).toMatchObject({ gap: true, from: 51 });
    expect((await enter(scene, scene.grace, { epoch: welcome.epoch, lastSeq: 249 })).welcome.gap).toBeUndefined();
  });

  it('[RM2] gives a message whose acknowledgement was lost the same place again', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    device.send(textFrame('once', 'the-one-name'));
    device.close();
    await eventually(async () => expect((await sequence(scene)).length).toBe(1));
    await evict(scene);
    later(60_000);
    const { device: again, welcome } = await enter(scene, scene.ada);
    again.send(textFrame('once', 'the-one-name'));
    const { id, at } = welcome.events[0].message;
    expect(await again.next()).toEqual({ type: 'message.ack', clientId: 'the-one-name', id, seq: 1, at });
    again.send(textFrame('something else', 'the-one-name'));
    expect(await again.next()).toMatchObject({ type: 'error', code: 'idempotency_conflict', id: 'the-one-name' });
    expect((await sequence(scene)).length).toBe(1);
  });

  it('[RS3] one that can’t be stored fails alone, and its neighbours of the same tick don’t', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    const { device: other } = await enter(scene, scene.grace);
    await runInDurableObject(scene.room, (_room, state) =>
      state.storage.sql.exec(
        "CREATE TRIGGER poison BEFORE INSERT ON message WHEN NEW.body LIKE '%poison%' BEGIN SELECT RAISE(ABORT, 'poisoned'); END",
      ),
    );
    await inOneTick(scene, scene.ada, [
      // Nobody waits for a watermark: the group begins, and what follows joins.
      { type: 'delivered', seq: 0 },
      textFrame('one'),
      textFrame('poison', 'bad-name'),
      textFrame('two'),
      textFrame('poison'),
      textFrame('three'),
    ]);
    const { events, others } = await hearUpTo(device, 3);
    expect(events.map((event) => event.type === 'message' && event.message.body)).toEqual([
      { text: 'one' },
      { text: 'two' },
      { text: 'three' },
    ]);
    expect(others.map(({ type, code, seq }) => code ?? `${type} ${seq}`)).toEqual([
      'message.ack 1',
      'internal',
      'message.ack 2',
      'internal',
      'message.ack 3',
    ]);
    expect(others[1]).toMatchObject({ id: 'bad-name' });
    // One frame for all of them.
    expect(await other.next()).toMatchObject({ type: 'events', items: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] });
    expect(seqs(await sequence(scene))).toEqual([1, 2, 3]);
    // The room goes on, and the failed one may be sent again.
    await runInDurableObject(scene.room, (_room, state) => state.storage.sql.exec('DROP TRIGGER poison'));
    device.send(textFrame('poison', 'bad-name'));
    expect(await device.next()).toMatchObject({ type: 'message.ack', clientId: 'bad-name', seq: 4 });
  });

  it('[RS4] a transaction that fails as a whole leaves nothing, acknowledges nothing, and the next one goes on', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    await runInDurableObject(scene.room, (_room, state) =>
      state.storage.sql.exec("CREATE TRIGGER broken BEFORE UPDATE ON room BEGIN SELECT RAISE(ABORT, 'broken'); END"),
    );
    // A member's first message changes the room's row, and that fails.
    await inOneTick(scene, scene.ada, [textFrame('one', 'first-name'), textFrame('two')]);
    expect(await device.next()).toMatchObject({ type: 'error', code: 'overloaded', id: 'first-name' });
    expect(await device.next()).toMatchObject({ type: 'error', code: 'overloaded' });
    expect(await sequence(scene)).toEqual([]);
    await runInDurableObject(scene.room, (_room, state) => state.storage.sql.exec('DROP TRIGGER broken'));
    device.send(textFrame('one', 'first-name'));
    expect(await device.next()).toMatchObject({ type: 'message.ack', seq: 1 });
  });

  it('[RS5] goes on over sockets that slept, with the object put away between any two frames', async () => {
    /** What both do, frame by frame; `m` names messages by their place. */
    const script: ((ids: string[]) => ['ada' | 'grace', object])[] = [
      () => ['ada', textFrame('one')],
      () => ['grace', textFrame('two')],
      ([first]) => ['ada', { type: 'message.edit', messageId: first, body: { text: 'one, better' } }],
      ([first]) => ['grace', { type: 'reaction.set', messageId: first, emoji: '👍' }],
      () => ['grace', { type: 'read', seq: 1 }],
      ([, second]) => [
        'ada',
        { type: 'message.send', message: { clientId: newName(), kind: 'text', body: { text: 'three' }, replyTo: second } },
      ],
      ([first]) => ['ada', { type: 'message.delete', messageId: first }],
      () => ['ada', { type: 'delivered', seq: 2 }],
    ];
    const types = ['message', 'message', 'edited', 'reaction', 'read', 'message', 'deleted', 'delivered'];
    for (let cut = 0; cut <= script.length; cut++) {
      const scene = await openScene();
      const devices = { ada: (await enter(scene, scene.ada)).device, grace: (await enter(scene, scene.grace)).device };
      const ids: string[] = [];
      const heard: Record<'ada' | 'grace', ChatEvent[]> = { ada: [], grace: [] };
      for (const [n, act] of script.entries()) {
        // At the last cut: before each of them.
        if (n === cut || cut === script.length) await evict(scene);
        const [who, frame] = act(ids);
        devices[who].send(frame);
        for (const name of ['ada', 'grace'] as const) heard[name].push(...(await hearUpTo(devices[name], n + 1)).events);
        const last = heard.ada.at(-1);
        if (last?.type === 'message') ids.push(last.message.id);
      }
      expect(seqs(heard.ada)).toEqual(upTo(script.length));
      expect(heard.grace).toEqual(heard.ada);
      const stored = await sequence(scene);
      expect(stored.map(({ type }) => type)).toEqual(types.map((type) => (type === 'edited' ? 'hidden' : type)));
      expect(heard.ada.map(({ type }) => type)).toEqual(types);
      for (const device of Object.values(devices)) device.close();
    }
  });

  it('[RR3] puts the marks of one tick together', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.grace);
    for (let n = 1; n <= 5; n++) await say(scene, scene.ada, `${n}`);
    await hearUpTo(device, 5);
    await inOneTick(
      scene,
      scene.grace,
      upTo(5).flatMap((seq) => [
        { type: 'delivered', seq },
        { type: 'read', seq },
      ]),
    );
    expect((await hearUpTo(device, 6)).events).toMatchObject([{ type: 'read', upTo: 5 }]);
    device.send({ type: 'read', seq: 99, id: 'mine' });
    expect(await device.next()).toMatchObject({ type: 'error', code: 'validation_failed', id: 'mine' });
    expect((await sequence(scene)).length).toBe(6);
  });

  it('tells the other side who is writing, and stores nothing of it', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    const { device: other } = await enter(scene, scene.grace);
    device.send({ type: 'typing', typing: true });
    expect(await other.next()).toEqual({ type: 'typing', by: scene.ada.userId, typing: true });
    expect(await device.rest()).toEqual([]);
    expect(await sequence(scene)).toEqual([]);
  });
});

describe('a slow device', () => {
  it('[RK7] is closed once it is far behind for long, and resumes; who says what it has is not', async () => {
    const scene = await openScene();
    const { device: quick, welcome } = await enter(scene, scene.ada);
    const { device: slow } = await enter(scene, scene.grace);
    const long = 'x'.repeat(4_000);
    const count = Math.ceil((1.2 * MANY_CHARACTERS) / long.length);
    await inOneTick(
      scene,
      scene.ada,
      upTo(count).map(() => textFrame(long)),
    );
    await hearUpTo(quick, count);
    quick.send({ type: 'delivered', seq: count });
    later(PATIENCE_MS + 1);
    await say(scene, scene.ada, 'one more');
    expect(await slow.closed).toEqual({ code: 4008, reason: 'slow_consumer' });
    await hearUpTo(quick, count + 1);
    expect(quick.isClosed).toBe(false);
    const { welcome: again } = await enter(scene, scene.grace, { epoch: welcome.epoch, lastSeq: count });
    expect(again.gap).toBeUndefined();
    expect(seqs(again.events)).toEqual([count + 1]);
  });
});

describe('others', () => {
  it('[RT1] hear how the conversation stands: once for a quick exchange, and again until they have heard it', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    for (let n = 1; n <= 3; n++) device.send(textFrame(`${n}`));
    await hearUpTo(device, 3);
    expect(await alarmAt(scene)).toBe(START + 500);
    const told: Frame[] = [];
    let deaf = true;
    const hubOf = (userId: string) => ({
      chatMoved: async (order: object) => {
        if (deaf) throw new Error('no answer');
        told.push({ userId, ...order });
        return { ok: true, value: null };
      },
      register: async () => {},
    });
    await withBindings(scene, { USER_HUB: { getByName: hubOf } as never });
    later(500);
    await ring(scene);
    expect(told).toEqual([]);
    deaf = false;
    later(2_000);
    await ring(scene);
    const of = (who: SignedIn) => told.filter(({ userId }) => userId === who.userId);
    expect(of(scene.grace)).toMatchObject([
      {
        chatId: scene.chatId,
        peerId: scene.ada.userId,
        chatSeq: 3,
        readSeq: 0,
        unread: 3,
        message: { sender: scene.ada.userId, kind: 'text' },
      },
    ]);
    expect(of(scene.ada)).toMatchObject([{ peerId: scene.grace.userId, chatSeq: 3, unread: 0 }]);
    expect(JSON.stringify(told)).not.toContain('"text":');
    // Her own reading is news to her other devices; to the other side it is none.
    told.length = 0;
    must(await scene.room.read({ by: scene.grace.userId }));
    const { device: hers } = await enter(scene, scene.grace);
    hers.send({ type: 'read', seq: 3 });
    await hearUpTo(device, 4);
    later(500);
    await ring(scene);
    expect(told).toMatchObject([{ userId: scene.grace.userId, readSeq: 3, unread: 0 }]);
  });

  it('[RT1] reach a device’s hub socket as an item of its sequence, also when the room was put away before', async () => {
    const scene = await openScene();
    await say(scene, scene.ada, 'hello');
    await evict(scene);
    const hub = userHub(testEnv, scene.grace.userId);
    const device = new TestDevice(await hub.fetch(await upgradeRequest(scene.grace, 'hub', '/hub/socket')));
    device.send({ type: 'hello', lastSeq: 0 });
    await device.nextOf('hello');
    later(500);
    await ring(scene);
    expect(await device.nextOf('chat.event')).toMatchObject({ seq: 1, chatId: scene.chatId, chatSeq: 1, unread: 1 });
  });
});

describe('search', () => {
  it('[RF1] finds words that begin so, whatever their accents and case, newest first, page by page', async () => {
    const scene = await openScene();
    for (const text of ['Crème brûlée', 'Die Straße', 'creme fraiche', 'nothing', 'CREMES']) await say(scene, scene.ada, text);
    const find = async (q: string, before?: number) => must(await scene.room.search({ by: scene.grace.userId, q, before, limit: 2 }));
    const first = await find('crem');
    expect(first.items.map(({ seq }) => seq)).toEqual([5, 3]);
    expect(first.next).toBe(3);
    expect(await find('crem', 3)).toMatchObject({ items: [{ seq: 1 }], next: null });
    expect((await find('BRÛ creme')).items).toMatchObject([{ seq: 1 }]);
    expect((await find('strass')).items).toMatchObject([{ seq: 2 }]);
    expect((await find('raiche')).items).toEqual([]);
    expect((await find('" OR *')).items).toEqual([]);
  });

  it('[RF2] follows edits and deletions, indexed before or not', async () => {
    const scene = await openScene();
    const find = async (q: string) => must(await scene.room.search({ by: null, q, limit: 5 })).items.map(({ seq }) => seq);
    const { device } = await enter(scene, scene.ada);
    const one = await say(scene, scene.ada, 'apple');
    const two = await say(scene, scene.ada, 'apple pie');
    device.send({ type: 'message.edit', messageId: one.id, body: { text: 'pear' } });
    await hearUpTo(device, 3);
    expect(await find('apple')).toEqual([2]);
    device.send({ type: 'message.edit', messageId: two.id, body: { text: 'pear tart' } });
    await hearUpTo(device, 4);
    expect([await find('apple'), await find('pear')]).toEqual([[], [2, 1]]);
    device.send({ type: 'message.delete', messageId: one.id });
    await hearUpTo(device, 5);
    expect(await find('pear')).toEqual([2]);
  });

  it('[RF3] is indexed by the alarm, when nobody writes', async () => {
    const scene = await openScene();
    const indexed = () =>
      runInDurableObject(scene.room, (_room, state) => state.storage.sql.exec('SELECT searchable FROM room').one().searchable);
    await say(scene, scene.ada, 'hello');
    later(600);
    await ring(scene);
    expect(await indexed()).toBe(0);
    await eventually(async () => expect(await alarmAt(scene)).toBe(START + 3_000));
    await evict(scene);
    later(3_600);
    await ring(scene);
    expect(await indexed()).toBe(1);
  });
});

describe('a long conversation', () => {
  it('[RG1] costs as few rows after ten thousand messages as after a hundred', async () => {
    const scene = await openScene();
    const { device } = await enter(scene, scene.ada);
    const grow = async (to: number) => {
      const from = must(await scene.room.read({ by: scene.ada.userId })).seq;
      for (let next = from + 1; next <= to; next += 1_000)
        await inOneTick(
          scene,
          scene.ada,
          upTo(Math.min(to, next + 999), next).map((n) => textFrame(`message ${n} of many`)),
        );
      await hearUpTo(device, to);
      device.send({ type: 'delivered', seq: to });
      must(await scene.room.search({ by: null, q: 'zzz', limit: 1 }));
    };
    /** Rows read by everything that somebody does in a day. */
    const rowsRead = async () => {
      await evict(scene);
      const count = await runInDurableObject(scene.room, (_room, state) => {
        const { sql } = state.storage;
        const exec = sql.exec.bind(sql) as typeof sql.exec;
        const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
        Object.defineProperty(sql, 'exec', {
          configurable: true,
          value: (query: string, ...given: SqlStorageValue[]) => {
            const cursor = exec(query, ...given);
            cursors.push(cursor);
            return cursor;
          },
        });
        return () => {
          Object.defineProperty(sql, 'exec', { configurable: true, value: exec });
          return cursors.reduce((sum, cursor) => sum + cursor.rowsRead, 0);
        };
      });
      const { seq } = must(await scene.room.read({ by: scene.ada.userId }));
      const { device: hers } = await enter(scene, scene.grace, { lastSeq: seq });
      hers.send({ type: 'read', seq });
      hers.send(textFrame('an answer'));
      await hearUpTo(hers, seq + 2);
      device.send(textFrame('a word'));
      await hearUpTo(device, seq + 3);
      must(await scene.room.events({ by: scene.ada.userId, before: 60, limit: 50 }));
      must(await scene.room.search({ by: scene.ada.userId, q: 'answer', limit: 5 }));
      hers.close();
      return count();
    };
    await grow(100);
    const few = await rowsRead();
    await grow(10_000);
    const many = await rowsRead();
    // Unread messages are counted up to a bound; nothing else grows.
    expect(many).toBeLessThan(few * 1.1 + MAX_UNREAD);
    const { welcome } = await enter(scene, scene.grace);
    expect(welcome.events.length).toBe(WELCOME_EVENTS);
    expect(welcome.gap).toBe(true);
  });
});
