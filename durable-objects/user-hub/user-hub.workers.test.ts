/** The hub inside workerd: real sockets, storage and alarms. Rule ids: SPEC.md. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contextNow, newPerson, newSession, type SignedIn, TestDevice, testEnv, upgradeRequest } from '../../tests/devices.ts';
import { eventually } from '../../tests/eventually.ts';
import { issueTicket } from '../../worker/domains/user/service.ts';
import { newId } from '../../worker/platform/ids.ts';
import { galleryFeed, type UserHubStub, userHub } from '../../worker/platform/stubs.ts';
import type { Call } from '../../worker/protocol/call/call.ts';
import type { CallId, UserId } from '../../worker/protocol/ids.ts';
import { toTimestamp } from '../../worker/protocol/time.ts';
import { FRAME_BUDGET } from './device.ts';
import { KEEP_ITEMS } from './sequence.ts';
import type { UserHub } from './user-hub.ts';

const START = Date.UTC(2040, 0, 1);

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => void vi.useRealTimers());

type Hub = UserHubStub & DurableObjectStub<UserHub>;
const hubOf = (who: { userId: UserId }): Hub => userHub(testEnv, who.userId) as Hub;
const inSeconds = (seconds: number): number => {
  vi.setSystemTime(START + seconds * 1_000);
  return START + seconds * 1_000;
};
const alarmOf = (hub: Hub): Promise<number | null> => runInDurableObject(hub, (_hub, state) => state.storage.getAlarm());

const open = async (who: SignedIn, ticket?: string): Promise<Response> =>
  hubOf(who).fetch(await upgradeRequest(who, 'hub', '/hub/socket', ticket));
const connect = async (who: SignedIn): Promise<TestDevice> => new TestDevice(await open(who));
async function greet(who: SignedIn, lastSeq = 0): Promise<TestDevice> {
  const device = await connect(who);
  device.send({ type: 'hello', lastSeq });
  return device;
}

const callOf = (more: Partial<Call> = {}): Call => ({
  id: newId('call'),
  state: 'ringing',
  media: 'audio',
  kind: 'direct',
  callerId: newId('usr'),
  calleeId: newId('usr'),
  createdAt: toTimestamp(START),
  endReason: null,
  connectedMs: 0,
  endedAt: null,
  settled: false,
  resumes: null,
  ...more,
});
const over = (call: Call): Call => ({ ...call, state: 'ended', endReason: 'cancelled', endedAt: toTimestamp(START) });
const from = { id: newId('usr'), displayName: 'Ada', portrait: null };
const note = (who: SignedIn, n: number, id = newId('ntf')) => hubOf(who).notify({ id, kind: 'job.healed', body: { n }, now: Date.now() });

/** Lets the hub meet calls that answer as the test says. */
async function withCalls(hub: Hub, stub: (id: CallId) => object): Promise<void> {
  await runInDurableObject(hub, (object) => {
    const inside = object as unknown as { env: object };
    Object.defineProperty(object, 'env', { configurable: true, value: { ...inside.env, CALL_SESSION: { getByName: stub } } });
  });
}

