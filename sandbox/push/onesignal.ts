/**
 * OneSignal's `POST /notifications`: an API key, one app, subscriptions that it knows, and a key by which a repetition is told:
 * it gets the answer of the first and nothing is sent again.
 */
import { randomUUID } from 'node:crypto';
import { type Answer, type Ask, isObject, jsonOf, type StandIn } from '../answer.ts';
import { oneSignal } from '../desk-keys.ts';
import type { Fault } from '../faults.ts';
import type { Phones } from './phones.ts';
import { shown } from './shown.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MOST_TTL = 2_419_200;
const MOST_DATA_BYTES = 2048;
const DENIED =
  "Access denied.  Please include an 'Authorization: ...' header with a valid API key (https://documentation.onesignal.com/docs/en/keys-and-ids#api-keys).";

const refuse = (status: number, ...errors: readonly string[]): Answer => ({ status, json: { errors } });

export class OneSignal implements StandIn {
  readonly service = 'onesignal';
  readonly #phones: Phones;
  /** `idempotency_key` → what the first was answered. */
  readonly #answered = new Map<string, Answer>();

  constructor(phones: Phones) {
    this.#phones = phones;
  }

  serves(path: string): boolean {
    return path === '/notifications';
  }

  recipientOf(ask: Ask): string | null {
    const ids = bodyOf(ask)?.include_subscription_ids;
    return Array.isArray(ids) && typeof ids[0] === 'string' ? ids[0] : null;
  }

  refuse({ status, retryAfter, reason }: Fault): Answer {
    const answer = refuse(Number(status), reason ?? (status === 429 ? 'API rate limit exceeded.' : 'A fault on demand.'));
    return retryAfter === null ? answer : { ...answer, headers: { 'Retry-After': String(retryAfter) } };
  }

  answer(ask: Ask): Answer {
    if (ask.method !== 'POST') return refuse(405, 'Method not allowed');
    if (!/^Key os_v2_app_\S+$/.test(ask.headers.authorization ?? '')) return refuse(403, DENIED);
    const body = bodyOf(ask);
    if (!body) return refuse(400, 'The request body could not be read as JSON');
    if (body.app_id !== oneSignal.appId)
      return refuse(400, 'app_id not found. You may be missing a Content-Type: application/json header.');
    const wrong = wrongWith(body);
    if (wrong) return refuse(400, wrong);
    const key = String(body.idempotency_key ?? '');
    const before = this.#answered.get(key);
    if (before) return before;
    const { sent, ...answer } = this.#take(ask, body, key);
    if (key) this.#answered.set(key, answer);
    return sent ? { ...answer, sent } : answer;
  }

  #take(ask: Ask, body: Record<string, unknown>, key: string): Answer {
    const alive = (body.include_subscription_ids as string[]).filter((id) => this.#phones.stateOf(id) === 'active');
    // Theirs says so with 200.
    if (alive.length === 0) return { status: 200, json: { id: '', errors: ['All included players are not subscribed'] } };
    const of = (value: unknown): string | undefined => (isObject(value) && typeof value.en === 'string' ? value.en : undefined);
    const id = randomUUID();
    const sent = alive.map((to) =>
      shown({
        id: key || id,
        at: ask.at,
        to,
        from: 'Hearthline',
        platform: 'onesignal',
        title: of(body.headings),
        body: of(body.contents),
        tag: typeof body.collapse_id === 'string' ? body.collapse_id : null,
        data: isObject(body.data) ? body.data : {},
        urgency: body.priority === 10 ? 'high' : 'normal',
        until: typeof body.ttl === 'number' ? ask.at + body.ttl * 1000 : null,
      }),
    );
    return { status: 200, json: { id, external_id: key || null }, sent };
  }
}

function bodyOf(ask: Ask): Record<string, unknown> | null {
  try {
    const body = jsonOf(ask);
    return isObject(body) ? body : null;
  } catch {
    return null;
  }
}

function wrongWith(body: Record<string, unknown>): string | null {
  const {
    include_subscription_ids: ids,
    idempotency_key: key,
    contents,
    content_available,
    ttl,
    priority,
    collapse_id,
    data,
    target_channel,
  } = body;
  if (!Array.isArray(ids) || ids.length === 0)
    return 'You must include which players, segments, or tags you wish to send this notification to.';
  const odd = ids.find((id) => typeof id !== 'string' || !UUID.test(id));
  if (odd !== undefined) return `Incorrect subscription_id format in include_subscription_ids (not a valid UUID): ${String(odd)}`;
  if (target_channel !== 'push') return 'target_channel must be push';
  if (key !== undefined && (typeof key !== 'string' || !UUID.test(key))) return 'idempotency_key must be a valid UUID';
  if (content_available !== true && !(isObject(contents) && typeof contents.en === 'string' && contents.en !== ''))
    return 'Message Notifications must have English language content';
  if (ttl !== undefined && !(Number.isInteger(ttl) && Number(ttl) >= 0 && Number(ttl) <= MOST_TTL)) return 'ttl must be 0 to 2419200';
  if (priority !== undefined && priority !== 5 && priority !== 10) return 'priority must be 5 or 10';
  if (collapse_id !== undefined && !(typeof collapse_id === 'string' && collapse_id.length <= 64)) return 'collapse_id is too long';
  if (data === undefined) return null;
  return isObject(data) && Buffer.byteLength(JSON.stringify(data)) <= MOST_DATA_BYTES
    ? null
    : `data must be an object of at most ${MOST_DATA_BYTES} bytes`;
}
