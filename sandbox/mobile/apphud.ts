/** AppHud, telling of what was bought at Apple and Google (https://docs.apphud.com/docs/webhook). */
import { randomUUID } from 'node:crypto';
import { appHud, appStore, play } from '../desk-keys.ts';
import type { Call } from '../shop/deliveries.ts';
import { firstOf, type Happening, lastOf, type Told } from './bought.ts';

const types: Readonly<Partial<Record<Happening, string>>> = {
  bought: 'subscription_started',
  renewed: 'subscription_renewed',
  recovered: 'billing_issue_resolved',
  failed: 'billing_issue',
  cancelled: 'subscription_canceled',
  uncancelled: 'autorenew_enabled',
  expired: 'subscription_expired',
  refunded: 'subscription_refunded',
};
const onceTypes: Readonly<Partial<Record<Happening, string>>> = {
  bought: 'non_renewing_purchase',
  refunded: 'non_renewing_purchase_refunded',
};

const timeOf = (at: number): string => new Date(at).toISOString();

export function eventOf({ bought, payment, at }: Told, name: string, id: string): Record<string, unknown> {
  const price = bought.amount / 100;
  const original = bought.store === 'google' ? bought.token : firstOf(bought).id;
  const until = lastOf(bought).until;
  return {
    app: { uid: '89a413f4', bundle_id: appStore.bundleId, package_name: play.packageName },
    event: {
      id,
      created_at: timeOf(at),
      properties: { currency: bought.currency, local_price: price, product_id: bought.product, family_shared: false },
      store: bought.store === 'apple' ? 'app_store' : 'play_store',
      name,
      receipt: {
        id: randomUUID(),
        purchased_at: timeOf(payment.at),
        transaction_id: payment.id,
        original_transaction_id: original,
        price,
        quantity: 1,
        product_id: bought.product,
        currency: bought.currency,
      },
    },
    user: {
      created_at: timeOf(firstOf(bought).at - 3_600_000),
      user_id: bought.user ?? bought.profile,
      uid: bought.profile.slice(0, 8),
      idfv: bought.device,
      email: bought.email,
      subscriptions:
        until === null
          ? []
          : [
              {
                id: randomUUID(),
                status: bought.state === 'expired' ? 'expired' : 'regular',
                environment: 'sandbox',
                original_transaction_id: original,
                expires_at: timeOf(until),
                started_at: timeOf(firstOf(bought).at),
                autorenew_enabled: bought.state !== 'cancelled',
                product_id: bought.product,
              },
            ],
    },
  };
}

export const callOf = (event: object): Call => ({
  source: 'apphud',
  headers: { 'Content-Type': 'application/json', 'X-Apphud-Token': appHud.token },
  body: JSON.stringify(event),
});

export function appHudCall(told: Told): { what: string; sign: () => Call } | null {
  const name = (told.bought.period === null ? onceTypes : types)[told.happening];
  if (name === undefined) return null;
  const call = callOf(eventOf(told, name, randomUUID()));
  return { what: name, sign: () => call };
}
