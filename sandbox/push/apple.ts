/**
 * Apple's push service, `POST /3/device/{token}`: as strict as theirs on tokens, topics, types, priorities and sizes, with
 * their reasons. Theirs speaks HTTP/2 only; this one whatever it is asked in.
 */
import { randomUUID } from 'node:crypto';
import { type Answer, type Ask, isObject, jsonOf, type StandIn } from '../answer.ts';
import { apple } from '../desk-keys.ts';
import type { Fault } from '../faults.ts';
import type { Sent } from '../outbox.ts';
import { AppleTokens } from './apple-token.ts';
import type { Phones } from './phones.ts';
import { shown } from './shown.ts';

const PATH = '/3/device/';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOST_BYTES = 4096;
const MOST_VOIP_BYTES = 5120;
const MOST_COLLAPSE_BYTES = 64;

const statusOf: Readonly<Record<string, number>> = {
  MissingProviderToken: 403,
  InvalidProviderToken: 403,
  ExpiredProviderToken: 403,
  TooManyProviderTokenUpdates: 429,
  TooManyRequests: 429,
  BadPath: 404,
  MethodNotAllowed: 405,
  Unregistered: 410,
  PayloadTooLarge: 413,
  InternalServerError: 500,
  ServiceUnavailable: 503,
};
const usualReason: Readonly<Record<number, string>> = {
  403: 'InvalidProviderToken',
  410: 'Unregistered',
  413: 'PayloadTooLarge',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

/** A reason that is not in the list is one of their many 400. */
const refuse = (reason: string, more: object = {}): Answer => ({ status: statusOf[reason] ?? 400, json: { reason, ...more } });

export class ApplePush implements StandIn {
  readonly service = 'apns';
  readonly #phones: Phones;
  readonly #tokens: AppleTokens;

  constructor(phones: Phones, countsRenewals: boolean) {
    this.#phones = phones;
    this.#tokens = new AppleTokens(countsRenewals);
  }

  serves(path: string): boolean {
    return path.startsWith('/3/');
  }

  recipientOf(ask: Ask): string | null {
    return ask.path.startsWith(PATH) ? ask.path.slice(PATH.length) : null;
  }

  refuse({ status, retryAfter, reason }: Fault): Answer {
    const answer = { status: Number(status), json: { reason: reason ?? usualReason[Number(status)] ?? 'BadPath' } };
    return retryAfter === null ? answer : { ...answer, headers: { 'Retry-After': String(retryAfter) } };
  }

  async answer(ask: Ask): Promise<Answer> {
    const token = this.recipientOf(ask);
    if (token === null) return refuse('BadPath');
    if (ask.method !== 'POST') return refuse('MethodNotAllowed');
    const refused = await this.#tokens.refused(ask.headers.authorization, ask.at);
    if (refused) return refuse(refused);
    const isVoip = ask.headers['apns-push-type'] === 'voip';
    const wrong = wrongHeader(ask.headers) ?? (ask.bytes.length > (isVoip ? MOST_VOIP_BYTES : MOST_BYTES) ? 'PayloadTooLarge' : null);
    if (wrong) return refuse(wrong);
    const payload = payloadOf(ask);
    if (!payload) return refuse('PayloadEmpty');
    if (token === '') return refuse('MissingDeviceToken');
    if (!/^([0-9a-f]{2}){32,100}$/i.test(token)) return refuse('BadDeviceToken');
    const state = this.#phones.stateOf(token);
    if (state === 'gone') return refuse('Unregistered', { timestamp: this.#phones.since(token) });
    if (state === 'of_another_sender') return refuse('DeviceTokenNotForTopic');

    const id = ask.headers['apns-id'] ?? randomUUID();
    return { status: 200, headers: { 'apns-id': id }, sent: [pushOf(ask, { id, token, isVoip, payload })] };
  }
}

/** Their reason, or null. */
function wrongHeader(headers: Ask['headers']): string | null {
  const type = headers['apns-push-type'];
  const topic = headers['apns-topic'];
  const { 'apns-priority': priority = '10', 'apns-id': id, 'apns-expiration': expiration, 'apns-collapse-id': collapse = '' } = headers;
  if (!topic) return 'MissingTopic';
  if (type !== 'alert' && type !== 'background' && type !== 'voip') return 'InvalidPushType';
  if (topic !== (type === 'voip' ? `${apple.topic}.voip` : apple.topic)) return 'TopicDisallowed';
  if (!['10', '5', '1'].includes(priority) || (type === 'background' && priority !== '5')) return 'BadPriority';
  if (id !== undefined && !UUID.test(id)) return 'BadMessageId';
  if (expiration !== undefined && !/^\d{1,11}$/.test(expiration)) return 'BadExpirationDate';
  return Buffer.byteLength(collapse) > MOST_COLLAPSE_BYTES ? 'BadCollapseId' : null;
}

function payloadOf(ask: Ask): Record<string, unknown> | null {
  try {
    const body = jsonOf(ask);
    return isObject(body) && isObject(body.aps) ? body : null;
  } catch {
    return null;
  }
}

function pushOf(
  ask: Ask,
  { id, token, isVoip, payload }: { id: string; token: string; isVoip: boolean; payload: Record<string, unknown> },
): Sent {
  const { aps, ...data } = payload as { aps: { alert?: unknown } };
  const alert = isObject(aps.alert) ? aps.alert : { body: aps.alert };
  const of = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const expiration = Number(ask.headers['apns-expiration'] ?? 0);
  return shown({
    id,
    at: ask.at,
    to: token,
    from: 'Hearthline',
    platform: isVoip ? 'voip' : 'apns',
    title: of(alert.title),
    body: of(alert.body),
    tag: ask.headers['apns-collapse-id'] ?? null,
    data,
    urgency: ask.headers['apns-priority'] === '5' ? 'normal' : 'high',
    until: expiration === 0 ? null : expiration * 1000,
  });
}
