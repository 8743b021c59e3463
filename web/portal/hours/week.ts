/** The usual week: what can be said of it before it is sent. Pure. */
import type { WorkingHour } from '../../../worker/protocol/http/work.ts';

export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const;

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

/** True where work ends on the next day. */
export const overnight = ({ from, to }: WorkingHour): boolean => minutesOf(to) <= minutesOf(from);

export const minutesLong = (hour: WorkingHour): number => {
  const long = minutesOf(hour.to) - minutesOf(hour.from);
  return long > 0 ? long : long + 1_440;
};

export const minutesOfWeek = (items: readonly WorkingHour[]): number => items.reduce((sum, hour) => sum + minutesLong(hour), 0);

const WEEK = 7 * 1_440;

/** Two times that overlap, also over midnight and from Sunday into Monday; null where all is well. */
export function firstOverlap(items: readonly WorkingHour[]): readonly [WorkingHour, WorkingHour] | null {
  const spans = items
    .map((hour) => ({ hour, from: (hour.weekday - 1) * 1_440 + minutesOf(hour.from) }))
    .map(({ hour, from }) => ({ hour, from, to: from + minutesLong(hour) }))
    .sort((a, b) => a.from - b.from);
  for (const [index, span] of spans.entries()) {
    const next = spans[index + 1] ?? (spans[0] && index > 0 ? { ...spans[0], from: spans[0].from + WEEK } : undefined);
    if (next && next.from < span.to) return [span.hour, next.hour];
  }
  return null;
}

/** The next free time of a day to offer: as the day before it, else nine to five, else after its last. */
export function offer(items: readonly WorkingHour[], weekday: number): WorkingHour {
  const own = items.filter((hour) => hour.weekday === weekday);
  const last = own.at(-1);
  if (last) {
    const from = Math.min(minutesOf(last.to) + 60, 1_380);
    return { weekday, from: timeOf(from), to: timeOf(Math.min(from + 120, 1_439)) };
  }
  const before = items.find((hour) => hour.weekday === weekday - 1);
  return before ? { ...before, weekday } : { weekday, from: '09:00', to: '17:00' };
}

const timeOf = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
