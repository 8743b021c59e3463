import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { codeOf, later, newCompanion, newMember, objectOf, principalOf, Scene, START } from '../../../tests/calls.ts';
import { contextNow, newPerson, type SignedIn, testEnv } from '../../../tests/devices.ts';
import type { Env } from '../../env.ts';
import { newId } from '../../platform/ids.ts';
import { callSession, userHub } from '../../platform/stubs.ts';
import type { CallMedia } from '../../protocol/call/call.ts';
import type { CallId } from '../../protocol/ids.ts';
import { mustBeSwept, sweepCalls } from './jobs.ts';
import { declineCall, endCall, listCalls, placeCall, readCall, readReceipt, readTimeline } from './service.ts';
import { callRow, insertCall } from './store.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => void vi.useRealTimers());

const place = async (by: SignedIn, callee: SignedIn, media: CallMedia = 'video', key: string = crypto.randomUUID()) =>
  placeCall(contextNow(), await principalOf(by), { calleeId: callee.userId, media }, key);

describe('placing', () => {
  it('answers the call, its price and a ticket', async () => {
    const scene = await Scene.open(500);
    const placed = await scene.place();
    expect(placed).toMatchObject({
      call: { state: 'ringing', media: 'video', kind: 'direct', callerId: scene.member.userId, calleeId: scene.companion.userId },
      quote: { unit: 'COIN', firstAmount: 9, then: { everySeconds: 60, amount: 60 } },
      socket: { url: `/api/v1/calls/${placed.call.id}/socket` },
    });
    expect(await userHub(testEnv, scene.companion.userId).busyWith()).toBe(placed.call.id);
  });

  it('gives the same call for the same key and body, with a fresh ticket, also after its end', async () => {
    const scene = await Scene.open(500);
    const first = await scene.place('one key');
    const again = await scene.place('one key');
    expect(again.call.id).toBe(first.call.id);
    expect(again.socket.ticket).not.toBe(first.socket.ticket);
    expect(await codeOf(place(scene.member, scene.companion, 'audio', 'one key'))).toBe('idempotency_conflict');
    await endCall(contextNow(), await principalOf(scene.member), first.call.id);
    expect((await scene.place('one key')).call).toMatchObject({ id: first.call.id, state: 'ended', endReason: 'cancelled' });
    expect((await scene.place('another key')).call.id).not.toBe(first.call.id);
  });

  it('goes on where a beginning broke off before its object was there', async () => {
    const scene = await Scene.open(500);
    const callId = newId('call');
    const bodyHash = `place ${scene.companion.userId} video`;
    await userHub(testEnv, scene.member.userId).callIdFor({ key: 'broken', bodyHash, callId, now: Date.now() });
    expect((await scene.place('broken')).call).toMatchObject({ id: callId, state: 'ringing' });
  });

  it('takes a key once, however many ask at the same time', async () => {
    const scene = await Scene.open(500);
    const placed = await Promise.all([1, 2, 3].map(() => scene.place('at once')));
    expect(new Set(placed.map(({ call }) => call.id)).size).toBe(1);
  });

  it('lets a companion ring a member, who pays', async () => {
    const scene = await Scene.open(500);
    const { call } = await place(scene.companion, scene.member);
    expect((await callRow(testEnv.DB, call.id))?.payerId).toBe(scene.member.userId);
    const poor = await newMember(0);
    await endCall(contextNow(), await principalOf(scene.companion), call.id);
    expect(await codeOf(place(scene.companion, poor))).toBe('insufficient_funds');
  });

  it('says no where it must, and leaves nothing behind', async () => {
    const scene = await Scene.open(8);
    const ben = await newMember(500);
    const offShift = await newPerson('companion');
    const audioOnly = await newCompanion(['audio']);
    expect(await codeOf(place(scene.member, scene.companion))).toBe('insufficient_funds');
    expect(await codeOf(place(ben, scene.member))).toBe('callee_unavailable');
    expect(await codeOf(place(ben, offShift))).toBe('callee_unavailable');
    expect(await codeOf(place(ben, audioOnly))).toBe('callee_unavailable');
    expect(await codeOf(place(offShift, ben))).toBe('callee_unavailable');
    expect(await codeOf(place(scene.companion, await newCompanion()))).toBe('callee_unavailable');
    expect(await codeOf(place(ben, ben))).toBe('callee_unavailable');
    expect(await codeOf(place(ben, { ...ben, userId: newId('usr') }))).toBe('not_found');
    expect((await listCalls(contextNow(), await principalOf(ben), {})).items).toEqual([]);
    expect(await userHub(testEnv, scene.companion.userId).busyWith()).toBeNull();
  });
});

