/** Names of zones, talks and earnings belong to domains that this one may not import; `app.ts` hands them in. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import { dateAt, startOfDate } from '../../platform/local-time.ts';
import type { Principal } from '../../platform/principal.ts';
import { type App, serve } from '../../platform/serve.ts';
import { userHub } from '../../platform/stubs.ts';
import * as me from '../../protocol/http/me.ts';
import * as work from '../../protocol/http/work.ts';
import type { UserId } from '../../protocol/ids.ts';
import { changeHours, endBreak, endShift, hoursOf, openShift, startBreak, startShift, workedOf } from './service.ts';

export interface Workplace {
  /** Where the person lives. */
  timeZoneOf(ctx: Context, id: UserId): Promise<string>;
  isTimeZone(name: string): boolean;
  /** Talks since a moment (ms). */
  talkedOf(ctx: Context, id: UserId, from: number): Promise<{ calls: number; seconds: number }>;
  /** Earned since a moment (ms), in `EARN`. */
  earnedOf(ctx: Context, who: Principal, from: number): Promise<number>;
}

export function mountShifts(app: App, house: Workplace): void {
  serve(app, me.readShift, async ({ ctx, principal }) => {
    const [shift, { presence }, today] = await Promise.all([
      openShift(ctx, principal.userId),
      userHub(ctx.env, principal.userId).presence(ctx.now),
      todayOf(ctx, principal, house),
    ]);
    return { shift, presence, today };
  });
  serve(app, me.startShift, async ({ ctx, principal }) => ({ shift: await startShift(ctx, principal.userId) }));
  serve(app, me.endShift, async ({ ctx, principal }) => ({ shift: await endShift(ctx, principal.userId) }));
  serve(app, work.startBreak, async ({ ctx, principal }) => ({ shift: await startBreak(ctx, principal.userId) }));
  serve(app, work.endBreak, async ({ ctx, principal }) => ({ shift: await endBreak(ctx, principal.userId) }));

  serve(app, work.readHours, async ({ ctx, principal: { userId } }) => ({
    hours: await hoursOf(ctx, userId, await house.timeZoneOf(ctx, userId)),
  }));
  serve(app, work.changeHours, async ({ ctx, principal: { userId }, body }) => {
    if (body.timeZone !== undefined && !house.isTimeZone(body.timeZone))
      throw new Problem('validation_failed', 'There is no such time zone.', {
        fields: [{ path: 'timeZone', message: 'must be a time zone such as Europe/Helsinki' }],
      });
    return { hours: await changeHours(ctx, { ...body, userId, fallbackZone: await house.timeZoneOf(ctx, userId) }) };
  });
}

async function todayOf(ctx: Context, principal: Principal, house: Workplace): Promise<me.Workday> {
  const timeZone = await house.timeZoneOf(ctx, principal.userId);
  const date = dateAt(ctx.now, timeZone);
  const from = startOfDate(date, timeZone);
  const [worked, talked, earned] = await Promise.all([
    workedOf(ctx, principal.userId, from),
    house.talkedOf(ctx, principal.userId, from),
    house.earnedOf(ctx, principal, from),
  ]);
  return { date, timeZone, ...worked, talkedSeconds: talked.seconds, calls: talked.calls, earned: { unit: 'EARN', amount: earned } };
}
