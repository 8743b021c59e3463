/** What a member's plan includes today, and how much of it is left. */
import type { Context } from '../../platform/context.ts';
import { newId } from '../../platform/ids.ts';
import type { UserId } from '../../protocol/ids.ts';
import { type AllowanceTerms, daysAround, type Owner } from '../balance/service.ts';
import { timeZonesOf } from '../profile/service.ts';
import { planRows } from './plan-store.ts';
import { dayAt, dayStandsUntil, dayTurnsAt, type PlanTerms, planInForce, type Subscription, termsInForce } from './rules.ts';
import { putSubscription, runningRows, type SubscriptionRow, subscriptionRow } from './store.ts';

export type { Plan } from './plan-store.ts';
export { addPlan, changePlan, plansOf } from './plans.ts';
export { planInForce } from './rules.ts';
export type { SubscriptionRow } from './store.ts';

/** Gives somebody a plan without a store, or says how that stands now. */
export const subscribe = (ctx: Context, word: Subscription & { userId: UserId }): Promise<void> =>
  putSubscription(ctx.env.DB, { ...word, id: newId('sub'), store: 'house', ref: '', words: 0, changedAt: ctx.now });

/** A subscription at a store, as it stands by so many of its words. */
export interface StoreSubscription extends Subscription {
  readonly userId: UserId;
  readonly store: 'stripe' | 'apple' | 'google';
  /** The store's own name of it. */
  readonly ref: string;
  readonly words: number;
}

/** Says how somebody's subscription at a store stands; by fewer words than were known before it changes nothing. */
export const keepSubscription = (ctx: Context, word: StoreSubscription): Promise<void> =>
  putSubscription(ctx.env.DB, { ...word, id: newId('sub'), changedAt: ctx.now });

/** The subscription that counts for somebody at a moment (ms): the better plan in force; null: they never had one. */
export const subscriptionOf = (ctx: Context, userId: UserId, at: number = ctx.now): Promise<Subscription | null> =>
  subscriptionRow(ctx.env.DB, userId, at);

/** Somebody's subscriptions that run now, the one that counts first: where each was bought, and whether it goes on. */
export const runningOf = (ctx: Context, userId: UserId): Promise<SubscriptionRow[]> => runningRows(ctx.env.DB, userId, ctx.now);

/** A member's day as it stands at a moment. */
export interface Allowance {
  readonly plan: PlanTerms;
  /** It was paid for; false: what is free. */
  readonly paid: boolean;
  readonly day: AllowanceTerms;
  readonly secondsLeft: number;
  readonly messagesLeft: number;
  readonly timeZone: string;
  /** Until when the plan is paid for (ms); null: it is what is free. */
  readonly paidUntil: number | null;
}

/** The day that holds `at` (ms), with the terms of the plan that was in force then. */
export async function allowanceOf(ctx: Context, owner: Owner, at: number): Promise<Allowance> {
  const [plans, subscription, days, zones] = await Promise.all([
    planRows(ctx.env.DB),
    subscriptionOf(ctx, owner.userId, at),
    daysAround(ctx, owner, at),
    timeZonesOf(ctx, [owner.userId]),
  ]);
  const plan = termsInForce(plans, subscription, at);
  const timeZone = zones.get(owner.userId) ?? 'UTC';
  const { beganAt, ...left } = dayAt(at, timeZone, days, plan);
  const paidUntil = subscription && planInForce(subscription, at) !== null ? subscription.until : null;
  const day = { beganAt, plan: plan.id, seconds: plan.dailySeconds, messages: plan.dailyMessages };
  return { plan, paid: paidUntil !== null, day, ...left, timeZone, paidUntil };
}

/** When a day of allowance is over and the next begins, ms since the epoch. */
export const turnOf = ({ day, timeZone }: Allowance): number => dayTurnsAt(day.beganAt, timeZone);

/** From when on a day of allowance may be another one, ms since the epoch: it turns, or the plan ends. */
export const standsUntil = ({ day, timeZone, paidUntil }: Allowance): number => dayStandsUntil(day.beganAt, timeZone, paidUntil);
