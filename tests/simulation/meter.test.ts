/** Laws of the meter over any tariff, against the plain arithmetic of `price-list.ts`. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginning,
  type Carrying,
  carriesUntil,
  type DueSecond,
  type MeteredTariff,
  meter,
  type Positions,
  past,
  schedule,
  switchedTo,
} from '../../worker/domains/billing/meter.ts';
import type { TariffParty } from '../../worker/protocol/http/tariffs.ts';
import { PriceList } from './price-list.ts';

const side = (party: 'payer' | 'payee'): fc.Arbitrary<TariffParty> =>
  fc
    .record({
      seconds: fc.uniqueArray(fc.nat(180), { maxLength: 5 }),
      amounts: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 5, maxLength: 5 }),
      then: fc.option(fc.record({ everySeconds: fc.integer({ min: 1, max: 90 }), amount: fc.integer({ min: 1, max: 90 }) })),
      cap: fc.option(fc.integer({ min: 1, max: 600 })),
    })
    .map(({ seconds, amounts, then, cap }) => ({
      party,
      unit: party === 'payer' ? 'COIN' : 'EARN',
      direction: party === 'payer' ? 'debit' : 'credit',
      checkpoints: seconds.sort((a, b) => a - b).map((atSeconds, n) => ({ atSeconds, amount: amounts[n] ?? 1 })),
      then,
      cap,
    }));

const tariff: fc.Arbitrary<MeteredTariff> = fc
  .record({
    payer: side('payer'),
    payee: fc.option(side('payee')),
    grace: fc.option(fc.record({ seconds: fc.nat(90), perDay: fc.nat(3) })),
  })
  .map(({ payer, payee, grace }) => ({ parties: payee ? [payer, payee] : [payer], ...(grace ? { grace } : {}), maxSeconds: null }));

const connected = fc.integer({ min: 0, max: 400_000 });
const rising = fc.array(connected, { maxLength: 12 }).map((times) => times.sort((a, b) => a - b));

const post = (from: Positions, due: readonly DueSecond[]): Positions =>
  due.reduce(
    (at, { payer, payee }) => ({ payer: payer ? past(at.payer, payer) : at.payer, payee: payee ? past(at.payee, payee) : at.payee }),
    from,
  );

describe('the meter', () => {
  it('has due what the price list says, no earlier and no later', () => {
    fc.assert(
      fc.property(tariff, connected, (tariff, ms) => {
        const { due, nextAt } = meter(tariff, ms, beginning, null);
        let next = Number.POSITIVE_INFINITY;
        for (const party of ['payer', 'payee'] as const) {
          const prices = new PriceList(tariff, party);
          const mine = due.flatMap((second) => second[party] ?? []);
          const count = prices.countUntil(ms / 1000);
          expect(mine.map(({ n, atSeconds, amount }) => ({ n, atSeconds, amount }))).toEqual(
            Array.from({ length: count }, (_, n) => ({ n, ...prices.checkpoint(n) })),
          );
          next = Math.min(next, (prices.checkpoint(count)?.atSeconds ?? Number.POSITIVE_INFINITY) * 1000);
        }
        expect(nextAt).toBe(next === Number.POSITIVE_INFINITY ? null : next);
      }),
      { numRuns: 500 },
    );
  });

  it('comes to the same however often it is read, and never asks for anything twice', () => {
    fc.assert(
      fc.property(tariff, rising, (tariff, times) => {
        let posted = beginning;
        let seconds = -1;
        for (const ms of times) {
          const reading = meter(tariff, ms, posted, null);
          for (const { atSeconds } of reading.due) {
            expect(atSeconds).toBeGreaterThan(seconds);
            seconds = atSeconds;
          }
          expect(meter(tariff, ms, posted, null)).toEqual(reading);
          posted = post(posted, reading.due);
          expect(meter(tariff, ms, posted, null).due).toEqual([]);
        }
        expect(posted).toEqual(post(beginning, meter(tariff, times.at(-1) ?? -1, beginning, null).due));
      }),
    );
  });

  it('never passes a cap, and previews what it will charge', () => {
    fc.assert(
      fc.property(tariff, connected, (tariff, ms) => {
        const { due } = meter(tariff, ms, beginning, null);
        for (const side of tariff.parties) {
          const mine = due.flatMap((second) => second[side.party] ?? []);
          expect(mine).toEqual(schedule(side, Math.floor(ms / 1000)));
          if (side.cap != null) expect(mine.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(side.cap);
        }
      }),
    );
  });

  it('says how long a balance carries as if it were spent checkpoint by checkpoint', () => {
    fc.assert(
      fc.property(tariff, fc.nat(1_000), fc.oneof(fc.constant(0), fc.nat(2_000)), fc.boolean(), (tariff, amount, seconds, graceLeft) => {
        const means = { seconds, amount };
        expect(carriesUntil(tariff, beginning.payer, means, graceLeft)).toBe(spend(tariff, means, graceLeft));
      }),
      { numRuns: 1_000 },
    );
  });

  it('never promises more than an allowance, pieces of company and coins pay in their order', () => {
    const scraps = fc.record({ allowance: fc.nat(300), rests: fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 3 }) });
    fc.assert(
      fc.property(tariff, scraps, fc.nat(500), (tariff, { allowance, rests }, amount) => {
        const seconds = rests.reduce((sum, rest) => sum + rest, allowance);
        const promised = carriesUntil(tariff, beginning.payer, { seconds, amount }, false);
        expect(promised ?? 0).toBeLessThanOrEqual(inOrder(tariff, { allowance, rests, amount }) ?? Number.POSITIVE_INFINITY);
      }),
      { numRuns: 1_000 },
    );
  });

  it('goes on under another tariff at its first later checkpoint, with its own count', () => {
    fc.assert(
      fc.property(tariff, tariff, connected, (before, after, ms) => {
        const posted = post(beginning, meter(before, ms, beginning, null).due);
        const payer = after.parties[0] as TariffParty;
        const position = switchedTo(payer, posted.payer, ms);
        expect(position).toMatchObject({ n: posted.payer.n, total: posted.payer.total });
        const { due } = meter({ parties: [payer] }, ms, { payer: position, payee: beginning.payee }, null);
        expect(due).toEqual([]);
        const uncapped = new PriceList({ parties: [{ ...payer, cap: null }] }, 'payer');
        expect(position.index).toBe(uncapped.countUntil(ms / 1000));
      }),
    );
  });
});

/** The connected second at which a balance ends a call; null where it still goes on after a very long time. */
function spend(tariff: MeteredTariff, means: Carrying, graceLeft: boolean): number | null {
  const prices = new PriceList(tariff, 'payer');
  const grace = graceLeft ? (tariff.grace?.seconds ?? 0) : 0;
  let { seconds, amount: left } = means;
  let carried = false;
  for (let n = 0; n < 5_000; n++) {
    const next = prices.checkpoint(n);
    if (carried && (next === undefined || next.atSeconds > grace)) return grace;
    if (next === undefined) return null;
    const covers = prices.covers(n);
    if (covers <= seconds) {
      seconds -= covers;
      carried = false;
    } else if (next.amount <= left) {
      left -= next.amount;
      seconds = 0;
      carried = false;
    } else if (next.atSeconds < grace) carried = true;
    else return next.atSeconds;
  }
  return null;
}

/** The second at which a call ends that an allowance (whole or not at all), rests of pieces (whole at their edge) and coins pay; null where it goes on. */
function inOrder(tariff: MeteredTariff, means: { allowance: number; rests: readonly number[]; amount: number }): number | null {
  const prices = new PriceList(tariff, 'payer');
  let { allowance, amount } = means;
  const rests = [...means.rests];
  for (let n = 0; n < 2_000; n++) {
    const next = prices.checkpoint(n);
    if (next === undefined) return null;
    const covers = prices.covers(n);
    const rest = rests.findIndex((left) => left > 0);
    if (covers <= allowance) allowance -= covers;
    else if (rest >= 0) rests[rest] = (rests[rest] ?? 0) - covers;
    else if (next.amount <= amount) amount -= next.amount;
    else return next.atSeconds;
  }
  return null;
}
