import { describe, expect, it } from 'vitest';
import type { Tariff } from '../../../worker/protocol/http/tariffs.ts';
import { golden, limits, order, Rehearsal, T } from './rehearsal.ts';
import { standingOf } from './resuming.ts';

/** A talk of `seconds` at the golden tariff with so many coins, then the caller hangs up. */
const talk = (seconds: number, coins = 500) =>
  new Rehearsal({ means: { seconds: 0, amount: coins } })
    .connect()
    .pass(seconds * 1000)
    .hangUp();

describe('charging', () => {
  it.each([
    [0, 9, 0],
    [19, 9, 0],
    [20, 69, 30],
    [59, 69, 30],
    [70, 129, 60],
    [120, 189, 90],
  ])('[MO1] a talk of %i s costs %i and earns %i', (seconds, paid, earned) => {
    const call = talk(seconds);
    expect(500 - call.coins).toBe(paid);
    expect(call.earned).toBe(earned);
    expect(call.outcome).toEqual(['hangup', seconds * 1000]);
  });

  it('[MO1] charges what was proved up to a hang-up although no alarm came', () => {
    const call = new Rehearsal().connect();
    call.now += 14_000;
    call.pings.callee = call.now;
    call.hangUp();
    expect(call.outcome).toEqual(['hangup', 14_000]);
    expect(call.lines).toEqual(['payer:0 9 coins']);
  });

  it('[MO1] charges nothing that is not proved: the other side was last heard before the second', () => {
    const call = new Rehearsal().connect().pass(15_000);
    call.awake.callee = false;
    call.pass(6_000).hangUp();
    expect(call.lines).toEqual(['payer:0 9 coins']);
    expect(call.outcome).toEqual(['hangup', 15_000]);
  });

  it('[MO1] asks for one second at a time, whatever fell due meanwhile', () => {
    const call = new Rehearsal().connect();
    call.ledger = 'down';
    call.pass(25_000);
    expect(call.record.money.pending?.order.atSeconds).toBe(20);
    expect(call.effects.filter(({ kind }) => kind === 'charge')).toHaveLength(2);
  });

  it('[MO2] tells each party of its own checkpoint only', () => {
    const call = talk(20);
    expect(call.frames('caller', 'billing.checkpoint').map(({ party, n, secondsLeft }) => [party, n, secondsLeft])).toEqual([
      ['payer', 0, 480],
      ['payer', 1, 460],
    ]);
    expect(call.frames('callee', 'billing.checkpoint').map(({ party, n, secondsLeft }) => [party, n, secondsLeft])).toEqual([
      ['payee', 0, null],
    ]);
  });

  it('[MO2] takes an answer once, however often it comes', () => {
    const call = new Rehearsal().connect();
    const first = call.effects.length;
    call.do({ type: 'charge.posted', atSeconds: 0, items: [] });
    expect(call.effects).toHaveLength(first);
    expect(call.record.money.positions.payer.n).toBe(1);
  });

  it('[MO3] ends at the very second that can’t be paid, beyond the grace', () => {
    const call = new Rehearsal({ means: { seconds: 0, amount: 129 } }).connect().pass(125_000);
    expect(call.outcome).toEqual(['balance_exhausted', 120_000]);
    expect(call.coins).toBe(0);
    expect(call.earned).toBe(60);
  });

  it('[MO3] posts nothing at or after that second, although both proved more', () => {
    const call = new Rehearsal({ means: { seconds: 0, amount: 129 } }).connect().pass(119_000);
    call.now += 6_000;
    call.pings.caller = call.pings.callee = call.now;
    call.wake();
    expect(call.outcome).toEqual(['balance_exhausted', 120_000]);
    expect(call.lines.filter((line) => line.startsWith('payee'))).toHaveLength(2);
  });

  it('[MO4] inside the grace the house pays and the payee earns; at its end the call is over', () => {
    const call = new Rehearsal({ means: { seconds: 0, amount: 60 } }).connect().pass(70_000);
    expect(call.lines).toEqual(['payer:0 9 coins', 'payer:1 60 grace', 'payee:0 30 house']);
    expect(call.outcome).toEqual(['balance_exhausted', 60_000]);
    expect([call.coins, call.house, call.earned]).toEqual([51, 60, 30]);
  });

  it('[MO4] ends with the grace where no checkpoint of the payer falls on its last second', () => {
    const sparse = { ...golden, grace: { seconds: 45, perDay: 3 } };
    const call = new Rehearsal({ means: { seconds: 0, amount: 60 }, tariff: sparse }).connect().pass(50_000);
    expect(call.outcome).toEqual(['balance_exhausted', 45_000]);
  });

  it('[MO4] a top-up inside the grace makes the next checkpoint payable', () => {
    const call = new Rehearsal({ means: { seconds: 0, amount: 60 } }).connect().pass(30_000);
    call.coins += 100;
    call.do({ type: 'funds', means: { seconds: 0, amount: call.coins } });
    call.pass(40_000);
    expect(call.over).toBe(false);
    expect(call.lines).toContain('payer:2 60 coins');
  });

  it('[MO4] grace used up ends the call at once', () => {
    const call = new Rehearsal({ means: { seconds: 0, amount: 60 } });
    call.graceLeft = 0;
    call.connect().pass(30_000);
    expect(call.outcome).toEqual(['balance_exhausted', 20_000]);
    expect(call.earned).toBe(0);
  });
});

