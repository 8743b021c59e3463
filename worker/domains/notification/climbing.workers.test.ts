/** The climb from end to end: the real hub, the real consumer and database; the queue, the clock and the providers are the test's. */
import { evictDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newSession, testEnv } from '../../../tests/devices.ts';
import { eventually } from '../../../tests/eventually.ts';
import { newId } from '../../platform/ids.ts';
import type { Call } from '../../protocol/call/call.ts';
import type { ClimbMessage } from '../../protocol/queue/messages.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { changeProfile } from '../profile/service.ts';
import { changeSettings } from './choices.ts';
import {
  aTown,
  catchQueue,
  contextAt,
  deliver,
  deliverAll,
  HOUR,
  hubOf,
  MINUTE,
  openApp,
  pushesOf,
  queued,
  ringAlarm,
  SECOND,
  START,
  setClock,
  type Town,
} from './climb-desk.workers.ts';
import { releaseDeferrals } from './deferring.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
  catchQueue();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const peer = newId('usr');
let messages = 0;
/** A message of the other person: the conversation moves. */
async function message(
  town: Town,
  chatId: `chat_${string}`,
  at: number,
  more: { unread?: number; sender?: `usr_${string}` } = {},
): Promise<void> {
  messages += 1;
  setClock(at);
  const { unread = 1, sender = peer } = more;
  const moved = {
    chatId,
    peerId: peer,
    chatSeq: messages,
    readSeq: 0,
    unread,
    message: { sender, kind: 'text', at: toTimestamp(at) },
    now: at,
  };
  expect(await hubOf(town.who).chatMoved(moved)).toMatchObject({ ok: true });
}
const read = (town: Town, chatId: `chat_${string}`, at: number) =>
  hubOf(town.who).chatMoved({ chatId, peerId: peer, chatSeq: messages, readSeq: messages, unread: 0, message: null, now: setClock(at) });

async function missedCall(town: Town, at: number): Promise<`ntf_${string}`> {
  const id = newId('ntf');
  const body = { callId: newId('call'), from: { id: peer, displayName: 'Grace', portrait: null }, media: 'audio', at: toTimestamp(at) };
  await hubOf(town.who).notify({ id, kind: 'call.missed', body, now: setClock(at) });
  return id;
}

const callFor = (town: Town): Call => ({
  id: newId('call'),
  state: 'ringing',
  media: 'audio',
  kind: 'direct',
  callerId: peer,
  calleeId: town.who.userId,
  createdAt: toTimestamp(START),
  endReason: null,
  connectedMs: 0,
  endedAt: null,
  settled: false,
  resumes: null,
});
const from = { id: peer, displayName: 'Grace', portrait: null };
const ring = (town: Town, call: Call, now: number) => hubOf(town.who).ring({ call, from, now: setClock(now) });

/** Waits until so many messages are on the queue. */
const onQueue = (count: number): Promise<void> => eventually(() => expect(queued).toHaveLength(count));
const only = (): ClimbMessage => {
  expect(queued).toHaveLength(1);
  return queued.splice(0)[0] as ClimbMessage;
};
const stateOf = (id: string) =>
  testEnv.DB.prepare('SELECT state, because, rung FROM notification_climb WHERE id = ?').bind(id).first<Record<string, unknown>>();

