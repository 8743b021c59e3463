/**
 * Stripe (https://docs.stripe.com/webhooks/signature): every delivery is signed over its bytes and the time of sending, for one
 * of the secrets in force. It is refused when it is older than five minutes, so a delivery that was listened to is of no use
 * later; a repeat of Stripe's own is signed anew. What a buyer typed (an e-mail at Checkout) is signed with the rest, and is
 * still only what they typed.
 */
import Stripe from 'stripe';
import { isSetUp, secretOf } from '../../platform/environment.ts';
import { causeOf } from '../../platform/log.ts';
import { later, unreadable } from './reading-rules.ts';
import type { Source } from './source.ts';
import { stripeClient } from './stripe-client.ts';
import { type Asked, readStripe, wanting } from './stripe-rules.ts';
import { textOf } from './verify/body.ts';

const TOLERANCE_S = 300;
/** Secrets that may be in force at once while one is replaced. */
const MOST_SECRETS = 3;
const subtle = Stripe.createSubtleCryptoProvider();
const webhooks = Stripe.webhooks;

export const stripe: Source = {
  name: 'stripe',

  async verify({ env, now }, { from, bytes, headers }) {
    if (!isSetUp(env, 'stripe')) return { outcome: 'off' };
    if (from === 'member') return { outcome: 'refused', cause: 'stripe takes nothing from apps' };
    const raw = textOf(bytes);
    const signature = headers.get('Stripe-Signature');
    if (raw === null || signature === null) return { outcome: 'refused', cause: 'no signature' };
    let cause = 'no secret';
    for (const secret of secretOf(env, 'STRIPE_WEBHOOK_SECRETS').split(',').slice(0, MOST_SECRETS)) {
      try {
        const event = await webhooks.constructEventAsync(raw, signature, secret, TOLERANCE_S, subtle, now);
        if (typeof event?.id !== 'string' || typeof event.type !== 'string') return { outcome: 'refused', cause: 'no event' };
        // A test's event moves no money, and costs nobody any.
        if (event.livemode !== (env.ENVIRONMENT === 'production')) return { outcome: 'refused', cause: 'livemode' };
        return { outcome: 'verified', sourceEventId: event.id, raw };
      } catch (thrown) {
        cause = (thrown as Error).name;
      }
    }
    return { outcome: 'refused', cause };
  },

  async interpret({ env, log }, { raw }) {
    let event: Stripe.Event;
    try {
      event = JSON.parse(raw) as Stripe.Event;
    } catch {
      return unreadable('It is no JSON.');
    }
    try {
      return readStripe(event, await ask(stripeClient(env), event));
    } catch (thrown) {
      if (thrown instanceof Stripe.errors.StripeInvalidRequestError)
        return unreadable(`Stripe does not know it: ${thrown.code ?? thrown.type}.`);
      if (!(thrown instanceof Stripe.errors.StripeError)) return unreadable('It has not the shape of such an event.');
      log.warn('Stripe did not answer', { cause: causeOf(thrown.type) });
      return later(`Stripe did not answer: ${thrown.type}.`);
    }
  },
};

/** What an event does not say itself. */
async function ask(client: Stripe, event: Stripe.Event): Promise<Asked> {
  const wanted = wanting(event);
  if (wanted === null) return {};
  if (wanted.what === 'invoice') {
    const invoice = await client.invoices.retrieve(wanted.id, { expand: ['payments'] });
    const paid = invoice.payments?.data.find(({ status }) => status === 'paid')?.payment.payment_intent;
    return { payment: typeof paid === 'string' ? paid : (paid?.id ?? null) };
  }
  const { data: invoices } = await client.invoicePayments.list({
    payment: { type: 'payment_intent', payment_intent: wanted.id },
    limit: 1,
  });
  if (invoices.length > 0) return { ofInvoice: true };
  // What we make ourselves says all of it.
  const intent = event.data.object as Stripe.PaymentIntent;
  if (intent.metadata.price && intent.metadata.user) return {};
  const { data: sessions } = await client.checkout.sessions.list({ payment_intent: wanted.id, limit: 1, expand: ['data.line_items'] });
  const [session] = sessions;
  return {
    checkout: session
      ? {
          user: session.client_reference_id,
          email: session.customer_details?.email ?? null,
          price: session.line_items?.data[0]?.price?.id ?? null,
        }
      : null,
  };
}