describe('books out of reach', () => {
  it('[MO5] goes on while one checkpoint waits, and catches up', () => {
    const call = new Rehearsal().connect();
    call.ledger = 'down';
    call.pass(50_000);
    expect(call.record.phase).toBe('active');
    call.ledger = 'up';
    call.answer();
    call.pass(15_000);
    expect(call.lines.filter((line) => line.startsWith('payer'))).toEqual(['payer:0 9 coins', 'payer:1 60 coins', 'payer:2 60 coins']);
  });

  it('[MO6] two unposted payer checkpoints end it', () => {
    const call = new Rehearsal().connect();
    call.ledger = 'down';
    call.pass(70_000);
    expect(call.outcome).toEqual(['billing_unavailable', 60_000]);
  });

  it('[MO7] what turns out unpayable afterwards is paid by the house, and the payee is paid', () => {
    const call = new Rehearsal({ tariff: { ...golden, grace: undefined } as Tariff }).connect();
    call.ledger = 'down';
    call.pass(70_000);
    call.coins = 10;
    call.ledger = 'up';
    call.answer();
    expect(call.lines).toEqual(['payer:0 9 coins', 'payer:1 60 outage', 'payee:0 30 house', 'payer:2 60 outage', 'payee:1 30 house']);
    expect(call.record.money.pending).toBeNull();
  });

  it('[MO7] a late refusal of the order without the house says nothing', () => {
    const call = new Rehearsal().connect();
    call.ledger = 'down';
    call.pass(70_000);
    call.do({ type: 'charge.refused', atSeconds: 20, outage: false });
    expect(call.record.money.pending?.order).toMatchObject({ atSeconds: 20, outage: true });
  });

  it('[EN3] is not settled before its postings are known', () => {
    const call = new Rehearsal().connect();
    call.ledger = 'down';
    call.pass(25_000).hangUp();
    call.do({ type: 'drained' });
    expect(call.record.phase).toBe('ended');
    expect(call.effects.some((effect) => effect.kind === 'farewell' && effect.close)).toBe(false);
    call.ledger = 'up';
    call.answer();
    expect(call.effects.filter(({ kind }) => kind === 'settled')).toHaveLength(2);
    call.do({ type: 'drained' });
    expect(call.record.phase).toBe('settled');
  });
});

