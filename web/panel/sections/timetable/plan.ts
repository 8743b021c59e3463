/** What of a job can be changed, and how it was when it was seen. */
import type { BodyOf } from '../../../../worker/protocol/http/endpoint.ts';
import type { changeJob, TimetableJob } from '../../../../worker/protocol/http/timetable.ts';

export type Plan = Omit<BodyOf<typeof changeJob>, 'seenChangedAt'>;

/** When it runs, and what becomes of missed turns: what the dialog changes. Whether it is on is another matter. */
export type Times = Pick<TimetableJob, 'cron' | 'zone' | 'missed'>;
export const timesOf = ({ cron, zone, missed }: TimetableJob): Times => ({ cron, zone, missed });

export const planOf = ({ cron, zone, missed, enabled }: TimetableJob): Required<Plan> => ({ cron, zone, missed, enabled });