describe('the app first', () => {
  it('[HN1] no answer in 4 s: exactly one push, however often the queue delivers it', async () => {
    const town = await aTown();
    await openApp(town.who);
    await message(town, newId('chat'), START);
    await ringAlarm(town.who, START + 3_999);
    expect(queued).toEqual([]);
    await ringAlarm(town.who, START + 4_000);
    await onQueue(1);
    const order = only();
    for (let n = 0; n < 3; n += 1) expect(await deliver(town, order, START + 4_100 + n)).toEqual({ done: true });
    await ringAlarm(town.who, START + HOUR);
    expect(pushesOf(town)).toEqual(['chat.message']);
    expect(town.phones[0]?.pushes[0]).toMatchObject({
      urgency: 'high',
      words: { title: expect.any(String) },
      collapseKey: expect.stringMatching(/^chat:chat_/),
    });
    expect(queued).toEqual([]);
  });

  it('[HN1] nobody here: the push goes out at once', async () => {
    const town = await aTown();
    await message(town, newId('chat'), START);
    await onQueue(1);
    await deliverAll(town, START + 50);
    expect(pushesOf(town)).toEqual(['chat.message']);
  });

  it('[HN3] one of two devices answers: nothing goes out, and both are told of it', async () => {
    const town = await aTown();
    const phone = await openApp(town.who);
    const laptop = await openApp({ ...town.who, sessionId: await newSession(town.who.userId) });
    await message(town, newId('chat'), START);
    const item = await phone.nextOf('chat.event');
    expect(await laptop.nextOf('chat.event')).toEqual(item);
    laptop.send({ type: 'ack', id: item.id });
    await laptop.rest();
    await ringAlarm(town.who, START + 4_000);
    await ringAlarm(town.who, START + HOUR);
    expect(queued).toEqual([]);
  });

  it('[HN3] an answer after the order and before the sending: nothing is sent', async () => {
    const town = await aTown();
    const app = await openApp(town.who);
    await message(town, newId('chat'), START);
    await ringAlarm(town.who, START + 4_000);
    await onQueue(1);
    app.send({ type: 'ack', id: (await app.nextOf('chat.event')).id });
    await app.rest();
    const order = only();
    expect(await deliver(town, order, START + 4_200)).toEqual({ done: true });
    expect(pushesOf(town)).toEqual([]);
    expect(await stateOf(order.id)).toMatchObject({ state: 'called_off', because: 'acked' });
  });

  it('[HN2] ten messages are one push, and it says how many', async () => {
    const town = await aTown();
    await openApp(town.who);
    const chat = newId('chat');
    for (let n = 1; n <= 10; n += 1) await message(town, chat, START + n * 100, { unread: n });
    await ringAlarm(town.who, START + 100 + 4 * SECOND);
    await onQueue(1);
    await deliverAll(town, START + 5 * SECOND);
    expect(town.phones[0]?.pushes.map(({ words }) => words?.body)).toEqual(['You have 10 new messages.']);
  });

  it('[HN2] what comes after the push is told by another one, which takes its place, after a pause', async () => {
    const town = await aTown();
    const chat = newId('chat');
    await message(town, chat, START);
    await onQueue(1);
    await deliverAll(town, START + 50);
    for (const n of [2, 3]) await message(town, chat, START + n * SECOND, { unread: n });
    expect(queued).toEqual([]);
    await ringAlarm(town.who, START + 20 * SECOND);
    await onQueue(1);
    await deliverAll(town, START + 21 * SECOND);
    expect(town.phones[0]?.pushes.map(({ words, collapseKey, id }) => [words?.body, collapseKey, id]).length).toBe(2);
    const [first, second] = town.phones[0]?.pushes ?? [];
    expect(second?.collapseKey).toBe(first?.collapseKey);
    expect(second?.id).not.toBe(first?.id);
    expect(second?.words?.body).toBe('You have 3 new messages.');
  });

  it('[HN2] nothing of one’s own, nothing that was read, no card of a call', async () => {
    const town = await aTown();
    const chat = newId('chat');
    await message(town, chat, START, { sender: town.who.userId });
    await openApp(town.who);
    await message(town, chat, START + SECOND);
    await read(town, chat, START + 2 * SECOND);
    await ringAlarm(town.who, START + HOUR);
    expect(queued).toEqual([]);
  });
});

