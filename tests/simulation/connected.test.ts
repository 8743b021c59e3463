import { describe, expect, it } from 'vitest';
import { Connected } from './connected.ts';

const heard = (caller: number[], callee: number[], since: number) => {
  const connected = new Connected(15_000);
  for (const at of caller) connected.proof('caller', at);
  for (const at of callee) connected.proof('callee', at);
  connected.start(since);
  return connected.ms();
};

describe('the oracle of connected time', () => {
  it('counts nothing before both have media', () => {
    const connected = new Connected(15_000);
    connected.proof('caller', 0);
    connected.proof('caller', 10_000);
    expect(connected.ms()).toBe(0);
  });
  it('ends at the earlier of both last proofs', () => expect(heard([0, 10_000], [0, 7_000], 0)).toBe(7_000));
  it('counts from the start, not from the first proof', () => expect(heard([0, 10_000], [2_000, 12_000], 4_000)).toBe(6_000));
  it('counts silence of exactly deadMs whole', () => expect(heard([0, 15_000], [0, 10_000, 15_000], 0)).toBe(15_000));
  it('counts longer silence not at all', () =>
    expect(heard([0, 5_000, 20_001, 30_000], [0, 10_000, 20_000, 30_000], 0)).toBe(5_000 + 9_999));
});
