import { describe, expect, it } from 'vitest';
import type { CallParty } from '../../../worker/protocol/call/call.ts';
import { decide, nextWake } from './decide.ts';
import type { CallEvent, EventType } from './events.ts';
import { lifecycle } from './lifecycle.ts';
import { calleePhone, calleeTablet, golden, limits, Rehearsal, T } from './rehearsal.ts';
import { phases } from './state.ts';

const ringing = () => {
  const call = new Rehearsal();
  call.do({ type: 'locks.taken' });
  return call;
};
const accepted = () => {
  const call = ringing();
  call.do({ type: 'accept', party: 'callee', sessionId: calleePhone });
  return call;
};
const accept = (sessionId: typeof calleePhone | typeof calleeTablet): CallEvent => ({ type: 'accept', party: 'callee', sessionId });
const elapse = (call: Rehearsal, ms: number): Rehearsal => {
  call.now += ms;
  call.wake();
  return call;
};

describe('the table', () => {
  const events: { [K in EventType]: CallEvent } = {
    'locks.taken': { type: 'locks.taken' },
    'locks.refused': { type: 'locks.refused', code: 'callee_busy', joined: null },
    rung: { type: 'rung', devices: 1 },
    accept: accept(calleePhone),
    decline: { type: 'decline', party: 'callee' },
    hangup: { type: 'hangup', party: 'caller' },
    stop: { type: 'stop', reason: 'blocked' },
    'socket.opened': { type: 'socket.opened', party: 'caller' },
    'socket.closed': { type: 'socket.closed', party: 'caller' },
    'media.connected': { type: 'media.connected', party: 'caller' },
    'media.failed': { type: 'media.failed', party: 'caller', provider: 'direct', reason: 'x' },
    'media.change': { type: 'media.change', party: 'caller', media: 'audio' },
    'tariff.found': { type: 'tariff.found', media: 'audio', tariff: golden, means: null },
    signal: { type: 'signal', party: 'caller', data: {} },
    tick: { type: 'tick' },
    'charge.posted': { type: 'charge.posted', atSeconds: 0, items: [] },
    'charge.refused': { type: 'charge.refused', atSeconds: 0, outage: false },
    'charge.unknown': { type: 'charge.unknown', atSeconds: 0 },
    funds: { type: 'funds', means: { seconds: 0, amount: 1 } },
    drained: { type: 'drained' },
  };

  it('knows every event in every state', () => {
    for (const phase of phases) expect(Object.keys(lifecycle[phase]).sort()).toEqual(Object.keys(events).sort());
  });

  it('[EN1] leaves an ended call ended, for the reason it ended, whatever happens', () => {
    const ended = new Rehearsal().connect().pass(25_000).hangUp();
    for (const event of Object.values(events)) {
      const { state } = decide(ended.record, event, ended.now + 3_600_000);
      expect([event.type, state.endReason, state.endedAt]).toEqual([event.type, 'hangup', ended.record.endedAt]);
      expect(['ended', 'settled']).toContain(state.phase);
    }
  });

  it('[EN3] an unsettled call that is not over always has something to wake for', () => {
    const stages = [new Rehearsal(), ringing(), accepted(), new Rehearsal().connect(), new Rehearsal().connect().pass(5_000)];
    for (const call of stages) expect(nextWake(call.record, call.now)).toBeGreaterThan(call.now - 1);
    const silent = new Rehearsal().connect();
    silent.awake.callee = false;
    silent.pass(16_000);
    expect(silent.record.phase).toBe('reconnecting');
    expect(nextWake(silent.record, silent.now)).toBeLessThanOrEqual(silent.now + 2_500);
  });
});