describe('rung by rung', () => {
  it('[HN7] a push that nobody answers for half an hour is followed by one mail', async () => {
    const town = await aTown();
    const id = await missedCall(town, START);
    await onQueue(1);
    await deliverAll(town, START + 100);
    await ringAlarm(town.who, START + 100 + 30 * MINUTE);
    await onQueue(1);
    // Gathered for a while, with another one.
    await deliverAll(town, START + 31 * MINUTE);
    expect(town.mails).toEqual([]);
    await releaseDeferrals(contextAt(setClock(START + 62 * MINUTE)));
    await deliverAll(town, START + 62 * MINUTE);
    expect([pushesOf(town), town.mails.length]).toEqual([['call.missed'], 1]);
    expect(town.mails[0]?.notice).toMatchObject({ missed: [{ from: { displayName: 'Grace' } }] });
    expect(await stateOf(id)).toMatchObject({ state: 'told', rung: 'digest' });
  });

  it('[HN3] a late answer: no mail', async () => {
    const town = await aTown();
    await missedCall(town, START);
    await onQueue(1);
    await deliverAll(town, START + 100);
    const app = await openApp(town.who);
    app.send({ type: 'hello', lastSeq: 0 });
    const { items } = await app.nextOf('hello');
    setClock(START + 10 * MINUTE);
    app.send({ type: 'ack', id: items[0].id });
    await app.rest();
    await ringAlarm(town.who, START + HOUR);
    expect(queued).toEqual([]);
    expect(town.mails).toEqual([]);
  });

  it('[HN6] what was seen while it was gathered is not in the mail; what was not is, once', async () => {
    const town = await aTown([]);
    const [seen, unseen] = [await missedCall(town, START), await missedCall(town, START + SECOND)];
    await eventually(() => expect(queued).toHaveLength(2));
    await deliverAll(town, START + 2 * SECOND); // no device
    await eventually(() => expect(queued).toHaveLength(2));
    await deliverAll(town, START + 3 * SECOND); // gathered
    await hubOf(town.who).readInbox({ ids: [seen], by: town.who.sessionId, now: setClock(START + MINUTE) });
    await releaseDeferrals(contextAt(setClock(START + 40 * MINUTE)));
    const [release] = queued.splice(0);
    if (!release) throw new Error('nothing was released');
    await deliver(town, release, START + 40 * MINUTE);
    await deliver(town, release, START + 40 * MINUTE + SECOND);
    expect(town.mails).toHaveLength(1);
    expect(town.mails).toMatchObject([{ notice: { missed: [{ from: { displayName: 'Grace' } }] } }]);
    expect([await stateOf(seen), await stateOf(unseen)]).toMatchObject([{ state: 'called_off' }, { state: 'told' }]);
    await releaseDeferrals(contextAt(setClock(START + 3 * HOUR)));
    expect(queued).toEqual([]);
  });

  it('[HN9] what the queue lost is ordered again, and told once', async () => {
    const town = await aTown();
    await message(town, newId('chat'), START);
    await onQueue(1);
    const lost = only();
    await ringAlarm(town.who, START + 15 * MINUTE);
    await onQueue(1);
    await deliverAll(town, START + 15 * MINUTE);
    await deliver(town, lost, START + 16 * MINUTE);
    await ringAlarm(town.who, START + 5 * HOUR);
    expect([pushesOf(town), queued]).toEqual([['chat.message'], []]);
  });

  it('no device at all: the next rung at once', async () => {
    const town = await aTown([]);
    const id = newId('ntf');
    const body = { device: 'Firefox', at: START };
    await hubOf(town.who).notify({ id, kind: 'security.sign_in', body, now: START });
    await onQueue(1);
    await deliverAll(town, START + 10);
    await onQueue(1);
    await deliverAll(town, START + 20);
    expect(town.mails).toMatchObject([{ id, notice: { kind: 'security.sign_in' } }]);
  });

  it('[HN3] a sign-in is not answered by the device it is about, nor by showing it: only by its owner reading', async () => {
    const stranger = await aTown();
    const id = newId('ntf');
    const intruder = await newSession(stranger.who.userId);
    const open = await openApp({ ...stranger.who, sessionId: intruder });
    await hubOf(stranger.who).notify({ id, kind: 'security.sign_in', body: { device: null, at: START }, notBy: intruder, now: START });
    open.send({ type: 'ack', id });
    await open.rest();
    await hubOf(stranger.who).readInbox({ ids: [id], by: intruder, now: START + SECOND });
    await ringAlarm(stranger.who, START + 4_000);
    await onQueue(1);
    await deliverAll(stranger, START + 4_100);
    expect(pushesOf(stranger)).toEqual(['security.sign_in']);
    await hubOf(stranger.who).readInbox({ upTo: 9, by: stranger.who.sessionId, now: START + 5_000 });
  });
});

