/** A call that devices were pushed of rings no more: those that are not VoIP are told so without a sound. */
import type { Context } from '../../platform/context.ts';
import { idFrom } from '../../platform/ids.ts';
import type { Delivery } from '../../platform/queues.ts';
import type { CallOverMessage } from '../../protocol/queue/messages.ts';
import { sendsOf } from './climb-store.ts';
import { together, tryOnce } from './trying.ts';
import type { Ways } from './ways.ts';

/** Shown no later than this, ms: a ring that went out when the call was over already falls silent by itself. */
const WORTH_MS = 60_000;
/** A push that may be going out at this moment is waited for, s. */
const GOING_OUT_SECONDS = 5;

/** Apple ends apps that get a VoIP push and show no call: those devices ask when they wake. */
export async function callOver(ctx: Context, { id, userId, callId }: CallOverMessage, ways: Ways): Promise<Delivery> {
  const rung = (await sendsOf(ctx.env.DB, [id])).filter((send) => send.rung === 'push' && send.channel !== 'voip');
  if (rung.some((send) => send.sentAt === null && send.givenUpAt === null && send.claimedUntil > ctx.now))
    return { retry: true, code: 'going_out', delaySeconds: GOING_OUT_SECONDS };
  const rings = new Set(rung.flatMap((send) => (send.sentAt === null ? [] : [send.deviceId])));
  if (rings.size === 0) return { done: true };
  const expiresAt = ctx.now + WORTH_MS;
  // A message of its own to the provider: under the ring's id it would take it for a repetition.
  const order = {
    id: await idFrom('ntf', 0, `${id} over`),
    kind: 'call.over',
    words: null,
    link: `/go/call/${callId}`,
    callId,
    collapseKey: `call:${callId}`,
    urgency: 'high',
    expiresAt,
  } as const;
  const devices = ((await ways.devicesOf(ctx, [userId])).get(userId) ?? []).filter((device) => rings.has(device.id));
  const attempted = together(
    await Promise.all(
      devices.map((device) =>
        tryOnce(ctx, { id: order.id, rung: 'push', deviceId: device.id, channel: device.platform }, expiresAt, async () => {
          const pushed = await ways.push(ctx, device, order);
          if ('dead' in pushed) await ways.forget(ctx, device, pushed.code);
          return pushed;
        }),
      ),
    ),
  );
  return attempted.again ? { retry: true, code: attempted.code, delaySeconds: Math.ceil(attempted.inMs / 1_000) } : { done: true };
}