describe('sockets', () => {
  it('[HS1] open once per ticket', async () => {
    const ada = await newPerson('member');
    const { ticket } = await issueTicket(contextNow(), ada, 'hub');
    expect((await open(ada, ticket)).status).toBe(101);
    await evictDurableObject(hubOf(ada));
    expect((await open(ada, ticket)).status).toBe(401);
  });

  it('[HS1] refuse expired, foreign, other-scope and signed-out tickets, and plain requests', async () => {
    const ada = await newPerson('member');
    const ben = await newPerson('member');
    const { ticket: old } = await issueTicket(contextNow(), ada, 'hub');
    const { ticket: foreign } = await issueTicket(contextNow(), ben, 'hub');
    const { ticket: other } = await issueTicket(contextNow(), ada, `call:${newId('call')}`);
    expect((await open(ada, foreign)).status).toBe(403);
    expect((await open(ada, other)).status).toBe(403);
    expect((await open(ada, 'rubbish')).status).toBe(401);
    inSeconds(31);
    expect((await open(ada, old)).status).toBe(401);
    const { ticket: fresh } = await issueTicket(contextNow(), ada, 'hub');
    await testEnv.DB.prepare('UPDATE session SET revoked_at = ? WHERE id = ?').bind(START, ada.sessionId).run();
    expect((await open(ada, fresh)).status).toBe(401);
    expect((await hubOf(ada).fetch('https://api.test/api/v1/hub/socket')).status).toBe(426);
    const strange = await upgradeRequest(ben, 'hub', '/hub/socket');
    strange.headers.set('Origin', 'https://elsewhere.test');
    expect((await hubOf(ben).fetch(strange)).status).toBe(403);
  });

  it('[HS2] take nothing before hello', async () => {
    const ada = await newPerson('member');
    const device = await connect(ada);
    device.send({ type: 'presence.set', presence: 'online' });
    expect(await device.next()).toMatchObject({ type: 'error', code: 'validation_failed' });
    expect((await hubOf(ada).presence(START)).presence).toBe('offline');
    await note(ada, 1);
    device.send({ type: 'hello', lastSeq: 0 });
    expect(await device.next()).toMatchObject({ type: 'hello', seq: 1, items: [{ seq: 1, body: { n: 1 } }] });
  });

  it('[HS3] answer what they can’t read, keep nothing of it, and end after ten in a row', async () => {
    const ada = await newPerson('member');
    const device = await greet(ada);
    await device.nextOf('hello');
    const bad: [string | ArrayBuffer, string][] = [
      [new ArrayBuffer(8), 'validation_failed'],
      ['{"type":"hello"', 'malformed_json'],
      ['x'.repeat(65 * 1024), 'body_too_large'],
      ['{"type":"hello","lastSeq":-1}', 'validation_failed'],
      ['{"type":"hello","lastSeq":"1"}', 'validation_failed'],
      ['{"type":"call.incoming","id":"mine"}', 'validation_failed'],
      ['{"type":"presence.set","presence":"in_call"}', 'validation_failed'],
      ['{"type":"ack","id":"x","more":1}', 'validation_failed'],
      ['[]', 'validation_failed'],
    ];
    for (const [frame, code] of bad) {
      device.send(frame);
      expect(await device.next()).toMatchObject({ type: 'error', code });
    }
    device.send({ type: 'ack', id: newId('ntf') });
    for (let n = 0; n < 9; n++) device.send('{}');
    for (let n = 0; n < 9; n++) expect(await device.next()).toMatchObject({ type: 'error' });
    device.send('null');
    expect(await device.closed).toEqual({ code: 4022, reason: 'bad_frame' });
  });

  it('[HS3] refuse a flood, then end it', async () => {
    const ada = await newPerson('member');
    const device = await connect(ada);
    const { burst } = FRAME_BUDGET;
    for (let n = 0; n <= burst; n++) device.send({ type: 'hello', lastSeq: 0 });
    for (let n = 0; n < burst; n++) expect(await device.next()).toMatchObject({ type: 'hello' });
    expect(await device.next()).toMatchObject({ type: 'error', code: 'rate_limited' });
    for (let n = 0; n < burst; n++) device.send({ type: 'hello', lastSeq: 0 });
    expect(await device.closed).toMatchObject({ code: 4029 });
  });

  it('[HS3] take the acknowledgement of everything that was kept, at once', async () => {
    const ada = await newPerson('member');
    for (let n = 1; n <= KEEP_ITEMS; n++) await note(ada, n);
    const device = await greet(ada);
    for (const { id } of (await device.next()).items) device.send({ type: 'ack', id });
    expect(await device.rest()).toEqual([]);
    const left = await runInDurableObject(hubOf(ada), (_hub, state) =>
      state.storage.sql.exec('SELECT count(*) AS n FROM item WHERE acked_at IS NULL').one(),
    );
    expect(left.n).toBe(0);
  });

  it('[HS4] make room for the thirteenth', async () => {
    const ada = await newPerson('member');
    const devices: TestDevice[] = [];
    for (let n = 0; n < 13; n++) {
      inSeconds(n);
      devices.push(await greet(ada));
    }
    expect(await devices[0]?.closed).toEqual({ code: 4009, reason: 'replaced' });
    await note(ada, 1);
    expect(await devices[1]?.nextOf('notification')).toMatchObject({ seq: 1 });
  });
});

