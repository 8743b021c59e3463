/** Announcements, sign-ins, dead letters, the inbox and the settings, over HTTP and by the jobs, with real hubs and databases. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Asked, ask as askTown, newKey, signInAs } from '../../../tests/access/town.ts';
import { type Frame, newPerson, newSession, testEnv } from '../../../tests/devices.ts';
import { eventually } from '../../../tests/eventually.ts';
import { newId } from '../../platform/ids.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { NotificationMessage } from '../../protocol/queue/messages.ts';
import { goOnAnnouncing, PAGE } from './announcing.ts';
import { changeSettings } from './choices.ts';
import { aTown, catchQueue, contextAt, deliver, deliverAll, hubOf, MINUTE, openApp, pushesOf, queued } from './climb-desk.workers.ts';
import { consumeDeadLetters } from './dead-letters.ts';
import { mailAddressHash } from './mail-keys.ts';
import { tellSignIns } from './sign-ins.ts';
import { mayMail, setStopped } from './suppressions.ts';

beforeEach(catchQueue);
afterEach(() => void vi.restoreAllMocks());

const ask = async (asked: Asked): Promise<{ status: number; json: Frame }> => askTown(asked);
const admin = () => signInAs('announcer@demo.test', 'admin');
const now = () => Date.now();

describe('an announcement', () => {
  const words = { audience: 'companions', title: 'Tea', body: 'At three o’clock.', link: '/go/home' };
  /** So many companions, and everything on the queue but their climbs. */
  const people = async (count: number): Promise<UserId[]> => {
    const ids: UserId[] = [];
    for (let n = 0; n < count; n += 1) ids.push((await newPerson('companion')).userId);
    return ids;
  };
  const announced = (): NotificationMessage[] => {
    const all = queued.splice(0);
    return all.filter(({ kind }) => kind.startsWith('announce'));
  };
  const toldOf = async (ids: readonly UserId[]) =>
    Promise.all(ids.map(async (userId) => await hubOf({ userId }).inbox({ before: null, limit: 100, now: now() })));

  it('reaches everybody of its audience once, over pages, however often messages come', async () => {
    const by = await admin();
    const ids = await people(PAGE + 3);
    const bystander = await newPerson('member');
    const headers = newKey();
    const made = await ask({ method: 'POST', path: '/admin/announcements', by, body: words, headers });
    expect(made.status).toBe(201);
    const again = await ask({ method: 'POST', path: '/admin/announcements', by, body: words, headers });
    expect(again.json?.announcement.id).toBe(made.json?.announcement.id);
    const other = await ask({ method: 'POST', path: '/admin/announcements', by, body: { ...words, title: 'Cake' }, headers });
    expect([other.status, other.json?.code]).toEqual([409, 'idempotency_conflict']);
    // Whoever comes later is not told.
    const late = await newPerson('companion');

    const town = await aTown();
    for (let round = 0; round < 2; round += 1) {
      const cuts = announced();
      for (const message of [...cuts, ...cuts]) expect(await deliver(town, message, now())).toEqual({ done: true });
      if (round === 0) expect(queued.length).toBeGreaterThan(1);
    }
    for (const answer of await toldOf(ids))
      expect(answer).toMatchObject({ ok: true, value: { unread: 1, items: [{ kind: 'announcement' }] } });
    for (const answer of await toldOf([bystander.userId, late.userId])) expect(answer).toMatchObject({ ok: true, value: { unread: 0 } });
    const list = await ask({ method: 'GET', path: '/admin/announcements', by });
    expect(list.json?.items[0]).toMatchObject({ title: 'Tea', finishedAt: expect.any(String) });
    expect(list.json?.items[0].told).toBeGreaterThanOrEqual(ids.length);
    const audit = await ask({ method: 'GET', path: `/admin/audit?subject=${made.json?.announcement.id}`, by });
    expect(audit.json?.items).toMatchObject([{ action: 'announcement.send', after: { title: 'Tea' } }]);
  });

  it('[HN10] asks the queue for nobody whom no rung would reach, and says so once; the others climb', async () => {
    const by = await admin();
    const [nobody, reader, phone, sleeper] = await people(4);
    if (!nobody || !reader || !phone || !sleeper) throw new Error('nobody came');
    const settings = (who: UserId, change: Parameters<typeof changeSettings>[2]) =>
      changeSettings(contextAt(now()), { userId: who, role: 'companion', email: null }, change);
    await testEnv.DB.prepare('UPDATE user SET email = ? WHERE id = ?').bind(`${crypto.randomUUID()}@demo.test`, reader).run();
    await settings(reader, { kinds: { announcement: { mail: true } } });
    // By their clock it is night now, whatever the hour is here.
    const at = (ms: number) => new Date(now() + ms).toISOString().slice(11, 16);
    await settings(sleeper, { quiet: { on: true, from: at(-2 * 60 * MINUTE), to: at(2 * 60 * MINUTE) } });
    const town = await aTown();
    const [device] = town.phones;
    if (!device) throw new Error('no phone');
    town.ways.devicesOf = async () => new Map([[phone, [device.device]]]);

    await ask({ method: 'POST', path: '/admin/announcements', by, body: words, headers: newKey() });
    for (const cut of announced()) await deliver(town, cut, now());
    const pages = announced();
    // The hubs know, and before it is written what became of them the database is gone; meanwhile somebody got a phone.
    const batch = vi.spyOn(testEnv.DB, 'batch').mockRejectedValue(new Error('the database is gone'));
    for (const page of pages) await expect(deliver(town, page, now())).rejects.toThrow('gone');
    batch.mockRestore();
    const phones = new Map([phone, nobody].map((userId) => [userId, [device.device]]));
    town.ways.devicesOf = async () => phones;
    for (const page of [...pages, ...pages]) await deliver(town, page, now());
    const mine = new Set<string>([nobody, reader, phone, sleeper]);
    await eventually(() => {
      const rungs = new Map(queued.flatMap((one) => (one.kind === 'climb' && mine.has(one.userId) ? [[one.userId, one.rung]] : [])));
      expect(Object.fromEntries(rungs)).toEqual({ [reader]: 'mail', [phone]: 'push', [sleeper]: 'push' });
    });
    const climbs = () =>
      testEnv.DB.prepare(
        `SELECT user_id AS id, rung, state, because FROM notification_climb WHERE user_id IN (SELECT value FROM json_each(?)) AND kind = 'announcement'`,
      )
        .bind(JSON.stringify([...mine]))
        .all();
    expect((await climbs()).results).toEqual([{ id: nobody, rung: 'mail', state: 'unreached', because: 'switched_off' }]);
    await deliverAll(town, now());
    expect(pushesOf(town)).toEqual(['announcement']);
    expect((await climbs()).results).toHaveLength(4);
  });

  it('that stood still is taken up again: its cutting, and a page that was given up', async () => {
    const by = await admin();
    const ids = await people(2);
    await ask({ method: 'POST', path: '/admin/announcements', by, body: words, headers: newKey() });
    queued.length = 0; // the first message is lost
    await goOnAnnouncing(contextAt(now() + 4 * MINUTE));
    expect(queued).toEqual([]);
    await goOnAnnouncing(contextAt(now() + 6 * MINUTE));
    const town = await aTown();
    const [cut] = announced();
    if (!cut) throw new Error('nothing was taken up');
    await deliver(town, cut, now() + 6 * MINUTE);
    expect(announced().length).toBeGreaterThan(0); // the pages are lost too
    await goOnAnnouncing(contextAt(now() + 20 * MINUTE));
    for (const page of announced()) await deliver(town, page, now() + 20 * MINUTE);
    for (const answer of await toldOf(ids)) expect(answer).toMatchObject({ ok: true, value: { items: [{ kind: 'announcement' }] } });
    await goOnAnnouncing(contextAt(now() + 60 * MINUTE));
    expect(announced()).toEqual([]);
  });

  it('leads nowhere else', async () => {
    const by = await admin();
    for (const link of ['https://elsewhere.test/', '//elsewhere.test', '/go/', '/admin', '/go/nowhere'])
      expect(
        (await ask({ method: 'POST', path: '/admin/announcements', by, body: { ...words, link }, headers: newKey() })).status,
        link,
      ).toBe(400);
  });
});

