/** What a member has for a call, by model, made of what was read. Pure. */
import type { PlanTerms } from '../subscriptions/rules.ts';
import type { Means } from './port.ts';

/** What moments pay of a call, and the same for screens. */
export type Company = Pick<Means, 'seconds' | 'told'>;

/** The model `tokens`: coins alone. */
export const tokenMeans = (coins: number): Means => ({ seconds: 0, amount: coins, told: [{ is: 'coins', left: coins }] });

/** The model `moments`: company, then coins from before. */
export const momentMeans = ({ seconds, told }: Company, coins: number): Means => ({
  seconds,
  amount: coins,
  told: [...told, { is: 'coins', left: coins }],
});

/** The model `subscription`: the day's allowance, company, then coins where the plan allows them. */
export function subscriptionMeans(
  { plan, secondsLeft, turnsAt }: { readonly plan: PlanTerms; readonly secondsLeft: number; readonly turnsAt: string },
  company: Company,
  coins: number,
): Means {
  const spent = plan.overage === 'coins';
  const included = { is: 'allowance', plan: plan.id, secondsLeft, turnsAt } as const;
  return {
    seconds: secondsLeft + company.seconds,
    amount: spent ? coins : 0,
    told: [included, ...company.told, ...(spent ? [{ is: 'coins', left: coins } as const] : [])],
  };
}
