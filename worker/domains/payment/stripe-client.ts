/** Stripe's own library, pointed at Stripe, or at its stand-in on a desk. */
import Stripe from 'stripe';
import type { Env } from '../../env.ts';
import { secretOf } from '../../platform/environment.ts';

/** Stripe is asked once more where it did not answer, and waited for so long each time, ms. */
const RETRIES = 1;
const TIMEOUT_MS = 10_000;

/** Only where `isSetUp(env, 'stripe')`. */
export function stripeClient(env: Env): Stripe {
  const standIn = env.SANDBOX_ORIGIN ? new URL(env.SANDBOX_ORIGIN) : null;
  return new Stripe(secretOf(env, 'STRIPE_API_KEY'), {
    httpClient: Stripe.createFetchHttpClient(),
    maxNetworkRetries: RETRIES,
    timeout: TIMEOUT_MS,
    telemetry: false,
    ...(standIn ? { host: standIn.hostname, port: standIn.port, protocol: standIn.protocol === 'http:' ? 'http' : 'https' } : {}),
  });
}
