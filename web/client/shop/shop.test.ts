import { describe, expect, test } from 'vitest';
import { intent } from '../../../worker/protocol/http/shop.ts';
import { askAgainIn, standingOf } from './standing.ts';
import { type BuyingShelf, begunPayment, forgetBegun, keepBegun, keyOfWish, wishAnswered } from './wishes.ts';

function shelf(): BuyingShelf & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

const HOUR = 3_600_000;
const wish = { way: 'card', priceId: 'pri_1', card: 'pm_1' } as const;

describe('the key of a wish', () => {
  test('stays the same until there is an answer, so that trying again never pays twice', () => {
    const here = shelf();
    const key = keyOfWish(here, wish, 0);
    expect(keyOfWish(here, wish, 5 * HOUR)).toBe(key);
    wishAnswered(here, wish, 5 * HOUR);
    expect(keyOfWish(here, wish, 5 * HOUR)).not.toBe(key);
  });

  test('another price, card or way is another wish, and takes nothing from the first', () => {
    for (const other of [
      { ...wish, priceId: 'pri_2' },
      { ...wish, card: 'pm_2' },
      { ...wish, way: 'checkout' as const },
    ]) {
      const here = shelf();
      const first = keyOfWish(here, wish, 0);
      expect(keyOfWish(here, other, 0)).not.toBe(first);
      wishAnswered(here, other, 0);
      expect(keyOfWish(here, wish, 0)).toBe(first);
    }
  });

  test('is given up before the store forgets it', () => {
    const here = shelf();
    const key = keyOfWish(here, wish, 0);
    expect(keyOfWish(here, wish, 20 * HOUR)).not.toBe(key);
  });

  test('what lies broken on the shelf is no key', () => {
    for (const broken of ['', '{', 'null', '[]', '{"card pri_1 pm_1":{"key":7,"at":0}}', '{"card pri_1 pm_1":null}', '7']) {
      const here = shelf();
      here.setItem('hearthline.wish', broken);
      expect(keyOfWish(here, wish, 0)).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe('a payment that was begun', () => {
  test('is remembered with the way back, for two days', () => {
    const here = shelf();
    keepBegun(here, { intentId: 'pin_1', backTo: '/people/usr_1', at: 0 });
    expect(begunPayment(here, HOUR)).toEqual({ intentId: 'pin_1', backTo: '/people/usr_1', at: 0 });
    expect(begunPayment(here, 48 * HOUR)).toBeNull();
    forgetBegun(here);
    expect(begunPayment(here, HOUR)).toBeNull();
  });

  test('leads back to this site only', () => {
    for (const backTo of ['//evil.test', '/\\evil.test', 'https://evil.test/', 'javascript:0', '']) {
      const here = shelf();
      keepBegun(here, { intentId: 'pin_1', backTo, at: 0 });
      expect(begunPayment(here, 0), backTo).toBeNull();
    }
  });
});

describe('how it stands', () => {
  test('every state of an intent is told', () => {
    const told = intent.shape.state.options.map((state) => [state, standingOf({ state }, false), standingOf({ state }, true)]);
    expect(told).toEqual([
      ['created', 'waiting', 'stopped'],
      ['requires_action', 'bank', 'bank'],
      ['succeeded', 'come', 'come'],
      ['failed', 'declined', 'declined'],
      ['expired', 'over', 'over'],
      ['refunded', 'given_back', 'given_back'],
    ]);
  });

  test('only what can still change by itself is asked for again, ever more seldom, and not for ever', () => {
    for (const standing of ['come', 'stopped', 'declined', 'over', 'given_back'] as const) expect(askAgainIn(standing, 1)).toBe(false);
    const pauses = Array.from({ length: 120 }, (_, asked) => askAgainIn('waiting', asked) as number);
    expect(pauses.every((pause, index) => pause >= (pauses[index - 1] ?? 0))).toBe(true);
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThan(10 * 60_000);
    expect(askAgainIn('waiting', 120)).toBe(false);
  });
});