describe('calls', () => {
  it('[HN1] no answer in a second: the phone rings, with the call’s id and nobody’s name', async () => {
    const town = await aTown(['voip', 'fcm', 'webpush']);
    await openApp(town.who);
    const call = callFor(town);
    await ring(town, call, START);
    await ringAlarm(town.who, START + 999);
    expect(queued).toEqual([]);
    await ringAlarm(town.who, START + 1_000);
    await onQueue(1);
    await deliverAll(town, START + 1_050);
    for (const { pushes } of town.phones)
      expect(pushes).toMatchObject([{ kind: 'call.incoming', callId: call.id, words: null, urgency: 'ring', expiresAt: START + MINUTE }]);
    expect(JSON.stringify(town.phones.map(({ pushes }) => pushes))).not.toContain('Grace');
  });

  it('[HN5] cancelled before the push: nothing goes out, by VoIP or otherwise', async () => {
    const town = await aTown(['voip', 'webpush']);
    const call = callFor(town);
    await ring(town, call, START);
    await onQueue(1);
    await hubOf(town.who).callUpdated({ call: { ...call, state: 'ended', endReason: 'cancelled' }, now: START + 20 });
    await deliverAll(town, START + 30);
    expect(pushesOf(town)).toEqual([]);
    expect(queued).toEqual([]);
  });

  it('[HN5] the call itself says so before the hub has heard: nothing goes out', async () => {
    const town = await aTown(['voip']);
    const call = callFor(town);
    await ring(town, call, START);
    await onQueue(1);
    vi.spyOn(testEnv.CALL_SESSION, 'getByName').mockReturnValue({
      read: async () => ({ ok: true, value: { call: { ...call, state: 'ended' }, quote: null } }),
    } as never);
    await deliverAll(town, START + 30);
    expect(pushesOf(town)).toEqual([]);
  });

  it('[HN5] answered elsewhere after the push: the others fall silent, never by VoIP, once', async () => {
    const town = await aTown(['voip', 'webpush', 'fcm']);
    const call = callFor(town);
    await ring(town, call, START);
    await onQueue(1);
    await deliverAll(town, START + 50);
    await hubOf(town.who).callUpdated({ call: { ...call, state: 'connecting' }, now: setClock(START + 5_000) });
    await hubOf(town.who).callUpdated({ call: { ...call, state: 'ended', endReason: 'hangup' }, now: START + 9_000 });
    await onQueue(1);
    const [over] = queued.splice(0);
    if (!over) throw new Error('nothing was ordered');
    expect(over).toMatchObject({ kind: 'call_over', callId: call.id });
    for (let n = 0; n < 2; n += 1) expect(await deliver(town, over, START + 5_100)).toEqual({ done: true });
    const [voip, web, fcm] = town.phones.map(({ pushes }) => pushes.map(({ kind }) => kind));
    expect([voip, web, fcm]).toEqual([['call.incoming'], ['call.incoming', 'call.over'], ['call.incoming', 'call.over']]);
    expect(town.phones[1]?.pushes[1]).toMatchObject({ words: null, collapseKey: `call:${call.id}` });
    expect(town.phones[1]?.pushes[1]?.id).not.toBe(town.phones[1]?.pushes[0]?.id);
  });

  it('[HN5] a call that ends while its push is under way is waited for, then called off', async () => {
    const town = await aTown(['webpush']);
    const call = callFor(town);
    await ring(town, call, START);
    await onQueue(1);
    const order = only();
    town.beforeSend = async () => {
      town.beforeSend = () => {};
      await hubOf(town.who).callUpdated({ call: { ...call, state: 'ended', endReason: 'cancelled' }, now: START + 60 });
      await onQueue(1);
      const [over] = queued;
      if (over) expect(await deliver(town, over, START + 60)).toMatchObject({ retry: true, code: 'going_out' });
    };
    await deliver(town, order, START + 50);
    await deliverAll(town, START + 6_000);
    expect(pushesOf(town)).toEqual(['call.incoming', 'call.over']);
  });
});