describe('reading', () => {
  it('shows a call to its two people and to staff, and to nobody else that it exists', async () => {
    const scene = await Scene.open(500);
    const { call } = await scene.place();
    const stranger = await principalOf(await newMember(0));
    const staff = await principalOf(await newPerson('supervisor'));
    for (const who of [await principalOf(scene.member), await principalOf(scene.companion), staff]) {
      expect((await readCall(contextNow(), who, call.id)).id).toBe(call.id);
      expect(await readReceipt(contextNow(), who, call.id)).toMatchObject({
        callId: call.id,
        checkpoints: [],
        totals: { payer: [], payee: [] },
      });
      expect((await readTimeline(contextNow(), who, call.id)).items.map(({ type }) => type)).toEqual(['placed', 'ringing', 'rung']);
    }
    for (const act of [readCall, readReceipt, readTimeline, endCall, declineCall]) {
      expect(await codeOf(act(contextNow(), stranger, call.id))).toBe('not_found');
    }
    expect(await codeOf(endCall(contextNow(), staff, call.id))).toBe('not_found');
  });

  it('declines and ends by state: repeated, the same answer', async () => {
    const scene = await Scene.open(500);
    const { call } = await scene.place();
    const companion = await principalOf(scene.companion);
    for (let time = 0; time < 2; time++) expect((await declineCall(contextNow(), companion, call.id)).endReason).toBe('declined');
    expect((await endCall(contextNow(), companion, call.id)).endReason).toBe('declined');
  });

  it('lists own calls, newest first, page by page, with who they were with', async () => {
    const scene = await Scene.open(500);
    const ids: string[] = [];
    for (let time = 0; time < 3; time++) {
      ids.unshift((await scene.place()).call.id);
      await endCall(contextNow(), await principalOf(scene.member), scene.id);
      later(1);
    }
    const member = await principalOf(scene.member);
    const first = await listCalls(contextNow(), member, { limit: 2 });
    expect(first.items.map(({ call }) => call.id)).toEqual(ids.slice(0, 2));
    expect(first.items[0]).toMatchObject({ caller: { id: scene.member.userId }, callee: { id: scene.companion.userId } });
    const second = await listCalls(contextNow(), member, { limit: 2, cursor: first.nextCursor ?? '' });
    expect(second.items.map(({ call }) => call.id)).toEqual(ids.slice(2));
    expect(second.nextCursor).toBeNull();
    expect((await listCalls(contextNow(), member, { state: 'ringing' })).items).toEqual([]);
    expect((await listCalls(contextNow(), await principalOf(scene.companion), {})).items).toHaveLength(3);
  });

  it('shows the one who was busy no call that never rang', async () => {
    const scene = await Scene.open(500);
    await scene.place();
    const other = await newMember(500);
    expect(await codeOf(place(other, scene.companion))).toBe('callee_busy');
    expect((await listCalls(contextNow(), await principalOf(scene.companion), {})).items).toHaveLength(1);
    const own = (await listCalls(contextNow(), await principalOf(other), {})).items;
    expect(own.map(({ call }) => [call.state, call.endReason])).toEqual([['ended', 'busy']]);
  });

  it('keeps the row up to the call', async () => {
    const scene = await Scene.open(500);
    await scene.connect();
    expect(await callRow(testEnv.DB, scene.id)).toMatchObject({ state: 'active', settledAt: null });
    await scene.talk(20);
    await scene.object.end({ userId: scene.member.userId, now: Date.now() });
    await scene.object.reconcile(Date.now());
    expect(await callRow(testEnv.DB, scene.id)).toMatchObject({
      state: 'ended',
      endReason: 'hangup',
      connectedMs: 20_000,
      settledAt: Date.now(),
    });
  });
});

