/** What a call costs, from its tariff and what the payer has. Pure. */
import type { Quote } from '../../protocol/call/call.ts';
import type { Tariff } from '../../protocol/http/tariffs.ts';
import { beginning, type Carrying, carriesUntil, checkpointAt, coveredSeconds, type Position, sideOf } from '../billing/meter.ts';
import type { Pace } from '../moments/rules.ts';
import type { Means } from './port.ts';

/** The schedule in plain numbers, what pays for it, and how long that carries. */
export function quoteOf(tariff: Tariff, means: Means): Quote {
  const side = sideOf(tariff, 'payer');
  return {
    tariffId: tariff.id,
    unit: side?.unit ?? 'COIN',
    firstAmount: (side && checkpointAt(side, beginning.payer)?.amount) ?? 0,
    then: side?.then ?? null,
    checkpoints: side ? side.checkpoints.map(({ atSeconds, amount }) => ({ atSeconds, amount })) : [],
    includedSeconds: means.seconds,
    means: [...means.told],
    secondsAffordable: carriesUntil(tariff, beginning.payer, means, false),
  };
}

/** How the payer's checkpoints from `from` on come in a call that stands at `connectedMs`. */
export function paceOf(tariff: Pick<Tariff, 'parties'>, from: Position = beginning.payer, connectedMs = 0): Pace {
  const side = sideOf(tariff, 'payer');
  const next = side ? checkpointAt(side, from) : null;
  if (!side || !next) return { wait: 0, longest: 0 };
  const seconds = side.checkpoints.map(({ atSeconds }) => atSeconds);
  const steps = seconds.slice(1).map((at, n) => at - (seconds[n] ?? 0));
  return {
    wait: Math.max(0, next.atSeconds - Math.floor(connectedMs / 1000)),
    longest: Math.max(side.then?.everySeconds ?? 0, ...steps),
  };
}

/** Whether the checkpoint at `from`, the first unless a call goes on, can be paid now. */
export function canStart(tariff: Tariff, means: Carrying, from: Position = beginning.payer): boolean {
  const side = sideOf(tariff, 'payer');
  const first = side ? checkpointAt(side, from) : null;
  if (!side || !first || first.amount <= means.amount) return true;
  return means.seconds >= (coveredSeconds(side, from) ?? 0);
}