describe('a provider that does not take it', () => {
  const down = (code: string, retryAfterMs?: number) =>
    ({ sent: false, again: true, code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }) as const;

  it.each([
    ['429', [5, 10, 20]],
    ['503', [5, 10, 20]],
    ['timeout', [5, 10, 20]],
  ])('%s: tried again after a growing pause, then the next rung, and never twice', async (code, delays) => {
    const town = await aTown();
    town.phones[0]?.answers.push(...Array.from({ length: 4 }, () => down(code)));
    const id = newId('ntf');
    await hubOf(town.who).notify({ id, kind: 'security.sign_in', body: { device: 'Firefox', at: START }, now: START });
    await onQueue(1);
    const order = only();
    let now = START;
    for (const delaySeconds of delays) {
      expect(await deliver(town, order, now)).toEqual({ retry: true, code, delaySeconds });
      now += delaySeconds * SECOND;
    }
    expect(await deliver(town, order, now)).toEqual({ done: true });
    await onQueue(1);
    expect(await deliver(town, order, now + SECOND)).toEqual({ done: true });
    await deliverAll(town, now + 2 * SECOND);
    expect([pushesOf(town), town.mails.length]).toEqual([[], 1]);
  });

  it('says when to come again: not before', async () => {
    const town = await aTown();
    town.phones[0]?.answers.push(down('429', 90 * SECOND));
    await message(town, newId('chat'), START);
    await onQueue(1);
    const order = only();
    expect(await deliver(town, order, START)).toEqual({ retry: true, code: '429', delaySeconds: 90 });
    expect(await deliver(town, order, START + 90 * SECOND)).toEqual({ done: true });
    expect(pushesOf(town)).toEqual(['chat.message']);
  });

  it('wants us to wait for longer than it is worth: the next rung', async () => {
    const town = await aTown();
    town.phones[0]?.answers.push(down('429', HOUR));
    await hubOf(town.who).notify({ id: newId('ntf'), kind: 'security.sign_in', body: { device: 'x', at: START }, now: START });
    await onQueue(1);
    await deliverAll(town, START);
    await onQueue(1);
    await deliverAll(town, START + SECOND);
    expect(town.mails).toHaveLength(1);
  });

  it('one of two devices: the other is told at once and not again', async () => {
    const town = await aTown(['webpush', 'fcm']);
    town.phones[1]?.answers.push(down('503'));
    await message(town, newId('chat'), START);
    await onQueue(1);
    const order = only();
    expect(await deliver(town, order, START)).toMatchObject({ retry: true });
    expect(await deliver(town, order, START + 5 * SECOND)).toEqual({ done: true });
    expect(town.phones.map(({ pushes }) => pushes.length)).toEqual([1, 1]);
  });

  it('says that the device is gone: forgotten, and the next rung', async () => {
    const town = await aTown();
    town.phones[0]?.answers.push({ sent: false, again: false, dead: true, code: 'webpush_410' });
    await hubOf(town.who).notify({ id: newId('ntf'), kind: 'security.sign_in', body: { device: 'x', at: START }, now: START });
    await onQueue(1);
    await deliverAll(town, START);
    expect(town.forgotten).toEqual([town.phones[0]?.device.id]);
    await onQueue(1);
  });

  it('a consumer that died over it: the same id again once its claim has run out', async () => {
    const town = await aTown();
    await message(town, newId('chat'), START);
    await onQueue(1);
    const order = only();
    town.beforeSend = () => {
      throw new Error('killed');
    };
    await expect(deliver(town, order, START)).rejects.toThrow('killed');
    town.beforeSend = () => {};
    expect(await deliver(town, order, START + 5 * SECOND)).toMatchObject({ retry: true, code: 'busy' });
    expect(await deliver(town, order, START + 21 * SECOND)).toEqual({ done: true });
    expect(town.phones[0]?.pushes.map(({ id }) => id)).toEqual([order.id]);
  });
});

