/** Days and hours where somebody lives. Summer time comes and goes: a day may have 23 or 25 hours, an hour may be missing. */
import { Temporal } from 'temporal-polyfill';

/** `2026-11-21`: the date at `ms` in this time zone. */
export const dateAt = (ms: number, timeZone: string): string => zoned(ms, timeZone).toPlainDate().toString();

/** When this date begins, ms since the epoch; where midnight is skipped, at the first moment there is. */
export const startOfDate = (date: string, timeZone: string): number =>
  Temporal.PlainDate.from(date).toZonedDateTime(timeZone).epochMilliseconds;

/** The date so many days later (earlier where negative). */
export const addDays = (date: string, days: number): string => Temporal.PlainDate.from(date).add({ days }).toString();

/** 1 is Monday, 7 Sunday. */
export const weekdayOf = (date: string): number => Temporal.PlainDate.from(date).dayOfWeek;

/**
 * When a clock there shows this time of this date, ms since the epoch. A time that summer time skips: as much later as
 * is skipped; one that comes twice: the first time.
 * @param time `09:30`
 */
export const momentOf = (date: string, time: string, timeZone: string): number =>
  Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds;

const zoned = (ms: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone);
