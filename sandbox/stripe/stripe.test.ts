/** The stand-in is what the real library speaks to. */
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stripe as desk } from '../desk-keys.ts';
import { createSandbox } from '../server.ts';
import type { Call } from '../shop/deliveries.ts';

const server = createSandbox();
let base = '';
let stripe: Stripe;
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  base = `http://127.0.0.1:${port}`;
  stripe = new Stripe(desk.apiKey, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0 });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const post = async (path: string, body: object): Promise<{ status: number; json: Record<string, unknown> }> => {
  const answer = await fetch(`${base}${path}`, { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, json: answer.status === 204 ? {} : ((await answer.json()) as Record<string, unknown>) };
};
/** What the Worker would have been told since the last time, as events that the library has verified. */
async function told(): Promise<Stripe.Event[]> {
  const { calls } = (await post('/api/shop/webhooks', { do: 'take' })).json as { calls: Call[] };
  return calls.map(({ body, headers }) => stripe.webhooks.constructEvent(body, headers['Stripe-Signature'] ?? '', desk.webhookSecret));
}
const types = async (): Promise<string[]> => (await told()).map(({ type }) => type);
const act = (id: string, verb: string) => post('/api/shop/act', { id, verb });

const session = (more: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
  stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price: 'price_desk_eur_999_coins', quantity: 1 }],
    success_url: 'http://127.0.0.1:5173/bought?session={CHECKOUT_SESSION_ID}',
    client_reference_id: 'usr_1',
    payment_intent_data: { metadata: { user: 'usr_1', price: 'price_desk_eur_999_coins' } },
    ...more,
  });
const payAt = (url: string | null, form: Record<string, string> = {}) =>
  fetch(url ?? '', {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams({ number: '4242 4242 4242 4242', email: 'ada@demo.test', ...form }),
  });

async function customerWith(card: string): Promise<{ customer: string; method: string }> {
  const { id: customer } = await stripe.customers.create({ email: 'ada@demo.test' });
  const { id: method } = await stripe.paymentMethods.attach(card, { customer });
  return { customer, method };
}

describe('Checkout', () => {
  it('is paid by hand, leads back, and is told once as a session and once as a payment', async () => {
    await told();
    const made = await session();
    expect(await (await fetch(made.url ?? '')).text()).toContain('Pay €9.99');
    const paid = await payAt(made.url);
    expect([paid.status, paid.headers.get('Location')]).toEqual([303, `http://127.0.0.1:5173/bought?session=${made.id}`]);
    const events = await told();
    expect(events.map(({ type }) => type)).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'checkout.session.completed',
    ]);
    const after = await stripe.checkout.sessions.retrieve(made.id, { expand: ['line_items', 'payment_intent'] });
    expect(after).toMatchObject({ status: 'complete', payment_status: 'paid', client_reference_id: 'usr_1' });
    expect(after.line_items?.data[0]?.price?.id).toBe('price_desk_eur_999_coins');
    expect(after.payment_intent).toMatchObject({ status: 'succeeded', metadata: { user: 'usr_1' } });
    expect((await payAt(made.url ?? `${base}/c/pay/${made.id}`)).status).toBe(303);
    expect(await told()).toEqual([]);
  });

  it('with a card that is declined stays open, and then takes another', async () => {
    const made = await session();
    expect((await payAt(made.url, { number: '4000000000000002' })).status).toBe(402);
    expect(await stripe.checkout.sessions.retrieve(made.id)).toMatchObject({ status: 'open', payment_status: 'unpaid' });
    expect((await payAt(made.url)).status).toBe(303);
    const { payment_intent: intent } = await stripe.checkout.sessions.retrieve(made.id);
    expect((await stripe.charges.list({ payment_intent: String(intent) })).data.map(({ paid }) => paid)).toEqual([true, false]);
  });

  it('sends the cardholder to their bank where the card asks for it', async () => {
    const made = await session();
    const asked = await payAt(made.url, { number: '4000002760003184' });
    expect(await asked.text()).toContain('Is it you who pays?');
    expect(await (await payAt(made.url, { number: '4000002760003184', bank: 'no' })).text()).toContain('could not confirm');
    expect((await payAt(made.url, { number: '4000002760003184', bank: 'yes' })).status).toBe(303);
  });

  it('saves the card for later, and sells with terms of its own', async () => {
    const { id: customer } = await stripe.customers.create({ email: 'ada@demo.test' });
    const made = await session({
      customer,
      line_items: [{ price_data: { currency: 'usd', unit_amount: 500, product_data: { name: 'Coins' } }, quantity: 2 }],
      payment_intent_data: { setup_future_usage: 'off_session', metadata: {} },
    });
    expect(made.amount_total).toBe(1000);
    await payAt(made.url);
    const { data } = await stripe.customers.listPaymentMethods(customer);
    expect(data.map(({ card }) => card?.last4)).toEqual(['4242']);
    expect(await stripe.customers.retrieve(customer, { expand: ['invoice_settings.default_payment_method'] })).toMatchObject({
      invoice_settings: { default_payment_method: { id: data[0]?.id } },
    });
  });

  it('expires', async () => {
    const made = await session();
    await stripe.checkout.sessions.expire(made.id);
    expect((await fetch(made.url ?? '')).status).toBe(410);
    expect((await types()).at(-1)).toBe('checkout.session.expired');
  });
});

