/** App Store Server Notifications V2, and the signed transaction that an app gets from its phone. */
import { randomUUID } from 'node:crypto';
import { appStore } from '../desk-keys.ts';
import type { Call } from '../shop/deliveries.ts';
import { type Chain, signedByApple } from './apple-chain.ts';
import { type Bought, firstOf, type Happening, type Payment, type Told } from './bought.ts';

const ENVIRONMENT = 'Sandbox';

const types: Readonly<Partial<Record<Happening, readonly [type: string, subtype?: string]>>> = {
  bought: ['SUBSCRIBED', 'INITIAL_BUY'],
  renewed: ['DID_RENEW'],
  recovered: ['DID_RENEW', 'BILLING_RECOVERY'],
  failed: ['DID_FAIL_TO_RENEW', 'GRACE_PERIOD'],
  cancelled: ['DID_CHANGE_RENEWAL_STATUS', 'AUTO_RENEW_DISABLED'],
  uncancelled: ['DID_CHANGE_RENEWAL_STATUS', 'AUTO_RENEW_ENABLED'],
  expired: ['EXPIRED', 'VOLUNTARY'],
  refunded: ['REFUND'],
  refund_reversed: ['REFUND_REVERSED'],
};

export function transactionOf(bought: Bought, payment: Payment, now: number): Record<string, unknown> {
  const once = bought.period === null;
  return {
    transactionId: payment.id,
    originalTransactionId: firstOf(bought).id,
    bundleId: appStore.bundleId,
    productId: bought.product,
    purchaseDate: payment.at,
    originalPurchaseDate: firstOf(bought).at,
    ...(payment.until === null ? {} : { expiresDate: payment.until, subscriptionGroupIdentifier: '21500000' }),
    quantity: 1,
    type: once ? 'Consumable' : 'Auto-Renewable Subscription',
    ...(bought.account === null ? {} : { appAccountToken: bought.account }),
    inAppOwnershipType: 'PURCHASED',
    signedDate: now,
    ...(payment.refundedAt === null ? {} : { revocationDate: payment.refundedAt, revocationReason: 0 }),
    environment: ENVIRONMENT,
    transactionReason: payment === firstOf(bought) ? 'PURCHASE' : 'RENEWAL',
    storefront: 'DEU',
    storefrontId: '143443',
    price: bought.amount * 10,
    currency: bought.currency,
  };
}

const renewalOf = (bought: Bought, now: number): Record<string, unknown> => ({
  originalTransactionId: firstOf(bought).id,
  autoRenewProductId: bought.product,
  productId: bought.product,
  autoRenewStatus: bought.state === 'cancelled' || bought.state === 'expired' ? 0 : 1,
  signedDate: now,
  environment: ENVIRONMENT,
  ...(bought.graceUntil === null ? {} : { isInBillingRetryPeriod: true, gracePeriodExpiresDate: bought.graceUntil }),
});

/** What may be otherwise in a notification, for tests. */
export interface Otherwise {
  readonly bundleId?: string;
  readonly environment?: string;
  readonly type?: string;
  readonly chain?: Chain;
  readonly innerChain?: Chain;
}

export async function notificationOf(told: Told, uuid: string, now: number, otherwise: Otherwise = {}): Promise<string> {
  const { bought, happening, payment, at } = told;
  const [type, subtype] = bought.period === null && happening === 'bought' ? ['ONE_TIME_CHARGE'] : (types[happening] ?? ['TEST']);
  const changed = {
    ...(otherwise.bundleId ? { bundleId: otherwise.bundleId } : {}),
    ...(otherwise.environment ? { environment: otherwise.environment } : {}),
  };
  const inner = otherwise.innerChain ?? otherwise.chain;
  return signedByApple(
    {
      notificationType: otherwise.type ?? type,
      ...(subtype === undefined ? {} : { subtype }),
      notificationUUID: uuid,
      version: '2.0',
      signedDate: at,
      data: {
        appAppleId: appStore.appId,
        bundleId: appStore.bundleId,
        bundleVersion: '1',
        environment: ENVIRONMENT,
        ...changed,
        signedTransactionInfo: await signedByApple({ ...transactionOf(bought, payment, now), ...changed }, inner),
        ...(bought.period === null
          ? {}
          : {
              signedRenewalInfo: await signedByApple(
                { ...renewalOf(bought, now), ...(otherwise.environment ? { environment: otherwise.environment } : {}) },
                inner,
              ),
            }),
      },
    },
    otherwise.chain,
  );
}

export function appleCall(told: Told): { what: string; sign: (now: number) => Promise<Call> } | null {
  const [type] = told.bought.period === null && told.happening === 'bought' ? ['ONE_TIME_CHARGE'] : (types[told.happening] ?? []);
  if (type === undefined) return null;
  const uuid = randomUUID();
  // As it stands now: it may be sent much later.
  const frozen = structuredClone(told);
  const asTold: Told = { ...frozen, payment: frozen.bought.payments.find(({ id }) => id === told.payment.id) ?? frozen.payment };
  return { what: type, sign: async (now) => callOf(await notificationOf(asTold, uuid, now)) };
}

export const callOf = (signedPayload: string): Call => ({
  source: 'apple',
  headers: { 'Content-Type': 'application/json', 'User-Agent': 'App Store Server Notifications/2.0' },
  body: JSON.stringify({ signedPayload }),
});

/** What an app gets from its phone, and hands on. */
export const signedTransactionOf = (bought: Bought, payment: Payment, now: number): Promise<string> =>
  signedByApple(transactionOf(bought, payment, now));
