import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeBy, type RefundWord, refundKey, standingOf } from './refund-rules.ts';

const bought = { granted: 300, money: { amount: 999, currency: 'EUR' } };
const refund = (refundId: string | null, amount: number | null, kind: RefundWord['kind'] = 'refund'): RefundWord => ({
  kind,
  refundId,
  money: amount === null ? null : { amount, currency: 'EUR' },
});

describe('refunds of a payment', () => {
  it('take their share, and all of it together', () => {
    expect(standingOf(bought, [refund('a', 333)])).toEqual({ taken: 100, whole: false, refunded: 333 });
    expect(standingOf(bought, [refund('a', 333), refund('b', 666)])).toEqual({ taken: 300, whole: true, refunded: 999 });
    expect(standingOf(bought, [])).toEqual({ taken: 0, whole: false, refunded: 0 });
  });
  it('take all where they name no amount, or another currency', () => {
    expect(standingOf(bought, [refund(null, null)])).toMatchObject({ taken: 300, whole: true });
    expect(standingOf(bought, [{ ...refund('a', 5), money: { amount: 5, currency: 'USD' } }])).toMatchObject({ taken: 300, whole: true });
  });
  it('that did not stand take nothing, and leave what others took', () => {
    const dispute = refund('d', 999, 'chargeback');
    expect(standingOf(bought, [dispute, refund('d', null, 'refund_reversal')]).taken).toBe(0);
    expect(standingOf(bought, [refund('d', null, 'refund_reversal'), dispute]).taken).toBe(0);
    expect(standingOf(bought, [dispute, refund('a', 333), refund('d', null, 'refund_reversal')]).taken).toBe(100);
    expect(standingOf(bought, [refund(null, null), refund(null, null, 'refund_reversal')]).taken).toBe(0);
  });
  it('have a key each, which a refund and a dispute of a store without names for them do not share', () => {
    const of = { store: 'apple', transactionId: 't' } as const;
    const keys = (['refund', 'chargeback', 'refund_reversal'] as const).map((kind) => refundKey(of, refund(null, null, kind)));
    expect(keys).toEqual(['refund:apple:t', 'refund:apple:t:dispute', 'refund_reversal:apple:t']);
    expect(refundKey(of, refund('r', null))).toBe('refund:apple:r');
  });

  it('come to the same in every order, never to more than was granted, and step by step to the same sum', () => {
    const any = fc.record({
      kind: fc.constantFrom('refund', 'chargeback', 'refund_reversal'),
      refundId: fc.option(fc.constantFrom('a', 'b', 'c', 'd')),
      money: fc.option(fc.record({ amount: fc.integer({ min: 0, max: 1_200 }), currency: fc.constant('EUR') })),
    });
    // One id, one fact.
    const words = fc.uniqueArray(any, {
      selector: ({ kind, refundId }) => `${kind === 'refund_reversal'} ${refundId} ${refundId ? '' : kind}`,
    });
    const payment = fc.record({
      granted: fc.integer({ min: 1, max: 1_000_000 }),
      money: fc.option(fc.record({ amount: fc.integer({ min: 1, max: 100_000 }), currency: fc.constant('EUR') })),
    });
    fc.assert(
      fc.property(payment, words, fc.integer({ min: 0, max: 7 }), (paid, told, turn) => {
        const turned = [...told.slice(turn), ...told.slice(0, turn), ...told];
        const { taken } = standingOf(paid, told);
        expect(standingOf(paid, turned)).toEqual(standingOf(paid, told));
        expect(taken).toBeGreaterThanOrEqual(0);
        expect(taken).toBeLessThanOrEqual(paid.granted);
        const steps = told.map((word, n) => changeBy(paid, told.slice(0, n), word));
        expect(steps.reduce((sum, step) => sum + step, 0)).toBe(taken);
        for (const [n, step] of steps.entries()) expect(told[n]?.kind === 'refund_reversal' ? -step : step).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