describe('sequence', () => {
  it('[HQ1] [HQ2] resumes without a hole at every cut point, across evictions', async () => {
    const ada = await newPerson('member');
    for (let n = 1; n <= 6; n++) {
      await note(ada, n);
      await evictDurableObject(hubOf(ada));
    }
    for (let lastSeq = 0; lastSeq <= 6; lastSeq++) {
      const device = await greet(ada, lastSeq);
      const hello = await device.next();
      expect(hello.seq).toBe(6);
      expect(hello.gap).toBeUndefined();
      expect(hello.items.map(({ body }: { body: { n: number } }) => body.n)).toEqual([1, 2, 3, 4, 5, 6].slice(lastSeq));
      device.close();
    }
  });

  it('[HQ6] tells how a conversation stands, once each time it moved', async () => {
    const ada = await newPerson('member');
    const device = await greet(ada);
    const moved = { chatId: newId('chat'), peerId: newId('usr'), chatSeq: 3, readSeq: 0, unread: 2, message: null };
    const tell = (more: Partial<typeof moved> = {}) => hubOf(ada).chatMoved({ ...moved, ...more, now: Date.now() });
    await tell();
    await tell();
    await evictDurableObject(hubOf(ada));
    await tell();
    await tell({ readSeq: 3, unread: 0 });
    expect((await device.rest()).slice(1)).toMatchObject([
      { type: 'chat.event', seq: 1, chatSeq: 3, unread: 2 },
      { type: 'chat.event', seq: 2, chatSeq: 3, unread: 0 },
    ]);
  });

  it('[HQ1] goes on over a hibernated socket, on both devices, each item once', async () => {
    const ada = await newPerson('member');
    const phone = await greet(ada);
    const laptop = await greet({ ...ada, sessionId: await newSession(ada.userId) });
    const id = newId('ntf');
    await note(ada, 1, id);
    await evictDurableObject(hubOf(ada));
    await note(ada, 1, id);
    await note(ada, 2);
    for (const device of [phone, laptop]) {
      expect((await device.rest()).map(({ type, seq }) => [type, seq])).toEqual([
        ['hello', 0],
        ['notification', 1],
        ['inbox.changed', undefined],
        ['notification', 2],
        ['inbox.changed', undefined],
      ]);
    }
  });

  it('[HQ2] says so where something is no longer kept', async () => {
    const ada = await newPerson('member');
    for (let n = 1; n <= 303; n++) await note(ada, n);
    const device = await greet(ada, 2);
    const hello = await device.next();
    expect([hello.seq, hello.gap, hello.from, hello.items.length, hello.items[0].seq]).toEqual([303, true, 4, 300, 4]);
    device.send({ type: 'hello', lastSeq: 3 });
    expect((await device.next()).gap).toBeUndefined();
    device.send({ type: 'hello', lastSeq: 999 });
    expect(await device.next()).toMatchObject({ seq: 303, gap: true, from: 4 });
  });

  it('[HQ3] tells what became of a call that rang', async () => {
    const grace = await newPerson('companion');
    const hub = hubOf(grace);
    const [cancelled, lost, ringing] = [callOf(), callOf(), callOf()];
    for (const call of [cancelled, lost, ringing])
      expect(await hub.ring({ call, from, now: START })).toMatchObject({ value: { devices: 0 } });
    await hub.callUpdated({ call: over(cancelled), now: START });
    await withCalls(hub, (id) => ({
      read: async () => ({ ok: true, value: { call: id === lost.id ? over(lost) : ringing } }),
    }));
    const device = await greet(grace);
    expect((await device.next()).items).toHaveLength(3);
    expect(await device.next()).toEqual({ type: 'call.updated', call: over(cancelled) });
    expect(await device.nextOf('call.updated')).toEqual({ type: 'call.updated', call: over(lost) });
    expect((await device.rest()).filter(({ type }) => type === 'call.updated')).toEqual([]);
  });

  it('[HQ4] rings once on every device, stops for all, and never rings what is over', async () => {
    const grace = await newPerson('companion');
    const hub = hubOf(grace);
    const phone = await greet(grace);
    const laptop = await greet(grace);
    await phone.nextOf('hello');
    await laptop.nextOf('hello');
    const call = callOf();
    expect(await hub.ring({ call, from, now: START })).toEqual({ ok: true, value: { devices: 2 } });
    await hub.ring({ call, from, now: START });
    await hub.callUpdated({ call: { ...call, state: 'connecting' }, now: START });
    await hub.callUpdated({ call: over(call), now: START });
    await hub.callUpdated({ call: { ...call, state: 'connecting' }, now: START });
    for (const device of [phone, laptop]) {
      const frames = await device.rest();
      expect(frames.map(({ type, call: { state } }) => [type, state])).toEqual([
        ['call.incoming', 'ringing'],
        ['call.updated', 'connecting'],
        ['call.updated', 'ended'],
      ]);
      expect(frames[0]).toMatchObject({ seq: 1, from, call });
    }
    const gone = callOf();
    await hub.callUpdated({ call: over(gone), now: START });
    expect(await hub.ring({ call: gone, from, now: START })).toEqual({ ok: true, value: { devices: 0 } });
    expect((await phone.rest()).map(({ type }) => type)).toEqual(['call.updated']);
  });

  it('[HQ5] tells a device that was cut off while a call rang that it rings no more', async () => {
    const grace = await newPerson('companion');
    const hub = hubOf(grace);
    const phone = await greet(grace);
    await phone.nextOf('hello');
    const [call, old] = [callOf(), callOf()];
    await hub.callUpdated({ call: over(old), now: START - 11 * 60_000 });
    await hub.ring({ call, from, now: START });
    await phone.nextOf('call.incoming');
    phone.close();
    await hub.callUpdated({ call: over(call), now: START });
    const again = await greet(grace, 1);
    expect(await again.rest()).toEqual([
      { type: 'hello', seq: 1, items: [], inbox: { unread: 0, newest: 0 } },
      { type: 'call.updated', call: over(call) },
    ]);
  });

  it('passes the balance on as it is', async () => {
    const ada = await newPerson('member');
    const device = await greet(ada);
    await device.nextOf('hello');
    const event = { type: 'balance.changed', unit: 'COIN', amount: 40, delta: -20, eventId: 'bev_2', prevEventId: 'bev_1' } as const;
    await hubOf(ada).balanceChanged(event, 'pur_1');
    expect(await device.next()).toEqual(event);
  });

  it('tells a running call of a top-up, and not of what that call itself posted', async () => {
    const ada = await newPerson('member');
    const hub = hubOf(ada);
    const callId = newId('call');
    await hub.lock({ callId, peerId: newId('usr'), now: START });
    const heard: [CallId, UserId][] = [];
    await withCalls(hub, (id) => ({ fundsChanged: async ({ userId }: { userId: UserId }) => void heard.push([id, userId]) }));
    const event = { type: 'balance.changed', unit: 'COIN', amount: 31, delta: -9, eventId: 'bev_2', prevEventId: 'bev_1' } as const;
    await hub.balanceChanged(event, callId);
    await hub.balanceChanged({ ...event, amount: 131, delta: 100 }, 'pur_1');
    await eventually(() => expect(heard).toEqual([[callId, ada.userId]]));
  });
});

