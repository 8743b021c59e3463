/** Tariffs of a world: the golden example mostly, else something drawn. */
import { goldenTariff } from '../../worker/domains/billing/golden-tariff.ts';
import type { Tariff } from '../../worker/protocol/http/tariffs.ts';
import type { TariffId } from '../../worker/protocol/ids.ts';
import type { Random } from './random.ts';

const at = '2026-01-01T00:00:00.000Z';
const frame = { version: 1, state: 'published', match: {}, createdAt: at, publishedAt: at, effectiveAt: at } as const;

/** The golden example of money.md. */
export const golden: Tariff = {
  ...frame,
  ...goldenTariff,
  id: 'tar_golden',
  lineId: 'tar_golden',
};

/** Any tariff: seconds-scale checkpoints, seconds where only one party has one, caps, no grace, no end. */
export function drawTariff(random: Random, name: string): Tariff {
  const side = (party: 'payer' | 'payee'): Tariff['parties'][number] => {
    const checkpoints: { atSeconds: number; amount: number }[] = [];
    let second = random.chance(0.7) ? 0 : random.int(1, 20);
    for (let n = random.int(0, 4); n > 0; n--) {
      checkpoints.push({ atSeconds: second, amount: random.int(1, 70) });
      second += random.pick([1, 5, 10, 20, 30]);
    }
    const then =
      checkpoints.length === 0 || random.chance(0.85)
        ? { everySeconds: random.pick([5, 10, 15, 30, 60]), amount: random.int(1, 60) }
        : null;
    return {
      party,
      unit: party === 'payer' ? 'COIN' : 'EARN',
      direction: party === 'payer' ? 'debit' : 'credit',
      checkpoints,
      then,
      ...(random.chance(0.2) ? { cap: random.int(20, 300) } : {}),
    };
  };
  return {
    ...frame,
    id: `tar_${name}` as TariffId,
    lineId: `tar_${name}` as TariffId,
    name,
    parties: random.chance(0.9) ? [side('payer'), side('payee')] : [side('payer')],
    ...(random.chance(0.7) ? { grace: { seconds: random.pick([15, 30, 60]), perDay: random.int(0, 3) } } : {}),
    maxSeconds: random.chance(0.3) ? random.int(20, 200) : null,
  };
}
