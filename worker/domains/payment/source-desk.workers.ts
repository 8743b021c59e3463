/** For tests of the sources in workerd: the shop of the sandbox, and what it would tell the Worker. */
import { env as bound } from 'cloudflare:workers';
import type { Env } from '../../env.ts';
import { type Context, contextOf } from '../../platform/context.ts';
import type { Delivery, PaymentSource } from './payment-event.ts';

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
