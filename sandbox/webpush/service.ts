/**
 * The push services of browsers (RFC 8030): every endpoint of a real one leads here, at `/webpush/<host><path>`. As strict as
 * they: VAPID verified for the endpoint's origin and the subscription's key, TTL asked for, the frame of the encryption
 * read, 4096 bytes at most, 404 and 410 for what is no more; errors in the shape of Firefox's.
 */
import { randomBytes } from 'node:crypto';
import { type Answer, type Ask, isObject, jsonOf, type StandIn } from '../answer.ts';
import type { Fault } from '../faults.ts';
import type { Sent } from '../outbox.ts';
import { seenOf, wrongWith } from './message.ts';
import { Subscriptions } from './subscriptions.ts';
import { verifyVapid } from './vapid.ts';

const PATH = '/webpush/';
const SUBSCRIPTIONS = '/webpush/subscriptions';

/** What a push service hands on: encrypted as it came. */
export interface Parcel {
  readonly body: Uint8Array;
  /** Seconds that it may wait. */
  readonly ttl: number;
  readonly topic: string | null;
}

/** Browsers that fetch their messages here, by the last part of their endpoints. */
export interface BrowserLine {
  /** `unknown` is none of these. */
  stateOf(token: string): 'active' | 'gone' | 'unknown';
  /** The VAPID key that it subscribed with, base64url. */
  senderOf(token: string): string | null;
  take(token: string, parcel: Parcel, at: number): void;
}
export const noBrowsers: BrowserLine = { stateOf: () => 'unknown', senderOf: () => null, take: () => undefined };

export class WebPushService implements StandIn {
  readonly service = 'webpush';
  readonly #browsers: BrowserLine;
  readonly #made = new Subscriptions();

  constructor(browsers: BrowserLine) {
    this.#browsers = browsers;
  }

  serves(path: string): boolean {
    return path.startsWith(PATH);
  }

  recipientOf(ask: Ask): string | null {
    return ask.path === SUBSCRIPTIONS ? null : endpointOf(ask.path);
  }

  refuse({ status, retryAfter, reason }: Fault): Answer {
    const answer = refusal(Number(status), 201, reason ?? 'This is a fault on demand.');
    return retryAfter === null ? answer : { ...answer, headers: { 'Retry-After': String(retryAfter) } };
  }

  answer(ask: Ask): Answer | Promise<Answer> {
    if (ask.path === SUBSCRIPTIONS) return this.#keep(ask);
    return ask.method === 'POST' ? this.#take(ask, endpointOf(ask.path)) : refusal(405, 0, 'Only POST');
  }

  /** Makes a subscription (`{applicationServerKey?}`), or ends one (`{endpoint}`). */
  #keep(ask: Ask): Answer {
    let body: unknown = {};
    try {
      if (ask.body) body = jsonOf(ask);
    } catch {
      return refusal(400, 0, 'this is no JSON');
    }
    if (!isObject(body)) return refusal(400, 0, 'an object is asked for');
    if (ask.method === 'POST') {
      const sender = typeof body.applicationServerKey === 'string' ? body.applicationServerKey : null;
      return { status: 201, json: this.#made.make(sender) };
    }
    if (ask.method !== 'DELETE' || typeof body.endpoint !== 'string') return refusal(400, 0, 'DELETE says which endpoint');
    this.#made.end(body.endpoint);
    return { status: 204 };
  }

  async #take(ask: Ask, endpoint: string): Promise<Answer> {
    const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
    if (!url) return refusal(404, 102, 'Invalid endpoint');
    const wrong = wrongWith(ask.headers, ask.bytes);
    if (wrong) return refusal(wrong.status, wrong.errno, wrong.message);
    const vapid = await verifyVapid(ask.headers.authorization, url.origin, ask.at);
    if (!vapid.ok) return refusal(401, 109, vapid.why);

    const token = url.pathname.split('/').at(-1) ?? '';
    const onLine = this.#browsers.stateOf(token);
    const state = onLine === 'unknown' ? this.#made.stateOf(endpoint) : onLine;
    if (state === 'absent') return refusal(404, 102, 'Invalid endpoint');
    if (state === 'gone') return refusal(410, 106, 'Subscription is no longer valid');
    const bound = this.#browsers.senderOf(token) ?? this.#made.senderOf(endpoint);
    if (bound !== null && bound !== vapid.sender)
      return refusal(403, 109, 'The VAPID key is not the one that the subscription was made with');

    let text: string | null;
    try {
      text = this.#made.read(endpoint, ask.bytes);
    } catch {
      // A browser drops what it can't decrypt and tells nobody; here it is a mistake to be seen.
      return refusal(400, 110, 'This was not encrypted for this subscription');
    }
    const ttl = Number(ask.headers.ttl);
    if (onLine === 'active') this.#browsers.take(token, { body: ask.bytes, ttl, topic: ask.headers.topic ?? null }, ask.at);
    const location = `${url.origin}/m/${randomBytes(12).toString('base64url')}`;
    return { status: 201, headers: { Location: location, TTL: String(ttl) }, sent: [shown(ask, endpoint, text, location)] };
  }
}

const endpointOf = (path: string): string => `https://${path.slice(PATH.length)}`;

function shown(ask: Ask, endpoint: string, text: string | null, location: string): Sent {
  const { id, title, body, shows, tag, data } = seenOf(text);
  const until = new Date(ask.at + Number(ask.headers.ttl) * 1000).toISOString();
  const push = { platform: 'webpush', shows, tag, data, sealed: text === null, urgency: ask.headers.urgency ?? 'normal', until } as const;
  return {
    id: id ?? location,
    at: new Date(ask.at).toISOString(),
    channel: 'push',
    to: endpoint,
    from: 'Hearthline',
    subject: title,
    text: body,
    html: '',
    push,
  };
}

const refusal = (status: number, errno: number, message: string): Answer => ({
  status,
  json: { code: status, errno, error: status >= 500 ? 'Server Error' : 'Bad Request', message },
});
