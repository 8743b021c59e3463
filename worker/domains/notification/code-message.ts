/** One-time codes by mail and SMS. */
import type { Context } from '../../platform/context.ts';
import type { Delivery } from '../../platform/queues.ts';
import type { OtpMessage } from '../../protocol/queue/messages.ts';
import { codeOut } from './codes.ts';
import { SEND_TIMEOUT_MS } from './sending.ts';
import { claimDelivery, markFailed, markSent } from './store.ts';

/**
 * Sends one code. A repeated delivery of the queue is told by the message's id and sends nothing; only a crash between the
 * provider's yes and our note of it can send twice.
 */
export async function sendCode(ctx: Context, message: OtpMessage): Promise<Delivery> {
  // A code that no longer works would only confuse.
  if (message.expiresAt <= ctx.now) return { drop: true, code: 'too_late' };

  const { id, kind, channel } = message;
  const claim = await claimDelivery(ctx.env.DB, { id, kind, channel, now: ctx.now, until: ctx.now + 2 * SEND_TIMEOUT_MS });
  if (claim === 'sent') return { done: true };
  if (claim === 'busy') return { retry: true, code: 'busy' };

  const sending = await codeOut(ctx, id, message);
  if (sending.sent) {
    await markSent(ctx.env.DB, id, ctx.now, sending.providerId);
    return { done: true };
  }
  await markFailed(ctx.env.DB, id, sending.code);
  return sending.again ? { retry: true, code: sending.code } : { drop: true, code: sending.code };
}
