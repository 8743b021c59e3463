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

/**
 * When the member's day that holds `at` began, ms: their local midnight, unless the day before began less than 20 hours
 * earlier; then that one goes on.
 * @param last when their newest day began; null before the first
 */
export function dayBeganAt(at: number, timeZone: string, last: number | null): number {
  const midnight = midnightBefore(at, timeZone);
  return last !== null && midnight < last + SHORTEST_DAY_MS ? last : midnight;
}

/** When the day after the one that began at `beganAt` begins, ms. */
export function dayTurnsAt(beganAt: number, timeZone: string): number {
  let next = beganAt;
  do next = midnightAfter(next, timeZone);
  while (next < beganAt + SHORTEST_DAY_MS);
  return next;
}

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
