/**
 * AppHud, who tells of purchases at Apple and Google (https://docs.apphud.com/docs/webhook). Its only proof is a fixed value in
 * `X-Apphud-Token`; nothing in its body is signed, so the same holds as for Adapty. It is told once and not again, so whatever
 * is lost comes by the stores' own words. Of which kind a purchase is (a test or not) it says only beside a subscription: the
 * kind of events is chosen at AppHud, for each address.
 */
import { isSetUp, secretOf } from '../../platform/environment.ts';
import { readAppHud } from './messenger-rules.ts';
import type { Source } from './source.ts';
import { objectIn, textOf } from './verify/body.ts';
import { isAccepted } from './verify/static-token.ts';

export const apphud: Source = {
  name: 'apphud',

  async verify({ env }, { from, bytes, headers }) {
    if (!isSetUp(env, 'apphud')) return { outcome: 'off' };
    if (from === 'member') return { outcome: 'refused', cause: 'apphud takes nothing from apps' };
    if (!(await isAccepted(headers.get('X-Apphud-Token'), secretOf(env, 'APPHUD_WEBHOOK_TOKENS').split(','))))
      return { outcome: 'refused', cause: 'token' };
    const raw = textOf(bytes);
    const body = objectIn(raw) as { app?: App | null; event?: Happening | null; user?: User | null } | null;
    if (raw === null || body === null) return { outcome: 'refused', cause: 'no JSON object' };
    const id = body.event?.id;
    if (typeof id !== 'string' || !/^[\w-]{1,100}$/.test(id)) return { outcome: 'refused', cause: 'no event id' };
    const ours = [env.APPLE_BUNDLE_ID, env.PLAY_PACKAGE_NAME].filter(Boolean);
    if (!ours.some((name) => name === body.app?.bundle_id || name === body.app?.package_name))
      return { outcome: 'refused', cause: 'another app' };
    const kind = kindOf(body.event?.receipt?.original_transaction_id, body.user?.subscriptions);
    if (kind === (env.ENVIRONMENT === 'production' ? 'sandbox' : 'production')) return { outcome: 'refused', cause: 'environment' };
    return { outcome: 'verified', sourceEventId: id, raw };
  },

  async interpret(_, { sourceEventId, raw }) {
    return readAppHud(objectIn(raw), sourceEventId);
  },
};

interface App {
  readonly bundle_id?: unknown;
  readonly package_name?: unknown;
}
interface Happening {
  readonly id?: unknown;
  readonly receipt?: { readonly original_transaction_id?: unknown } | null;
}
interface User {
  readonly subscriptions?: readonly ({ readonly environment?: unknown; readonly original_transaction_id?: unknown } | null)[] | null;
}

/** Whether a subscription is a test's, where it says so. */
const kindOf = (named: unknown, subscriptions: User['subscriptions']): unknown =>
  Array.isArray(subscriptions) ? subscriptions.find((each) => each?.original_transaction_id === named)?.environment : undefined;
