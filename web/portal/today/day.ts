/** The day as it runs on between two answers of the server. Pure; `now` is an argument. */
import type { Shift, Workday } from './types.ts';

export type WorkState = 'off' | 'working' | 'break';

export const workStateOf = (shift: Shift | null): WorkState =>
  shift === null || shift.endedAt !== null ? 'off' : shift.breakSince === null ? 'working' : 'break';

/**
 * Seconds worked, on a break and talked, at `now`.
 * @param asOf ms when `day` was answered
 * @param talkingSince ms since when a call is connected that `day` does not count yet, or null
 */
export function dayAt(day: Workday, state: WorkState, asOf: number, now: number, talkingSince: number | null) {
  const since = Math.max(0, Math.floor((now - asOf) / 1000));
  return {
    worked: day.workedSeconds + (state === 'working' ? since : 0),
    onBreak: day.breakSeconds + (state === 'break' ? since : 0),
    talked: day.talkedSeconds + (talkingSince === null ? 0 : Math.max(0, Math.floor((now - talkingSince) / 1000))),
  };
}