describe('quiet hours', () => {
  const berlin = async (town: Town) => {
    const ctx = contextAt(START);
    await changeProfile(ctx, town.who.userId, { private: { timeZone: 'Europe/Berlin' } });
    await changeSettings(
      ctx,
      { userId: town.who.userId, role: 'member', email: null },
      { quiet: { on: true, from: '22:00', to: '07:00' } },
    );
  };

  it.each([
    ['when clocks are set on', Date.UTC(2040, 2, 24, 22), Date.UTC(2040, 2, 25, 5)],
    ['when clocks are set back', Date.UTC(2040, 9, 27, 21), Date.UTC(2040, 9, 28, 6)],
  ])('[HN8] %s: deferred to seven in the morning, and told then, once', async (_name, night, morning) => {
    const town = await aTown();
    await berlin(town);
    const chat = newId('chat');
    await message(town, chat, night);
    await onQueue(1);
    const order = only();
    for (let n = 0; n < 2; n += 1) expect(await deliver(town, order, night + n)).toEqual({ done: true });
    expect(await stateOf(order.id)).toMatchObject({ state: 'deferred', because: 'quiet_hours' });
    // What comes in the night goes along with it.
    await message(town, chat, night + HOUR, { unread: 2 });
    await releaseDeferrals(contextAt(setClock(morning - MINUTE)));
    expect(queued).toEqual([]);
    await releaseDeferrals(contextAt(setClock(morning)));
    await releaseDeferrals(contextAt(setClock(morning + 1)));
    await deliverAll(town, morning + SECOND);
    expect(town.phones[0]?.pushes.map(({ words }) => words?.body)).toEqual(['You have 2 new messages.']);
  });

  it('[HN8] what was seen in the night is not told in the morning', async () => {
    const town = await aTown();
    await berlin(town);
    const chat = newId('chat');
    const night = Date.UTC(2040, 6, 1, 22);
    await message(town, chat, night);
    await onQueue(1);
    await deliverAll(town, night);
    await read(town, chat, night + HOUR);
    await releaseDeferrals(contextAt(setClock(night + 10 * HOUR)));
    await deliverAll(town, night + 10 * HOUR);
    expect(pushesOf(town)).toEqual([]);
  });

  it('[HN8] a ring passes, unless its person wants none at night; a warning always does', async () => {
    const town = await aTown();
    await berlin(town);
    const night = Date.UTC(2040, 6, 1, 22);
    await ring(town, callFor(town), night);
    await onQueue(1);
    await deliverAll(town, night);
    await changeSettings(contextAt(night), { userId: town.who.userId, role: 'member', email: null }, { ringsAtNight: false });
    await ring(town, callFor(town), night + MINUTE);
    await onQueue(1);
    await deliverAll(town, night + MINUTE);
    await hubOf(town.who).notify({
      id: newId('ntf'),
      kind: 'security.sign_in',
      body: { device: 'x', at: night },
      now: setClock(night + 2 * MINUTE),
    });
    await onQueue(1);
    await deliverAll(town, night + 2 * MINUTE);
    expect(pushesOf(town)).toEqual(['call.incoming', 'security.sign_in']);
  });

  it('[HN8] a kind that was switched off is not pushed', async () => {
    const town = await aTown();
    await changeSettings(
      contextAt(START),
      { userId: town.who.userId, role: 'member', email: null },
      { kinds: { 'chat.message': { push: false } } },
    );
    await message(town, newId('chat'), START);
    await onQueue(1);
    const order = only();
    await deliver(town, order, START);
    expect([pushesOf(town), await stateOf(order.id)]).toMatchObject([[], { state: 'unreached', because: 'switched_off' }]);
  });
});

describe('a hub that is evicted', () => {
  it('[HN4] between any two steps loses nothing and repeats nothing', async () => {
    const town = await aTown();
    const evict = () => evictDurableObject(hubOf(town.who));
    await openApp(town.who);
    await evict();
    await missedCall(town, START);
    await evict();
    await ringAlarm(town.who, START + 4_000);
    await onQueue(1);
    await evict();
    const order = only();
    await deliver(town, order, START + 5_000);
    await evict();
    await deliver(town, order, START + 5_100);
    await evict();
    await ringAlarm(town.who, START + 5_000 + 30 * MINUTE);
    await onQueue(1);
    await evict();
    await deliverAll(town, START + 31 * MINUTE);
    await evict();
    await releaseDeferrals(contextAt(setClock(START + 62 * MINUTE)));
    await deliverAll(town, START + 62 * MINUTE);
    await evict();
    await ringAlarm(town.who, START + 5 * HOUR);
    expect([pushesOf(town), town.mails.length, queued]).toEqual([['call.missed'], 1, []]);
  });
});
