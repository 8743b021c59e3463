/** Firebase Cloud Messaging, HTTP v1: Android phones. Locally at the sandbox. */
import type { Context } from '../../platform/context.ts';
import { isSetUp, secretOf } from '../../platform/environment.ts';
import { tokenFor } from '../../platform/provider-token.ts';
import { readServiceAccount } from '../../platform/service-account.ts';
import { fcmError, fcmMessage, meaningOf } from './fcm-rules.ts';
import type { PushDevice, Pushed, PushOrder, PushProvider } from './push.ts';
import { dead, exchange, later, never, retryAfterMs, said, taken } from './push-answers.ts';

const FCM_ORIGIN = 'https://fcm.googleapis.com';

export const fcm: PushProvider = {
  platforms: ['fcm'],
  configured: ({ env }) => isSetUp(env, 'fcm'),

  async send(ctx, device, order) {
    const bearer = await tokenFor(ctx, 'fcm');
    if (bearer === null) return later('fcm_no_token');
    const first = await ask(ctx, device, order, bearer);
    if (first !== 'renew') return first;
    const renewed = await tokenFor(ctx, 'fcm', bearer);
    const second = renewed === null ? 'renew' : await ask(ctx, device, order, renewed);
    return second === 'renew' ? later('fcm_key') : second;
  },
};

/** One request with one bearer. */
async function ask(ctx: Context, device: PushDevice, order: PushOrder, bearer: string): Promise<Pushed | 'renew'> {
  const { env, now } = ctx;
  const { project_id: project } = readServiceAccount(secretOf(env, 'FCM_SERVICE_ACCOUNT'));
  const answer = await exchange('fcm', `${env.SANDBOX_ORIGIN || FCM_ORIGIN}/v1/projects/${project}/messages:send`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(fcmMessage(device, order, now)),
  });
  if (!(answer instanceof Response)) return answer;
  const body = await said(answer);
  if (answer.ok) return taken(typeof body.name === 'string' ? body.name : null);
  const error = fcmError(answer.status, body);
  const [code, meaning] = [`fcm_${error.code}`, meaningOf(error)];
  if (meaning === 'renew') return 'renew';
  if (meaning === 'dead') return dead(code);
  return meaning === 'later' ? later(code, retryAfterMs(answer.headers, now)) : never(code);
}