describe('a sign-in', () => {
  it('on a device that is new to the account is told once, the first one and a known one are not', async () => {
    await tellSignIns(contextAt(now()));
    const email = `${crypto.randomUUID()}@demo.test`;
    const first = await signInAs(email, 'member'); // “test”
    const again = await signInAs(email, 'member'); // “test” too
    await tellSignIns(contextAt(now()));
    const inbox = async () => (await ask({ method: 'GET', path: '/me/notifications', by: first })).json;
    expect(await inbox()).toMatchObject({ items: [], unread: 0 });
    await testEnv.DB.prepare("UPDATE session SET device = 'Tablet' WHERE id = ?").bind(first.sessionId).run();
    await testEnv.DB.prepare("UPDATE session SET device = 'Laptop' WHERE id = ?").bind(again.sessionId).run();
    const third = await signInAs(email, 'member');
    await tellSignIns(contextAt(now()));
    await tellSignIns(contextAt(now()));
    expect(await inbox()).toMatchObject({
      unread: 1,
      items: [{ kind: 'security.sign_in', group: 'safety', link: '/go/settings/devices', readAt: null, words: { title: 'New sign-in' } }],
    });
    expect(third.userId).toBe(first.userId);
  });
});

describe('a message that was given up', () => {
  it('is kept with the reason, its notification climbs on, and staff put it back with an audit entry', async () => {
    const town = await aTown();
    const id = newId('ntf');
    const at = now();
    await hubOf(town.who).notify({ id, kind: 'security.sign_in', body: { device: 'x', at }, now: at });
    await eventually(() => expect(queued).toHaveLength(1));
    const [order] = queued.splice(0);
    if (!order) throw new Error('nothing was ordered');
    town.phones[0]?.answers.push({ sent: false, again: true, code: 'webpush_503' });
    await deliver(town, order, at);
    const letter = crypto.randomUUID();
    for (let n = 0; n < 2; n += 1) expect(await consumeDeadLetters(contextAt(at), order, 6, letter)).toEqual({ done: true });
    await eventually(() => expect(queued).toMatchObject([{ kind: 'climb', id, rung: 'mail' }]));
    queued.length = 0;

    const by = await admin();
    const list = await ask({ method: 'GET', path: '/admin/notifications/dead', by });
    expect(list.json?.items.find((item: { id: string }) => item.id === letter)).toMatchObject({
      kind: 'climb',
      notificationId: id,
      reason: 'webpush_503',
      replayable: true,
      replays: 0,
    });
    const replayed = await ask({ method: 'POST', path: `/admin/notifications/dead/${letter}/replay`, by });
    expect(replayed).toMatchObject({ status: 200, json: { deadLetter: { replays: 1, replayedAt: expect.any(String) } } });
    expect(queued).toMatchObject([{ kind: 'climb', id, rung: 'push', replay: true }]);
    await deliverAll(town, at + MINUTE);
    expect(town.phones[0]?.pushes).toHaveLength(1);
    const audit = await ask({ method: 'GET', path: `/admin/audit?subject=${id}`, by });
    expect(audit.json?.items).toMatchObject([{ action: 'notification.replay' }]);
    const seen = await ask({ method: 'GET', path: `/admin/notifications?userId=${town.who.userId}`, by });
    expect(seen.json?.items).toMatchObject([
      { id, kind: 'security.sign_in', sends: [{ rung: 'push', channel: 'webpush', sentAt: expect.any(String) }] },
    ]);
    expect((await ask({ method: 'GET', path: `/admin/notifications?userId=${town.who.userId}&state=deferred`, by })).json?.items).toEqual(
      [],
    );
  });

  it('put back after it was seen is not sent', async () => {
    const town = await aTown();
    const id = newId('ntf');
    const at = now();
    await hubOf(town.who).notify({ id, kind: 'security.sign_in', body: { device: 'x', at }, now: at });
    await eventually(() => expect(queued).toHaveLength(1));
    const [order] = queued.splice(0);
    await consumeDeadLetters(contextAt(at), order, 6, crypto.randomUUID());
    await hubOf(town.who).readInbox({ ids: [id], by: town.who.sessionId, now: at });
    await deliver(town, { ...order, replay: true } as NotificationMessage, at + MINUTE);
    expect(town.phones[0]?.pushes).toEqual([]);
  });

  it('with a code in it is not kept, and can’t be put back', async () => {
    const letter = crypto.randomUUID();
    const code = { kind: 'otp', id: newId('ntf'), channel: 'email', to: 'reader@demo.test', code: '918273', expiresAt: now() };
    await consumeDeadLetters(contextAt(now()), code, 6, letter);
    await consumeDeadLetters(contextAt(now()), { nonsense: true }, 6, `${letter}-2`);
    const { results } = await testEnv.DB.prepare('SELECT * FROM notification_dead_letter').all();
    expect(JSON.stringify(results)).not.toMatch(/918273|reader@demo/);
    const answer = await ask({ method: 'POST', path: `/admin/notifications/dead/${letter}/replay`, by: await admin() });
    expect([answer.status, answer.json?.code]).toEqual([409, 'too_late']);
  });
});

