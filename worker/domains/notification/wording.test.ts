import { describe, expect, it } from 'vitest';
import type { Context } from '../../platform/context.ts';
import { factsFor, wrongFact } from './wording.ts';

const none = {} as Context;
const facts = { paymentId: 'pur_1', amount: 1_299, currency: 'EUR', at: 1_800_000_000_000, granted: 300, plan: null, period: null };
const said = async (more: object, language: 'en' | 'de') => {
  const words = await factsFor(none, 'purchase.receipt', { ...facts, ...more }, language);
  expect(wrongFact('purchase.receipt', words)).toBeNull();
  const { what, price } = words as { what: string; price: string };
  return `${what} | ${price}`.replace(/\s/g, ' ');
};

describe('what a receipt says', () => {
  it.each([
    [{ kind: 'coins' }, 'en', '300 coins | €12.99'],
    [{ kind: 'coins', granted: 1_000 }, 'de', '1.000 Münzen | 12,99 €'],
    [{ kind: 'moments', granted: 1 }, 'en', '1 moment | €12.99'],
    [{ kind: 'moments', granted: 5 }, 'de', '5 Momente | 12,99 €'],
    [{ kind: 'plan', granted: 0, plan: 'Plus', period: 'month' }, 'en', 'Plus, one month | €12.99'],
    [{ kind: 'plan', granted: 0, plan: 'Plus', period: 'year' }, 'de', 'Plus, ein Jahr | 12,99 €'],
    // Yen have no cents.
    [{ kind: 'coins', currency: 'JPY' }, 'en', '300 coins | ¥1,299'],
  ] as const)('%j in %s: %s', async (more, language, words) => {
    expect(await said(more, language)).toBe(words);
  });
});
