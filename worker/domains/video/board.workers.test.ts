import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { codeOf, later, principalOf, Scene, START } from '../../../tests/calls.ts';
import { contextNow, newPerson, testEnv } from '../../../tests/devices.ts';
import { callSession } from '../../platform/stubs.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { readAuditPage } from '../event_log/service.ts';
import { allCalls, callGroups, stopCall, wholeCall } from './service.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => void vi.useRealTimers());

const staff = async () => principalOf(await newPerson('supervisor'));
const idsOf = async (asked: Parameters<typeof allCalls>[1]) => (await allCalls(contextNow(), asked)).items.map(({ call }) => call.id);

describe('the board', () => {
  it('shows a call while it runs, since when it is in its state, and not among the running ones afterwards', async () => {
    const scene = await Scene.open(500);
    await scene.place();
    const person = scene.companion.userId;
    const [ringing] = (await allCalls(contextNow(), { state: 'running', person })).items;
    expect(ringing).toMatchObject({
      call: { id: scene.id, state: 'ringing' },
      caller: { id: scene.member.userId },
      callee: { id: person },
      payerId: scene.member.userId,
    });
    const first = scene.id;
    await scene.object.end({ userId: scene.member.userId, now: Date.now() });
    later(3);
    await scene.connect();
    const connectedAt = Date.now();
    await scene.talk(20);
    const [active] = (await allCalls(contextNow(), { state: 'running', person })).items;
    expect(active).toMatchObject({ call: { state: 'active' }, stateSince: toTimestamp(connectedAt) });
    await scene.object.end({ userId: scene.member.userId, now: Date.now() });
    await scene.object.reconcile(Date.now());
    expect(await idsOf({ state: 'running', person })).toEqual([]);
    expect(await idsOf({ reason: 'hangup', person })).toEqual([scene.id]);
    expect(await idsOf({ reason: 'lost', person })).toEqual([]);
    expect(await idsOf({ person, since: toTimestamp(START + 1) })).toEqual([scene.id]);
    expect(await idsOf({ person, since: toTimestamp(START) })).toEqual([scene.id, first]);
  });

  it('pages without holes or repeats, while new calls come', async () => {
    const scene = await Scene.open(500);
    const person = scene.member.userId;
    const placed: string[] = [];
    for (let n = 0; n < 3; n++) {
      const { call } = await scene.place(crypto.randomUUID());
      placed.unshift(call.id);
      await callSession(testEnv, call.id).end({ userId: person, now: Date.now() });
      // Two in one millisecond: the id decides.
      if (n === 1) later(1);
    }
    const first = await allCalls(contextNow(), { person, limit: 2 });
    later(1);
    await scene.place(crypto.randomUUID());
    const second = await allCalls(contextNow(), { person, limit: 2, cursor: first.nextCursor ?? undefined });
    expect([...first.items, ...second.items].map(({ call }) => call.id)).toEqual(placed);
    expect(second.nextCursor).toBeNull();
  });

  it('tells one call whole', async () => {
    const scene = await Scene.open(500);
    await scene.connect();
    await scene.talk(20);
    const whole = await wholeCall(contextNow(), await staff(), scene.id);
    expect(whole).toMatchObject({
      call: { id: scene.id, state: 'active' },
      tariff: { version: 1 },
      receipt: { totals: { payer: [{ unit: 'COIN', amount: 69 }] } },
    });
    expect(whole.timeline.map(({ type }) => type)).toEqual(expect.arrayContaining(['placed', 'ringing', 'accepted', 'connected']));
  });
});

describe('stopping', () => {
  it('ends the call as moderated and leaves who did it and why in the audit', async () => {
    const scene = await Scene.open(500);
    await scene.connect();
    const by = await staff();
    expect(await stopCall(contextNow(), by, { id: scene.id, reason: 'threats' })).toMatchObject({ state: 'ended', endReason: 'moderated' });
    const [entry] = (await readAuditPage(contextNow(), { subject: scene.id })).items;
    expect(entry).toMatchObject({
      actor: by.userId,
      action: 'call.stop',
      before: { state: 'active' },
      after: { state: 'ended', endReason: 'moderated', reason: 'threats' },
    });
    expect(await codeOf(stopCall(contextNow(), by, { id: scene.id, reason: 'again' }))).toBe('call_ended');
    expect((await readAuditPage(contextNow(), { subject: scene.id })).items).toHaveLength(1);
  });
});

describe('groups of calls for a replay', () => {
  it('count connected calls that a tariff sees alike, and no others', async () => {
    const rows = [
      ['a', 'tar_x', 'audio', 61_000],
      ['b', 'tar_x', 'audio', 61_900],
      ['c', 'tar_x', 'video', 61_000],
      ['d', 'tar_x', 'audio', 0],
      ['e', 'tar_y', 'audio', 5_000],
    ] as const;
    const since = START + 10 * 86_400_000;
    for (const [name, tariff, media, ms] of rows)
      await testEnv.DB.prepare(
        `INSERT INTO call (id, caller_id, callee_id, payer_id, media, kind, tariff_id, state, end_reason, connected_ms, created_at, ended_at)
         VALUES (?1, 'm', 'c', 'm', ?3, 'direct', ?2, 'ended', 'hangup', ?4, ?5, ?5)`,
      )
        .bind(`group_${name}`, tariff, media, ms, since)
        .run();
    const { groups, complete } = await callGroups(contextNow(), since);
    expect(complete).toBe(true);
    const told = groups.map(({ tariffId, media, connectedSeconds, calls, payerCalled }) => [
      tariffId,
      media,
      connectedSeconds,
      calls,
      payerCalled,
    ]);
    expect(told.toSorted()).toEqual([
      ['tar_x', 'audio', 61, 2, 1],
      ['tar_x', 'video', 61, 1, 1],
      ['tar_y', 'audio', 5, 1, 1],
    ]);
    expect((await callGroups(contextNow(), since + 1)).groups).toEqual([]);
  });
});