describe('the inbox', () => {
  it('[HI1][HI2] is in step on two devices: what one reads the other has read, and a device that comes back learns it', async () => {
    const phone = await signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
    const laptop = { ...phone, sessionId: await newSession(phone.userId) };
    const ids = [newId('ntf'), newId('ntf'), newId('ntf')];
    const call = { callId: newId('call'), from: { id: newId('usr'), displayName: 'Grace', portrait: null }, at: new Date().toISOString() };
    const [one, two] = [await openApp(phone), await openApp(laptop)];
    for (const id of ids) await hubOf(phone).notify({ id, kind: 'call.missed', body: { ...call, callId: newId('call') }, now: now() });
    for (const device of [one, two])
      expect((await device.rest()).filter(({ type }) => type === 'inbox.changed').at(-1)).toMatchObject({ unread: 3 });

    const page = await ask({ method: 'GET', path: '/me/notifications?limit=2', by: phone });
    expect(page.json).toMatchObject({ unread: 3, items: [{ id: ids[2], words: { title: 'Missed call' } }, { id: ids[1] }] });
    expect(page.json?.items[0].actions.map(({ name }: { name: string }) => name)).toEqual(['call_back', 'open']);
    const rest = await ask({ method: 'GET', path: `/me/notifications?limit=2&cursor=${page.json?.nextCursor}`, by: phone });
    expect(rest.json).toMatchObject({ items: [{ id: ids[0] }], nextCursor: null });

    const read = await ask({ method: 'POST', path: '/me/notifications/read', by: phone, body: { ids: [ids[0], newId('ntf')] } });
    expect(read.json).toEqual({ unread: 2 });
    expect(await two.nextOf('inbox.changed')).toMatchObject({ unread: 2 });
    await ask({ method: 'POST', path: '/me/notifications/read', by: phone, body: { upTo: page.json?.items[0].seq } });
    expect(await two.nextOf('inbox.changed')).toMatchObject({ unread: 0, newest: page.json?.items[0].seq });
    two.send({ type: 'hello', lastSeq: 3 });
    expect(await two.nextOf('hello')).toMatchObject({ inbox: { unread: 0, newest: 3 } });
  });

  it('[HI1] keeps three hundred, whatever else was told meanwhile', async () => {
    const by = await signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
    const hub = hubOf(by);
    await hub.notify({ id: newId('ntf'), kind: 'job.healed', body: { job: 'first', at: now() }, now: now() });
    const peer = newId('usr');
    for (let n = 1; n <= 310; n += 1)
      await hub.chatMoved({ chatId: newId('chat'), peerId: peer, chatSeq: n, readSeq: n, unread: 0, message: null, now: now() });
    expect((await ask({ method: 'GET', path: '/me/notifications', by })).json?.items).toHaveLength(1);
    for (let n = 1; n <= 300; n += 1)
      await hub.notify({ id: newId('ntf'), kind: 'job.healed', body: { job: `${n}`, at: now() }, now: now() });
    expect((await ask({ method: 'GET', path: '/me/notifications', by })).json?.unread).toBe(300);
  });
});

