import { describe, expect, it } from 'vitest';
import { costOf, only, plus, times, wakeUps } from './prices.ts';

const counts = {
  'worker request': 10,
  'method lock:UserHub': 3,
  'fetch:CallSession': 2,
  'alarm:CallSession': 100,
  'socket message:CallSession': 40,
  'socket close:CallSession': 2,
  'alarm set:CallSession': 50,
  'rows written:CallSession': 200,
  'rows read:CallSession': 1_000,
  'rows written:LEDGER_0': 300,
  'rows read:DB': 2_000,
  'awake ms:CallSession': 1_000,
  'construction:CallSession': 7,
  'query:DB': 9,
};

describe('the price of what was counted', () => {
  it('bills each kind once, frames at a twentieth, alarms set as rows', () => {
    const dollars = 10 * 0.3 + (3 + 2 + 100 + 40 / 20) * 0.15 + 0.128 * 12.5 + 1_000 * 0.001 + (200 + 50) * 1 + 2_000 * 0.001 + 300 * 1;
    expect(costOf(counts) * 1_000_000).toBeCloseTo(dollars, 6);
  });

  it('knows a wake-up from what an object does while it is awake', () => {
    expect(wakeUps(counts, 'CallSession')).toBe(144);
    expect(wakeUps(counts)).toBe(147);
  });

  it('adds, multiplies and picks', () => {
    expect(plus({ a: 1, b: 2 }, { b: 3 })).toEqual({ a: 1, b: 5 });
    expect(times({ a: 2 }, 1.5)).toEqual({ a: 3 });
    expect(only({ 'x:DB': 1, 'x:UserHub': 2 }, (name) => name.endsWith(':DB'))).toEqual({ 'x:DB': 1 });
  });
});
