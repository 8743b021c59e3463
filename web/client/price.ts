/** What coins are worth in time, by the schedule a quote tells. Pure. */
import type { Quote } from '../../worker/protocol/call/call.ts';

/**
 * Whole seconds that `amount` units carry a call of this price, from its first second. Null: without end.
 * A call goes on until the first checkpoint that can't be paid.
 */
export function secondsFor(quote: Pick<Quote, 'checkpoints' | 'then'>, amount: number): number | null {
  let left = amount;
  let at = 0;
  for (const checkpoint of quote.checkpoints) {
    if (checkpoint.amount > left) return checkpoint.atSeconds;
    left -= checkpoint.amount;
    at = checkpoint.atSeconds;
  }
  if (!quote.then || quote.then.amount === 0) return null;
  return at + (Math.floor(left / quote.then.amount) + 1) * quote.then.everySeconds;
}
