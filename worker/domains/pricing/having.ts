/** What a member has for a call, made of what was read. Pure. */
import type { PlanTerms } from '../subscriptions/rules.ts';
import type { Means } from './port.ts';
import { type Spending, spendsCoins } from './ways.ts';

/** What moments pay of a call, and how many are left. */
export interface CompanyAhead {
  readonly seconds: number;
  readonly restSeconds: number;
  readonly secondsEach: number;
  readonly momentsLeft: number;
}

/** What a day of a plan has left. */
export interface DayLeft {
  readonly plan: PlanTerms;
  readonly secondsLeft: number;
  readonly turnsAt: string;
  /** Until when this counts (ms): the day turns, or the plan ends. */
  readonly until: number;
}

/** An allowance first, then company, then coins: what the member spends of them. */
export function meansOf(spending: Spending, has: { day: DayLeft | null; company: CompanyAhead | null; coins: number }): Means {
  const { day, company } = has;
  const coins = spendsCoins(spending, day?.plan ?? null) ? has.coins : null;
  return {
    seconds: (day?.secondsLeft ?? 0) + (company?.seconds ?? 0),
    amount: coins ?? 0,
    until: day?.until ?? null,
    told: [
      ...(day ? [{ is: 'allowance', plan: day.plan.id, secondsLeft: day.secondsLeft, turnsAt: day.turnsAt } as const] : []),
      ...(company && company.restSeconds > 0 ? [{ is: 'piece', secondsLeft: company.restSeconds } as const] : []),
      ...(company && company.momentsLeft > 0
        ? [{ is: 'moments', left: company.momentsLeft, secondsEach: company.secondsEach } as const]
        : []),
      ...(coins === null ? [] : [{ is: 'coins', left: coins } as const]),
    ],
  };
}
