/** What was told, by day and kind, as a person would tell it: newest day first, what belongs together in one place. */
import type { InboxItem } from '../../worker/protocol/http/notifications.ts';

export interface KindOfDay {
  readonly kind: InboxItem['kind'];
  readonly items: readonly InboxItem[];
}

export interface Day {
  /** The date where the person is, `2026-11-26`. */
  readonly date: string;
  /** 0: today, 1: yesterday, … */
  readonly ago: number;
  readonly kinds: readonly KindOfDay[];
}

/** The date of a moment (ms) in a time zone. */
const dateIn = (timeZone: string | undefined) => {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (ms: number): string => format.format(ms);
};

/**
 * @param items newest first
 * @param timeZone undefined: the device's
 */
export function daysOf(items: readonly InboxItem[], now: number, timeZone?: string): readonly Day[] {
  const dateOf = dateIn(timeZone);
  const today = Date.parse(dateOf(now));
  const days = new Map<string, InboxItem[]>();
  for (const item of items) {
    const date = dateOf(Date.parse(item.at));
    const there = days.get(date);
    if (there) there.push(item);
    else days.set(date, [item]);
  }
  return [...days].map(([date, all]) => ({
    date,
    // Dates are whole days apart, whatever the clocks do in between.
    ago: Math.round((today - Date.parse(date)) / 86_400_000),
    kinds: kindsOf(all),
  }));
}

function kindsOf(items: readonly InboxItem[]): readonly KindOfDay[] {
  const kinds = new Map<InboxItem['kind'], InboxItem[]>();
  for (const item of items) {
    const there = kinds.get(item.kind);
    if (there) there.push(item);
    else kinds.set(item.kind, [item]);
  }
  return [...kinds].map(([kind, all]) => ({ kind, items: all }));
}