describe('beginning', () => {
  it('[PR1] takes the locks before it rings', () => {
    const call = new Rehearsal();
    expect(call.effects.map(({ kind }) => kind)).toEqual(['timeline', 'lock']);
    call.do({ type: 'locks.taken' });
    expect(call.record).toMatchObject({ phase: 'ringing', until: T + limits.ringMs });
    expect(call.has('ring')).toBe(true);
  });

  it('[PR2] taken twice, rings once', () => {
    const call = ringing();
    call.do({ type: 'locks.taken' });
    expect(call.effects.filter(({ kind }) => kind === 'ring')).toHaveLength(1);
  });

  it.each([
    ['callee_busy', 'busy'],
    ['caller_busy', 'refused'],
  ] as const)('[PR3] %s ends it %s, with whatever lock it has given back', (code, reason) => {
    const call = new Rehearsal();
    call.do({ type: 'locks.refused', code, joined: null });
    expect(call.record).toMatchObject({ endReason: reason, refusal: { code, joined: null } });
    expect(call.has('unlock')).toBe(true);
    expect(call.has('tell')).toBe(false);
  });

  it('[PR4] gives up when the locks take too long', () => {
    const call = elapse(new Rehearsal(), 10_000);
    expect(call.record).toMatchObject({ endReason: 'refused', refusal: { code: 'overloaded' } });
  });

  it('[PR4] a call cancelled before it has its locks never rings', () => {
    const call = new Rehearsal();
    call.do({ type: 'hangup', party: 'caller' });
    call.do({ type: 'locks.taken' });
    expect(call.record.endReason).toBe('cancelled');
    expect(call.has('ring')).toBe(false);
    expect(call.has('missed')).toBe(false);
  });

  it('[GL1] is joined by the callee who rang back, even before its own locks are taken', () => {
    const call = new Rehearsal();
    expect(call.do(accept(calleePhone))).toEqual({ ok: true });
    call.do({ type: 'locks.taken' });
    expect(call.record).toMatchObject({ phase: 'connecting', answeredBy: calleePhone });
    expect(call.has('ring')).toBe(false);
  });

  it('[PR2] nobody answers: over, and a note is left', () => {
    expect(elapse(ringing(), limits.ringMs - 1).over).toBe(false);
    const call = elapse(ringing(), limits.ringMs);
    expect(call.record.endReason).toBe('no_answer');
    expect(call.has('missed')).toBe(true);
  });

  it('[AC2] an answer that comes after the ring ran out finds the call over, although no alarm fired', () => {
    const call = ringing();
    call.now += limits.ringMs;
    expect(call.do(accept(calleePhone))).toMatchObject({ ok: false, code: 'call_ended' });
  });

  it('[AC1] the first device wins; [AC2] again from it is fine, another came too late', () => {
    const call = accepted();
    expect(call.record.phase).toBe('connecting');
    expect(call.do(accept(calleePhone))).toEqual({ ok: true });
    expect(call.do(accept(calleeTablet))).toMatchObject({ ok: false, code: 'answered_elsewhere' });
    call.open('caller');
    call.open('callee');
    expect(call.do(accept(calleePhone))).toEqual({ ok: true });
    expect(call.effects.filter(({ kind }) => kind === 'tell')).toHaveLength(2);
  });

  it('[AC1] the caller can’t answer their own call', () => {
    expect(ringing().do({ type: 'accept', party: 'caller', sessionId: calleePhone })).toMatchObject({ ok: false, code: 'forbidden' });
  });

  it.each([
    ['caller', 'hangup', 'cancelled', true],
    ['caller', 'decline', 'cancelled', true],
    ['callee', 'decline', 'declined', false],
    ['callee', 'hangup', 'declined', false],
  ] as const)('[EN2] while it rings, %s %s is %s', (party, type, reason, missed) => {
    const call = ringing();
    call.do({ type, party });
    expect(call.record.endReason).toBe(reason);
    expect(call.has('missed')).toBe(missed);
  });

  it('[EN2] a decline on another device after the answer changes nothing', () => {
    const call = accepted();
    expect(call.do({ type: 'decline', party: 'callee' })).toEqual({ ok: true });
    expect(call.record.phase).toBe('connecting');
  });

  it('[CN2] starts when both have media, and not with one', () => {
    const call = accepted();
    call.open('caller');
    expect(call.record.phase).toBe('connecting');
    call.now += 3_000;
    call.open('callee');
    expect(call.record).toMatchObject({ phase: 'active', clock: { startedAt: T + 3_000, connectedMs: 0 } });
    expect(call.lines).toEqual(['payer:0 9 coins']);
  });

  it('[CN2] does not start with somebody who reported media and fell silent', () => {
    const call = accepted();
    call.open('caller');
    call.now += 16_000;
    call.open('callee');
    expect(call.record.phase).toBe('connecting');
    call.do({ type: 'tick', proofs: { caller: call.now } });
    expect(call.record.phase).toBe('active');
  });

  it('[CN2] media not up in time', () => {
    const call = accepted();
    call.open('caller');
    expect(elapse(call, limits.connectMs).record.endReason).toBe('connect_failed');
    expect(call.lines).toEqual([]);
  });

  it('[CN2] a socket that closed while connecting has to report media again', () => {
    const call = accepted();
    call.open('caller');
    call.do({ type: 'socket.closed', party: 'caller' });
    call.open('callee');
    expect(call.record.phase).toBe('connecting');
  });
});

