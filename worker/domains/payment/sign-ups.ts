/** Whoever signs up proves an address, and with it what was bought under it before (money.md, "Payments", 4). */
import type { Context } from '../../platform/context.ts';
import type { UserId } from '../../protocol/ids.ts';
import { advanceStatement, unreadEvents } from '../event_log/service.ts';
import { usersByIds } from '../user/service.ts';
import { appleAccountOf } from './claim-rules.ts';
import { enqueue } from './d1-till.ts';
import { pendingWith } from './delivery-store.ts';

const READER = 'payment.sign_ups';
const AT_ONCE = 200;

/**
 * Has what waited for them taken up, for everybody who signed up since the last time. Whose it is is decided there, once; read
 * again after a crash, nothing more comes of it.
 */
export async function claimForSignUps(ctx: Context): Promise<void> {
  for (;;) {
    const events = await unreadEvents(ctx, { reader: READER, types: ['user.signed_up'], limit: AT_ONCE });
    const last = events.at(-1);
    if (!last) return;
    const users = await usersByIds(
      ctx,
      events.map(({ subject }) => subject as UserId),
    );
    const names = [...users.values()].flatMap(({ id, email, phone }) => [
      ...(email === null ? [] : [{ kind: 'email', value: email }]),
      ...(phone === null ? [] : [{ kind: 'phone', value: phone }]),
      { kind: 'user', value: id },
      { kind: 'google_account', value: id },
      { kind: 'apple_account', value: appleAccountOf(id) },
    ]);
    await enqueue(ctx, await pendingWith(ctx.env.DB, names, []));
    await ctx.env.DB.batch([advanceStatement(ctx, { reader: READER, seq: last.seq })]);
    if (events.length < AT_ONCE) return;
  }
}
