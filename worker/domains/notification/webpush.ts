/**
 * Web Push (RFC 8030, 8291, 8292): a message is encrypted for the browser, signed with our VAPID key and left at the push
 * service that the browser's maker keeps. Locally at the sandbox, which stands for all of them.
 */
import { buildPushPayload } from '@block65/webcrypto-web-push';
import { isSetUp, secretOf } from '../../platform/environment.ts';
import { causeOf } from '../../platform/log.ts';
import type { PushProvider } from './push.ts';
import { dead, exchange, later, never, retryAfterMs, taken } from './push-answers.ts';
import { topicOf } from './push-ids.ts';
import { payloadOf, secondsLeft } from './push-rules.ts';
import { refusedBy } from './sending.ts';
import { pushServiceUrl } from './webpush-rules.ts';

export const webpush: PushProvider = {
  platforms: ['webpush'],
  configured: ({ env }) => isSetUp(env, 'webpush'),

  async send(ctx, { id, token, keys }, order) {
    const url = pushServiceUrl(token);
    if (!url || !keys) return dead('webpush_endpoint');
    const { env, now } = ctx;
    const vapid = {
      subject: `mailto:${env.MAIL_FROM}`,
      publicKey: env.VAPID_PUBLIC_KEY ?? '',
      privateKey: secretOf(env, 'VAPID_PRIVATE_KEY'),
    };
    const options = {
      ttl: secondsLeft(order, now),
      urgency: order.urgency === 'normal' ? 'normal' : 'high',
      topic: await topicOf(order.collapseKey),
    } as const;
    let request: Awaited<ReturnType<typeof buildPushPayload>>;
    try {
      request = await buildPushPayload(
        { data: JSON.stringify(payloadOf(order)), options },
        { endpoint: url.href, expirationTime: null, keys },
        vapid,
      );
    } catch (thrown) {
      ctx.log.error('a Web Push message can’t be written', { deviceId: id, cause: causeOf(thrown) });
      return never('webpush_unwritable');
    }
    const address = env.SANDBOX_ORIGIN ? `${env.SANDBOX_ORIGIN}/webpush/${url.host}${url.pathname}${url.search}` : url.href;
    const answer = await exchange('webpush', address, { ...request, method: 'POST' });
    if (!(answer instanceof Response)) return answer;
    await answer.body?.cancel();
    const { status } = answer;
    if (answer.ok) return taken(null);
    if (status === 404 || status === 410) return dead(`webpush_${status}`);
    const wait = retryAfterMs(answer.headers, now);
    return wait === undefined ? refusedBy('webpush', status) : later(`webpush_${status}`, wait);
  },
};