describe('busy lock', () => {
  const peerId = newId('usr');
  const liveness = (answers: Record<CallId, 'running' | 'ended' | 'unknown' | Error>) => (id: CallId) => ({
    liveness: async () => {
      const answer = answers[id];
      if (answer instanceof Error || !answer) throw answer;
      return answer;
    },
  });

  it('[HL1] is one call’s, repeatably, and only that call gives it back', async () => {
    const hub = hubOf(await newPerson('companion'));
    const [a, b] = [newId('call'), newId('call')];
    const lock = (callId: CallId) => hub.lock({ callId, peerId, now: START });
    expect(await lock(a)).toEqual({ ok: true, value: { locked: true } });
    await evictDurableObject(hub);
    expect(await lock(a)).toEqual({ ok: true, value: { locked: true } });
    await withCalls(hub, liveness({ [a]: 'running' }));
    expect(await lock(b)).toEqual({ ok: true, value: { locked: false, heldBy: a, peerId } });
    await hub.unlock({ callId: b, now: START });
    expect(await hub.busyWith()).toBe(a);
    await hub.unlock({ callId: a, now: START });
    await hub.unlock({ callId: a, now: START });
    expect(await hub.busyWith()).toBeNull();
  });

  it.each([
    ['ended', true],
    ['unknown', true],
    ['running', false],
  ] as const)('[HL2] held by a call that is %s', async (answer, freed) => {
    const hub = hubOf(await newPerson('companion'));
    const [a, b] = [newId('call'), newId('call')];
    await hub.lock({ callId: a, peerId, now: START });
    await withCalls(hub, liveness({ [a]: answer }));
    // However old the lock is: time alone frees nothing.
    const now = inSeconds(86_400);
    expect(await hub.lock({ callId: b, peerId, now })).toMatchObject({ ok: true, value: { locked: freed } });
    expect(await hub.busyWith()).toBe(freed ? b : a);
  });

  it('[HL2] is not taken from a call that can’t be asked', async () => {
    const hub = hubOf(await newPerson('companion'));
    const [a, b] = [newId('call'), newId('call')];
    await hub.lock({ callId: a, peerId, now: START });
    await withCalls(hub, liveness({ [a]: new Error('no answer') }));
    expect(await hub.lock({ callId: b, peerId, now: START })).toMatchObject({ value: { locked: false, heldBy: a } });
  });

  it('[HL2] goes to one of two calls that wait for the same answer', async () => {
    const hub = hubOf(await newPerson('companion'));
    const [a, b, c] = [newId('call'), newId('call'), newId('call')];
    await hub.lock({ callId: a, peerId, now: START });
    await withCalls(hub, liveness({ [a]: 'ended', [b]: 'running', [c]: 'running' }));
    const answers = await Promise.all([b, c].map((callId) => hub.lock({ callId, peerId, now: START })));
    expect(answers.filter((answer) => answer.ok && answer.value.locked)).toHaveLength(1);
    expect(answers.find((answer) => answer.ok && !answer.value.locked)).toMatchObject({ value: { heldBy: await hub.busyWith() } });
  });

  it('[HL3] is not taken by an order that comes after its own unlock', async () => {
    const hub = hubOf(await newPerson('companion'));
    const a = newId('call');
    await hub.unlock({ callId: a, now: START });
    await evictDurableObject(hub);
    expect(await hub.lock({ callId: a, peerId, now: START })).toMatchObject({ ok: false, code: 'call_ended' });
    expect(await hub.busyWith()).toBeNull();
  });

  it('[HL4] is given back by the alarm when its call is over and nobody asks', async () => {
    const hub = hubOf(await newPerson('companion'));
    const a = newId('call');
    await hub.lock({ callId: a, peerId, now: START });
    let asked = 0;
    const counted = (said: 'running' | 'ended') => () => ({
      liveness: async () => {
        asked++;
        return said;
      },
    });
    await withCalls(hub, counted('running'));
    const check = async (seconds: number) => {
      inSeconds(seconds);
      await runDurableObjectAlarm(hub);
      await runDurableObjectAlarm(hub);
    };
    // A question wakes the call: not at every look of the hub.
    for (const seconds of [120, 240, 360, 480]) await check(seconds);
    expect(asked).toBe(0);
    for (const seconds of [600, 720, 840]) await check(seconds);
    expect(asked).toBe(1);
    expect(await hub.busyWith()).toBe(a);
    await withCalls(hub, counted('ended'));
    for (const seconds of [960, 1_080, 1_200, 1_320]) await check(seconds);
    expect(asked).toBe(2);
    expect(await hub.busyWith()).toBeNull();
    expect((await hub.presence(START + 1_320_000)).presence).toBe('offline');
  });
});

