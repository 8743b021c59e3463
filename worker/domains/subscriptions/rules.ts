/** Plans: what a day includes, when it turns, and which plan counts at a moment (money.md, "Three pricing models at once"). */
import { Temporal } from 'temporal-polyfill';

/** A day never begins sooner than this after the one before it, ms: whoever travels west gets no second one. */
const SHORTEST_DAY_MS = 20 * 60 * 60_000;

/** What a plan includes in a day, and what comes beyond it. */
export interface PlanTerms {
  readonly id: string;
  readonly dailySeconds: number;
  readonly dailyMessages: number;
  /** `stop`: nothing more until the day turns. `coins`: by tariff, from the member's coins. */
  readonly overage: 'stop' | 'coins';
}

/** Days that stand already on both sides of a moment, ms: the newest that began by then, the oldest that began later. */
export interface DaysAround {
  readonly before: number | null;
  readonly after: number | null;
}

/**
 * When the member's day that holds `at` began, ms: their local midnight, unless the day before began less than 20 hours
 * earlier; then that one goes on. What is told late counts to its own day, unless a later one stands too close to a
 * midnight of which nothing was known; then to that later one.
 */
export function dayBeganAt(at: number, timeZone: string, { before, after }: DaysAround): number {
  const midnight = midnightBefore(at, timeZone);
  if (before !== null && midnight < before + SHORTEST_DAY_MS) return before;
  return after !== null && after < midnight + SHORTEST_DAY_MS ? after : midnight;
}

/** When the day after the one that began at `beganAt` begins, ms. */
export function dayTurnsAt(beganAt: number, timeZone: string): number {
  let next = beganAt;
  do next = midnightAfter(next, timeZone);
  while (next < beganAt + SHORTEST_DAY_MS);
  return next;
}

/**
 * Until when a day can be counted on, ms: it turns, or the plan that it was told under ends.
 * @param paidUntil null where that plan is what is free
 */
export const dayStandsUntil = (beganAt: number, timeZone: string, paidUntil: number | null): number =>
  Math.min(dayTurnsAt(beganAt, timeZone), paidUntil ?? Number.POSITIVE_INFINITY);

const zoned = (at: number, timeZone: string) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
const midnightBefore = (at: number, timeZone: string): number => zoned(at, timeZone).startOfDay().epochMilliseconds;
const midnightAfter = (at: number, timeZone: string): number => zoned(at, timeZone).add({ days: 1 }).startOfDay().epochMilliseconds;

export const subscriptionStates = ['active', 'grace', 'paused', 'cancelled', 'expired'] as const;
export type SubscriptionState = (typeof subscriptionStates)[number];

export interface Subscription {
  readonly plan: string;
  readonly state: SubscriptionState;
  /** Until when it is paid for, or until when the store tries to collect, ms. */
  readonly until: number;
}

/**
 * The plan that counts at a moment: one that runs, is being collected for, or was cancelled and is paid to its end. Null
 * where none does: whoever has the subscription model then has what is free.
 */
export const planInForce = (subscription: Subscription | null, now: number): string | null =>
  subscription && subscription.state !== 'paused' && subscription.state !== 'expired' && now < subscription.until
    ? subscription.plan
    : null;

/** The terms that count at a moment: those of the plan in force, else of the first of `plans`, which is free. */
export function termsInForce(plans: readonly PlanTerms[], subscription: Subscription | null, at: number): PlanTerms {
  const id = planInForce(subscription, at);
  const found = plans.find((plan) => plan.id === id) ?? plans[0];
  if (!found) throw new Error('there is no plan at all');
  return found;
}

/** What is known of a member's days around a moment. */
export interface KnownDays<Day extends { readonly beganAt: number }> {
  readonly before: Day | null;
  readonly after: Day | null;
}

/** What a day has left under a plan. */
export interface DayLeft {
  /** When it began, ms. */
  readonly beganAt: number;
  readonly secondsLeft: number;
  readonly messagesLeft: number;
}

/** The day that holds `at` (ms), with what `plan` includes in it: a better plan counts at once, a lesser one takes nothing back. */
export function dayAt(
  at: number,
  timeZone: string,
  days: KnownDays<{ readonly beganAt: number; readonly secondsUsed: number; readonly messagesUsed: number }>,
  plan: PlanTerms,
): DayLeft {
  const beganAt = dayBeganAt(at, timeZone, { before: days.before?.beganAt ?? null, after: days.after?.beganAt ?? null });
  const day = [days.before, days.after].find((one) => one?.beganAt === beganAt);
  return {
    beganAt,
    secondsLeft: Math.max(0, plan.dailySeconds - (day?.secondsUsed ?? 0)),
    messagesLeft: Math.max(0, plan.dailyMessages - (day?.messagesUsed ?? 0)),
  };
}