describe('warnings', () => {
  const warnings = (call: Rehearsal) => call.frames('caller', 'billing.low').map(({ secondsLeft }) => secondsLeft);

  it('[WA1] come 60 s and 15 s before the end, once each', () => {
    const call = new Rehearsal({ means: { seconds: 0, amount: 189 } }).connect().pass(119_000);
    expect(warnings(call)).toEqual([]);
    call.pass(2_000);
    expect(warnings(call)).toEqual([60]);
    call.pass(43_000);
    expect(warnings(call)).toEqual([60]);
    call.pass(2_000);
    expect(warnings(call)).toEqual([60, 15]);
    call.pass(20_000);
    expect(call.outcome).toEqual(['balance_exhausted', 180_000]);
  });

  it('[WA2] a top-up raises secondsLeft, and the warning comes again before the new end', () => {
    const call = new Rehearsal({ means: { seconds: 0, amount: 129 } }).connect().pass(110_000);
    expect(warnings(call)).toEqual([60, 15]);
    call.coins += 120;
    call.do({ type: 'funds', means: { seconds: 0, amount: call.coins } });
    expect(warnings(call)).toEqual([60, 15, 130]);
    call.pass(75_000);
    expect(warnings(call)).toEqual([60, 15, 130, 60]);
  });

  it('[WA3] a balance heard of before its charge is answered frightens nobody', () => {
    const call = new Rehearsal({ means: { seconds: 0, amount: 138 } }).connect();
    call.ledger = 'down';
    call.pass(21_000);
    call.do({ type: 'funds', means: { seconds: 0, amount: 69 } });
    expect(warnings(call)).toEqual([]);
    call.ledger = 'up';
    call.answer();
    expect(warnings(call)).toEqual([]);
  });

  it('[WA3] what was asked while a charge was under way is asked again', () => {
    const call = new Rehearsal({ means: { seconds: 0, amount: 138 } }).connect().pass(10_000);
    const asked = { type: 'funds', means: { seconds: 0, amount: call.coins }, n: call.record.money.positions.payer.n } as const;
    call.pass(11_000);
    expect(call.has('means')).toBe(false);
    call.do(asked);
    expect([call.has('means'), call.record.money.means.amount]).toEqual([true, 69]);
    call.do({ type: 'funds', means: { seconds: 0, amount: 69 }, n: 2 });
    call.pass(90_000);
    expect(warnings(call)).toEqual([60, 15]);
  });

  it('[WA3] so is what was asked of a change of medium during a charge, and what was asked for the medium before', () => {
    const means = { seconds: 0, amount: 400 };
    const asked = () => {
      const call = new Rehearsal({ means: { seconds: 0, amount: 138 } }).connect().pass(10_000);
      for (const party of ['caller', 'callee'] as const) call.do({ type: 'media.change', party, media: 'audio' });
      return call;
    };
    const late = asked();
    late.do({ type: 'tariff.found', media: 'audio', tariff: golden, means, n: 0 });
    expect([late.record.media, late.has('means'), late.record.money.means.amount]).toEqual(['audio', true, 129]);
    const before = asked();
    before.do({ type: 'tariff.found', media: 'audio', tariff: golden, means, n: 1 });
    expect([before.has('means'), before.record.money.means.amount]).toEqual([false, 400]);
    before.do({ type: 'funds', means: { seconds: 0, amount: 9 }, n: before.record.money.positions.payer.n, media: 'video' });
    expect([before.has('means'), before.record.money.means.amount]).toEqual([true, 400]);
  });

  const turning = (amount: number, inMs: number) => new Rehearsal({ means: { seconds: 0, amount, until: T + inMs } }).connect();

  it('[WA4] nobody is warned of an end that lies behind the turn of the day; there it is asked what there is', () => {
    const call = turning(129, 100_000).pass(99_000);
    expect([warnings(call), call.has('means')]).toEqual([[], false]);
    call.pass(2_000);
    expect([warnings(call), call.has('means')]).toEqual([[], true]);
    call.do({ type: 'funds', means: { seconds: 600, amount: 9, until: T + 86_400_000 } });
    expect(warnings(call)).toEqual([]);
    const poor = turning(129, 100_000).pass(101_000);
    poor.do({ type: 'funds', means: { seconds: 0, amount: 9 } });
    expect(warnings(poor)).toEqual([19]);
  });

  it('[WA4] an end before the turn is warned of as ever, and nothing is asked while a charge is under way', () => {
    const call = turning(129, 130_000).pass(119_000);
    expect(warnings(call)).toEqual([60, 15]);
    const away = turning(500, 30_000);
    away.ledger = 'down';
    away.pass(35_000);
    expect(away.has('means')).toBe(false);
    away.ledger = 'up';
    away.answer();
    expect(away.effects.filter(({ kind }) => kind === 'means')).toHaveLength(1);
  });

  it('[WA1] go to the payer only, whoever called', () => {
    const call = new Rehearsal({ means: { seconds: 0, amount: 60 }, payer: 'callee' }).connect().pass(50_000);
    expect(call.frames('caller', 'billing.low')).toEqual([]);
    expect(call.frames('callee', 'billing.low').map(({ secondsLeft }) => secondsLeft)).toEqual([60, 15]);
  });
});

describe('the longest call', () => {
  it('[MD1] ends at the lower of tariff and setting, before a checkpoint of that second', () => {
    const short = new Rehearsal({ tariff: { ...golden, maxSeconds: 60 } }).connect().pass(70_000);
    expect(short.outcome).toEqual(['max_duration', 60_000]);
    expect(500 - short.coins).toBe(69);
    const set = new Rehearsal({ limits: { ...limits, maxSeconds: 30 }, tariff: { ...golden, maxSeconds: 60 } }).connect().pass(70_000);
    expect(set.outcome).toEqual(['max_duration', 30_000]);
  });
});

describe('resuming', () => {
  it('[RS1] goes on with offset, n and key of the first call, without a second grace', () => {
    const first = new Rehearsal({ means: { seconds: 0, amount: 60 } }).connect().pass(70_000);
    const carried = standingOf(first.record, first.now + 1_000);
    expect(carried).toMatchObject({ rootId: first.record.id, connectedMs: 60_000, positions: { payer: { n: 2 }, payee: { n: 1 } } });
    const second = new Rehearsal({
      ...order(),
      callId: 'call_second',
      resumes: first.record.id,
      carried,
      means: { seconds: 0, amount: 80 },
      now: T + 200_000,
    }).connect();
    expect(second.record.clock?.connectedMs).toBe(60_000);
    expect(second.lines).toEqual(['payer:2 60 coins', 'payee:1 30 house']);
    const charge = second.effects.find((effect) => effect.kind === 'charge');
    expect(charge).toMatchObject({ order: { callId: first.record.id, atSeconds: 60, grace: null } });
  });

  it('[RS1] only after running out, and only for a while', () => {
    const out = new Rehearsal({ means: { seconds: 0, amount: 129 } }).connect().pass(125_000);
    expect(standingOf(out.record, (out.record.endedAt ?? 0) + limits.resumeMs)).not.toBeNull();
    expect(standingOf(out.record, (out.record.endedAt ?? 0) + limits.resumeMs + 1)).toBeNull();
    expect(standingOf(talk(30).record, T + 31_000)).toBeNull();
  });
});
