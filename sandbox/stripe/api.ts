/**
 * Stripe's API, as the real library speaks to it: the desk's key, forms with deep keys, only parameters that there are,
 * idempotency keys, errors in its shapes; and its hosted pages, where a person pays with a test card.
 */
import { createHmac } from 'node:crypto';
import type { Answer, Ask, StandIn } from '../answer.ts';
import { stripe as desk } from '../desk-keys.ts';
import type { Fault } from '../faults.ts';
import type { Deliveries } from '../shop/deliveries.ts';
import { Account, type Asking, nameOf, seconds } from './account.ts';
import { Fields } from './fields.ts';
import { type Form, readForm } from './form.ts';
import { hostedPage } from './hosted.ts';
import type { Event } from './objects.ts';
import { invalid, StripeProblem } from './problem.ts';
import { expanded } from './reading.ts';
import { routes } from './routes.ts';

/** What a request with an idempotency key was answered, and what it asked. */
interface Remembered {
  readonly asked: string;
  readonly answer: Answer;
}

const usual: Readonly<Record<number, string>> = { 401: 'invalid_request_error', 402: 'card_error', 429: 'invalid_request_error' };

export class StripeApi implements StandIn {
  readonly service = 'stripe';
  readonly account: Account;
  readonly #remembered = new Map<string, Remembered>();

  constructor(deliveries: Deliveries) {
    this.account = new Account((event) =>
      deliveries.add({ source: 'stripe', what: event.type, about: aboutOf(event), at: event.created * 1000 }, (now) => signed(event, now)),
    );
  }

  serves(path: string): boolean {
    return /^\/v1\/(?!projects\/)/.test(path) || path.startsWith('/c/');
  }

  recipientOf({ body }: Ask): string | null {
    return /(?:^|&)customer=([^&]+)/.exec(body)?.[1] ?? null;
  }

  refuse({ status, retryAfter, reason }: Fault): Answer {
    const code = Number(status);
    const error = { type: usual[code] ?? 'api_error', message: 'A fault on demand.', ...(reason === null ? {} : { code: reason }) };
    return { status: code, json: { error }, ...(retryAfter === null ? {} : { headers: { 'Retry-After': String(retryAfter) } }) };
  }

  answer(ask: Ask): Answer {
    const url = new URL(ask.path, 'http://sandbox');
    const origin = `http://${ask.headers.host ?? '127.0.0.1:8799'}`;
    const asking: Asking = {
      at: ask.at,
      origin,
      request: { id: nameOf('req'), idempotency_key: ask.headers['idempotency-key'] ?? null },
    };
    if (url.pathname.startsWith('/c/')) return hostedPage(this.account, { ...asking, request: { ...asking.request, id: null } }, ask, url);
    const answer = this.#api(ask, url, asking);
    return { ...answer, headers: { ...answer.headers, 'Request-Id': asking.request.id ?? '' } };
  }

  #api(ask: Ask, url: URL, asking: Asking): Answer {
    try {
      checkKey(ask);
      const key = asking.request.idempotency_key;
      if (ask.method !== 'POST' || key === null) return { status: 200, json: this.#call(ask, url, asking) };
      return this.#once(key, ask, () => this.#call(ask, url, asking));
    } catch (thrown) {
      if (thrown instanceof StripeProblem) return thrown.answer;
      throw thrown;
    }
  }

  /** The same key and the same words: the first answer again. What never began is not remembered. */
  #once(key: string, ask: Ask, call: () => object): Answer {
    const asked = `${ask.method} ${ask.path}\n${ask.body}`;
    const before = this.#remembered.get(key);
    if (before && before.asked !== asked)
      throw new StripeProblem(
        400,
        'idempotency_error',
        'Keys for idempotent requests can only be used with the same parameters they were first used with.',
      );
    if (before) return { ...before.answer, headers: { 'Idempotent-Replayed': 'true' } };
    let answer: Answer;
    try {
      answer = { status: 200, json: structuredClone(call()) };
    } catch (thrown) {
      if (!(thrown instanceof StripeProblem) || thrown.status !== 402) throw thrown;
      answer = structuredClone(thrown.answer);
    }
    this.#remembered.set(key, { asked, answer });
    return answer;
  }

  #call(ask: Ask, url: URL, asking: Asking): object {
    for (const [method, path, handler] of routes) {
      if (method !== ask.method) continue;
      const id = idIn(path, url.pathname);
      if (id === null) continue;
      const fields = new Fields(formOf(ask, url));
      const expand = fields.texts('expand');
      const answer = handler(this.account, fields, asking, id);
      fields.done();
      return expanded(this.account, answer, expand);
    }
    throw new StripeProblem(404, 'invalid_request_error', `Unrecognized request URL (${ask.method}: ${url.pathname}).`);
  }
}

function checkKey({ headers }: Ask): void {
  const key = /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
  if (key === undefined)
    throw new StripeProblem(
      401,
      'invalid_request_error',
      'You did not provide an API key. You need to provide your API key in the Authorization header.',
    );
  if (key !== desk.apiKey) throw new StripeProblem(401, 'invalid_request_error', `Invalid API Key provided: ${key.slice(0, 8)}****`);
  const version = headers['stripe-version'];
  if (version !== undefined && !/^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(version)) throw invalid(`Invalid Stripe API version: ${version}`);
}

function formOf(ask: Ask, url: URL): Form {
  const isRead = ask.method !== 'POST';
  if (!isRead && ask.body !== '' && !/^application\/x-www-form-urlencoded\b/i.test(ask.headers['content-type'] ?? ''))
    throw invalid('Invalid content type: the body must be application/x-www-form-urlencoded.');
  const form = readForm(isRead ? url.search.slice(1) : ask.body);
  if (!form) throw invalid('Invalid request: a parameter is said in two ways.');
  return form;
}

/** The id in an address; empty where it has none, null where the address is another. */
function idIn(pattern: string, path: string): string | null {
  const found = new RegExp(`^${pattern.replace(':id', '([\\w-]+)')}$`).exec(path);
  return found ? (found[1] ?? '') : null;
}

/** What an event is about, in the shop's lists: the payment, the subscription or the Checkout. */
function aboutOf({ data }: Event): string {
  const object = data.object as Record<string, unknown>;
  const parent = object.parent as { subscription_details?: { subscription?: string } } | undefined;
  return String(object.payment_intent ?? object.subscription ?? parent?.subscription_details?.subscription ?? object.id);
}

/** Signed as Stripe signs: HMAC-SHA256 over the time and the body, one signature for each secret that is in force. */
export function signed(event: object, now: number, secrets: readonly string[] = [desk.webhookSecret]) {
  const body = JSON.stringify(event, null, 2);
  const time = seconds(now);
  const signatures = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`);
  return {
    source: 'stripe' as const,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      'Stripe-Signature': [`t=${time}`, ...signatures].join(','),
    },
    body,
  };
}