describe('a saved card', () => {
  const topUp = (by: { customer: string; method: string }, more: Partial<Stripe.PaymentIntentCreateParams> = {}, idempotencyKey?: string) =>
    stripe.paymentIntents.create(
      { amount: 999, currency: 'eur', customer: by.customer, payment_method: by.method, confirm: true, off_session: true, ...more },
      idempotencyKey === undefined ? {} : { idempotencyKey },
    );

  it('pays in one tap, and once for one key', async () => {
    const by = await customerWith('pm_card_visa');
    const first = await topUp(by, {}, 'key-1');
    const again = await topUp(by, {}, 'key-1');
    expect([first.status, again.id]).toEqual(['succeeded', first.id]);
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
    await expect(topUp(by, { amount: 1999 }, 'key-1')).rejects.toMatchObject({ type: 'StripeIdempotencyError' });
    expect((await stripe.charges.list({ customer: by.customer })).data).toHaveLength(1);
  });

  it('that is declined says why, also the second time', async () => {
    const by = await customerWith('pm_card_chargeCustomerFail');
    for (const _ of [1, 2])
      await expect(topUp(by, {}, 'key-2')).rejects.toMatchObject({
        type: 'StripeCardError',
        code: 'card_declined',
        decline_code: 'generic_decline',
      });
    expect((await stripe.charges.list({ customer: by.customer })).data).toHaveLength(1);
  });

  it('that must ask is refused while its holder is away, and pays once they have said yes', async () => {
    const by = await customerWith('pm_card_authenticationRequired');
    await expect(topUp(by)).rejects.toMatchObject({
      code: 'authentication_required',
      payment_intent: { status: 'requires_payment_method' },
    });
    const asked = await topUp(by, { off_session: false, return_url: 'http://127.0.0.1:5173/back' });
    expect(asked.status).toBe('requires_action');
    const answer = await fetch(asked.next_action?.redirect_to_url?.url ?? '', {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ answer: 'yes' }),
    });
    expect(answer.headers.get('Location')).toMatch(/redirect_status=succeeded$/);
    expect((await stripe.paymentIntents.retrieve(asked.id)).status).toBe('succeeded');
  });

  it('is taken away', async () => {
    const by = await customerWith('pm_card_visa');
    await stripe.paymentMethods.detach(by.method);
    expect((await stripe.customers.listPaymentMethods(by.customer)).data).toEqual([]);
    await expect(topUp(by)).resolves.toMatchObject({ status: 'succeeded' });
  });
});

describe('money back', () => {
  async function paid(): Promise<string> {
    const { customer, method } = await customerWith('pm_card_visa');
    const intent = await stripe.paymentIntents.create({ amount: 1000, currency: 'eur', customer, payment_method: method, confirm: true });
    await told();
    return intent.id;
  }

  it('is refunded in parts, and never more than was paid', async () => {
    const intent = await paid();
    await stripe.refunds.create({ payment_intent: intent, amount: 400 });
    await expect(stripe.refunds.create({ payment_intent: intent, amount: 700 })).rejects.toMatchObject({ param: 'amount' });
    await stripe.refunds.create({ payment_intent: intent });
    await expect(stripe.refunds.create({ payment_intent: intent })).rejects.toMatchObject({ code: 'charge_already_refunded' });
    expect(await types()).toEqual(['refund.created', 'charge.refunded', 'refund.created', 'charge.refunded']);
    const { data } = await stripe.balanceTransactions.list({ limit: 3 });
    expect(data.map(({ amount }) => amount)).toEqual([-600, -400, 1000]);
  });

  it('is disputed by hand, and won or lost', async () => {
    const won = await paid();
    expect((await act(won, 'dispute')).status).toBe(200);
    expect((await act(won, 'refund')).status).toBe(409);
    await act(won, 'win');
    expect(await types()).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ]);
    expect((await act(won, 'refund')).status).toBe(200);
    const lost = await paid();
    await act(lost, 'dispute');
    await act(lost, 'lose');
    expect((await told()).at(-1)).toMatchObject({
      type: 'charge.dispute.closed',
      data: { object: { status: 'lost', payment_intent: lost } },
    });
    expect((await act(lost, 'win')).status).toBe(409);
  });
});

