/** Tells somebody that their account was entered on a device that is new to it (P17). */
import type { Context } from '../../platform/context.ts';
import { unwrap } from '../../platform/errors.ts';
import { idFrom } from '../../platform/ids.ts';
import { userHub } from '../../platform/stubs.ts';
import type { SessionId } from '../../protocol/ids.ts';
import { advanceStatement, unreadEvents } from '../event_log/service.ts';
import { newSignIns } from '../user/service.ts';

const READER = 'notification.sign_ins';
const AT_ONCE = 200;

/**
 * Reads what sessions were opened since the last time. The device it is about is told too, but what it shows or reads counts
 * for nothing: the owner is somewhere else.
 */
export async function tellSignIns(ctx: Context): Promise<void> {
  for (;;) {
    const events = await unreadEvents(ctx, { reader: READER, types: ['session.opened'], limit: AT_ONCE });
    const last = events.at(-1);
    if (!last) return;
    const fresh = await newSignIns(
      ctx,
      events.map(({ subject }) => subject as SessionId),
    );
    await Promise.all(
      fresh.map(async ({ sessionId, userId, device, at }) => {
        const note = { id: await idFrom('ntf', at, sessionId), kind: 'security.sign_in', body: { device, at }, notBy: sessionId } as const;
        unwrap(await userHub(ctx.env, userId).notify({ ...note, now: ctx.now }));
      }),
    );
    await ctx.env.DB.batch([advanceStatement(ctx, { reader: READER, seq: last.seq })]);
    if (events.length < AT_ONCE) return;
  }
}
