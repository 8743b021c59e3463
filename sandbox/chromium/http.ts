/** What a browser asks over HTTP before it has a line: to be known, and for a subscription. */
import type { Browsers, Credentials, SubscriptionOrder } from './browsers.ts';
import { decode, encode } from './messages.ts';

const CHECK_IN_PATH = '/chromium/checkin';
const REGISTER_PATH = '/chromium/register';

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Uint8Array;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Buffer;
}

/** Null where something else is asked for. */
export function answerBrowser(browsers: Browsers, { method, path, authorization, body }: Asked, now: number): Reply | null {
  if (path !== CHECK_IN_PATH && path !== REGISTER_PATH) return null;
  if (method !== 'POST') return text(405, 'POST only');
  return path === CHECK_IN_PATH ? checkIn(browsers, body, now) : register(browsers, body.toString('utf8'), authorization);
}

/**
 * What a Chromium is started with, so that it takes this machine for Google's. The line's certificate is vouched for by
 * nobody, so such a browser must not be used for anything else.
 */
export const flagsOf = (origin: string, linePort: number): string[] => [
  `--gcm-checkin-url=${origin}${CHECK_IN_PATH}`,
  `--gcm-registration-url=${origin}${REGISTER_PATH}`,
  `--gcm-mcs-endpoint=https://127.0.0.1:${linePort}`,
  '--ignore-certificate-errors',
];

const text = (status: number, body: string): Reply => ({ status, type: 'text/plain; charset=utf-8', body });

/** The protocol's version that browsers check in by. */
const CHECK_IN_VERSION = 3;

export function checkIn(browsers: Browsers, body: Uint8Array, now: number): Reply {
  let known: Credentials;
  try {
    const { id = '0', security_token: secret = '0', version } = decode('CheckinRequest', body);
    if (version !== CHECK_IN_VERSION) return text(400, `version ${version} is not ${CHECK_IN_VERSION}`);
    known = { id, secret };
  } catch (thrown) {
    return text(400, `this is no check-in: ${thrown instanceof Error ? thrown.message : thrown}`);
  }
  const { id, secret } = browsers.checkIn(known);
  return {
    status: 200,
    type: 'application/x-protobuf',
    body: encode('CheckinResponse', { stats_ok: true, time_msec: String(now), market_ok: true, android_id: id, security_token: secret }),
  };
}

/** @param authorization `AidLogin <id>:<secret>` */
export function register(browsers: Browsers, body: string, authorization: string | undefined): Reply {
  const [, id = '', secret = ''] = /^AidLogin (\d+):(\d+)$/.exec(authorization ?? '') ?? [];
  if (!browsers.isKnown({ id, secret })) return text(401, 'Error=AUTHENTICATION_FAILED');
  const form = new URLSearchParams(body);
  if (form.get('device') !== id) return text(400, 'Error=INVALID_PARAMETERS');
  const order: SubscriptionOrder = {
    app: form.get('app') ?? '',
    subtype: form.get('X-subtype') ?? '',
    sender: form.get('sender') ?? '',
    instance: form.get('appid') ?? '',
  };
  if (!order.app || !order.sender) return text(400, 'Error=INVALID_PARAMETERS');
  if (form.get('delete') === 'true') {
    browsers.unsubscribe(id, order);
    // By their instance's name where they have one, otherwise by the app's.
    return text(200, order.instance ? `token=${order.instance}` : `deleted=${order.app}`);
  }
  // The sender of a web page is its server's VAPID key: a point of P-256, 65 bytes.
  const isKey = Buffer.from(order.sender, 'base64url').length === 65;
  if (order.subtype.startsWith('wp:') && !isKey) return text(200, 'Error=INVALID_SENDER');
  return text(200, `token=${browsers.subscribe(id, order).token}`);
}
