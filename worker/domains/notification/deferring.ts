/** Puts what has waited for a better hour back on the queue: nothing hangs on how long a queue can hold a message back. */
import type { Context } from '../../platform/context.ts';
import type { ClimbMessage } from '../../protocol/queue/messages.ts';
import { type Deferral, dropDeferrals, dueDeferrals, putOff } from './climb-store.ts';

/** What a queue takes at once. */
const AT_ONCE = 100;
/** A digest is taken from what waits when it is sent; if its message is lost, it comes again after this, ms. */
const DIGEST_AGAIN_MS = 15 * 60_000;
/** A run stops here, so that it is over before the next, ms. */
const JOB_MS = 45_000;

/** At least once: a crash after sending and before the rows are gone sends again, and the second time says nothing. */
export async function releaseDeferrals(ctx: Context, clock: () => number = Date.now): Promise<void> {
  const began = clock();
  for (;;) {
    const due = await dueDeferrals(ctx.env.DB, { now: ctx.now, limit: AT_ONCE });
    if (due.length === 0) return;
    await ctx.env.NOTIFICATIONS.sendBatch(onePerDigest(due).map((one) => ({ body: messageOf(one) })));
    const digests = due.filter(({ rung }) => rung === 'digest');
    await putOff(ctx.env.DB, digests, ctx.now + DIGEST_AGAIN_MS);
    await dropDeferrals(
      ctx.env.DB,
      due.filter(({ rung }) => rung !== 'digest'),
    );
    if (due.length < AT_ONCE || clock() - began > JOB_MS) return;
  }
}

/** All that waits of one person is one mail. */
function onePerDigest(due: readonly Deferral[]): Deferral[] {
  const seen = new Set<string>();
  return due.filter(({ rung, userId }) => {
    if (rung !== 'digest') return true;
    if (seen.has(userId)) return false;
    seen.add(userId);
    return true;
  });
}

const messageOf = ({ id, userId, kind, beganAt, rung }: Deferral): ClimbMessage => ({
  kind: 'climb',
  id,
  userId,
  notice: kind,
  beganAt,
  rung,
  released: true,
});
