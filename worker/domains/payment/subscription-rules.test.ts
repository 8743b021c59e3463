import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldSubscription, paidUntil, type SubscriptionWord } from './subscription-rules.ts';

const DAY = 86_400_000;
let named = 0;
const word = (kind: SubscriptionWord['kind'], at: number, over: Partial<SubscriptionWord> = {}): SubscriptionWord => ({
  id: `w${named++}`,
  kind,
  occurredAt: at * DAY,
  transactionId: null,
  plan: null,
  until: null,
  refunded: false,
  ...over,
});
const paid = (at: number, over: Partial<SubscriptionWord> = {}) =>
  word('renewal', at, { transactionId: `t${at}`, plan: 'plus', until: (at + 30) * DAY, ...over });

describe('a subscription', () => {
  it('runs from its first payment on, and on from the next', () => {
    expect(foldSubscription([paid(0)])).toEqual({ plan: 'plus', state: 'active', until: 30 * DAY });
    expect(foldSubscription([paid(0), paid(30)])).toEqual({ plan: 'plus', state: 'active', until: 60 * DAY });
  });
  it('keeps what is paid for when it is cancelled, and goes on when that is taken back', () => {
    const cancelled = [paid(0), word('cancellation', 5)];
    expect(foldSubscription(cancelled)).toEqual({ plan: 'plus', state: 'cancelled', until: 30 * DAY });
    expect(foldSubscription([...cancelled, word('renewal', 6)])).toEqual({ plan: 'plus', state: 'active', until: 30 * DAY });
  });
  it('ends when the store says so, whatever was paid; no word but a payment begins it again', () => {
    const over = [paid(0), word('expiry', 10)];
    expect(foldSubscription(over)).toEqual({ plan: 'plus', state: 'expired', until: 10 * DAY });
    for (const kind of ['cancellation', 'pause', 'grace', 'billing_issue', 'renewal'] as const)
      expect(foldSubscription([...over, word(kind, 11)])?.state).toBe('expired');
    expect(foldSubscription([...over, paid(12)])).toEqual({ plan: 'plus', state: 'active', until: 42 * DAY });
  });
  it('is collected for through trouble, as long as the store says', () => {
    expect(foldSubscription([paid(0), word('billing_issue', 30), word('grace', 30, { until: 46 * DAY })])).toEqual({
      plan: 'plus',
      state: 'grace',
      until: 46 * DAY,
    });
  });
  it('pauses, and goes on', () => {
    expect(foldSubscription([paid(0), word('pause', 30)])?.state).toBe('paused');
    expect(foldSubscription([paid(0), word('pause', 30), paid(60)])).toEqual({ plan: 'plus', state: 'active', until: 90 * DAY });
  });
  it('changes its plan, with a payment or without', () => {
    expect(foldSubscription([paid(0), word('product_change', 3, { plan: 'premium' })])).toMatchObject({ plan: 'premium', until: 30 * DAY });
    const upgrade = word('product_change', 3, { transactionId: 'up', plan: 'premium', until: 33 * DAY });
    expect(foldSubscription([paid(0), upgrade])).toEqual({ plan: 'premium', state: 'active', until: 33 * DAY });
  });
  it('is over where what paid for it was given back, and stands as before where it was only the last time', () => {
    expect(foldSubscription([paid(0, { refunded: true })])).toEqual({ plan: 'plus', state: 'expired', until: 0 });
    expect(foldSubscription([paid(0), paid(30, { refunded: true })])).toEqual({ plan: 'plus', state: 'active', until: 30 * DAY });
  });
  it('is not brought back by words that repeat the end of what was given back', () => {
    const toggled = (at: number, until: number) => [
      word('cancellation', at, { until: until * DAY }),
      word('renewal', at + 1, { until: until * DAY }),
    ];
    expect(foldSubscription([paid(0, { refunded: true }), ...toggled(2, 30)])).toMatchObject({ state: 'expired' });
    expect(foldSubscription([paid(0), paid(30, { refunded: true }), ...toggled(32, 60)])).toMatchObject({ until: 30 * DAY });
    expect(foldSubscription([paid(0), word('renewal', 5, { until: 33 * DAY })])).toMatchObject({ state: 'active', until: 33 * DAY });
  });
  it('is none where no word names a plan of ours', () => {
    expect(foldSubscription([word('cancellation', 1), word('expiry', 2)])).toBeNull();
  });
  it('ends before it begins, where a store says both in one second', () => {
    expect(foldSubscription([paid(0), paid(30), word('expiry', 30)])).toMatchObject({ state: 'active', until: 60 * DAY });
  });

  it('is the same in every order, however often it is told, and by two messengers', () => {
    const kinds = ['cancellation', 'expiry', 'pause', 'grace', 'billing_issue', 'product_change', 'renewal', 'purchase'] as const;
    const any = fc.record({
      kind: fc.constantFrom(...kinds),
      occurredAt: fc.integer({ min: 0, max: 6 }),
      transactionId: fc.option(fc.constantFrom('t1', 't2', 't3')),
      plan: fc.option(fc.constantFrom('plus', 'premium')),
      until: fc.option(fc.integer({ min: 0, max: 60 })),
      refunded: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (facts, chance) => {
        const words = facts.map((fact, n) => ({ ...fact, id: `w${n}` }));
        const draw = () => Number(chance.next().value ?? 0);
        const again = [...words, ...words.filter(() => draw() % 2 === 0)]
          .map((one) => ({ one, at: draw() }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        expect(foldSubscription(again)).toEqual(foldSubscription(words));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('one payment of a plan', () => {
  it('lasts a month or a year by the calendar, to its last day at most', () => {
    const at = (text: string) => Date.parse(text);
    expect(paidUntil(at('2030-01-15T10:00:00Z'), 'month')).toBe(at('2030-02-15T10:00:00Z'));
    expect(paidUntil(at('2030-01-31T10:00:00Z'), 'month')).toBe(at('2030-02-28T10:00:00Z'));
    expect(paidUntil(at('2028-02-29T10:00:00Z'), 'year')).toBe(at('2029-02-28T10:00:00Z'));
  });
});
