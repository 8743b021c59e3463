/** Adapty, telling of what was bought at Apple and Google (https://adapty.io/docs/webhook-event-types-and-fields). */
import { randomUUID } from 'node:crypto';
import { adapty } from '../desk-keys.ts';
import type { Call } from '../shop/deliveries.ts';
import { firstOf, type Happening, lastOf, type Told } from './bought.ts';

const types: Readonly<Partial<Record<Happening, string>>> = {
  bought: 'subscription_started',
  renewed: 'subscription_renewed',
  recovered: 'subscription_renewed',
  failed: 'entered_grace_period',
  cancelled: 'subscription_renewal_cancelled',
  uncancelled: 'subscription_renewal_reactivated',
  paused: 'subscription_paused',
  resumed: 'subscription_renewal_reactivated',
  expired: 'subscription_expired',
  refunded: 'subscription_refunded',
};
const onceTypes: Readonly<Partial<Record<Happening, string>>> = {
  bought: 'non_subscription_purchase',
  refunded: 'non_subscription_purchase_refunded',
};

const timeOf = (at: number): string => new Date(at).toISOString().replace('Z', '000+0000');

/** What an event says. */
export function eventOf({ bought, payment, at }: Told, type: string, id: string): Record<string, unknown> {
  const until = bought.graceUntil ?? lastOf(bought).until;
  return {
    profile_id: bought.profile,
    customer_user_id: bought.user,
    idfv: bought.device,
    idfa: null,
    advertising_id: null,
    profile_install_datetime: timeOf(firstOf(bought).at - 3_600_000),
    user_agent: 'Hearthline/1.0',
    email: bought.email,
    event_type: type,
    event_datetime: timeOf(at),
    event_properties: {
      store: bought.store === 'apple' ? 'app_store' : 'play_store',
      currency: bought.currency,
      price_local: bought.amount / 100,
      profile_id: bought.profile,
      environment: 'Sandbox',
      purchase_date: timeOf(payment.at),
      original_purchase_date: timeOf(firstOf(bought).at),
      event_datetime: timeOf(at),
      transaction_id: payment.id,
      original_transaction_id: firstOf(bought).id,
      profile_event_id: id,
      vendor_product_id: bought.product,
      subscription_expires_at: until === null ? null : timeOf(until),
      profile_has_access_level: true,
    },
    event_api_version: 1,
    profiles_sharing_access_level: null,
    ...(bought.store === 'google'
      ? { play_store_purchase_token: { product_id: bought.product, purchase_token: bought.token, is_subscription: bought.period !== null } }
      : {}),
  };
}

export const callOf = (event: object): Call => ({
  source: 'adapty',
  headers: { 'Content-Type': 'application/json', Authorization: adapty.token },
  body: JSON.stringify(event),
});

export function adaptyCall(told: Told): { what: string; sign: () => Call } | null {
  const type = (told.bought.period === null ? onceTypes : types)[told.happening];
  if (type === undefined) return null;
  const call = callOf(eventOf(told, type, randomUUID()));
  return { what: type, sign: () => call };
}
