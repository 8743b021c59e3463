/** When a companion usually works, and which moments that comes to. */
import { addDays, dateAt, momentOf, weekdayOf } from '../../platform/local-time.ts';
import type { WorkingHour, WorkingHours } from '../../protocol/http/work.ts';

/** ms since the epoch. */
export interface Span {
  readonly at: number;
  readonly until: number;
}

/**
 * The times of work that begin from `from` (ms) on and less than `days` days later, soonest first. Read off the clock
 * where the companion lives: nine o'clock stays nine o'clock when summer time comes.
 */
export function spansOf({ timeZone, items }: WorkingHours, from: number, days: number): Span[] {
  const to = from + days * 86_400_000;
  const first = dateAt(from, timeZone);
  const dates = Array.from({ length: days + 2 }, (_, n) => addDays(first, n));
  return dates
    .flatMap((date) => items.filter(({ weekday }) => weekday === weekdayOf(date)).map((hour) => spanOn(date, hour, timeZone)))
    .filter(({ at, until }) => at >= from && at < to && until > at)
    .toSorted((a, b) => a.at - b.at || a.until - b.until);
}

const spanOn = (date: string, { from, to }: WorkingHour, timeZone: string): Span => ({
  at: momentOf(date, from, timeZone),
  until: momentOf(to > from ? date : addDays(date, 1), to, timeZone),
});

/** In the order of the week, none twice. */
export const tidyHours = (items: readonly WorkingHour[]): WorkingHour[] => {
  const keyOf = ({ weekday, from, to }: WorkingHour) => `${weekday} ${from} ${to}`;
  return [...new Map(items.map((item) => [keyOf(item), item])).values()].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
};
