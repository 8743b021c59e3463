/** What jobs and their runs are called. */
import type { JobRun, TimetableJob } from '../../../../worker/protocol/http/timetable.ts';
import { locale } from '../../../ui/i18n.ts';
import { type StaffWords, wordFor } from '../../words.ts';

/** What a job does, in plain words; its name where there are none yet. */
export const jobWords = (t: StaffWords, name: string): string => wordFor(t, `job.${name}`, name);

/** How a run stands. */
export type RunState = NonNullable<JobRun['outcome']> | 'running';
export const stateOf = ({ outcome }: JobRun): RunState => outcome ?? 'running';

/** How a job stands: what staff should see first. */
export type Health = 'failing' | 'failed' | 'off' | 'well' | 'new';
export function healthOf({ enabled, failures, alertAfter, lastRun }: TimetableJob): Health {
  if (failures >= alertAfter) return 'failing';
  if (failures > 0) return 'failed';
  if (!enabled) return 'off';
  return lastRun === null ? 'new' : 'well';
}

/** How long a run took, ms; null while it runs. */
export const lastedOf = ({ startedAt, finishedAt }: JobRun): number | null =>
  finishedAt === null ? null : Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt));

/** "0.4 s", "1 min 5 s". */
export function lastedWords(ms: number): string {
  const unit = (value: number, name: 'second' | 'minute', digits: number): string =>
    new Intl.NumberFormat(locale(), { style: 'unit', unit: name, unitDisplay: 'short', maximumFractionDigits: digits }).format(value);
  if (ms < 59_950) return unit(ms / 1_000, 'second', 1);
  const seconds = Math.round(ms / 1_000);
  return `${unit(Math.floor(seconds / 60), 'minute', 0)} ${unit(seconds % 60, 'second', 0)}`;
}

/** A moment on a clock that hangs in `zone`: "Mon, 29 Mar, 09:00". */
export const momentIn = (at: string, zone: string): string =>
  new Intl.DateTimeFormat(locale(), {
    ...{ weekday: 'short', day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    timeZone: zone,
  }).format(new Date(at));
