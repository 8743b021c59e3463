/**
 * How Stripe is asked: by its own library, each write with an idempotency key of ours, so that an answer that was lost is asked
 * for again. Nothing that it answers is believed to have paid anybody: that is told by the pipeline, under the same names.
 */
import Stripe from 'stripe';
import type { Context } from '../../platform/context.ts';
import { isSetUp } from '../../platform/environment.ts';
import { Problem } from '../../platform/errors.ts';
import { stripeClient } from './stripe-client.ts';

/** @throws Problem `not_found` where Stripe is not set up in this environment */
export function stripeOf({ env }: Context): Stripe {
  if (!isSetUp(env, 'stripe')) throw new Problem('not_found', 'Nothing is sold on the web here.');
  return stripeClient(env);
}

/** Whether anything can be bought on the web here. */
export const sellsOnTheWeb = ({ env }: Context): boolean => isSetUp(env, 'stripe');

/** Stripe did not answer, or not now: the same again finds out. */
const isUnknown = (thrown: unknown): boolean =>
  thrown instanceof Stripe.errors.StripeConnectionError ||
  thrown instanceof Stripe.errors.StripeAPIError ||
  thrown instanceof Stripe.errors.StripeRateLimitError;

/** @throws Problem `overloaded` for what may have happened; anything else as it was thrown */
export async function asked<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (!isUnknown(thrown)) throw thrown;
    ctx.log.warn('Stripe did not answer', { cause: (thrown as Error).name });
    throw new Problem('overloaded', 'The payment service did not answer. Try again in a moment; nothing is charged twice.', {
      retryAfter: 3,
    });
  }
}

/** The id of something that Stripe may answer whole. */
export const idOf = (thing: string | { id: string } | null | undefined): string | null =>
  typeof thing === 'string' ? thing : (thing?.id ?? null);

/** Stripe may call the moment of a thing so much earlier than we do, ms. */
export const CLOCKS_APART_MS = 5 * 60_000;
