import { describe, expect, it } from 'vitest';
import type { Receipt, ReceiptLine, TimelineItem } from '../../../../worker/protocol/call/call.ts';
import { momentsOf, stretchesOf } from './story.ts';

const at = (second: number): string => new Date(1_800_000_000_000 + second * 1000).toISOString();
const item = (second: number, type: string): TimelineItem => ({ at: at(second), type, detail: {} });
const line = (second: number, party: 'payer' | 'payee', amount: number, paidBy: ReceiptLine['paidBy'] = 'coins'): ReceiptLine => ({
  party,
  n: 0,
  atSeconds: second,
  unit: party === 'payer' ? 'COIN' : 'EARN',
  amount,
  paidBy,
  at: at(second),
});
const receipt = (...checkpoints: ReceiptLine[]): Receipt => ({
  callId: 'call_0000000000000000000000000a',
  connectedMs: 0,
  settled: true,
  checkpoints,
  totals: { payer: [], payee: [] },
});

describe('the moments of a call', () => {
  it('are in order whatever told of them, the call’s word before the charge of the same moment', () => {
    const moments = momentsOf(
      [item(0, 'placed'), item(1, 'ringing'), item(5, 'connected'), item(40, 'ended')],
      receipt(line(5, 'payer', 9), line(25, 'payer', 60), line(25, 'payee', 30)),
    );
    expect(moments.map(({ item: told, line: charged }) => told?.type ?? charged?.amount)).toEqual([
      'placed',
      'ringing',
      'connected',
      9,
      60,
      30,
      'ended',
    ]);
  });

  it('sum what the payer paid and the other earned; what the house carried costs the payer nothing', () => {
    const moments = momentsOf([item(5, 'connected')], receipt(line(5, 'payer', 9, 'grace'), line(25, 'payer', 60), line(25, 'payee', 30)));
    expect(moments.map(({ paid, earned }) => [paid, earned])).toEqual([
      [0, 0],
      [0, 0],
      [60, 0],
      [60, 30],
    ]);
  });

  it('keep the state through charges, and freeze it while nobody proves that they are there', () => {
    const moments = momentsOf(
      [item(5, 'connected'), item(30, 'reconnecting'), item(40, 'reconnected'), item(60, 'ended'), item(61, 'settled')],
      receipt(line(25, 'payer', 60)),
    );
    expect(moments.map(({ state }) => state)).toEqual(['active', 'active', 'reconnecting', 'active', 'ended', 'ended']);
    expect(stretchesOf(moments, Date.parse(at(61))).map(({ state, from, to }) => [state, (to - from) / 1000])).toEqual([
      ['active', 25],
      ['reconnecting', 10],
      ['active', 20],
      ['ended', 1],
    ]);
  });

  it('run on to now while the call does', () => {
    const stretches = stretchesOf(momentsOf([item(0, 'placed'), item(5, 'connected')], receipt()), Date.parse(at(90)));
    expect(stretches.at(-1)).toMatchObject({ state: 'active', to: Date.parse(at(90)) });
  });
});
