import { describe, expect, it } from 'vitest';
import type { Standing } from '../../platform/stubs.ts';
import type { Tariff } from '../../protocol/http/tariffs.ts';
import { goldenTariff } from '../billing/golden-tariff.ts';
import { payerOf, resumeQuote, takes } from './rules.ts';

describe('who pays', () => {
  it('is the member of the two, whoever rings', () => {
    expect(payerOf('member', 'companion')).toBe('caller');
    expect(payerOf('companion', 'member')).toBe('callee');
  });

  it('is nobody where it is not a member and a companion', () => {
    expect([
      payerOf('member', 'member'),
      payerOf('companion', 'companion'),
      payerOf('member', 'admin'),
      payerOf('admin', 'companion'),
    ]).toEqual([null, null, null, null]);
  });
});

describe('taking a call', () => {
  it('needs a companion at work who takes the medium', () => {
    const companion = { media: ['audio'] as const };
    expect(takes(companion, true, 'audio')).toBe(true);
    expect(takes(companion, true, 'video')).toBe(false);
    expect(takes(companion, false, 'audio')).toBe(false);
    expect(takes(null, true, 'audio')).toBe(false);
  });
});

describe('the price of going on', () => {
  const standing = (connectedMs: number, n: number, total: number): Standing => ({
    rootId: 'call_x',
    connectedMs,
    positions: { payer: { n, index: n, total }, payee: { n: 0, index: 0, total: 0 } },
    media: 'video',
    tariff: { ...goldenTariff, id: 'tar_x' } as unknown as Tariff,
  });

  it('begins with the checkpoint that could not be paid, and counts from there', () => {
    expect(resumeQuote(standing(60_000, 2, 69), { seconds: 0, amount: 130, until: null, told: [] })).toMatchObject({
      firstAmount: 60,
      checkpoints: [],
      secondsAffordable: 120,
    });
    expect(resumeQuote(standing(20_000, 1, 9), { seconds: 0, amount: 60, until: null, told: [] })).toMatchObject({
      firstAmount: 60,
      checkpoints: [{ atSeconds: 40, amount: 60 }],
    });
  });

  it('knows no grace', () => {
    expect(resumeQuote(standing(20_000, 1, 9), { seconds: 0, amount: 60, until: null, told: [] }).secondsAffordable).toBe(40);
    expect(resumeQuote(standing(60_000, 2, 69), { seconds: 0, amount: 0, until: null, told: [] }).secondsAffordable).toBe(0);
  });
});