describe('what stands in the inbox', () => {
  it('is said in the language that was chosen, else in that of the device in hand', async () => {
    const by = await signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
    await hubOf(by).notify({ id: newId('ntf'), kind: 'security.sign_in', body: { device: 'Tablet', at: now() }, now: now() });
    const title = async (language: string) => {
      const { json } = await ask({ method: 'GET', path: '/me/notifications', by, headers: { 'Accept-Language': language } });
      return json?.items[0].words.title;
    };
    expect([await title('de-AT,de;q=0.9'), await title('fr,en;q=0.5')]).toEqual(['Neue Anmeldung', 'New sign-in']);
    await ask({ method: 'PATCH', path: '/me', by, body: { comfort: { language: 'en' } } });
    expect(await title('de')).toBe('New sign-in');
  });
});

describe('settings', () => {
  it('are what the kinds say until something is chosen, for the kinds that concern somebody', async () => {
    const by = await signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
    const { json } = await ask({ method: 'GET', path: '/me/notification-settings', by });
    expect(json).toMatchObject({ quiet: { on: false, from: '22:00', to: '07:00' }, ringsAtNight: true });
    const kind = (name: string) => json?.kinds.find((one: { kind: string }) => one.kind === name);
    expect(kind('call.incoming')).toMatchObject({ push: { on: true, changeable: false }, mail: null });
    expect(kind('announcement')).toMatchObject({ push: { on: true, changeable: true }, mail: { on: false, changeable: true } });
    expect(kind('security.sign_in')).toMatchObject({ critical: true, push: { changeable: false }, mail: { changeable: false } });
    expect(kind('job.failed')).toBeUndefined();
  });

  it('change by what is given, on two devices at once, and stay', async () => {
    const by = await signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
    const change = (body: object) => ask({ method: 'PATCH', path: '/me/notification-settings', by, body });
    await Promise.all([
      change({ kinds: { 'chat.message': { push: false } } }),
      change({ kinds: { 'call.missed': { mail: false } } }),
      change({ quiet: { on: true, to: '08:30' } }),
      change({ ringsAtNight: false }),
    ]);
    const { json } = await ask({ method: 'GET', path: '/me/notification-settings', by });
    expect(json).toMatchObject({ quiet: { on: true, from: '22:00', to: '08:30' }, ringsAtNight: false });
    const on = (name: string) => json?.kinds.find((one: { kind: string }) => one.kind === name);
    expect([on('chat.message').push.on, on('call.missed').mail.on, on('call.missed').push.on]).toEqual([false, false, true]);
  });

  it('show what was stopped by the link in a mail, and take it up again', async () => {
    const email = `${crypto.randomUUID()}@demo.test`;
    const by = await signInAs(email, 'member');
    const addressHash = await mailAddressHash(testEnv, email);
    const read = async () => {
      const { json } = await ask({ method: 'GET', path: '/me/notification-settings', by });
      const of = (name: string) => json?.kinds.find((one: { kind: string }) => one.kind === name).mail.on;
      return [of('call.missed'), of('announcement'), of('security.sign_in'), json?.mail];
    };
    const standing = (...stopped: string[]) => ({ reaches: true, reported: false, stopped });
    expect(await read()).toEqual([true, false, true, standing()]);
    await setStopped(contextAt(now()), { addressHash, group: 'calls', stopped: true, source: 'reader' });
    expect(await read()).toEqual([false, false, true, standing('calls')]);
    // What they want again is sent again; what they did not touch stays stopped.
    await setStopped(contextAt(now()), { addressHash, group: 'news', stopped: true, source: 'reader' });
    await ask({ method: 'PATCH', path: '/me/notification-settings', by, body: { kinds: { 'call.missed': { mail: true } } } });
    expect(await read()).toEqual([true, false, true, standing('news')]);
    expect([
      await mayMail(contextAt(now()), { address: email, group: 'calls' }),
      await mayMail(contextAt(now()), { address: email, group: 'news' }),
    ]).toEqual([true, false]);
  });

  it.each([
    [{ quiet: { from: '07:00', to: '07:00' } }, 'quiet.to'],
    [{ quiet: { to: '22:00' } }, 'quiet.to'],
    [{ quiet: { from: '24:00' } }, 'quiet.from'],
    [{ quiet: { from: '7:00' } }, 'quiet.from'],
    [{ kinds: { 'call.incoming': { push: false } } }, 'kinds.call.incoming.push'],
    [{ kinds: { 'chat.message': { mail: true } } }, 'kinds.chat.message.mail'],
    [{ kinds: { 'job.failed': { push: true } } }, 'kinds.job.failed.push'],
    [{ kinds: { nothing: { push: true } } }, 'kinds.nothing'],
    [{ more: true }, 'more'],
  ])('refuse %j, naming %s', async (body, path) => {
    const by = await signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
    const answer = await ask({ method: 'PATCH', path: '/me/notification-settings', by, body });
    expect([answer.status, answer.json?.code, answer.json?.fields?.[0]?.path]).toEqual([400, 'validation_failed', path]);
  });
});