describe('silence', () => {
  /** Talks so long, and the object has just looked. */
  const talk = (seconds: number) =>
    new Rehearsal()
      .connect()
      .pass(seconds * 1000)
      .wake();

  it('[FR1] after deadMs the clock stands at the last proof', () => {
    const call = talk(30);
    call.awake.callee = false;
    call.pass(15_000);
    expect(call.record).toMatchObject({ phase: 'reconnecting', clock: { connectedMs: 30_000 }, freezes: 1 });
    expect(call.frames('caller', 'call.state').at(-1)).toMatchObject({ state: 'reconnecting', connectedMs: 30_000, nextAt: null });
  });

  it('[CT2] a gap of exactly deadMs that a proof closes counts whole', () => {
    const call = talk(30);
    call.now += 15_000;
    call.do({ type: 'tick', proofs: { caller: call.now, callee: call.now } });
    expect(call.record).toMatchObject({ phase: 'active', clock: { connectedMs: 45_000 } });
  });

  it('[CT2] a longer gap counts not at all, seen or not seen by an alarm', () => {
    for (const seen of [true, false]) {
      const call = talk(30);
      call.awake.callee = false;
      if (seen) call.pass(20_000);
      else call.now += 20_000;
      call.awake.callee = true;
      call.pings.caller = call.pings.callee = call.now;
      call.wake();
      call.pass(10_000).wake();
      expect([seen, call.record.phase, call.record.clock?.connectedMs, call.record.freezes]).toEqual([seen, 'active', 40_000, 1]);
    }
  });

  it('[CT2] overlapping silences of both are taken off once', () => {
    const call = talk(10);
    call.now = T + 30_000;
    call.do({ type: 'tick', proofs: { caller: T + 30_000 } });
    call.now = T + 35_000;
    call.do({ type: 'tick', proofs: { callee: T + 35_000, caller: T + 35_000 } });
    call.now = T + 40_000;
    call.do({ type: 'tick', proofs: { callee: T + 40_000, caller: T + 40_000 } });
    // Caller silent 10–30, callee silent 10–35: connected 0–10 and 35–40.
    expect(call.record.clock?.connectedMs).toBe(15_000);
    expect(call.record.freezes).toBe(1);
  });

  it('[CT1] is the smaller of both last proofs', () => {
    const call = talk(30);
    call.now += 4_000;
    call.do({ type: 'tick', proofs: { caller: call.now } });
    expect(call.record.clock?.connectedMs).toBe(30_000);
    call.do({ type: 'tick', proofs: { callee: call.now - 1_000 } });
    expect(call.record.clock?.connectedMs).toBe(33_000);
  });

  it('[PL1] a proof from the future is taken for now, one from the past changes nothing', () => {
    const call = talk(30);
    call.do({ type: 'tick', proofs: { caller: call.now + 60_000, callee: call.now + 60_000 } });
    expect(call.record.clock?.connectedMs).toBe(30_000);
    call.do({ type: 'tick', proofs: { caller: T, callee: T } });
    expect(call.record.clock?.connectedMs).toBe(30_000);
  });

  it('[PL3] looks seldom: an 18-minute call wakes some ninety times', () => {
    const call = new Rehearsal().connect();
    const before = call.wakes;
    call.pass(1_080_000);
    expect(call.wakes - before).toBeLessThan(95);
    expect(call.record.freezes).toBe(0);
  });

  it('[PL3] asks both to prove at one moment before it looks, and again from there', () => {
    const call = new Rehearsal().connect();
    const asked = (frames = call.frames('callee', 'call.state')) => Date.parse(frames.at(-1)?.nextAt ?? '') - T;
    expect(asked()).toBe(12_100);
    expect(nextWake(call.record, call.now)).toBe(T + 12_900);
    call.pass(12_900);
    expect(call.record.parties.callee.proofAt).toBe(T + 12_100);
    // The checkpoint comes first.
    expect(asked()).toBe(20_000);
    expect(call.frames('caller', 'call.state').map(({ nextAt }) => nextAt)).toEqual(
      call.frames('callee', 'call.state').map(({ nextAt }) => nextAt),
    );
  });

  it('[PL3] a device that proves by its heartbeat alone is not taken for a silent one', () => {
    const call = new Rehearsal().connect();
    call.provesWhenAsked = false;
    call.pass(300_000).hangUp();
    expect([call.outcome, call.record.freezes]).toEqual([['hangup', 300_000], 0]);
  });

  it('[PL3] [FR1] a silent party is found when its silence is too long, wherever the look fell', () => {
    for (let seconds = 20; seconds < 45; seconds++) {
      const call = talk(seconds);
      const last = call.record.parties.callee.proofAt ?? 0;
      call.awake.callee = false;
      const lastPing = Math.max(last, call.pings.callee ?? 0);
      call.pass(15_000 - (call.now - lastPing) + 1);
      expect([seconds, call.record.phase]).toEqual([seconds, 'reconnecting']);
    }
  });

  it('[PL2] alarms that fire two seconds late cost nobody a second', () => {
    const call = new Rehearsal().connect().pass(300_000, 2_000).hangUp();
    expect(call.outcome).toEqual(['hangup', 300_000]);
    expect(call.record.freezes).toBe(0);
  });

  it('[RC4] lost after reconnectMs more', () => {
    const call = talk(30);
    call.awake.callee = false;
    call.pass(44_999);
    expect(call.over).toBe(false);
    call.pass(1);
    expect(call.outcome).toEqual(['lost', 30_000]);
  });

  it('[RC4] whoever comes back after that finds it lost, although no alarm saw it', () => {
    const call = talk(30);
    call.now += 45_000;
    call.open('callee');
    expect(call.outcome).toEqual(['lost', 30_000]);
  });

  it('[RC2] back inside the window: t0 stays and nothing is charged twice', () => {
    const call = talk(30);
    call.awake.callee = false;
    call.pass(20_000);
    call.awake.callee = true;
    call.open('callee');
    expect(call.record).toMatchObject({ phase: 'active', clock: { startedAt: T } });
    call.pass(31_000);
    expect(call.lines.filter((line) => line.startsWith('payer'))).toEqual(['payer:0 9 coins', 'payer:1 60 coins', 'payer:2 60 coins']);
  });

  it('[RC3] a new socket has no media until it says so; said within deadMs nothing is lost', () => {
    const call = talk(30);
    call.do({ type: 'socket.opened', party: 'callee' });
    call.now += 8_000;
    call.do({ type: 'tick', proofs: { caller: call.now, callee: call.now } });
    expect(call.record.clock?.connectedMs).toBe(30_000);
    call.do({ type: 'media.connected', party: 'callee' });
    expect(call.record).toMatchObject({ phase: 'active', clock: { connectedMs: 38_000 } });
  });

  it('[SL1] a socket that lives without media for soloMs', () => {
    const call = talk(30);
    call.do({ type: 'socket.opened', party: 'callee' });
    call.pass(59_999);
    expect(call.record.phase).toBe('reconnecting');
    call.pass(1);
    expect(call.outcome).toEqual(['solo', 30_000]);
  });

  it('[FR3] the third freeze ends it', () => {
    const call = talk(5);
    for (const freeze of [1, 2, 3]) {
      call.awake.callee = false;
      call.pass(16_000);
      expect(call.record.freezes).toBe(freeze);
      call.awake.callee = true;
      call.pass(10_000);
    }
    expect(call.record.endReason).toBe('lost');
  });

  it('[FR2] so much frozen time in all ends it', () => {
    const call = new Rehearsal({ limits: { ...limits, frozenMs: 60_000 } }).connect().pass(5_000);
    call.awake.callee = false;
    call.pass(30_000);
    call.awake.callee = true;
    call.pass(10_000);
    expect(call.record).toMatchObject({ phase: 'active', freezes: 1 });
    call.awake.callee = false;
    call.pass(30_000);
    expect(call.record.freezes).toBe(2);
    expect(call.record.endReason).toBe('lost');
  });

  it('[TI1] a clock that steps back stands still, and one that jumps ahead is silence', () => {
    const call = talk(30);
    const { connectedMs } = call.record.clock ?? {};
    call.now -= 3_600_000;
    call.do({ type: 'tick', proofs: { caller: call.now, callee: call.now } });
    expect(call.record.lastNow).toBe(T + 30_000);
    expect(call.record.clock?.connectedMs).toBe(connectedMs);
    call.now += 3_600_000 + 40_000;
    call.do({ type: 'tick', proofs: { caller: call.now, callee: call.now } });
    expect(call.record.clock?.connectedMs).toBe(30_000);
    expect(call.record.freezes).toBe(1);
  });
});

