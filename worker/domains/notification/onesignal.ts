/** OneSignal, which speaks to whichever push service an app uses. It knows a request by its `idempotency_key` for thirty days. */
import { isSetUp, secretOf } from '../../platform/environment.ts';
import type { PushDevice, PushOrder, PushProvider } from './push.ts';
import { dead, exchange, later, never, retryAfterMs, said, taken } from './push-answers.ts';
import { topicOf, uuidOf } from './push-ids.ts';
import { payloadOf, secondsLeft } from './push-rules.ts';
import { refusedBy } from './sending.ts';

const ONESIGNAL_ORIGIN = 'https://api.onesignal.com';
/** `collapse_id` may have as many characters. */
const MOST_COLLAPSE_ID = 64;
const NOT_SUBSCRIBED = /not subscribed/i;

export const oneSignal: PushProvider = {
  platforms: ['onesignal'],
  configured: ({ env }) => isSetUp(env, 'onesignal'),

  async send(ctx, device, order) {
    const { env, now } = ctx;
    const answer = await exchange('onesignal', `${env.SANDBOX_ORIGIN || ONESIGNAL_ORIGIN}/notifications`, {
      method: 'POST',
      headers: { Authorization: `Key ${secretOf(env, 'ONESIGNAL_API_KEY')}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ app_id: env.ONESIGNAL_APP_ID, ...(await messageFor(device, order, now)) }),
    });
    if (!(answer instanceof Response)) return answer;
    const body = await said(answer);
    if (answer.ok) {
      // 200 without an id: nothing was sent.
      if (typeof body.id === 'string' && body.id !== '') return taken(body.id);
      return isGone(body.errors) ? dead('onesignal_not_subscribed') : never('onesignal_nothing_sent');
    }
    const wait = retryAfterMs(answer.headers, now);
    return wait === undefined ? refusedBy('onesignal', answer.status) : later(`onesignal_${answer.status}`, wait);
  },
};

async function messageFor(device: PushDevice, order: PushOrder, now: number) {
  const { title: _title, body: _body, ...data } = payloadOf(order);
  const words = order.words && { headings: { en: order.words.title }, contents: { en: order.words.body } };
  return {
    target_channel: 'push',
    include_subscription_ids: [device.token],
    idempotency_key: await uuidOf(order, device),
    // Already in the person's language; "en" is the one that is used for all others.
    ...(words ?? { content_available: true }),
    data,
    ttl: secondsLeft(order, now),
    priority: order.urgency === 'normal' ? 5 : 10,
    collapse_id: order.collapseKey.length <= MOST_COLLAPSE_ID ? order.collapseKey : await topicOf(order.collapseKey),
  };
}

/** `["All included players are not subscribed"]`, or the id among those that are invalid, whichever name they go by. */
function isGone(errors: unknown): boolean {
  if (Array.isArray(errors)) return errors.some((error) => typeof error === 'string' && NOT_SUBSCRIBED.test(error));
  if (typeof errors !== 'object' || errors === null) return false;
  return Object.entries(errors).some(
    ([name, ids]) => /^invalid_(player|subscription)_ids$/.test(name) && Array.isArray(ids) && ids.length > 0,
  );
}
