/** How a payment stands, as somebody who waits for it is told; and how patiently it is asked for. Pure. */
import type { Intent } from '../../../worker/protocol/http/shop.ts';

export type Standing =
  /** What was bought is theirs. */
  | 'come'
  /** It may be paid, and is on its way. */
  | 'waiting'
  /** They came back before paying. */
  | 'stopped'
  /** The bank asks its cardholder. */
  | 'bank'
  | 'declined'
  /** Nobody paid in time, or it was given up. */
  | 'over'
  | 'given_back';

/** @param cancelled they came back by “Back without paying” */
export function standingOf({ state }: Pick<Intent, 'state'>, cancelled: boolean): Standing {
  switch (state) {
    case 'succeeded':
      return 'come';
    case 'created':
      return cancelled ? 'stopped' : 'waiting';
    case 'requires_action':
      return 'bank';
    case 'failed':
      return 'declined';
    case 'expired':
      return 'over';
    case 'refunded':
      return 'given_back';
  }
}

/** After so many answers it takes longer than it usually does. */
export const USUAL_ASKS = 15;
const MOST_ASKS = 120;

/**
 * Until it is asked again, ms; false: not by itself. Often at first, and less and less often.
 * @param asked how many answers there were
 */
export function askAgainIn(standing: Standing, asked: number): number | false {
  if ((standing !== 'waiting' && standing !== 'bank') || asked >= MOST_ASKS) return false;
  return asked < USUAL_ASKS ? 1_000 : asked < 40 ? 3_000 : 10_000;
}