describe('a subscription', () => {
  async function begun(card = '4242424242424242'): Promise<string> {
    const { id: customer } = await stripe.customers.create({ email: 'ada@demo.test' });
    const made = await session({
      mode: 'subscription',
      customer,
      line_items: [{ price: 'price_desk_eur_999_month_plus', quantity: 1 }],
      payment_intent_data: undefined as never,
      subscription_data: { metadata: { user: 'usr_1' } },
    });
    await payAt(made.url, { number: card });
    const { subscription } = await stripe.checkout.sessions.retrieve(made.id);
    return String(subscription);
  }

  it('begins with a paid invoice that leads to its payment', async () => {
    await told();
    const id = await begun();
    const invoicePaid = (await told()).find(({ type }) => type === 'invoice.paid');
    const invoice = await stripe.invoices.retrieve(String((invoicePaid?.data.object as Stripe.Invoice | undefined)?.id), {
      expand: ['payments'],
    });
    expect(invoice.parent?.subscription_details).toMatchObject({ subscription: id, metadata: { user: 'usr_1' } });
    const intent = invoice.payments?.data[0]?.payment.payment_intent;
    expect(intent).toMatch(/^pi_/);
    const { data } = await stripe.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: String(intent) } });
    expect(data.map((each) => each.invoice)).toEqual([invoice.id]);
  });

  it('renews, fails, is paused, cancelled and ended, each told with what was before', async () => {
    const id = await begun();
    const before = await stripe.subscriptions.retrieve(id);
    await told();
    await act(id, 'renew');
    const after = await stripe.subscriptions.retrieve(id);
    expect(after.items.data[0]?.current_period_start).toBe(before.items.data[0]?.current_period_end);
    expect(await types()).toContain('invoice.paid');
    await act(id, 'fail');
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'past_due' });
    expect((await told()).at(-1)).toMatchObject({
      type: 'customer.subscription.updated',
      data: { previous_attributes: { status: 'active' } },
    });
    await act(id, 'pause');
    expect((await act(id, 'renew')).status).toBe(409);
    await act(id, 'resume');
    await act(id, 'cancel');
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ cancel_at_period_end: true });
    await stripe.subscriptions.update(id, { cancel_at_period_end: false });
    await stripe.subscriptions.cancel(id);
    expect((await types()).at(-1)).toBe('customer.subscription.deleted');
  });

  it('changes its price', async () => {
    const id = await begun();
    const { items } = await stripe.subscriptions.retrieve(id);
    await stripe.subscriptions.update(id, {
      items: [{ id: items.data[0]?.id ?? '', price: 'price_desk_eur_1999_month_premium' }],
      proration_behavior: 'none',
    });
    expect((await told()).at(-1)).toMatchObject({
      data: { previous_attributes: { items: { data: [{ price: { id: 'price_desk_eur_999_month_plus' } }] } } },
    });
  });
});

describe('what is wrong', () => {
  const raw = (path: string, init: RequestInit = {}) =>
    fetch(`${base}${path}`, { ...init, headers: { Authorization: `Bearer ${desk.apiKey}`, ...init.headers } });
  const form = (text: string) =>
    raw('/v1/payment_intents', { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: text });

  it.each([
    ['no key', () => fetch(`${base}/v1/customers`), 401, undefined],
    ['another key', () => fetch(`${base}/v1/customers`, { headers: { Authorization: 'Bearer sk_live_x' } }), 401, undefined],
    ['an address that is none', () => raw('/v1/nothing'), 404, undefined],
    ['an id that is none', () => raw('/v1/payment_intents/pi_x'), 404, 'resource_missing'],
    ['JSON', () => raw('/v1/customers', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' }), 400, undefined],
    ['no amount', () => form('currency=eur'), 400, 'parameter_missing'],
    ['half a cent', () => form('amount=9.5&currency=eur'), 400, 'parameter_invalid_integer'],
    ['too little', () => form('amount=49&currency=eur'), 400, 'amount_too_small'],
    ['a parameter that is none', () => form('amount=99&currency=eur&colour=red'), 400, 'parameter_unknown'],
    ['one deep inside', () => form('amount=99&currency=eur&automatic_payment_methods[colour]=red'), 400, 'parameter_unknown'],
    ['a parameter said twice', () => form('amount=99&amount=98&currency=eur'), 400, undefined],
    ['a customer that is none', () => form('amount=99&currency=eur&customer=cus_x'), 400, 'resource_missing'],
    ['a price that is none', () => raw('/v1/prices/price_x'), 404, 'resource_missing'],
  ])('%s is refused in their shape', async (_, ask, status, code) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    const { error } = (await answer.json()) as { error: { type: string; message: string; code?: string } };
    expect(error.type).toBe('invalid_request_error');
    expect(error.message).toMatch(/\w/);
    expect(error.code).toBe(code);
  });

  it('a fault on demand is said in their shape, and tried again by the library', async () => {
    await post('/api/faults', { service: 'stripe', status: 503, times: 1 });
    await expect(stripe.customers.list()).rejects.toMatchObject({ statusCode: 503, type: 'StripeAPIError' });
    await post('/api/faults', { service: 'stripe', status: 503, times: 1 });
    await expect(stripe.customers.list({}, { maxNetworkRetries: 2 })).resolves.toMatchObject({ object: 'list' });
  });
});
