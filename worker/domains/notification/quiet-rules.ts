/** Quiet hours: when nothing rings or buzzes, by the clock of the person's home, summer time and all. */
import { Temporal } from 'temporal-polyfill';

export interface QuietHours {
  readonly on: boolean;
  /** `22:00`. */
  readonly from: string;
  /** The first time that is not quiet any more; earlier than `from` where the night lies between them. */
  readonly to: string;
}

/** Today, tomorrow, and one more where a clock change swallowed the end. */
const DAYS_TO_LOOK = 3;

/**
 * When quiet hours that hold at `now` are over, ms since the epoch; null where it is not quiet. That is the first moment
 * at which a clock there shows a time outside of them: an end that summer time skips comes when the clock jumps over it.
 */
export function deferUntil(now: number, { on, from, to }: QuietHours, timeZone: string): number | null {
  if (!on) return null;
  const start = Temporal.PlainTime.from(from);
  const end = Temporal.PlainTime.from(to);
  const isQuiet = (at: Temporal.ZonedDateTime): boolean => {
    const time = at.toPlainTime();
    const began = Temporal.PlainTime.compare(time, start) >= 0;
    const over = Temporal.PlainTime.compare(time, end) >= 0;
    return Temporal.PlainTime.compare(start, end) < 0 ? began && !over : began || !over;
  };
  const local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone);
  if (!isQuiet(local)) return null;
  const ends = Array.from({ length: DAYS_TO_LOOK }, (_, days) => local.toPlainDate().add({ days }).toPlainDateTime(end));
  const moments = ends.flatMap((time) => [
    time.toZonedDateTime(timeZone, { disambiguation: 'earlier' }),
    time.toZonedDateTime(timeZone, { disambiguation: 'later' }),
  ]);
  // Clocks that are set on or back may leave quiet hours without ever showing their end.
  const change = local.getTimeZoneTransition('next');
  if (change) moments.push(change);
  const outside = moments.filter((at) => at.epochMilliseconds > now && !isQuiet(at)).map((at) => at.epochMilliseconds);
  return Math.min(...outside);
}
