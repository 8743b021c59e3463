/** What a call took, in the words of its receipt. */
import i18next from 'i18next';
import { beforeAll, expect, it } from 'vitest';
import type { Receipt } from '../../worker/protocol/call/call.ts';
import { paidWords } from './format.ts';
import de from './locales/de.json';
import en from './locales/en.json';

beforeAll(() => i18next.init({ lng: 'en', resources: { en: { words: en }, de: { words: de } }, defaultNS: 'words', ns: ['words'] }));

/** A receipt of moments that were opened; `[what they had then]`, null: one that an older server wrote. */
function opened(...had: (number | null)[]): Receipt {
  const lines = had.map((before, n) => ({
    party: 'payer' as const,
    n,
    atSeconds: n * 600,
    unit: 'COIN' as const,
    amount: 60,
    paidBy: 'piece' as const,
    took: { unit: 'MOMENT' as const, amount: 1 },
    ...(before === null ? {} : { had: before }),
    at: '2030-01-01T00:00:00.000Z',
  }));
  const totals = { payer: had.length === 0 ? [] : [{ unit: 'MOMENT' as const, amount: had.length }], payee: [] };
  return { callId: 'call_1', connectedMs: 0, settled: true, checkpoints: lines, totals };
}

it.each([
  [[5], '1 of your 5 moments', '1 Ihrer 5 Momente'],
  [[5, 4], '2 of your 5 moments', '2 Ihrer 5 Momente'],
  // Three were bought in the middle of the call.
  [[1, 3], '2 of your 4 moments', '2 Ihrer 4 Momente'],
  [[1], '1 moment', '1 Moment'],
  [[null], '1 moment', '1 Moment'],
])('moments that were opened with %j at hand', (had, english, german) => {
  const said = (language: string) => paidWords(i18next.getFixedT(language, 'words'), opened(...had));
  expect([said('en'), said('de')]).toEqual([english, german]);
});
