/** A call that runs hears that its payer has something else to spend than it knows. */
import type { Context } from '../../platform/context.ts';
import { callSession, userHub } from '../../platform/stubs.ts';
import type { UserId } from '../../protocol/ids.ts';

/** Best effort: its next checkpoint asks the ledger all the same. A balance that moved the hub tells by itself. */
export async function tellRunningCall(ctx: Context, userId: UserId): Promise<void> {
  const callId = await userHub(ctx.env, userId).busyWith();
  if (callId !== null) await callSession(ctx.env, callId).fundsChanged({ userId });
}
