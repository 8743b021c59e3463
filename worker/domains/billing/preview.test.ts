import { describe, expect, it } from 'vitest';
import type { TariffTerms } from '../../protocol/http/tariffs.ts';
import { goldenTariff } from './golden-tariff.ts';
import { previewErrors, previewOf } from './preview.ts';

const totalsAt = (seconds: number, terms: TariffTerms = goldenTariff) => {
  const { totals } = previewOf(terms, seconds);
  return [totals.payer[0]?.amount ?? 0, totals.payee[0]?.amount ?? 0];
};

describe('the preview of the golden example', () => {
  it.each([
    [0, 9, 0],
    [19, 9, 0],
    [20, 69, 30],
    [59, 69, 30],
    [60, 129, 60],
    [119, 129, 60],
    [120, 189, 90],
    [180, 249, 120],
    [1080, 1149, 570],
  ])('at %d s the payer has paid %d and the payee has earned %d', (seconds, paid, earned) => {
    expect(totalsAt(seconds)).toEqual([paid, earned]);
  });

  it('lists what falls due, by second, the payer first, each counted in its own schedule', () => {
    expect(previewOf(goldenTariff, 60).checkpoints).toEqual([
      { party: 'payer', n: 0, atSeconds: 0, unit: 'COIN', amount: 9 },
      { party: 'payer', n: 1, atSeconds: 20, unit: 'COIN', amount: 60 },
      { party: 'payee', n: 0, atSeconds: 20, unit: 'EARN', amount: 30 },
      { party: 'payer', n: 2, atSeconds: 60, unit: 'COIN', amount: 60 },
      { party: 'payee', n: 1, atSeconds: 60, unit: 'EARN', amount: 30 },
    ]);
    const turned = { ...goldenTariff, parties: goldenTariff.parties.toReversed() };
    expect(previewOf(turned, 600)).toEqual(previewOf(goldenTariff, 600));
  });
});

describe('a preview', () => {
  it('has empty totals where nothing falls due', () => {
    expect(previewOf({ ...goldenTariff, parties: goldenTariff.parties.slice(1) }, 0)).toEqual({
      checkpoints: [],
      totals: { payer: [], payee: [] },
    });
  });

  it('goes no further than the longest call the tariff allows', () => {
    expect(totalsAt(3600, { ...goldenTariff, maxSeconds: 60 })).toEqual([129, 60]);
    expect(totalsAt(59, { ...goldenTariff, maxSeconds: 60 })).toEqual([69, 30]);
  });

  it('is refused where it would be endless', () => {
    const parties = goldenTariff.parties.map((side) => ({ ...side, then: { everySeconds: 1, amount: 1 } }));
    expect(previewErrors(previewOf({ ...goldenTariff, parties }, 86_400))).toEqual([
      { path: 'durationSeconds', message: expect.any(String) },
    ]);
    expect(previewErrors(previewOf(goldenTariff, 86_400))).toEqual([]);
  });
});