describe('talking', () => {
  it('[SO1] a socket reads the state first, then who else is there', () => {
    const call = accepted();
    call.open('caller');
    const before = call.effects.length;
    call.do({ type: 'socket.opened', party: 'callee' });
    const told = call.effects.slice(before);
    expect(told[0]).toMatchObject({
      kind: 'send',
      to: 'callee',
      frame: { type: 'call.state', you: 'callee', role: 'payee', heartbeatMs: 5_000 },
    });
    expect(told).toContainEqual({ kind: 'grant', to: 'callee' });
    expect(told).toContainEqual({ kind: 'send', to: 'callee', frame: { type: 'peer', party: 'caller', present: true } });
    expect(told).toContainEqual({ kind: 'send', to: 'caller', frame: { type: 'peer', party: 'callee', present: true } });
  });

  it('[SG1] signals pass only while the call is answered', () => {
    const signal = { type: 'signal', party: 'caller', data: { sdp: 'x' } } as const;
    expect(ringing().do(signal)).toMatchObject({ ok: false });
    const call = accepted();
    call.do(signal);
    expect(call.frames('callee', 'signal')).toEqual([{ type: 'signal', from: 'caller', data: { sdp: 'x' } }]);
    call.hangUp();
    expect(call.do(signal)).toMatchObject({ ok: false, code: 'call_ended' });
  });

  it('[PF1] failed media end the call', () => {
    const call = accepted();
    call.do({ type: 'media.failed', party: 'callee', provider: 'direct', reason: 'ice' });
    expect(call.record.endReason).toBe('provider_failed');
  });

  it('[EN1] a block ends a running call at once', () => {
    const call = new Rehearsal().connect().pass(25_000);
    call.do({ type: 'stop', reason: 'blocked' });
    expect(call.record.endReason).toBe('blocked');
    expect(call.effects.filter(({ kind }) => kind === 'farewell')).toEqual([
      { kind: 'farewell', to: 'caller', close: true },
      { kind: 'farewell', to: 'callee', close: true },
    ]);
  });

  it('[PL1] nothing proves anything after the end', () => {
    const call = new Rehearsal().connect().pass(50_000).hangUp();
    call.now += 10_000;
    call.do({ type: 'tick', proofs: { caller: call.now, callee: call.now } });
    expect(call.outcome).toEqual(['hangup', 50_000]);
    expect(call.lines).not.toContain('payer:2 60 coins');
  });
});

