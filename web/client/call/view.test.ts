import { expect, test } from 'vitest';
import type { Receipt } from '../../../worker/protocol/call/call.ts';
import type { CallDown } from '../../../worker/protocol/call/down.ts';
import { applyFrame, applyReceipt, connectedMsAt, newView, secondsLeftAt, soFar } from './view.ts';

const NOW = 1_700_000_000_000;
/** The server's clock is an hour ahead of the device's. */
const server = (ms: number): string => new Date(NOW + 3_600_000 + ms).toISOString();
const state = (over: Partial<Extract<CallDown, { type: 'call.state' }>>): CallDown => ({
  type: 'call.state',
  state: 'active',
  at: server(0),
  connectedMs: 0,
  nextAt: null,
  media: 'audio',
  kind: 'direct',
  you: 'caller',
  role: 'payer',
  until: null,
  ...over,
});
const checkpoint = (n: number, amount: number, over: object = {}): CallDown => ({
  type: 'billing.checkpoint',
  party: 'payer',
  n,
  atSeconds: n * 20,
  unit: 'COIN',
  amount,
  paidBy: 'coins',
  balance: 100,
  secondsLeft: 80,
  nextAt: null,
  ...over,
});
const start = newView('audio', 'ringing', NOW);

test('the clock runs while active and stands while reconnecting', () => {
  const active = applyFrame(start, state({ connectedMs: 4_000 }), NOW);
  expect(connectedMsAt(active, NOW + 2_500)).toBe(6_500);
  const frozen = applyFrame(active, state({ state: 'reconnecting', connectedMs: 5_000 }), NOW + 3_000);
  expect(connectedMsAt(frozen, NOW + 30_000)).toBe(5_000);
});

test('a checkpoint sets a clock right that is behind, and never turns it back', () => {
  const active = applyFrame(start, state({ connectedMs: 1_000 }), NOW);
  expect(connectedMsAt(applyFrame(active, checkpoint(1, 60), NOW + 2_000), NOW + 3_000)).toBe(21_000);
  expect(connectedMsAt(applyFrame(active, checkpoint(0, 9), NOW + 2_000), NOW + 3_000)).toBe(4_000);
});

test('the next checkpoint is told in the device’s own time, also where its clock is wrong', () => {
  const active = applyFrame(start, state({ nextAt: server(20_000) }), NOW);
  expect(active.nextAt).toBe(NOW + 20_000);
  const later = applyFrame(active, checkpoint(1, 60, { nextAt: server(60_000) }), NOW + 20_000);
  expect(later.nextAt).toBe(NOW + 60_000);
});

test('own checkpoints add up once each; what the house carried costs nothing; the other party’s are not ours', () => {
  const frames = [
    checkpoint(0, 9),
    checkpoint(1, 60),
    checkpoint(1, 60),
    checkpoint(2, 60, { paidBy: 'grace' }),
    checkpoint(0, 30, { party: 'payee' }),
  ];
  const view = frames.reduce((before, frame) => applyFrame(before, frame, NOW), applyFrame(start, state({}), NOW));
  expect(view.lines.map(({ n }) => n)).toEqual([0, 1, 2]);
  expect(soFar(view)).toBe(69);
});

test('a low balance is told, counts down, and is laid by a top-up', () => {
  let view = applyFrame(applyFrame(start, state({}), NOW), checkpoint(0, 9, { secondsLeft: 61 }), NOW);
  expect(view.low).toBe(false);
  view = applyFrame(view, { type: 'billing.low', secondsLeft: 60 }, NOW + 1_000);
  expect(view.low).toBe(true);
  expect(secondsLeftAt(view, NOW + 11_000)).toBe(50);
  expect(secondsLeftAt(view, NOW + 999_000)).toBe(0);
  expect(applyFrame(view, { type: 'billing.low', secondsLeft: 360 }, NOW + 2_000).low).toBe(false);
});

test('after a reload the receipt tells what was paid before; the end is final', () => {
  const receipt: Receipt = {
    callId: 'call_01m7xz2gcdfvm8xwv1ha7afe0s',
    connectedMs: 21_000,
    settled: false,
    checkpoints: [
      { party: 'payer', n: 0, atSeconds: 0, unit: 'COIN', amount: 9, paidBy: 'coins', at: server(0) },
      { party: 'payee', n: 0, atSeconds: 20, unit: 'EARN', amount: 30, paidBy: 'coins', at: server(0) },
    ],
    totals: { payer: [], payee: [] },
  };
  let view = applyReceipt(applyFrame(applyFrame(start, state({}), NOW), checkpoint(1, 60), NOW), receipt, 'payer');
  expect(soFar(view)).toBe(69);
  view = applyFrame(view, { type: 'call.ended', reason: 'hangup', receipt }, NOW);
  view = applyFrame(view, state({ state: 'active' }), NOW);
  expect(view.state).toBe('ended');
  view = applyFrame(view, { type: 'receipt.settled', receipt: { ...receipt, settled: true } }, NOW);
  expect(view.ended).toMatchObject({ reason: 'hangup', receipt: { settled: true } });
});

test('another medium is asked first, taken back, or agreed', () => {
  const asked = applyFrame(start, { type: 'media.change', media: 'video', by: 'callee', agreed: false }, NOW);
  expect([asked.media, asked.asked]).toEqual(['audio', { media: 'video', by: 'callee' }]);
  expect(applyFrame(asked, { type: 'media.change', media: 'audio', by: 'caller', agreed: false }, NOW).asked).toBeNull();
  expect(applyFrame(asked, { type: 'error', code: 'callee_unavailable', message: '' }, NOW).asked).toBeNull();
  const agreed = applyFrame(asked, { type: 'media.change', media: 'video', by: 'callee', agreed: true }, NOW);
  expect([agreed.media, agreed.asked]).toEqual(['video', null]);
});
