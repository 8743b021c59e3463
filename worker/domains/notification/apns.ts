/** Apple's push service, and its channel for calls (PushKit). Locally at the sandbox. */
import type { Context } from '../../platform/context.ts';
import { isSetUp } from '../../platform/environment.ts';
import { tokenFor } from '../../platform/provider-token.ts';
import { apnsMessage, meaningOf, voipMessage } from './apns-rules.ts';
import type { PushDevice, Pushed, PushOrder, PushProvider } from './push.ts';
import { dead, exchange, later, never, retryAfterMs, said, taken } from './push-answers.ts';
import { topicOf, uuidOf } from './push-ids.ts';

/** `apns-collapse-id` may have as many bytes. */
const MOST_COLLAPSE_ID = 64;

export const apns: PushProvider = {
  platforms: ['apns', 'voip'],
  configured: ({ env }) => isSetUp(env, 'apns'),

  async send(ctx, device, order) {
    const token = await tokenFor(ctx, 'apns');
    if (token === null) return later('apns_no_token');
    const first = await ask(ctx, device, order, token);
    if (first !== 'renew') return first;
    const renewed = await tokenFor(ctx, 'apns', token);
    const second = renewed === null ? 'renew' : await ask(ctx, device, order, renewed);
    return second === 'renew' ? later('apns_key') : second;
  },
};

/** One request with one token. */
async function ask(ctx: Context, device: PushDevice, order: PushOrder, token: string): Promise<Pushed | 'renew'> {
  const { env, now } = ctx;
  const isVoip = device.platform === 'voip';
  const { pushType, priority, payload } = isVoip ? voipMessage(order) : apnsMessage(order);
  const collapseId = order.collapseKey.length <= MOST_COLLAPSE_ID ? order.collapseKey : await topicOf(order.collapseKey);
  const answer = await exchange('apns', `${env.SANDBOX_ORIGIN || env.APNS_ORIGIN}/3/device/${encodeURIComponent(device.token)}`, {
    method: 'POST',
    headers: {
      Authorization: `bearer ${token}`,
      'apns-topic': isVoip ? `${env.APNS_TOPIC}.voip` : `${env.APNS_TOPIC}`,
      'apns-push-type': pushType,
      'apns-priority': priority,
      'apns-id': await uuidOf(order, device),
      'apns-expiration': String(Math.floor(order.expiresAt / 1000)),
      // A call's own channel collapses nothing: each of its pushes is a call to be shown.
      ...(isVoip ? {} : { 'apns-collapse-id': collapseId }),
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(payload),
  });
  if (!(answer instanceof Response)) return answer;
  if (answer.ok) {
    await answer.body?.cancel();
    return taken(answer.headers.get('apns-id'));
  }
  const { reason } = await said(answer);
  const code = `apns_${typeof reason === 'string' && /^\w+$/.test(reason) ? reason : answer.status}`;
  const meaning = meaningOf(answer.status, typeof reason === 'string' ? reason : '');
  if (meaning === 'renew') return 'renew';
  if (meaning === 'dead') return dead(code);
  return meaning === 'later' ? later(code, retryAfterMs(answer.headers, now)) : never(code);
}
