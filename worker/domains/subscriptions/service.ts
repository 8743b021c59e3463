/** What a member's plan includes today, and how much of it is left. */
import type { Context } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { UserId } from '../../protocol/ids.ts';
import { type AllowanceDay, type AllowanceTerms, lastDayOf, type Owner } from '../balance/service.ts';
import { timeZonesOf } from '../profile/service.ts';
import { planRows } from './plan-store.ts';
import { dayBeganAt, dayTurnsAt, type PlanTerms, planInForce, type Subscription } from './rules.ts';
import { putSubscription, subscriptionRow } from './store.ts';

export type { Plan } from './plan-store.ts';
export { addPlan, changePlan, plansOf } from './plans.ts';
export { planInForce } from './rules.ts';

/** Says how somebody's subscription stands now. Their running call is told what they have by whoever sold it. */
export const subscribe = (ctx: Context, word: Subscription & { userId: UserId }): Promise<void> =>
  putSubscription(ctx.env.DB, { ...word, id: newId('sub'), changedAt: ctx.now });

/** How somebody's subscription stands by the newest word of its store; null: they never had one. */
export const subscriptionOf = (ctx: Context, userId: UserId): Promise<Subscription | null> => subscriptionRow(ctx.env.DB, userId);

/** A member's day as it stands at a moment. */
export interface Allowance {
  readonly plan: PlanTerms;
  readonly day: AllowanceTerms;
  readonly secondsLeft: number;
  readonly messagesLeft: number;
  /** ms since the epoch. */
  readonly turnsAt: number;
}

/**
 * The day that holds `at` (ms): that of the ledger where it has begun there already, with the terms of the plan in force
 * now, so that a better plan counts at once.
 */
export async function allowanceOf(ctx: Context, owner: Owner, at: number): Promise<Allowance> {
  const [plan, last, zones] = await Promise.all([planOf(ctx, owner), lastDayOf(ctx, owner), timeZonesOf(ctx, [owner.userId])]);
  const timeZone = zones.get(owner.userId) ?? 'UTC';
  const beganAt = dayBeganAt(at, timeZone, last?.beganAt ?? null);
  const used: Pick<AllowanceDay, 'secondsUsed' | 'messagesUsed'> = last?.beganAt === beganAt ? last : { secondsUsed: 0, messagesUsed: 0 };
  return {
    plan,
    day: { beganAt, plan: plan.id, seconds: plan.dailySeconds, messages: plan.dailyMessages },
    secondsLeft: Math.max(0, plan.dailySeconds - used.secondsUsed),
    messagesLeft: Math.max(0, plan.dailyMessages - used.messagesUsed),
    turnsAt: dayTurnsAt(beganAt, timeZone),
  };
}

/** The plan a member has now: that of a subscription that runs, or what is free. */
async function planOf(ctx: Context, owner: Owner): Promise<PlanTerms> {
  const [plans, subscription] = await Promise.all([planRows(ctx.env.DB), subscriptionOf(ctx, owner.userId)]);
  const id = planInForce(subscription, ctx.now);
  const found = plans.find((plan) => plan.id === id) ?? plans[0];
  if (!found) throw new Error('there is no plan at all');
  return found;
}
