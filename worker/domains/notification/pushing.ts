/** One push to one device, by whichever provider reaches it. */
import type { Context } from '../../platform/context.ts';
import { apns } from './apns.ts';
import { fcm } from './fcm.ts';
import { oneSignal } from './onesignal.ts';
import type { PushDevice, Pushed, PushOrder, PushProvider } from './push.ts';
import { never } from './push-answers.ts';
import { fitting } from './push-rules.ts';
import { webpush } from './webpush.ts';

const providers: readonly PushProvider[] = [webpush, apns, fcm, oneSignal];

/**
 * Sends one push. Never throws. Repeated with the same order and device: the provider is told the same ids, and tells once
 * where it can. What must not be told any more is not sent; by VoIP nothing is but a ring.
 */
export async function sendPush(ctx: Context, device: PushDevice, order: PushOrder): Promise<Pushed> {
  const provider = providers.find(({ platforms }) => platforms.includes(device.platform));
  if (!provider?.configured(ctx)) return never(`${device.platform}_off`);
  if (order.expiresAt <= ctx.now) return never('too_late');
  if (device.platform === 'voip' && order.urgency !== 'ring') return never('voip_rings_only');
  return provider.send(ctx, device, { ...order, words: fitting(order.words) });
}