describe('another medium', () => {
  const audio = {
    ...golden,
    id: 'tar_audio' as const,
    parties: golden.parties.map((side) => ({
      ...side,
      checkpoints: [],
      then: { everySeconds: 30, amount: side.party === 'payer' ? 20 : 10 },
    })),
  };

  it('[MC2] needs both, [MC3] and costs by its tariff from the next checkpoint, with n going on', () => {
    const call = new Rehearsal().connect().pass(25_000);
    call.do({ type: 'media.change', party: 'caller', media: 'audio' });
    expect(call.has('tariff')).toBe(false);
    expect(call.frames('callee', 'media.change')).toEqual([{ type: 'media.change', media: 'audio', by: 'caller', agreed: false }]);
    call.do({ type: 'media.change', party: 'caller', media: 'audio' });
    expect(call.has('tariff')).toBe(false);
    call.do({ type: 'media.change', party: 'callee', media: 'audio' });
    call.do({ type: 'tariff.found', media: 'audio', tariff: audio, means: null });
    expect(call.record).toMatchObject({ media: 'audio', change: null });
    call.pass(40_000);
    expect(call.lines.filter((line) => line.startsWith('payer'))).toEqual([
      'payer:0 9 coins',
      'payer:1 60 coins',
      'payer:2 20 coins',
      'payer:3 20 coins',
    ]);
  });

  it('[MC3] and what the payer has is what they have for the new medium', () => {
    const call = new Rehearsal().connect().pass(25_000);
    call.do({ type: 'media.change', party: 'caller', media: 'audio' });
    call.do({ type: 'media.change', party: 'callee', media: 'audio' });
    call.do({ type: 'tariff.found', media: 'audio', tariff: audio, means: { seconds: 30, amount: 0 } });
    expect(call.record.money.means).toEqual({ seconds: 30, amount: 0 });
    expect(call.frames('caller', 'billing.low').length).toBe(1);
  });

  it('[MC3] what was due by the old tariff is charged by the old one first', () => {
    const call = new Rehearsal().connect();
    call.ledger = 'down';
    call.pass(25_000);
    call.do({ type: 'media.change', party: 'caller', media: 'audio' });
    call.do({ type: 'media.change', party: 'callee', media: 'audio' });
    call.do({ type: 'tariff.found', media: 'audio', tariff: audio, means: null });
    call.ledger = 'up';
    call.answer();
    call.pass(10_000);
    expect(call.lines.filter((line) => line.startsWith('payer'))).toEqual(['payer:0 9 coins', 'payer:1 60 coins', 'payer:2 20 coins']);
  });

  it('[MC1] the same wish again from the same side says nothing new', () => {
    const call = new Rehearsal().connect();
    for (let time = 0; time < 3; time++) call.do({ type: 'media.change', party: 'caller', media: 'audio' });
    expect(call.effects.filter((effect) => effect.kind === 'timeline' && effect.type === 'media.change.asked')).toHaveLength(1);
    expect(call.frames('callee', 'media.change')).toHaveLength(1);
  });

  it('[MC5] is asked for six times a minute by each party, however it is taken back', () => {
    const call = new Rehearsal().connect();
    const rows = () => call.effects.filter((effect) => effect.kind === 'timeline' && effect.type === 'media.change.asked').length;
    const ask = (party: CallParty, media: 'audio' | 'video') => {
      const answer = call.do({ type: 'media.change', party, media });
      return answer.ok ? 'ok' : answer.code;
    };
    for (let time = 0; time < 6; time++) {
      expect([ask('caller', 'audio'), ask('caller', 'video')]).toEqual(['ok', 'ok']);
      call.pass(1_000);
    }
    expect([ask('caller', 'audio'), rows()]).toEqual(['rate_limited', 6]);
    expect(call.record.change).toBeNull();
    // The other one's wishes are their own, and what they asked for can be taken back by whom it would bother.
    expect([ask('callee', 'audio'), rows(), ask('caller', 'video')]).toEqual(['ok', 7, 'ok']);
    call.pass(54_000);
    expect([ask('caller', 'audio'), rows()]).toEqual(['ok', 8]);
  });

  it('[MC1] asking for what there is takes the wish back; [MC3] without a price nothing changes', () => {
    const call = new Rehearsal().connect();
    call.do({ type: 'media.change', party: 'caller', media: 'audio' });
    call.do({ type: 'media.change', party: 'callee', media: 'video' });
    expect(call.record.change).toBeNull();
    call.do({ type: 'media.change', party: 'caller', media: 'audio' });
    call.do({ type: 'media.change', party: 'callee', media: 'audio' });
    call.do({ type: 'tariff.found', media: 'audio', tariff: null, means: null });
    expect(call.record).toMatchObject({ media: 'video', change: null });
  });
});