describe('keys', () => {
  it('[HK1] keep the first call id, and refuse another body', async () => {
    const hub = hubOf(await newPerson('member'));
    const [first, second] = [newId('call'), newId('call')];
    const ask = (key: string, bodyHash: string, callId: CallId) => hub.callIdFor({ key, bodyHash, callId, now: START });
    expect(await ask('k', 'h', first)).toEqual({ ok: true, value: { callId: first, first: true } });
    await evictDurableObject(hub);
    expect(await ask('k', 'h', second)).toEqual({ ok: true, value: { callId: first, first: false } });
    expect(await ask('k', 'other', second)).toMatchObject({ ok: false, code: 'idempotency_conflict' });
    expect(await ask('k2', 'h', second)).toEqual({ ok: true, value: { callId: second, first: true } });
  });
});

describe('presence', () => {
  const presenceOf = async (hub: Hub, now: number) => (await hub.presence(now)).presence;

  it('[HP1] outlives a reload, and goes offline by alarm 20 s after the last device', async () => {
    const ada = await newPerson('member');
    const hub = hubOf(ada);
    const page = await greet(ada);
    await page.nextOf('hello');
    expect(await presenceOf(hub, START)).toBe('online');
    page.close();
    await page.closed;
    expect(await presenceOf(hub, inSeconds(10))).toBe('online');
    const again = await greet(ada);
    await again.nextOf('hello');
    expect(await presenceOf(hub, inSeconds(40))).toBe('online');
    again.close();
    await again.closed;
    expect(await presenceOf(hub, inSeconds(41))).toBe('online');
    await evictDurableObject(hub);
    inSeconds(61);
    await runDurableObjectAlarm(hub);
    expect(await hub.presence(START + 61_000)).toEqual({ presence: 'offline', since: START + 61_000 });
  });

  it('[HP1] is away only while every device is', async () => {
    const ada = await newPerson('member');
    const [phone, laptop] = [await greet(ada), await greet(ada)];
    const set = async (device: TestDevice, presence: 'online' | 'away') => {
      device.send({ type: 'presence.set', presence });
      await device.rest();
      return presenceOf(hubOf(ada), START);
    };
    expect(await set(phone, 'away')).toBe('online');
    await evictDurableObject(hubOf(ada));
    expect(await set(laptop, 'away')).toBe('away');
    expect(await set(phone, 'online')).toBe('online');
  });

  it('[HP2] notices by alarm that a process died with its sockets', async () => {
    const ada = await newPerson('member');
    const hub = hubOf(ada);
    await (await greet(ada)).nextOf('hello');
    await evictDurableObject(hub, { webSockets: 'close' });
    inSeconds(200);
    await runDurableObjectAlarm(hub);
    expect(await presenceOf(hub, START + 219_999)).toBe('online');
    expect(await alarmOf(hub)).toBeLessThanOrEqual(START + 220_000);
    expect(await presenceOf(hub, START + 220_000)).toBe('offline');
  });

  it('[HP3] [HP4] reaches viewers: a shift opened behind the hub’s back, a call, its end', async () => {
    const [ada, grace] = [await newPerson('member'), await newPerson('companion')];
    const viewer = await greet(ada);
    await viewer.nextOf('hello');
    await galleryFeed(testEnv).watch({ viewerId: ada.userId, watching: true, now: START });
    await testEnv.DB.prepare('INSERT INTO shift (id, user_id, started_at) VALUES (?, ?, ?)').bind(newId('shf'), grace.userId, START).run();
    const seen = () => viewer.nextOf('presence.changed');
    const callId = newId('call');
    await hubOf(grace).lock({ callId, peerId: ada.userId, now: START });
    expect(await seen()).toEqual({ type: 'presence.changed', userId: grace.userId, presence: 'in_call', available: false });
    await evictDurableObject(hubOf(grace));
    await hubOf(grace).unlock({ callId, now: START });
    expect(await seen()).toMatchObject({ presence: 'offline', available: true });
    await greet(grace);
    expect(await seen()).toMatchObject({ presence: 'online', available: true });
    await hubOf(grace).shiftChanged({ working: false, onBreak: true, now: START });
    let last = await seen();
    if (last.presence === 'online') last = await seen();
    expect(last).toMatchObject({ presence: 'on_break', available: false });
    await hubOf(grace).shiftChanged({ working: false, now: START });
    last = await seen();
    if (last.presence === 'on_break') last = await seen();
    expect(last).toMatchObject({ presence: 'offline', available: false });
  });

  it('[HP4] is told again by the alarm after the gallery could not be reached', async () => {
    const grace = await newPerson('companion');
    const hub = hubOf(grace);
    const told: unknown[] = [];
    let broken = true;
    await runInDurableObject(hub, (object) => {
      const changed = async (person: unknown) => {
        if (broken) throw new Error('no feed');
        told.push(person);
      };
      const inside = object as unknown as { env: object };
      Object.defineProperty(object, 'env', { value: { ...inside.env, GALLERY_FEED: { getByName: () => ({ changed }) } } });
    });
    await hub.shiftChanged({ working: true, now: START });
    expect(await alarmOf(hub)).toBe(START + 1_000);
    broken = false;
    inSeconds(2);
    await runDurableObjectAlarm(hub);
    expect(told).toEqual([{ userId: grace.userId, presence: 'offline', onShift: true, since: 0, at: START + 2_000 }]);
    inSeconds(4);
    await runDurableObjectAlarm(hub);
    expect(told).toHaveLength(1);
  });
});

