/** A companion's breaks and usual hours; the shift itself stands in `me.ts`. */
import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';
import { shift } from './me.ts';

export const startBreak = endpoint({
  name: 'startBreak',
  method: 'POST',
  path: '/me/shift/break',
  tag: 'shifts',
  summary: 'A break: no calls come meanwhile; a running call goes on to its end',
  access: 'shift.work',
  status: 200,
  answer: z.object({ shift }),
  errors: ['not_working'],
});

export const endBreak = endpoint({
  name: 'endBreak',
  method: 'POST',
  path: '/me/shift/resume',
  tag: 'shifts',
  summary: 'Back from the break; again while working changes nothing',
  access: 'shift.work',
  status: 200,
  answer: z.object({ shift }),
  errors: ['not_working'],
});

/** Local time of day, `09:00` to `23:59`. */
const timeOfDay = z.string().check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 09:30'));

export const workingHour = z.object({
  /** 1 is Monday, 7 Sunday. */
  weekday: z.int(),
  from: z.string(),
  /** Not later than `from`: on the next day. */
  to: z.string(),
});
export type WorkingHour = z.infer<typeof workingHour>;

export const workingHours = z.object({ timeZone: z.string(), items: z.array(workingHour) });
export type WorkingHours = z.infer<typeof workingHours>;

export const readHours = endpoint({
  name: 'readHours',
  method: 'GET',
  path: '/me/hours',
  tag: 'shifts',
  summary: 'When the companion usually works',
  access: 'shift.work',
  status: 200,
  answer: z.object({ hours: workingHours }),
});

export const changeHours = endpoint({
  name: 'changeHours',
  method: 'PATCH',
  path: '/me/hours',
  tag: 'shifts',
  summary: 'Change the usual hours; the given list replaces the old one',
  access: 'shift.work',
  body: z.strictObject({
    timeZone: z.optional(z.string().check(z.maxLength(60))),
    items: z.optional(
      z.array(z.strictObject({ weekday: z.int().check(z.gte(1), z.lte(7)), from: timeOfDay, to: timeOfDay })).check(z.maxLength(28)),
    ),
  }),
  status: 200,
  answer: z.object({ hours: workingHours }),
});
