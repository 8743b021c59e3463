/** For tests of the sources in workerd: the shop of the sandbox, and what it would tell the Worker. */
import { env as bound } from 'cloudflare:workers';
import type { Env } from '../../env.ts';
import { type Context, contextOf } from '../../platform/context.ts';
import type { Delivery, Interpretation, PaymentEvent, PaymentSource, Verdict } from './payment-event.ts';
import { sources as joined, type Sources } from './sources.ts';

export const env = bound as unknown as Env;

/** The sandbox lives by the real clock. */
export const contextAt = (now = Date.now(), over: Partial<Env> = {}): Context =>
  contextOf(Object.keys(over).length === 0 ? env : { ...env, ...over }, { now, requestId: 'test', waitUntil: () => {} });

/** A request to the Worker's `/webhooks/:source`. */
export interface Call {
  readonly source: PaymentSource;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const deliveryOf = ({ headers, body }: Pick<Call, 'headers' | 'body'>): Delivery => ({
  from: 'source',
  bytes: new TextEncoder().encode(body),
  headers: new Headers({ ...headers }),
});

export async function shop<T>(path: string, body?: object): Promise<T> {
  const answer = await fetch(
    `${env.SANDBOX_ORIGIN}/api/shop${path}`,
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  );
  if (!answer.ok) throw new Error(`the shop answered ${answer.status}: ${await answer.text()}`);
  return answer.json() as Promise<T>;
}

export interface Wish {
  readonly store: 'apple' | 'google';
  readonly product?: string;
  readonly amount?: number;
  readonly period?: 'month' | 'year' | null;
  readonly account?: string | null;
  readonly user?: string | null;
  readonly email?: string | null;
  readonly tellers?: readonly ('store' | 'adapty' | 'apphud')[];
}

/** Somebody buys on a phone. */
export const buyOnPhone = (wish: Wish): Promise<{ id: string; purchaseToken: string }> =>
  shop('/purchases', { product: 'test.coins.100', amount: 499, currency: 'EUR', ...wish });

export const act = (id: string, verb: string): Promise<unknown> => shop('/act', { id, verb });

/** What the Worker would be told about one thing since the last time, oldest first. */
export const toldOf = async (about: string): Promise<Call[]> => (await shop<{ calls: Call[] }>('/webhooks', { do: 'take', about })).calls;

export const forgeries = async (): Promise<{ flaw: string; call: Call }[]> =>
  (await shop<{ items: { flaw: string; call: Call }[] }>('/forgeries')).items;

/** Asks Stripe's stand-in as a form, with the desk's key. */
export async function stripePost<T>(path: string, form: Record<string, string>): Promise<T> {
  const answer = await fetch(`${env.SANDBOX_ORIGIN}/v1/${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${(env.STRIPE_API_KEY ?? '').slice('local_'.length)}` },
    body: new URLSearchParams(form),
  });
  if (!answer.ok) throw new Error(`Stripe answered ${answer.status}: ${await answer.text()}`);
  return answer.json() as Promise<T>;
}

export const sources = joined as Required<Sources>;

export const verify = (call: Call, over: Partial<Env> = {}, now = Date.now()): Promise<Verdict> =>
  sources[call.source].verify(contextAt(now, over), deliveryOf(call));

export async function read(call: Call): Promise<Interpretation> {
  const verdict = await verify(call);
  if (verdict.outcome !== 'verified') throw new Error(`${call.source} was ${JSON.stringify(verdict)}`);
  return sources[call.source].interpret(contextAt(), verdict);
}

export async function eventOf(call: Call | undefined): Promise<PaymentEvent> {
  if (!call) throw new Error('nothing was told');
  const read_ = await read(call);
  if (read_.outcome !== 'event') throw new Error(`${call.source}: ${JSON.stringify(read_)}`);
  return read_.event;
}

/** All that is told, as kinds. */
export const kindsOf = async (calls: readonly Call[]): Promise<string[]> =>
  Promise.all(
    calls.map(async (call) => {
      const one = await read(call);
      return one.outcome === 'event' ? one.event.kind : one.outcome;
    }),
  );

export const USER = 'usr_01jz0000000000000000000000';
export const PLUS = 'price_desk_eur_999_month_plus';
export const COINS = 'price_desk_eur_499_coins';

async function cardOf(customer: string, card = 'pm_card_visa'): Promise<string> {
  return (await stripePost<{ id: string }>(`payment_methods/${card}/attach`, { customer })).id;
}
const newCustomer = async (): Promise<string> => (await stripePost<{ id: string }>('customers', { email: 'ada@demo.test' })).id;

/** A payment by a saved card, as a one-tap top-up makes it. */
export async function stripePayment(
  metadata: Record<string, string> = { user: USER, price: COINS },
): Promise<{ id: string; customer: string }> {
  const customer = await newCustomer();
  const { id } = await stripePost<{ id: string }>('payment_intents', {
    amount: '499',
    currency: 'eur',
    customer,
    payment_method: await cardOf(customer),
    confirm: 'true',
    off_session: 'true',
    ...Object.fromEntries(Object.entries(metadata).map(([key, value]) => [`metadata[${key}]`, value])),
  });
  return { id, customer };
}

export async function stripeSubscription(): Promise<{ id: string; customer: string }> {
  const customer = await newCustomer();
  const { id } = await stripePost<{ id: string }>('subscriptions', {
    customer,
    'items[0][price]': PLUS,
    default_payment_method: await cardOf(customer),
    'metadata[user]': USER,
  });
  return { id, customer };
}

export const ofType = async (about: string, type: string): Promise<Call | undefined> =>
  (await toldOf(about)).find(({ body }) => body.includes(`"type": "${type}"`));

/** A good delivery of each source. */
export const good: Readonly<Record<PaymentSource, () => Promise<Call | undefined>>> = {
  stripe: async () => ofType((await stripePayment()).id, 'payment_intent.succeeded'),
  adapty: async () => (await toldOf((await buyOnPhone({ store: 'apple', tellers: ['adapty'] })).id))[0],
  apple: async () => (await toldOf((await buyOnPhone({ store: 'apple' })).id))[0],
  google: async () => (await toldOf((await buyOnPhone({ store: 'google' })).id))[0],
  apphud: async () => (await toldOf((await buyOnPhone({ store: 'apple', tellers: ['apphud'] })).id))[0],
};
