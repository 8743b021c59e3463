/**
 * Adapty, who tells of purchases at Apple and Google (https://adapty.io/docs/set-up-webhook-integration). Its only proof is a
 * fixed `Authorization` value; nothing in its body is signed. So what it says of a transaction is believed as far as that value
 * is secret, and a device that it names never says whose a purchase is. Its test purchases are told apart by `environment`:
 * those of the other kind are refused, since they cost nothing.
 */
import { isSetUp, secretOf } from '../../platform/environment.ts';
import { readAdapty } from './messenger-rules.ts';
import type { Source } from './source.ts';
import { objectIn, textOf } from './verify/body.ts';
import { isAccepted } from './verify/static-token.ts';

export const adapty: Source = {
  name: 'adapty',

  async verify({ env }, { from, bytes, headers }) {
    if (!isSetUp(env, 'adapty')) return { outcome: 'off' };
    if (from === 'member') return { outcome: 'refused', cause: 'adapty takes nothing from apps' };
    if (!(await isAccepted(headers.get('Authorization'), secretOf(env, 'ADAPTY_WEBHOOK_TOKENS').split(','))))
      return { outcome: 'refused', cause: 'token' };
    const raw = textOf(bytes);
    const body = objectIn(raw);
    if (raw === null || body === null) return { outcome: 'refused', cause: 'no JSON object' };
    // Its check of the address, as it is now and as it was.
    if (Object.keys(body).length === 0) return { outcome: 'answered', body: {} };
    if (typeof body.adapty_check === 'string') return { outcome: 'answered', body: { adapty_check_response: body.adapty_check } };
    const said = body.event_properties as Record<string, unknown> | null | undefined;
    const id = said?.profile_event_id;
    if (typeof id !== 'string' || !/^[\w-]{1,100}$/.test(id)) return { outcome: 'refused', cause: 'no event id' };
    if (said?.environment !== (env.ENVIRONMENT === 'production' ? 'Production' : 'Sandbox'))
      return { outcome: 'refused', cause: 'environment' };
    return { outcome: 'verified', sourceEventId: id, raw };
  },

  async interpret(_, { sourceEventId, raw }) {
    return readAdapty(objectIn(raw), sourceEventId);
  },
};