describe('viewers', () => {
  it('[HG1] hear nothing of people one of them has blocked', async () => {
    const [ada, grace, hugo] = [await newPerson('member'), await newPerson('companion'), await newPerson('companion')];
    const device = await greet(ada);
    await device.nextOf('hello');
    await testEnv.DB.prepare("INSERT INTO block (id, blocker_id, blocked_id, reason, at) VALUES (?, ?, ?, 'other', ?)")
      .bind(newId('blk'), grace.userId, ada.userId, START)
      .run();
    for (const { userId } of [grace, hugo]) await hubOf(ada).personChanged({ userId, presence: 'online', available: true });
    expect((await device.rest()).map(({ userId }) => userId)).toEqual([hugo.userId]);
  });

  it('[HG1] are told by the gallery while a device is here', async () => {
    const ada = await newPerson('member');
    const orders: { watching: boolean }[] = [];
    await runInDurableObject(hubOf(ada), (object) => {
      const watch = async (order: { watching: boolean }) => void orders.push(order);
      const inside = object as unknown as { env: object };
      Object.defineProperty(object, 'env', { value: { ...inside.env, GALLERY_FEED: { getByName: () => ({ watch }) } } });
    });
    const device = await greet(ada);
    await eventually(() => expect(orders).toMatchObject([{ viewerId: ada.userId, watching: true }]));
    device.close();
    await eventually(() => expect(orders.at(-1)).toMatchObject({ watching: false }));
  });
});

