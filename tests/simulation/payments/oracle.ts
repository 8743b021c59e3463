/**
 * What a history must come to, from the truth alone and in other ways than the rules: coins by counting up, a subscription by
 * looking back from the moment in question.
 */
import type { Unit } from '../../../worker/protocol/money.ts';
import { type Back, DAY, type Holding, products, START, type Turn } from './history.ts';

export interface Expected {
  readonly has: number;
  readonly owes: number;
}

/** The most units whose price is covered by what was given back, counted up. */
function takenOf(granted: number, paid: number, backs: readonly Back[]): number {
  const standing = backs.filter(({ undone }) => !undone);
  if (standing.some(({ amount }) => amount === 'all')) return granted;
  const back = standing.reduce((sum, { amount }) => sum + (amount === 'all' ? 0 : amount), 0);
  let taken = 0;
  while (taken < granted && (taken + 1) * paid <= back * granted) taken++;
  return taken;
}

export function balanceOf({ person, bought }: Holding, unit: Exclude<Unit, 'EARN'>): Expected {
  let net = -person.debt;
  if (person.signsUp !== 'never')
    for (const { product, paid, backs } of bought) {
      const { kind, amount } = products[product];
      if ((kind === 'coins') === (unit === 'COIN')) net += amount - takenOf(amount, paid, backs);
    }
  return { has: Math.max(0, net), owes: Math.max(0, -net) };
}

const wasGivenBack = ({ paid, backs }: { paid: number; backs: readonly Back[] }): boolean =>
  takenOf(paid, paid, backs) === paid && paid > 0;

/** The plan of one subscription at a moment, looking back from the end of everything that was told. */
function planAt(turns: readonly Turn[], at: number): 'plus' | 'premium' | null {
  const stands = (turn: Turn): boolean => turn.what === 'paid' && !wasGivenBack({ paid: products[turn.plan].price, backs: turn.backs });
  const last = turns.findLastIndex(stands);
  const paid = turns[last];
  if (paid?.what !== 'paid') return null;
  const since = turns.slice(last + 1);
  if (since.some(({ what }) => what === 'ended')) return null;
  const halted = since.findLast(({ what }) => what === 'paused' || what === 'resumed' || what === 'collecting');
  if (halted?.what === 'paused') return null;
  const longer = since.flatMap((turn, n) => {
    if (turn.what !== 'collecting') return [];
    const gone = since.slice(0, n).some((earlier) => earlier.what === 'paid' && earlier.until >= turn.until);
    return gone ? [] : [turn.until];
  });
  const until = Math.max(paid.until, ...longer);
  if (at >= until) return null;
  const changed = since.findLast((turn) => turn.what === 'changed');
  return changed?.what === 'changed' ? changed.plan : paid.plan;
}

/** Moments at which entitlements are compared: long after everything was told, so that only what is paid for counts. */
export const moments: readonly number[] = Array.from({ length: 24 }, (_, n) => START + n * 9 * DAY + 1);

export function plansOf({ person, subscriptions }: Holding): ('plus' | 'premium' | null)[] {
  return moments.map((at) => {
    if (person.signsUp === 'never') return null;
    const plans = subscriptions.map((turns) => planAt(turns, at));
    return plans.includes('premium') ? 'premium' : plans.includes('plus') ? 'plus' : null;
  });
}
