import { describe, expect, it } from 'vitest';
import type { TariffParty } from '../../protocol/http/tariffs.ts';
import { goldenTariff } from './golden-tariff.ts';
import { beginning, carriesUntil, type MeteredTariff, meter, type Positions, past, schedule, switchedTo } from './meter.ts';

const golden: MeteredTariff = goldenTariff;
const [payer, payee] = goldenTariff.parties as [TariffParty, TariffParty];

const total = (side: TariffParty, seconds: number) => schedule(side, seconds).reduce((sum, { amount }) => sum + amount, 0);

/** Posts everything due at `connectedMs` and says where that leaves both parties. */
function postAll(connectedMs: number, from: Positions = beginning): Positions {
  return meter(golden, connectedMs, from, null).due.reduce(
    (at, second) => ({
      payer: second.payer ? past(at.payer, second.payer) : at.payer,
      payee: second.payee ? past(at.payee, second.payee) : at.payee,
    }),
    from,
  );
}

const coinsOnly = (amount: number) => ({ seconds: 0, amount });

describe('schedule', () => {
  it.each([
    [0, 9, 0],
    [19, 9, 0],
    [20, 69, 30],
    [59, 69, 30],
    [60, 129, 60],
    [119, 129, 60],
    [120, 189, 90],
    [180, 249, 120],
  ])('at %i s the payer has paid %i and the payee has earned %i', (seconds, paid, earned) => {
    expect(total(payer, seconds)).toBe(paid);
    expect(total(payee, seconds)).toBe(earned);
  });

  it('counts repeats on from the last single checkpoint', () => {
    expect(schedule(payer, 240).map(({ n, atSeconds }) => [n, atSeconds])).toEqual([
      [0, 0],
      [1, 20],
      [2, 60],
      [3, 120],
      [4, 180],
      [5, 240],
    ]);
  });

  it('repeats from zero where there is no single checkpoint, and first falls due after one interval', () => {
    expect(schedule({ ...payer, checkpoints: [] }, 120).map(({ atSeconds }) => atSeconds)).toEqual([60, 120]);
  });

  it('ends where nothing repeats', () => {
    expect(schedule({ ...payer, then: null }, 10_000)).toHaveLength(3);
  });

  it('cuts the checkpoint that would pass the cap, and stops', () => {
    expect(schedule({ ...payer, cap: 100 }, 10_000).map(({ amount }) => amount)).toEqual([9, 60, 31]);
    expect(schedule({ ...payer, cap: 69 }, 10_000).map(({ amount }) => amount)).toEqual([9, 60]);
  });
});

describe('meter', () => {
  it('has only the first checkpoint due at zero, and the next at 20 s', () => {
    const reading = meter(golden, 0, beginning, null);
    expect(reading.due).toEqual([{ atSeconds: 0, payer: { party: 'payer', n: 0, atSeconds: 0, unit: 'COIN', amount: 9 }, payee: null }]);
    expect(reading.nextAt).toBe(20_000);
  });

  it('has a checkpoint due in its second and not a millisecond before', () => {
    const posted = postAll(0);
    expect(meter(golden, 19_999, posted, null).due).toEqual([]);
    expect(meter(golden, 20_000, posted, null).due.map(({ atSeconds }) => atSeconds)).toEqual([20]);
  });

  it('puts both parties of one second together', () => {
    const [second] = meter(golden, 20_000, postAll(0), null).due;
    expect([second?.payer?.amount, second?.payee?.amount]).toEqual([60, 30]);
  });

  it('catches up in order of seconds', () => {
    expect(meter(golden, 130_000, beginning, null).due.map(({ atSeconds }) => atSeconds)).toEqual([0, 20, 60, 120]);
  });

  it('gives nothing twice', () => {
    expect(meter(golden, 60_000, postAll(60_000), null)).toMatchObject({ due: [], nextAt: 120_000 });
  });

  it('goes on from a resumed offset with its n', () => {
    // The first call ended at 60 s because its checkpoint there could not be paid.
    const posted = postAll(59_999);
    const [second] = meter(golden, 60_000, posted, coinsOnly(500), false).due;
    expect(second).toMatchObject({ atSeconds: 60, payer: { n: 2 }, payee: { n: 1 } });
  });

  it('has no next second where nothing follows', () => {
    const once: MeteredTariff = { parties: [{ ...payer, then: null }], maxSeconds: null };
    expect(meter(once, 60_000, beginning, null).nextAt).toBeNull();
  });
});

describe('carriesUntil', () => {
  const start = beginning.payer;

  it.each([
    // 9 is paid at 0; 60 at 20 is not: the house carries it, and the grace ends at 60.
    [60, 60],
    [69, 60],
    // 129 pays 0, 20 and 60; the one at 120 is beyond the grace.
    [129, 120],
    [188, 120],
    [189, 180],
    [500, 480],
  ])('%i coins carry to second %i', (coins, second) => {
    expect(carriesUntil(golden, start, coinsOnly(coins))).toBe(second);
  });

  it('ends at the first unpaid checkpoint where there is no grace (left)', () => {
    expect(carriesUntil(golden, start, coinsOnly(60), false)).toBe(20);
    expect(carriesUntil({ parties: golden.parties }, start, coinsOnly(60))).toBe(20);
  });

  it('ends with the grace even where no checkpoint falls on its last second', () => {
    const sparse: MeteredTariff = {
      parties: [{ ...payer, checkpoints: [{ atSeconds: 0, amount: 9 }] }],
      grace: { seconds: 45, perDay: 1 },
    };
    expect(carriesUntil(sparse, start, coinsOnly(0))).toBe(45);
  });

  it('is endless where the cap is reached first', () => {
    const capped: MeteredTariff = { parties: [{ ...payer, cap: 200 }] };
    expect(carriesUntil(capped, start, coinsOnly(200))).toBeNull();
    // 9+60+60+60 leaves 11 of the cap, due at 180; 199 coins fall one short of it.
    expect(carriesUntil(capped, start, coinsOnly(199))).toBe(180);
  });

  it('agrees with counting one by one', () => {
    for (let coins = 0; coins < 2000; coins += 7) {
      let left = coins;
      const unpaid = schedule(payer, 10_000).find(({ amount }) => {
        left -= amount;
        return left < 0;
      });
      expect(carriesUntil(golden, start, coinsOnly(coins), false)).toBe(unpaid?.atSeconds);
    }
  });
});

describe('switchedTo', () => {
  it('takes the new schedule up after the present second and keeps n and total', () => {
    const dense: TariffParty = { ...payer, checkpoints: [], then: { everySeconds: 10, amount: 25 } };
    const posted = postAll(60_000).payer;
    const switched = switchedTo(dense, posted, 65_000);
    expect(switched).toEqual({ n: 3, index: 6, total: 129 });
    const video: MeteredTariff = { parties: [dense] };
    expect(meter(video, 70_000, { payer: switched, payee: beginning.payee }, null).due).toMatchObject([
      { atSeconds: 70, payer: { n: 3, amount: 25 } },
    ]);
  });

  it('does not charge again for the very second it changes in', () => {
    expect(switchedTo(payer, { n: 3, index: 3, total: 129 }, 60_000).index).toBe(3);
  });
});