describe('the sweeper', () => {
  const row = async (change: object = {}) => {
    const scene = await Scene.open(500);
    const id = newId('call');
    const people = { callerId: scene.member.userId, calleeId: scene.companion.userId, payerId: scene.member.userId };
    const rest = {
      media: 'video',
      kind: 'direct',
      tariffId: newId('tar'),
      resumes: null,
      resumesClaim: null,
      state: 'placing',
      createdAt: Date.now(),
    };
    await insertCall(testEnv.DB, { id, ...people, ...rest, ...change });
    return id;
  };

  it('ends a row whose call never came to be, once it is a minute old', async () => {
    const id = await row();
    later(59);
    await sweepCalls(contextNow());
    expect(await callRow(testEnv.DB, id)).toMatchObject({ state: 'placing' });
    later(2);
    await sweepCalls(contextNow());
    expect(await callRow(testEnv.DB, id)).toMatchObject({ state: 'ended', endReason: 'refused', settledAt: Date.now() });
    expect(await callSession(testEnv, id).liveness()).toBe('unknown');
  });

  it('never begins a call whose row it has closed', async () => {
    const scene = await Scene.open(500);
    const id = await row({ callerId: scene.member.userId, calleeId: scene.companion.userId, payerId: scene.member.userId });
    const bodyHash = `place ${scene.companion.userId} video`;
    await userHub(testEnv, scene.member.userId).callIdFor({ key: 'late', bodyHash, callId: id, now: Date.now() });
    later(61);
    await sweepCalls(contextNow());
    expect(await codeOf(scene.place('late'))).toBe('callee_unavailable');
    expect(await callSession(testEnv, id).liveness()).toBe('unknown');
    expect(await userHub(testEnv, scene.companion.userId).busyWith()).toBeNull();
  });

  it('wakes a call whose alarm was lost, until it is settled', async () => {
    const scene = await Scene.open(500);
    await scene.place();
    await runInDurableObject(objectOf(scene.id), (_object, state) => state.storage.deleteAlarm());
    later(61);
    await sweepCalls(contextNow());
    expect(await callRow(testEnv.DB, scene.id)).toMatchObject({ state: 'ended', endReason: 'no_answer', settledAt: Date.now() });
    expect(await userHub(testEnv, scene.companion.userId).busyWith()).toBeNull();
  });

  it('goes through more calls than a page holds, the oldest first, as long as there is time', async () => {
    const ids: CallId[] = [];
    for (let n = 0; n < 7; n++) ids.push(await row({ createdAt: Date.now() - (n < 4 ? 0 : n) }));
    later(61);
    const settled = async () => (await Promise.all(ids.map((id) => callRow(testEnv.DB, id)))).filter((found) => found?.settledAt).length;
    // Each few take a while: the budget ends in the middle, and the rest waits for the next minute.
    let clock = 0;
    const left = await sweepCalls(contextNow(), { page: 2, clock: () => (clock += 15_000) });
    expect(await settled()).toBe(6);
    expect(() => mustBeSwept(left)).toThrow('more unsettled calls');
    mustBeSwept(await sweepCalls(contextNow(), { page: 2 }));
    expect(await settled()).toBe(7);
  });

  it('asks a call that runs every five minutes only: each question wakes it', async () => {
    const scene = await Scene.open(500);
    await scene.connect();
    const asked: string[] = [];
    const object = (id: string) => ({
      reconcile: async () => {
        asked.push(id);
        return { ok: true, value: { settled: false, known: true } };
      },
    });
    for (let minute = 2; minute <= 12; minute++) {
      vi.setSystemTime(START + minute * 60_000 + 500);
      const ctx = contextNow();
      await sweepCalls({ ...ctx, env: { ...ctx.env, CALL_SESSION: { getByName: object } } as unknown as Env });
    }
    expect(asked.filter((id) => id === scene.id)).toHaveLength(2);
  });

  it('that can’t ask a call goes on with the others, and fails by it', async () => {
    const [bad, good] = [await row(), await row()];
    later(61);
    const ctx = contextNow();
    const object = (id: string) => ({
      reconcile: () =>
        id === bad ? Promise.reject(new Error('no answer')) : Promise.resolve({ ok: true, value: { settled: false, known: false } }),
    });
    const swept = await sweepCalls({ ...ctx, env: { ...ctx.env, CALL_SESSION: { getByName: object } } as unknown as Env });
    expect((await callRow(testEnv.DB, good))?.settledAt).not.toBeNull();
    expect(swept).toEqual({ failed: 1, all: true });
    expect(() => mustBeSwept(swept)).toThrow('could not be asked: 1');
  });

  it('leaves a running call running', async () => {
    const scene = await Scene.open(500);
    await scene.connect();
    await scene.talk(65);
    await sweepCalls(contextNow());
    expect((await scene.call()).state).toBe('active');
  });

  it('writes the row again that a settled call lost on the way', async () => {
    const scene = await Scene.open(500);
    await scene.place();
    await scene.object.decline({ userId: scene.companion.userId, now: Date.now() });
    await scene.object.reconcile(Date.now());
    await testEnv.DB.prepare("UPDATE call SET state = 'ringing', ended_at = NULL, settled_at = NULL WHERE id = ?").bind(scene.id).run();
    later(61);
    await sweepCalls(contextNow());
    expect(await callRow(testEnv.DB, scene.id)).toMatchObject({ state: 'ended', endReason: 'declined', settledAt: START });
  });
});