describe('revocation', () => {
  it('[HR1] closes the session’s sockets here and in calls, until it is done', async () => {
    const ada = await newPerson('member');
    const other = { ...ada, sessionId: await newSession(ada.userId) };
    const hub = hubOf(ada);
    const [phone, laptop] = [await greet(ada), await greet(other)];
    await phone.nextOf('hello');
    await laptop.nextOf('hello');
    const [running, left] = [newId('call'), newId('call')];
    for (const id of [running, left]) await hub.register({ kind: 'call', id, open: true, now: START });
    await hub.register({ kind: 'call', id: left, open: false, now: START });
    const closed: unknown[] = [];
    let broken = true;
    await withCalls(hub, (id) => ({
      closeSockets: async (of: object) => {
        if (broken) throw new Error('no answer');
        closed.push({ id, ...of });
      },
    }));
    await hub.revoke({ sessionId: ada.sessionId, now: START });
    expect(await phone.closed).toEqual({ code: 4010, reason: 'revoked' });
    expect(await laptop.rest()).toEqual([]);
    broken = false;
    // The next try comes within the two seconds that a revoked session may last.
    expect(await alarmOf(hub)).toBeLessThanOrEqual(START + 2_000);
    inSeconds(2);
    await runDurableObjectAlarm(hub);
    expect(closed).toEqual([{ id: running, userId: ada.userId, sessionId: ada.sessionId, reason: 'revoked' }]);
  });

  it('[HR1] closes every session at once, hibernated sockets too', async () => {
    const ada = await newPerson('member');
    const devices = [await greet(ada), await greet({ ...ada, sessionId: await newSession(ada.userId) })];
    for (const device of devices) await device.nextOf('hello');
    await evictDurableObject(hubOf(ada));
    await hubOf(ada).revoke({ now: START });
    for (const device of devices) expect(await device.closed).toMatchObject({ code: 4010 });
  });

  it('[HR2] reaches a call that registers while it happens', async () => {
    const ada = await newPerson('member');
    const hub = hubOf(ada);
    const closed: unknown[] = [];
    await withCalls(hub, (id) => ({ closeSockets: async () => void closed.push(id) }));
    await hub.revoke({ sessionId: ada.sessionId, now: START });
    const id = newId('call');
    await hub.register({ kind: 'call', id, open: true, now: START + 10 });
    await eventually(() => expect(closed).toEqual([id]));
  });

  it('[HR2] lets no ticket in that was being checked meanwhile', async () => {
    const ada = await newPerson('member');
    const hub = hubOf(ada);
    const request = await upgradeRequest(ada, 'hub', '/hub/socket');
    // The sign-out arrives at the moment the hub looks the session up.
    await runInDurableObject(hub, (object: UserHub) => {
      const inside = object as unknown as { env: { DB: D1Database } };
      const DB = {
        get: () => {
          void object.revoke({ sessionId: ada.sessionId, now: START });
          return testEnv.DB;
        },
      };
      Object.defineProperty(object, 'env', { value: Object.defineProperty({ ...inside.env }, 'DB', DB) });
    });
    expect((await hub.fetch(request)).status).toBe(401);
  });
});
