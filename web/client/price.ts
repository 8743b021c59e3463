/** What pays for a call and how far it goes, by what a quote tells. Pure. */
import type { Quote, QuotedMeans } from '../../worker/protocol/call/call.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import type { OwnMeans } from '../../worker/protocol/means.ts';

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

/**
 * What pays for a call, in the order in which it is spent, without what is used up. Coins stay where they are spent at all:
 * their price is to be known also by who has none. Empty: nothing pays any more today.
 */
export function payingFor(quote: Quote): readonly QuotedMeans[] {
  const means = quote.means ?? [{ is: 'coins', left: 0 }];
  return means.filter((one) => one.is === 'coins' || (one.is === 'moments' ? one.left : one.secondsLeft) > 0);
}

/** What is left of moments with one companion by voice, and until when all of it can be used; null: nothing, or no more at `now` (ms). */
export function restWith({ means }: OwnMeans, peerId: UserId, now: number): { audioSecondsLeft: number; until: string } | null {
  const running = means.flatMap((one) =>
    one.is === 'piece' && one.peerId === peerId && one.audioSecondsLeft > 0 && Date.parse(one.until) > now ? [one] : [],
  );
  const [first] = running.toSorted((a, b) => Date.parse(a.until) - Date.parse(b.until));
  return first ? { audioSecondsLeft: running.reduce((sum, one) => sum + one.audioSecondsLeft, 0), until: first.until } : null;
}
