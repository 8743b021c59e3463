/** The call inside workerd: real sockets, storage, alarms, hubs and ledger. Rule ids: SPEC.md. */
import { abortAllDurableObjects, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { balance, busyWith, codeOf, later, newCompanion, newMember, principalOf, Scene, START, topUp } from '../../tests/calls.ts';
import { contextNow, newSession, testEnv, upgradeRequest } from '../../tests/devices.ts';
import { eventually } from '../../tests/eventually.ts';
import { block } from '../../worker/domains/blocklist/service.ts';
import { issueTicket } from '../../worker/domains/user/service.ts';
import { placeCall, resumeCall } from '../../worker/domains/video/service.ts';
import { newId } from '../../worker/platform/ids.ts';
import { callSession, type PlaceOrder, userHub } from '../../worker/platform/stubs.ts';
import type { CallId } from '../../worker/protocol/ids.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => void vi.useRealTimers());

const alarmAt = (scene: Scene) => runInDurableObject(scene.object, (_object, state) => state.storage.getAlarm());

/** Lets every query of the object to the ledger fail until the answer is called. */
async function ledgerAway(scene: Scene): Promise<() => Promise<void>> {
  const away = new Proxy({} as D1Database, {
    get: () => () => {
      throw new Error('D1_ERROR: away');
    },
  });
  const setEnv = (change: object) =>
    runInDurableObject(scene.object, (object) => {
      const inside = object as unknown as { env: object };
      Object.defineProperty(object, 'env', { configurable: true, value: { ...inside.env, ...change } });
    });
  await setEnv({ LEDGER_0: away });
  return () => setEnv({ LEDGER_0: testEnv.LEDGER_0 });
}

describe('a call at the golden tariff', () => {
  it('[MO1] costs 129 and earns 60 in 70 s, and settles with its locks free', async () => {
    const scene = await Scene.open(500);
    await scene.connect();
    expect((await scene.call()).state).toBe('active');
    await scene.talk(70);
    scene.device('caller').send({ type: 'end' });
    const ended = await scene.device('callee').nextOf('call.ended');
    expect(ended).toMatchObject({ reason: 'hangup', receipt: { settled: true, connectedMs: 70_000 } });
    expect(ended.receipt.totals).toEqual({ payer: [{ unit: 'COIN', amount: 129 }], payee: [{ unit: 'EARN', amount: 60 }] });
    expect((await scene.device('callee').closed).code).toBe(1000);
    await scene.object.reconcile(Date.now());
    expect([await balance(scene.member, 'COIN'), await balance(scene.companion, 'EARN')]).toEqual([371, 60]);
    expect([await busyWith(scene.member), await busyWith(scene.companion)]).toEqual([null, null]);
    expect(await scene.call()).toMatchObject({ state: 'ended', endReason: 'hangup', settled: true, connectedMs: 70_000 });
  });

  it('survives losing its memory at every step', async () => {
    const scene = await Scene.open(500);
    const evict = () => evictDurableObject(scene.object);
    await scene.place();
    await evict();
    await scene.accept();
    await evict();
    for (const party of ['caller', 'callee'] as const) {
      await scene.socket(party);
      await evict();
      scene.device(party).send({ type: 'media.connected' });
      await scene.device(party).rest();
      await evict();
    }
    expect((await scene.call()).state).toBe('active');
    for (let second = 0; second < 70; second += 5) {
      later(5);
      await scene.beat();
      await evict();
      await scene.alarm();
      await evict();
    }
    await scene.object.end({ userId: scene.companion.userId, now: Date.now() });
    await evict();
    await scene.object.reconcile(Date.now());
    const receipt = await scene.receipt();
    expect(receipt.checkpoints.map(({ party, n, amount }) => `${party}:${n} ${amount}`)).toEqual([
      'payer:0 9',
      'payer:1 60',
      'payee:0 30',
      'payer:2 60',
      'payee:1 30',
    ]);
    expect([await balance(scene.member, 'COIN'), await balance(scene.companion, 'EARN')]).toEqual([371, 60]);
  });

  it('charges nothing twice when alarms repeat', async () => {
    const scene = await Scene.open(500);
    await scene.connect();
    later(5);
    await scene.beat();
    later(15);
    await scene.beat();
    for (let time = 0; time < 3; time++) await runDurableObjectAlarm(scene.object);
    expect(await balance(scene.member, 'COIN')).toBe(431);
    expect((await scene.receipt()).checkpoints).toHaveLength(3);
  });

  it('[PL2] counts the platform’s answered pings as proofs', async () => {
    vi.useRealTimers();
    const scene = await Scene.open(500);
    await scene.connect();
    const provedTo = () =>
      runInDurableObject(
        scene.object,
        (_object, state) => JSON.parse(String(state.storage.sql.exec('SELECT body FROM record').one().body)).parties,
      );
    const before = await provedTo();
    const began = Date.now();
    while (Date.now() === began);
    for (const party of ['caller', 'callee'] as const) await scene.device(party).ping();
    await scene.object.read();
    const after = await provedTo();
    for (const party of ['caller', 'callee']) {
      expect(after[party].proofAt).toBeGreaterThanOrEqual(began);
      expect(after[party].proofAt).toBeGreaterThan(before[party].proofAt);
    }
  });
});

describe('ringing', () => {
  it('[AC1] gives both their media; [AC2] the same device again, another too late', async () => {
    const scene = await Scene.open();
    await scene.place();
    const caller = await scene.socket('caller');
    expect(await caller.next()).toMatchObject({ type: 'call.state', state: 'ringing', you: 'caller', role: 'payer' });
    const tablet = await newSession(scene.companion.userId);
    const first = await scene.accept();
    expect(first).toMatchObject({ call: { state: 'connecting' }, media: { provider: 'direct' } });
    expect(await caller.nextOf('call.state')).toMatchObject({ state: 'connecting' });
    expect(await caller.nextOf('media')).toMatchObject({ provider: 'direct', credentials: { iceTransportPolicy: 'all' } });
    expect((await scene.accept()).call.id).toBe(first.call.id);
    expect(await codeOf(scene.accept(tablet))).toBe('answered_elsewhere');
    const refused = await scene.object.fetch(
      await upgradeRequest({ ...scene.companion, sessionId: tablet }, `call:${scene.id}`, `/calls/${scene.id}/socket`),
    );
    expect(refused.status).toBe(409);
  });

  it('[PR2] runs out by the alarm, and frees both', async () => {
    const scene = await Scene.open();
    await scene.place();
    expect(await alarmAt(scene)).toBe(START + 30_000);
    later(30);
    await scene.alarm();
    expect(await scene.call()).toMatchObject({ state: 'ended', endReason: 'no_answer', settled: true, connectedMs: 0 });
    expect([await busyWith(scene.member), await busyWith(scene.companion)]).toEqual([null, null]);
    expect((await scene.receipt()).checkpoints).toEqual([]);
  });

  it('[EN2] declined, and cancelled', async () => {
    const declined = await Scene.open();
    await declined.place();
    const caller = await declined.socket('caller');
    await declined.object.decline({ userId: declined.companion.userId, now: Date.now() });
    expect(await caller.nextOf('call.ended')).toMatchObject({ reason: 'declined' });
    const cancelled = await Scene.open();
    await cancelled.place();
    await cancelled.object.end({ userId: cancelled.member.userId, now: Date.now() });
    expect((await cancelled.call()).endReason).toBe('cancelled');
    await cancelled.object.reconcile(Date.now());
    expect(await busyWith(cancelled.companion)).toBeNull();
  });

  it('[PR3] a companion in a call is busy, and so is the member', async () => {
    const scene = await Scene.open();
    await scene.place();
    const other = await newMember(500);
    const wish = { calleeId: scene.companion.userId, media: 'video' } as const;
    expect(await codeOf(placeCall(contextNow(), await principalOf(other), wish, 'k1'))).toBe('callee_busy');
    const free = { calleeId: (await newCompanion()).userId, media: 'video' } as const;
    expect(await codeOf(placeCall(contextNow(), await principalOf(scene.member), free, 'k2'))).toBe('caller_busy');
    expect(await busyWith(other)).toBeNull();
    expect(await busyWith({ ...other, userId: free.calleeId })).toBeNull();
    expect((await scene.call()).state).toBe('ringing');
  });

  it('[GL1] who rings back joins the call that rings', async () => {
    const scene = await Scene.open();
    await scene.place();
    const wish = { calleeId: scene.member.userId, media: 'video' } as const;
    const joined = await placeCall(contextNow(), await principalOf(scene.companion), wish, 'back');
    expect(joined.call).toMatchObject({ id: scene.id, state: 'connecting' });
    expect((await placeCall(contextNow(), await principalOf(scene.companion), wish, 'back')).call.id).toBe(scene.id);
    expect(await scene.accept()).toMatchObject({ call: { id: scene.id } });
  });

  it('[GL1] of two who ring each other at once, one call comes', async () => {
    const scene = await Scene.open();
    const [member, companion] = [await principalOf(scene.member), await principalOf(scene.companion)];
    const answers = await Promise.all([
      placeCall(contextNow(), member, { calleeId: companion.userId, media: 'audio' }, 'm'),
      placeCall(contextNow(), companion, { calleeId: member.userId, media: 'audio' }, 'c'),
    ]);
    expect(new Set(answers.map(({ call }) => call.id)).size).toBe(1);
    const [one] = answers;
    expect(await busyWith(scene.member)).toBe(one.call.id);
    expect(await busyWith(scene.companion)).toBe(one.call.id);
  });
});

describe('talking', () => {
  it('[SG1] passes signals on, and [SO1] says who is there', async () => {
    const scene = await Scene.open();
    await scene.connect();
    scene.device('caller').send({ type: 'signal', data: { sdp: 'offer' } });
    expect(await scene.device('callee').nextOf('signal')).toEqual({ type: 'signal', from: 'caller', data: { sdp: 'offer' } });
    scene.device('caller').close();
    expect(await scene.device('callee').nextOf('peer')).toEqual({ type: 'peer', party: 'caller', present: false });
  });

  it('[RC3] a new socket replaces the old one and t0 stays', async () => {
    const scene = await Scene.open();
    await scene.connect();
    await scene.talk(10);
    const old = scene.device('caller');
    await scene.socket('caller');
    expect((await old.closed).code).toBe(4009);
    const again = scene.device('caller');
    expect(await again.next()).toMatchObject({ type: 'call.state', state: 'active', connectedMs: 10_000 });
    expect(await again.nextOf('media')).toMatchObject({ provider: 'direct' });
    later(3);
    again.send({ type: 'media.connected' });
    await scene.talk(7);
    expect((await scene.call()).connectedMs).toBe(20_000);
    expect(await balance(scene.member, 'COIN')).toBe(431);
  });

  it('[FR1] freezes when one falls silent, and [RC2] goes on', async () => {
    const scene = await Scene.open();
    await scene.connect();
    await scene.talk(10);
    later(10);
    await scene.beat('caller');
    await scene.alarm();
    later(5);
    await scene.beat('caller');
    await scene.alarm();
    expect((await scene.frames('caller', 'call.state')).at(-1)).toMatchObject({ state: 'reconnecting', connectedMs: 10_000 });
    later(3);
    await scene.beat();
    expect((await scene.call()).state).toBe('active');
    await scene.talk(5);
    expect((await scene.call()).connectedMs).toBe(15_000);
  });

  it('[RC4] is lost when nobody comes back, charged up to the last proof', async () => {
    const scene = await Scene.open();
    await scene.connect();
    await scene.talk(20);
    later(45);
    await scene.alarm();
    expect(await scene.call()).toMatchObject({ endReason: 'lost', connectedMs: 20_000, settled: true });
    expect(await balance(scene.member, 'COIN')).toBe(431);
  });

  it('[EN1] a block ends it at once and settles it', async () => {
    const scene = await Scene.open();
    await scene.connect();
    await scene.talk(25);
    await block(contextNow(), { blockerId: scene.companion.userId, blockedId: scene.member.userId, reason: 'harassment', text: null });
    expect(await scene.device('caller').nextOf('call.ended')).toMatchObject({ reason: 'blocked', receipt: { settled: true } });
    await scene.object.reconcile(Date.now());
    expect(await busyWith(scene.member)).toBeNull();
    const wish = { calleeId: scene.companion.userId, media: 'video' } as const;
    expect(await codeOf(placeCall(contextNow(), await principalOf(scene.member), wish, 'again'))).toBe('blocked');
  });

  it('[PR5] a block that slips in while the call is being placed keeps it from ringing', async () => {
    const scene = await Scene.open();
    const { companion, member } = scene;
    // The caller was let through already, and no lock tells the block of this call yet.
    const ctx = contextNow();
    const sessions = {
      getByName(id: CallId) {
        const real = callSession(testEnv, id);
        const place = async (order: PlaceOrder) => {
          await block(contextNow(), { blockerId: companion.userId, blockedId: member.userId, reason: 'other', text: null });
          return real.place(order);
        };
        return { place, placed: () => real.placed(), read: () => real.read() };
      },
    };
    const late = { ...ctx, env: { ...ctx.env, CALL_SESSION: sessions as unknown as typeof ctx.env.CALL_SESSION } };
    const wish = { calleeId: companion.userId, media: 'video' } as const;
    expect(await codeOf(placeCall(late, await principalOf(member), wish, 'crossed'))).toBe('blocked');
    expect(await busyWith(companion)).toBeNull();
    expect(await busyWith(member)).toBeNull();
  });

  it('[MC2] changes the medium when both want it', async () => {
    const scene = await Scene.open();
    await scene.connect();
    scene.device('caller').send({ type: 'media.change', media: 'audio' });
    expect(await scene.device('callee').nextOf('media.change')).toMatchObject({ agreed: false, by: 'caller' });
    scene.device('callee').send({ type: 'media.change', media: 'audio' });
    expect(await scene.device('caller').nextOf('media.change')).toMatchObject({ agreed: false });
    expect(await scene.device('caller').nextOf('media.change')).toMatchObject({ agreed: true, media: 'audio' });
    expect((await scene.call()).media).toBe('audio');
  });

  it('a signed-out device loses its socket', async () => {
    const scene = await Scene.open();
    await scene.connect();
    await scene.object.closeSockets({ userId: scene.member.userId, sessionId: scene.member.sessionId, reason: 'revoked' });
    expect((await scene.device('caller').closed).code).toBe(4010);
    expect(await scene.device('callee').nextOf('peer')).toMatchObject({ party: 'caller', present: false });
  });

  it('[SO4] registers with a hub until it has heard, and closes for a session that ended meanwhile', async () => {
    const scene = await Scene.open();
    await scene.place();
    await scene.accept();
    let tries = 0;
    const real = testEnv.USER_HUB;
    await runInDurableObject(scene.object, (object) => {
      const inside = object as unknown as { env: object };
      const getByName = (name: string) =>
        new Proxy(real.getByName(name), {
          get: (hub, method) =>
            method === 'register' && ++tries === 1
              ? async () => {
                  throw new Error('no answer');
                }
              : (...given: unknown[]) => (hub as unknown as Record<string | symbol, (...given: unknown[]) => unknown>)[method]?.(...given),
        });
      Object.defineProperty(object, 'env', { configurable: true, value: { ...inside.env, USER_HUB: { getByName } } });
    });
    const device = await scene.socket('caller');
    await device.nextOf('media');
    const hub = userHub(testEnv, scene.member.userId);
    await hub.revoke({ sessionId: scene.member.sessionId, now: Date.now() });
    expect(device.isClosed).toBe(false);
    later(2);
    await scene.alarm();
    expect((await device.closed).code).toBe(4010);
    expect(tries).toBeGreaterThan(1);
  });
});

describe('money', () => {
  it('[MO3] out of balance after the grace', async () => {
    const scene = await Scene.open(129);
    await scene.connect();
    await scene.talk(125);
    expect(await scene.call()).toMatchObject({ endReason: 'balance_exhausted', connectedMs: 120_000 });
    expect([await balance(scene.member, 'COIN'), await balance(scene.companion, 'EARN')]).toEqual([0, 60]);
    expect((await scene.frames('caller', 'billing.low')).map(({ secondsLeft }) => secondsLeft)).toEqual([60, 15]);
  });

  it('[MO4] out of balance inside the grace: the house pays, the companion earns', async () => {
    const scene = await Scene.open(60);
    await scene.connect();
    await scene.talk(65);
    expect(await scene.call()).toMatchObject({ endReason: 'balance_exhausted', connectedMs: 60_000 });
    const receipt = await scene.receipt();
    expect(receipt.checkpoints.map(({ party, paidBy }) => `${party} ${paidBy}`)).toContain('payer grace');
    expect(receipt.totals).toEqual({ payer: [{ unit: 'COIN', amount: 9 }], payee: [{ unit: 'EARN', amount: 30 }] });
    expect([await balance(scene.member, 'COIN'), await balance(scene.companion, 'EARN')]).toEqual([51, 30]);
  });

  it('[WA2] a top-up in mid-call is heard of through the balance stream', async () => {
    const scene = await Scene.open(129);
    await scene.connect();
    await scene.talk(100);
    await topUp(scene.member, 120);
    await eventually(async () =>
      expect((await scene.frames('caller', 'billing.low')).map(({ secondsLeft }) => secondsLeft)).toEqual([60, 140]),
    );
    await scene.talk(30);
    expect((await scene.call()).state).toBe('active');
    expect(await balance(scene.member, 'COIN')).toBe(60);
  });

  it('[RS1] resumed, it goes on where it stood', async () => {
    const scene = await Scene.open(60);
    await scene.connect();
    await scene.talk(65);
    const first = scene.id;
    const principal = await principalOf(scene.member);
    expect(await codeOf(resumeCall(contextNow(), principal, first, 'r0'))).toBe('insufficient_funds');
    await topUp(scene.member, 100);
    const resumed = await resumeCall(contextNow(), principal, first, 'r1');
    expect(resumed).toMatchObject({ call: { resumes: first, state: 'ringing' }, quote: { firstAmount: 60 } });
    expect((await resumeCall(contextNow(), principal, first, 'r1')).call.id).toBe(resumed.call.id);
    expect(await codeOf(resumeCall(contextNow(), principal, first, 'r2'))).toBe('call_ended');
    expect(await codeOf(resumeCall(contextNow(), await principalOf(scene.companion), first, 'r3'))).toBe('forbidden');
    scene.id = resumed.call.id;
    await scene.accept();
    for (const party of ['caller', 'callee'] as const) {
      await scene.socket(party);
      scene.device(party).send({ type: 'media.connected' });
      await scene.device(party).rest();
    }
    await scene.talk(5);
    await scene.object.end({ userId: scene.member.userId, now: Date.now() });
    const lines = (await scene.receipt()).checkpoints.map(({ party, n, atSeconds }) => `${party}:${n}@${atSeconds}`);
    expect(lines).toEqual(['payer:2@60', 'payee:1@60']);
    expect([await balance(scene.member, 'COIN'), await balance(scene.companion, 'EARN')]).toEqual([91, 60]);
  });

  it('[MO6] the books out of reach: two checkpoints end it, [MO7] and both are paid when they are back', async () => {
    const scene = await Scene.open(60);
    await scene.connect();
    const back = await ledgerAway(scene);
    await scene.talk(65);
    const [ended] = await scene.frames('caller', 'call.ended');
    expect(ended).toMatchObject({ reason: 'billing_unavailable', receipt: { settled: false } });
    expect(await alarmAt(scene)).not.toBeNull();
    await back();
    for (let tries = 0; tries < 20 && !(await scene.call()).settled; tries++) {
      later(60);
      await scene.alarm();
    }
    expect(await scene.frames('caller', 'receipt.settled')).toMatchObject([{ receipt: { settled: true } }]);
    expect((await scene.receipt()).checkpoints.filter(({ party }) => party === 'payer').map(({ paidBy }) => paidBy)[0]).toBe('coins');
    expect((await scene.receipt()).checkpoints).toHaveLength(5);
    expect([await balance(scene.member, 'COIN'), await balance(scene.companion, 'EARN')]).toEqual([51, 60]);
  });
});

describe('a ledger that takes its time', () => {
  /** Lets the ledger answer nothing, neither good nor bad, until the answer is called. */
  async function ledgerHangs(scene: Scene): Promise<() => void> {
    let silent = true;
    const answer = async () => {
      while (silent) await new Promise((resolve) => setTimeout(resolve, 20));
      throw new Error('D1_ERROR: away');
    };
    const slow = { prepare: () => ({ bind: () => ({ first: answer, all: answer, run: answer }) }), batch: answer };
    await runInDurableObject(scene.object, (object) => {
      const inside = object as unknown as { env: object };
      Object.defineProperty(object, 'env', { configurable: true, value: { ...inside.env, LEDGER_0: slow } });
    });
    return () => {
      silent = false;
    };
  }

  it('[MO5] holds up neither what a device says next nor the call’s deadlines', async () => {
    const scene = await Scene.open(500);
    await scene.connect();
    await scene.talk(15);
    const answers = await ledgerHangs(scene);
    later(6);
    for (const party of ['callee', 'caller'] as const) scene.device(party).send({ type: 'signal', data: {} });
    await scene.device('callee').nextOf('signal');
    try {
      const alarm = runDurableObjectAlarm(scene.object).then(() => 'over');
      const tooLong = new Promise((resolve) => setTimeout(() => resolve('still running'), 20_000));
      expect(await Promise.race([alarm, tooLong])).toBe('over');
      scene.device('caller').send({ type: 'end' });
      expect(await scene.device('callee').nextOf('call.ended')).toMatchObject({ reason: 'hangup', receipt: { settled: false } });
    } finally {
      answers();
    }
  });
});

describe('the door', () => {
  const knock = async (scene: Scene, by: Scene['member'], ticket?: string) =>
    (await scene.object.fetch(await upgradeRequest(by, `call:${scene.id}`, `/calls/${scene.id}/socket`, ticket))).status;

  it('takes a ticket once, from the two of them, for this call, while it lives', async () => {
    const scene = await Scene.open();
    const { socket } = await scene.place();
    await scene.socket('caller', socket.ticket);
    await evictDurableObject(scene.object);
    expect(await knock(scene, scene.member, socket.ticket)).toBe(401);
    expect(await knock(scene, await newMember(0))).toBe(404);
    const { ticket: other } = await issueTicket(contextNow(), scene.member, `call:${newId('call')}`);
    expect(await knock(scene, scene.member, other)).toBe(403);
    const { ticket: old } = await issueTicket(contextNow(), scene.member, `call:${scene.id}`);
    later(31);
    expect(await knock(scene, scene.member, old)).toBe(401);
  });

  it('[SO3] shows whoever comes late how it ended', async () => {
    const scene = await Scene.open();
    await scene.place();
    await scene.object.decline({ userId: scene.companion.userId, now: Date.now() });
    const device = await scene.socket('caller');
    expect(await device.next()).toMatchObject({ type: 'call.state', state: 'ended' });
    expect(await device.next()).toMatchObject({ type: 'call.ended', reason: 'declined' });
    expect((await device.closed).code).toBe(1000);
  });

  it('answers bad frames, keeps the call, and closes who goes on with them', async () => {
    const scene = await Scene.open();
    await scene.connect();
    const device = scene.device('caller');
    const bad = [
      '{',
      '[]',
      '{"type":"nonsense","id":"7"}',
      new ArrayBuffer(3),
      JSON.stringify({ type: 'signal', data: { x: 'y'.repeat(70_000) } }),
    ];
    const codes: string[] = [];
    for (const frame of bad) {
      device.send(frame);
      codes.push((await device.nextOf('error')).code);
    }
    expect(codes).toEqual(['malformed_json', 'validation_failed', 'validation_failed', 'validation_failed', 'body_too_large']);
    expect((await scene.call()).state).toBe('active');
    for (let more = bad.length; more < 10; more++) device.send('{');
    expect((await device.closed).code).toBe(4022);
    expect(await scene.device('callee').nextOf('peer')).toMatchObject({ party: 'caller', present: false });
    expect((await scene.call()).state).toBe('active');
  });

  it('slows down a flood and then ends it', async () => {
    const scene = await Scene.open();
    await scene.connect();
    const device = scene.device('caller');
    for (let frame = 0; frame < 300; frame++) device.send({ type: 'signal', data: {} });
    expect((await device.nextOf('error')).code).toBe('rate_limited');
    expect((await device.closed).code).toBe(4029);
    expect((await scene.call()).state).toBe('active');
  });

  it('knows no call in an object that holds none', async () => {
    const scene = await Scene.open();
    scene.id = newId('call');
    expect(await knock(scene, scene.member)).toBe(404);
    expect(await scene.object.liveness()).toBe('unknown');
    expect(await scene.object.read()).toMatchObject({ ok: false, code: 'not_found' });
    expect(await alarmAt(scene)).toBeNull();
  });
});

describe('a process that died', () => {
  it('[SO2] takes its sockets along, and nobody believes they are there', async () => {
    const scene = await Scene.open();
    await scene.connect();
    await scene.talk(10);
    await abortAllDurableObjects();
    later(2);
    expect((await scene.call()).state).toBe('active');
    await scene.socket('caller');
    expect((await scene.device('caller').rest()).filter(({ type }) => type === 'peer')).toEqual([]);
    await scene.socket('callee');
    expect(await scene.device('caller').nextOf('peer')).toMatchObject({ party: 'callee', present: true });
    for (const party of ['caller', 'callee'] as const) scene.device(party).send({ type: 'media.connected' });
    await scene.talk(10);
    expect((await scene.call()).connectedMs).toBe(22_000);
    expect(await balance(scene.member, 'COIN')).toBe(431);
  });
});
