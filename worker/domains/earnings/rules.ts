/** Days and weeks of earnings, and how one number came about. */

import { addDays, dateAt, startOfDate, weekdayOf } from '../../platform/local-time.ts';
import type { ExplainedEarning } from '../../protocol/http/earnings.ts';
import type { Period } from '../balance/service.ts';

/** So many days are listed. */
export const DAYS = 30;

export interface Day extends Period {
  readonly date: string;
}

/** The last `DAYS` days where somebody lives, newest first. */
export function daysBack(now: number, timeZone: string): Day[] {
  const today = dateAt(now, timeZone);
  return Array.from({ length: DAYS }, (_, n) => dayOf(addDays(today, -n), timeZone));
}

export const dayOf = (date: string, timeZone: string): Day => ({
  date,
  from: startOfDate(date, timeZone),
  to: startOfDate(addDays(date, 1), timeZone),
});

/** How many of `daysBack` belong to this week, which begins on Monday; today is one of them. */
export const daysOfWeek = (now: number, timeZone: string): number => weekdayOf(dateAt(now, timeZone));

type Formula = NonNullable<ExplainedEarning['formula']>;

/** What a posting holds of how its amount was computed; null where it was not by a tariff. */
export interface Computed {
  readonly tariffId: string;
  readonly checkpoint: Formula['checkpoint'];
  readonly tariffAmount: number;
  readonly multiplier: string;
  readonly parts: Formula['parts'];
}

export function computedFrom(metadata: Readonly<Record<string, unknown>>): Computed | null {
  const { tariffId, n, atSeconds, tariffAmount, multiplier, multiplierParts } = metadata;
  if (typeof tariffId !== 'string' || typeof n !== 'number' || typeof atSeconds !== 'number' || typeof tariffAmount !== 'number')
    return null;
  const parts = Array.isArray(multiplierParts) ? multiplierParts.flatMap(partOf) : [];
  return { tariffId, checkpoint: { n, atSeconds }, tariffAmount, multiplier: typeof multiplier === 'string' ? multiplier : '1.00', parts };
}

const partOf = (part: unknown): Formula['parts'] => {
  const { key, value } = (part ?? {}) as { key?: unknown; value?: unknown };
  return typeof key === 'string' && typeof value === 'string' ? [{ key, value }] : [];
};
