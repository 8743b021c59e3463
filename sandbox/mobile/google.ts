/** Google Play: notifications that Pub/Sub pushes, and the Play Developer API that says how a purchase stands. */
import { randomInt } from 'node:crypto';
import type { Answer, Ask, StandIn } from '../answer.ts';
import { play } from '../desk-keys.ts';
import type { Fault } from '../faults.ts';
import type { GoogleTokens } from '../push/google-token.ts';
import type { Call } from '../shop/deliveries.ts';
import { type Bought, firstOf, type Happening, lastOf, type Told } from './bought.ts';
import { type Claims, pushToken } from './oidc.ts';

/** `notificationType` of a subscription. */
const types: Readonly<Partial<Record<Happening, number>>> = {
  bought: 4,
  renewed: 2,
  recovered: 1,
  failed: 6,
  cancelled: 3,
  uncancelled: 7,
  paused: 10,
  resumed: 1,
  expired: 13,
};

export function notificationOf({ bought, happening, payment, at }: Told): Record<string, unknown> | null {
  const head = { version: '1.0', packageName: play.packageName, eventTimeMillis: String(at) };
  const { token: purchaseToken, product, period } = bought;
  if (happening === 'refunded')
    return {
      ...head,
      voidedPurchaseNotification: { purchaseToken, orderId: payment.id, productType: period === null ? 2 : 1, refundType: 1 },
    };
  if (period === null)
    return happening === 'bought'
      ? { ...head, oneTimeProductNotification: { version: '1.0', notificationType: 1, purchaseToken, sku: product } }
      : null;
  const notificationType = types[happening];
  if (notificationType === undefined) return null;
  return { ...head, subscriptionNotification: { version: '1.0', notificationType, purchaseToken, subscriptionId: product } };
}

export function googleCall(told: Told): { what: string; sign: (now: number) => Promise<Call> } | null {
  const notification = notificationOf(told);
  if (notification === null) return null;
  const [what = ''] = Object.keys(notification).filter((key) => key.endsWith('Notification'));
  const messageId = String(randomInt(2 ** 47));
  return { what: `${what} ${told.happening}`, sign: (now) => pushOf(notification, messageId, now) };
}

/** One push of Pub/Sub's; a repeat has the same message and another token. */
export async function pushOf(notification: object, messageId: string, now: number, claims: Claims = {}): Promise<Call> {
  const message = {
    data: Buffer.from(JSON.stringify(notification)).toString('base64'),
    messageId,
    message_id: messageId,
    publishTime: new Date(now).toISOString(),
    publish_time: new Date(now).toISOString(),
  };
  return {
    source: 'google',
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
      Authorization: `Bearer ${await pushToken(now, claims)}`,
    },
    body: JSON.stringify({ message, subscription: play.subscription }),
  };
}

const states: Readonly<Record<Bought['state'], string>> = {
  active: 'SUBSCRIPTION_STATE_ACTIVE',
  cancelled: 'SUBSCRIPTION_STATE_CANCELED',
  paused: 'SUBSCRIPTION_STATE_PAUSED',
  grace: 'SUBSCRIPTION_STATE_IN_GRACE_PERIOD',
  expired: 'SUBSCRIPTION_STATE_EXPIRED',
};

const PATH = /^\/androidpublisher\/v3\/applications\/([^/]+)\/purchases\/(?:products\/([^/]+)|subscriptionsv2)\/tokens\/([^/]+)$/;
export const PLAY_SCOPE = 'https://www.googleapis.com/auth/androidpublisher';

const refuse = (code: number, status: string, message: string): Answer => ({
  status: code,
  json: { error: { code, message, status, errors: [{ message, domain: 'androidpublisher', reason: status.toLowerCase() }] } },
});

/** Where what was bought is found by its purchase token. */
interface Purchases {
  withToken(token: string): Bought | undefined;
}

export class PlayApi implements StandIn {
  readonly service = 'play';
  readonly #store: Purchases;
  readonly #bearers: GoogleTokens;

  constructor(store: Purchases, bearers: GoogleTokens) {
    this.#store = store;
    this.#bearers = bearers;
  }

  serves(path: string): boolean {
    return path.startsWith('/androidpublisher/');
  }

  recipientOf(ask: Ask): string | null {
    const token = PATH.exec(ask.path.replace(/\?.*/, ''))?.[3];
    return token === undefined ? null : decodeURIComponent(token);
  }

  refuse({ status, reason }: Fault): Answer {
    return refuse(Number(status), reason ?? (status === 401 ? 'UNAUTHENTICATED' : 'BACKEND_ERROR'), 'A fault on demand.');
  }

  answer(ask: Ask): Answer {
    const [, app, product, token = ''] = PATH.exec(ask.path.replace(/\?.*/, '')) ?? [];
    if (app === undefined || ask.method !== 'GET') return refuse(404, 'NOT_FOUND', 'Not Found');
    if (!this.#bearers.isGood(ask.headers.authorization, ask.at, PLAY_SCOPE))
      return refuse(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
    if (app !== play.packageName)
      return refuse(403, 'PERMISSION_DENIED', 'The current user has insufficient permissions to perform the requested operation.');
    const bought = this.#store.withToken(decodeURIComponent(token));
    if (
      !bought ||
      (bought.period === null) !== (product !== undefined) ||
      (product !== undefined && decodeURIComponent(product) !== bought.product)
    )
      return refuse(404, 'NOT_FOUND', 'The purchase token was not found.');
    return { status: 200, json: bought.period === null ? productOf(bought) : subscriptionOf(bought) };
  }
}

const productOf = (bought: Bought): object => ({
  kind: 'androidpublisher#productPurchase',
  purchaseTimeMillis: String(firstOf(bought).at),
  purchaseState: firstOf(bought).refundedAt === null ? 0 : 1,
  consumptionState: 0,
  acknowledgementState: 0,
  orderId: firstOf(bought).id,
  purchaseType: 0,
  regionCode: 'DE',
  ...(bought.account === null ? {} : { obfuscatedExternalAccountId: bought.account }),
});

const subscriptionOf = (bought: Bought): object => ({
  kind: 'androidpublisher#subscriptionPurchaseV2',
  startTime: new Date(firstOf(bought).at).toISOString(),
  regionCode: 'DE',
  subscriptionState: states[bought.state],
  latestOrderId: lastOf(bought).id,
  testPurchase: {},
  acknowledgementState: 'ACKNOWLEDGEMENT_STATE_ACKNOWLEDGED',
  ...(bought.account === null ? {} : { externalAccountIdentifiers: { obfuscatedExternalAccountId: bought.account } }),
  lineItems: [
    {
      productId: bought.product,
      expiryTime: new Date(bought.graceUntil ?? lastOf(bought).until ?? 0).toISOString(),
      latestSuccessfulOrderId: lastOf(bought).id,
      autoRenewingPlan: {
        autoRenewEnabled: bought.state !== 'cancelled' && bought.state !== 'expired',
        recurringPrice: {
          currencyCode: bought.currency,
          units: String(Math.floor(bought.amount / 100)),
          nanos: (bought.amount % 100) * 10_000_000,
        },
      },
      offerDetails: { basePlanId: bought.period === 'year' ? 'yearly' : 'monthly' },
    },
  ],
});
