/** What a tariff would bring, checkpoint by checkpoint, by the very schedule that calls are metered with. */
import type { FieldError } from '../../protocol/errors.ts';
import type { TariffTerms } from '../../protocol/http/tariffs.ts';
import type { UnitAmount } from '../../protocol/money.ts';
import { type Checkpoint, type Party, schedule } from './meter.ts';

export interface Preview {
  readonly checkpoints: Checkpoint[];
  readonly totals: { payer: UnitAmount[]; payee: UnitAmount[] };
}

/** A preview is for reading: a day at a checkpoint a second is not. */
const MAX_CHECKPOINTS = 20_000;

/**
 * A call of `durationSeconds` connected seconds, or of the tariff's longest where that is less. A checkpoint at exactly
 * the last second counts. In order of seconds, at one second the payer first.
 */
export function previewOf(terms: TariffTerms, durationSeconds: number): Preview {
  const until = Math.min(durationSeconds, terms.maxSeconds ?? durationSeconds);
  const checkpoints = terms.parties
    .flatMap((side) => schedule(side, until))
    .toSorted((a, b) => a.atSeconds - b.atSeconds || Number(a.party === 'payee') - Number(b.party === 'payee'));
  return { checkpoints, totals: { payer: totalOf(checkpoints, 'payer'), payee: totalOf(checkpoints, 'payee') } };
}

function totalOf(checkpoints: readonly Checkpoint[], party: Party): UnitAmount[] {
  const totals = new Map<Checkpoint['unit'], number>();
  for (const { party: whose, unit, amount } of checkpoints) if (whose === party) totals.set(unit, (totals.get(unit) ?? 0) + amount);
  return [...totals].map(([unit, amount]) => ({ unit, amount }));
}

/** Refuses what would be too long to read or to send. */
export const previewErrors = (preview: Preview): FieldError[] =>
  preview.checkpoints.length > MAX_CHECKPOINTS
    ? [{ path: 'durationSeconds', message: `makes more than ${MAX_CHECKPOINTS} checkpoints with this tariff; ask for less` }]
    : [];
