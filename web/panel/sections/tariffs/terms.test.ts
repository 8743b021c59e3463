import { describe, expect, it } from 'vitest';
import type { TariffTerms } from '../../../../worker/protocol/http/tariffs.ts';
import { linePath, niceTop, sumAt, sumsOf } from './steps.ts';
import { emptyTerms, formOf, missingIn, stepOf, termsOf } from './terms.ts';

const terms: TariffTerms = {
  name: 'Voice',
  match: { kind: 'direct', media: 'audio', cohort: 'night' },
  parties: [
    {
      party: 'payer',
      unit: 'COIN',
      direction: 'debit',
      checkpoints: [
        { atSeconds: 0, amount: 9 },
        { atSeconds: 20, amount: 60 },
      ],
      then: { everySeconds: 60, amount: 60 },
      cap: 900,
      perMessage: { free: 2, amount: 3 },
    },
    { party: 'payee', unit: 'EARN', direction: 'credit', checkpoints: [], then: null },
  ],
  grace: { seconds: 60, perDay: 3 },
  maxSeconds: 3600,
};

describe('the form of a tariff', () => {
  it('gives back what it was made from, also what it does not show', () => {
    expect(termsOf(formOf(terms), terms)).toEqual(terms);
    expect(termsOf(formOf(emptyTerms), emptyTerms)).toEqual(emptyTerms);
  });

  it('leaves the earner out where nobody earns, and a repeat where none is typed', () => {
    const form = formOf(terms);
    const said = termsOf({ ...form, payer: { ...form.payer, every: '', then: '' }, payee: { ...form.payee, on: false } }, terms);
    expect(said.parties).toHaveLength(1);
    expect(said.parties[0]?.then).toBeNull();
  });

  it('names every field that says no number, as the server would', () => {
    const form = formOf(terms);
    const steps = [...form.payer.steps, stepOf('soon', '')];
    const said = termsOf({ ...form, name: ' ', maxSeconds: '1.5', payer: { ...form.payer, steps, then: '' } }, terms);
    expect(missingIn(said)).toEqual([
      'name',
      'parties.0.checkpoints.2.atSeconds',
      'parties.0.checkpoints.2.amount',
      'parties.0.then.amount',
      'maxSeconds',
    ]);
    expect(missingIn(terms)).toEqual([]);
  });
});

describe('the chart', () => {
  const checkpoints = [
    { party: 'payer', atSeconds: 0, amount: 9 },
    { party: 'payee', atSeconds: 20, amount: 30 },
    { party: 'payer', atSeconds: 20, amount: 60 },
  ] as const;

  it('sums each side for itself; a checkpoint at the second counts', () => {
    const steps = sumsOf(checkpoints, 'payer');
    expect([sumAt(steps, 0), sumAt(steps, 19), sumAt(steps, 20), sumAt(steps, 999)]).toEqual([9, 9, 69, 69]);
    expect(sumAt(sumsOf(checkpoints, 'payee'), 19)).toBe(0);
  });

  it('is a staircase from nothing to the end', () => {
    const path = linePath(
      sumsOf(checkpoints, 'payer'),
      60,
      (second) => second,
      (sum) => 100 - sum,
    );
    expect(path).toBe('M0.0 100.0H0.0V91.0H20.0V31.0H60.0');
  });

  it('ends its scale at a round number', () => {
    expect([1, 9, 10, 11, 614, 999, 5_001].map(niceTop)).toEqual([1, 10, 10, 20, 1_000, 1_000, 10_000]);
  });
});
