/** The sources against their stand-ins, with the real libraries, in the real runtime. */
import { describe, expect, it } from 'vitest';
import { staging } from '../../../tests/staging.ts';
import type { Env } from '../../env.ts';
import { APPLE_ROOT } from './apple-root.ts';
import type { Interpretation, PaymentEvent, PaymentSource, Verdict } from './payment-event.ts';
import {
  act,
  buyOnPhone,
  type Call,
  contextAt,
  deliveryOf,
  env,
  forgeries,
  shop,
  stripePost,
  toldOf,
  type Wish,
} from './source-desk.workers.ts';
import { sources as joined, type Sources } from './sources.ts';

const sources = joined as Required<Sources>;

const verify = (call: Call, over: Partial<Env> = {}, now = Date.now()): Promise<Verdict> =>
  sources[call.source].verify(contextAt(now, over), deliveryOf(call));

async function read(call: Call): Promise<Interpretation> {
  const verdict = await verify(call);
  if (verdict.outcome !== 'verified') throw new Error(`${call.source} was ${JSON.stringify(verdict)}`);
  return sources[call.source].interpret(contextAt(), verdict);
}

async function eventOf(call: Call | undefined): Promise<PaymentEvent> {
  if (!call) throw new Error('nothing was told');
  const read_ = await read(call);
  if (read_.outcome !== 'event') throw new Error(`${call.source}: ${JSON.stringify(read_)}`);
  return read_.event;
}

/** All that is told, as kinds. */
const kindsOf = async (calls: readonly Call[]): Promise<string[]> =>
  Promise.all(
    calls.map(async (call) => {
      const one = await read(call);
      return one.outcome === 'event' ? one.event.kind : one.outcome;
    }),
  );

const USER = 'usr_01jz0000000000000000000000';
const PLUS = 'price_desk_eur_999_month_plus';
const COINS = 'price_desk_eur_499_coins';

async function cardOf(customer: string, card = 'pm_card_visa'): Promise<string> {
  return (await stripePost<{ id: string }>(`payment_methods/${card}/attach`, { customer })).id;
}
const newCustomer = async (): Promise<string> => (await stripePost<{ id: string }>('customers', { email: 'ada@demo.test' })).id;

/** A payment by a saved card, as a one-tap top-up makes it. */
async function stripePayment(metadata: Record<string, string> = { user: USER, price: COINS }): Promise<{ id: string; customer: string }> {
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

async function stripeSubscription(): Promise<{ id: string; customer: string }> {
  const customer = await newCustomer();
  const { id } = await stripePost<{ id: string }>('subscriptions', {
    customer,
    'items[0][price]': PLUS,
    default_payment_method: await cardOf(customer),
    'metadata[user]': USER,
  });
  return { id, customer };
}

const ofType = async (about: string, type: string): Promise<Call | undefined> =>
  (await toldOf(about)).find(({ body }) => body.includes(`"type": "${type}"`));

/** A good delivery of each source. */
const good: Readonly<Record<PaymentSource, () => Promise<Call | undefined>>> = {
  stripe: async () => ofType((await stripePayment()).id, 'payment_intent.succeeded'),
  adapty: async () => (await toldOf((await buyOnPhone({ store: 'apple', tellers: ['adapty'] })).id))[0],
  apple: async () => (await toldOf((await buyOnPhone({ store: 'apple' })).id))[0],
  google: async () => (await toldOf((await buyOnPhone({ store: 'google' })).id))[0],
  apphud: async () => (await toldOf((await buyOnPhone({ store: 'apple', tellers: ['apphud'] })).id))[0],
};
const names = Object.keys(good) as PaymentSource[];

describe.each(names)('%s', (name) => {
  it('takes a good delivery, the same under the same name each time, and reads a purchase', async () => {
    const call = await good[name]();
    if (!call) throw new Error('nothing was told');
    const first = await verify(call);
    expect(first).toMatchObject({ outcome: 'verified', raw: call.body });
    expect(await verify(call)).toEqual(first);
    expect(await eventOf(call)).toMatchObject({ source: name, kind: 'purchase', storeSubscriptionId: null, period: null });
  });

  it('is off where it is not set up', async () => {
    const call = await good[name]();
    if (!call) throw new Error('nothing was told');
    expect(await verify(call, staging)).toEqual({ outcome: 'off' });
  });

  it('refuses bytes that are no text, no JSON, no object, and nothing at all', async () => {
    const call = await good[name]();
    if (!call) throw new Error('nothing was told');
    for (const body of ['', '{', '[]', 'null', '"x"', '1', '\u0000'])
      expect(await verify({ ...call, body }), JSON.stringify(body)).toMatchObject({ outcome: 'refused' });
    const delivery = deliveryOf(call);
    const bytes = new Uint8Array([...delivery.bytes, 0xff]);
    expect(await sources[name].verify(contextAt(), { ...delivery, bytes })).toMatchObject({ outcome: 'refused' });
  });

  it('refuses what is meant for another source', async () => {
    for (const other of names.filter((each) => each !== name)) {
      const call = await good[other]();
      if (call) expect(await verify({ ...call, source: name }), `${other} at ${name}`).toMatchObject({ outcome: 'refused' });
    }
  });
});

it('everything that is forged is refused, whatever is wrong with it', async () => {
  const all = await forgeries();
  expect(all.length).toBeGreaterThan(40);
  for (const { flaw, call } of all) expect(await verify(call), `${call.source}: ${flaw}`).toMatchObject({ outcome: 'refused' });
});

it('Apple’s root is the one whose fingerprint Apple publishes', async () => {
  const der = Uint8Array.from(atob(APPLE_ROOT), (character) => character.charCodeAt(0));
  const digest = [...new Uint8Array(await crypto.subtle.digest('SHA-256', der))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  expect(digest).toBe('63343abfb89a6a03ebb57e9b3f5fa7be7c4f5c756f3017b3a8c488c3653e9179');
});

it('the desk’s root is worth nothing outside local', async () => {
  const call = await good.apple();
  if (!call) throw new Error('nothing was told');
  const deployed = {
    ...staging,
    APPLE_BUNDLE_ID: 'test.hearthline.app',
    APPLE_APP_ID: '1234567890',
    APPLE_DESK_ROOT: env.APPLE_DESK_ROOT ?? '',
  };
  expect(await verify(call, deployed)).toMatchObject({ outcome: 'refused' });
});

describe('Stripe', () => {
  it('takes either of two secrets while one replaces the other', async () => {
    const call = (await good.stripe()) as Call;
    for (const secrets of ['local_whsec_new,whsec_not-a-secret', 'local_whsec_not-a-secret,whsec_old'])
      expect(await verify(call, { STRIPE_WEBHOOK_SECRETS: secrets })).toMatchObject({ outcome: 'verified' });
    expect(await verify(call, { STRIPE_WEBHOOK_SECRETS: 'local_whsec_new,whsec_old' })).toMatchObject({ outcome: 'refused' });
  });

  it('takes a delivery for five minutes', async () => {
    const call = (await good.stripe()) as Call;
    const signedAt = Number(/t=(\d+)/.exec(call.headers['Stripe-Signature'] ?? '')?.[1]) * 1000;
    expect(await verify(call, {}, signedAt + 300_000)).toMatchObject({ outcome: 'verified' });
    expect(await verify(call, {}, signedAt + 301_000)).toMatchObject({ outcome: 'refused' });
  });

  it('reads a top-up as one purchase of ours', async () => {
    const { id, customer } = await stripePayment();
    const told = await toldOf(id);
    expect((await kindsOf(told)).filter((kind) => kind !== 'nothing')).toEqual(['purchase']);
    const again = await stripePayment();
    expect(await eventOf(await ofType(again.id, 'payment_intent.succeeded'))).toMatchObject({
      store: 'stripe',
      storeTransactionId: again.id,
      customerRefs: [
        { kind: 'user', value: USER },
        { kind: 'stripe_customer', value: again.customer },
      ],
      productRef: COINS,
      money: { amount: 499, currency: 'EUR' },
      signedByStore: true,
    });
    expect(customer).toMatch(/^cus_/);
  });

  it('asks the Checkout whose a payment is, where the payment does not say', async () => {
    const session = await stripePost<{ id: string; url: string }>('checkout/sessions', {
      mode: 'payment',
      'line_items[0][price]': COINS,
      'line_items[0][quantity]': '1',
      success_url: 'http://127.0.0.1:5173/x',
      client_reference_id: USER,
    });
    await fetch(session.url, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ number: '4242424242424242', email: 'Mallory@demo.test' }),
    });
    const { payment_intent: id } = await (
      await fetch(`${env.SANDBOX_ORIGIN}/v1/checkout/sessions/${session.id}`, { headers: { Authorization: 'Bearer sk_test_not-a-secret' } })
    ).json<{ payment_intent: string }>();
    const event = await eventOf(await ofType(id, 'payment_intent.succeeded'));
    expect(event).toMatchObject({ productRef: COINS, customerRefs: [{ kind: 'user', value: USER }] });
  });

  it('reads a subscription: its invoices pay, its changes are words, and nothing is told twice', async () => {
    const { id } = await stripeSubscription();
    const begun = await eventOf(await ofType(id, 'invoice.paid'));
    expect(begun).toMatchObject({ kind: 'purchase', storeSubscriptionId: id, productRef: PLUS, money: { amount: 999, currency: 'EUR' } });
    expect(begun.storeTransactionId).toMatch(/^pi_/);
    expect(await kindsOf(await toldOf(begun.storeTransactionId ?? ''))).not.toContain('purchase');
    await act(id, 'renew');
    const renewed = await eventOf(await ofType(id, 'invoice.paid'));
    expect(renewed).toMatchObject({ kind: 'renewal', period: { from: begun.period?.until } });
    for (const [verb, kind] of [
      ['fail', 'billing_issue'],
      ['renew', 'renewal'],
      ['pause', 'pause'],
      ['resume', 'renewal'],
      ['cancel', 'cancellation'],
      ['uncancel', 'renewal'],
      ['end', 'expiry'],
    ] as const) {
      await act(id, verb);
      const kinds = (await kindsOf(await toldOf(id))).filter((each) => each !== 'nothing');
      expect(kinds, verb).toEqual([kind]);
    }
  });

  it('reads another price as a change of product', async () => {
    const { id } = await stripeSubscription();
    await toldOf(id);
    await stripePost(`subscriptions/${id}`, { 'items[0][price]': 'price_desk_eur_1999_month_premium', proration_behavior: 'none' });
    expect(await eventOf((await toldOf(id))[0])).toMatchObject({ kind: 'product_change', productRef: 'price_desk_eur_1999_month_premium' });
  });

  it('reads refunds, disputes, and a dispute that is won, each once and by the payment', async () => {
    const { id } = await stripePayment();
    await toldOf(id);
    await act(id, 'refund_part');
    const part = (await Promise.all((await toldOf(id)).map(read))).filter(({ outcome }) => outcome === 'event');
    expect(part).toMatchObject([{ event: { kind: 'refund', storeTransactionId: id, money: { amount: 250, currency: 'EUR' } } }]);
    await act(id, 'dispute');
    const disputed = (await Promise.all((await toldOf(id)).map(read))).filter(({ outcome }) => outcome === 'event');
    expect(disputed).toMatchObject([{ event: { kind: 'chargeback', storeTransactionId: id, money: { amount: 249, currency: 'EUR' } } }]);
    await act(id, 'win');
    const won = (await Promise.all((await toldOf(id)).map(read))).filter(({ outcome }) => outcome === 'event');
    expect(won).toMatchObject([{ event: { kind: 'refund_reversal', storeTransactionId: id } }]);
    expect(won[0]?.outcome === 'event' && won[0].event.storeRefundId).toBe(
      disputed[0]?.outcome === 'event' && disputed[0].event.storeRefundId,
    );
  });

  it('asks again later where Stripe does not answer', async () => {
    const { id, customer } = await stripePayment({ user: USER });
    const call = (await ofType(id, 'payment_intent.succeeded')) as Call;
    const verdict = await verify(call);
    if (verdict.outcome !== 'verified') throw new Error('refused');
    const nowhere = { SANDBOX_ORIGIN: 'http://127.0.0.1:1' };
    expect(await sources.stripe.interpret(contextAt(Date.now(), nowhere), verdict)).toMatchObject({ outcome: 'later' });
    expect(customer).toMatch(/^cus_/);
  });
});

const verbsOf = async (wish: Wish, verbs: readonly string[]): Promise<PaymentEvent[][]> => {
  const { id } = await buyOnPhone(wish);
  const rounds = [await toldOf(id)];
  for (const verb of verbs) {
    await act(id, verb);
    rounds.push(await toldOf(id));
  }
  return Promise.all(rounds.map((calls) => Promise.all(calls.map(eventOf))));
};

describe('Apple', () => {
  const account = '3f1f1a4e-8a30-4a8e-9c7f-2f6f0f0a1b2c';

  it('tells a subscription from its beginning to its end', async () => {
    const rounds = await verbsOf({ store: 'apple', product: 'test.plus.month', amount: 999, period: 'month', account }, [
      'renew',
      'fail',
      'renew',
      'cancel',
      'uncancel',
      'refund',
      'unrefund',
    ]);
    expect(rounds.map(([event]) => event?.kind)).toEqual([
      'purchase',
      'renewal',
      'grace',
      'renewal',
      'cancellation',
      'renewal',
      'refund',
      'refund_reversal',
    ]);
    const [bought, renewed] = rounds.map(([event]) => event);
    expect(bought).toMatchObject({
      customerRefs: [{ kind: 'apple_account', value: account }],
      productRef: 'test.plus.month',
      money: { amount: 999, currency: 'EUR' },
      storeSubscriptionId: bought?.storeTransactionId,
      signedByStore: true,
    });
    expect(renewed?.storeSubscriptionId).toBe(bought?.storeSubscriptionId);
    expect(renewed?.period?.until).toBeGreaterThan(bought?.period?.until ?? Infinity);
    expect(renewed?.storeTransactionId).not.toBe(bought?.storeTransactionId);
    expect(rounds[5]?.[0]).toMatchObject({ storeTransactionId: null, money: null });
  });

  it('takes the transaction that an app hands on, told as the same payment', async () => {
    const { id } = await buyOnPhone({ store: 'apple' });
    const told = await eventOf((await toldOf(id))[0]);
    const sent = await shop<{ signedTransaction: string }>('/transactions', { id });
    const bytes = (body: object) => ({
      from: 'member' as const,
      bytes: new TextEncoder().encode(JSON.stringify(body)),
      headers: new Headers(),
    });
    const verdict = await sources.apple.verify(contextAt(), bytes(sent));
    if (verdict.outcome !== 'verified') throw new Error(JSON.stringify(verdict));
    expect(verdict.sourceEventId).toBe(`transaction:${told.storeTransactionId}`);
    const read_ = await sources.apple.interpret(contextAt(), verdict);
    expect(read_).toMatchObject({ outcome: 'event', event: { kind: 'purchase', storeTransactionId: told.storeTransactionId } });
    // A notification is no transaction, nor the other way round.
    const { signedPayload } = JSON.parse(((await good.apple()) as Call).body) as { signedPayload: string };
    expect(await sources.apple.verify(contextAt(), bytes({ signedTransaction: signedPayload }))).toMatchObject({ outcome: 'refused' });
    expect(await verify({ source: 'apple', headers: {}, body: JSON.stringify({ signedPayload: sent.signedTransaction }) })).toMatchObject({
      outcome: 'refused',
    });
    for (const other of ['stripe', 'adapty', 'apphud'] as const)
      expect(await sources[other].verify(contextAt(), bytes(sent))).toMatchObject({ outcome: 'refused' });
  });
});

describe('Google', () => {
  it('tells a subscription from its beginning to its end, by what Play says of it', async () => {
    const rounds = await verbsOf({ store: 'google', product: 'plus', amount: 999, period: 'month', account: USER }, [
      'renew',
      'fail',
      'renew',
      'pause',
      'resume',
      'cancel',
      'uncancel',
      'refund',
    ]);
    expect(rounds.map(([event]) => event?.kind)).toEqual([
      'purchase',
      'renewal',
      'grace',
      'renewal',
      'pause',
      'renewal',
      'cancellation',
      'renewal',
      'refund',
    ]);
    expect(rounds[0]?.[0]).toMatchObject({
      customerRefs: [{ kind: 'google_account', value: USER }],
      money: { amount: 999, currency: 'EUR' },
      signedByStore: true,
    });
    expect(rounds[0]?.[0]?.storeTransactionId).toMatch(/^GPA\./);
  });

  it('believes of an app’s purchase token what Play says', async () => {
    const member = (body: object) => ({
      from: 'member' as const,
      bytes: new TextEncoder().encode(JSON.stringify(body)),
      headers: new Headers(),
    });
    const asked = async (body: object): Promise<Interpretation> => {
      const verdict = await sources.google.verify(contextAt(), member(body));
      if (verdict.outcome !== 'verified') throw new Error(JSON.stringify(verdict));
      return sources.google.interpret(contextAt(), verdict);
    };
    const once = await buyOnPhone({ store: 'google', product: 'coins_100' });
    expect(await asked({ purchaseToken: once.purchaseToken, productRef: 'coins_100' })).toMatchObject({
      outcome: 'event',
      event: { kind: 'purchase', productRef: 'coins_100', storeSubscriptionId: null },
    });
    const plan = await buyOnPhone({ store: 'google', product: 'plus', period: 'month' });
    expect(await asked({ purchaseToken: plan.purchaseToken, productRef: 'plus' })).toMatchObject({
      outcome: 'event',
      event: { kind: 'purchase', productRef: 'plus', storeSubscriptionId: plan.purchaseToken },
    });
    for (const madeUp of [
      { purchaseToken: 'a-token-that-nobody-has', productRef: 'coins_100' },
      { purchaseToken: once.purchaseToken, productRef: 'coins_100000' },
      { purchaseToken: '../../x', productRef: 'y' },
      { purchaseToken: once.purchaseToken, productRef: 'coins_100', amount: 1 },
    ])
      expect(await sources.google.verify(contextAt(), member(madeUp))).toMatchObject({ outcome: 'refused' });
  });

  it('counts no purchase of a tester where money is real', async () => {
    const { id } = await buyOnPhone({ store: 'google' });
    const verdict = await verify((await toldOf(id))[0] as Call);
    if (verdict.outcome !== 'verified') throw new Error('refused');
    expect(await sources.google.interpret(contextAt(Date.now(), { ENVIRONMENT: 'production' }), verdict)).not.toMatchObject({
      outcome: 'event',
    });
  });

  it('asks again later where Play does not answer', async () => {
    const { id, purchaseToken } = await buyOnPhone({ store: 'google' });
    const verdict = await verify((await toldOf(id))[0] as Call);
    if (verdict.outcome !== 'verified') throw new Error('refused');
    await fetch(`${env.SANDBOX_ORIGIN}/api/faults`, {
      method: 'POST',
      body: JSON.stringify({ service: 'play', to: purchaseToken, status: 503 }),
    });
    expect(await sources.google.interpret(contextAt(), verdict)).toMatchObject({ outcome: 'later' });
    expect(await sources.google.interpret(contextAt(), verdict)).toMatchObject({ outcome: 'event' });
  });
});

describe('two messengers of one purchase', () => {
  it.each(['apple', 'google'] as const)('at %s name the same transaction and the same subscription', async (store) => {
    const rounds = await verbsOf({ store, product: 'plus', period: 'month', user: USER, tellers: ['store', 'adapty', 'apphud'] }, [
      'renew',
      'cancel',
      'refund',
    ]);
    for (const events of rounds) {
      expect(events).toHaveLength(3);
      const [first, ...others] = events;
      for (const other of others)
        expect(other).toMatchObject({
          store,
          kind: first?.kind,
          storeTransactionId: first?.storeTransactionId,
          storeSubscriptionId: first?.storeSubscriptionId,
          productRef: first?.kind === 'refund' ? other.productRef : first?.productRef,
        });
    }
  });

  it('say who somebody is before they have signed up, and their device proves nothing', async () => {
    for (const [teller, ref] of [
      ['adapty', 'adapty_profile'],
      ['apphud', 'apphud_user'],
    ] as const) {
      const [[event] = []] = await verbsOf({ store: 'apple', email: 'Ada@Demo.test', tellers: [teller] }, []);
      expect(event?.customerRefs.map(({ kind }) => kind)).toEqual(['email', ref, 'device']);
      expect(event?.customerRefs[0]?.value).toBe('ada@demo.test');
      expect(event?.signedByStore).toBe(false);
    }
  });

  it('take either of two values while one replaces the other', async () => {
    const { id } = await buyOnPhone({ store: 'apple', tellers: ['adapty', 'apphud'] });
    for (const call of await toldOf(id)) {
      const name = call.source === 'adapty' ? 'ADAPTY_WEBHOOK_TOKENS' : 'APPHUD_WEBHOOK_TOKENS';
      const value = `${call.source}-not-a-secret`;
      expect(await verify(call, { [name]: `local_new,${value}` })).toMatchObject({ outcome: 'verified' });
      expect(await verify(call, { [name]: `local_${value},old` })).toMatchObject({ outcome: 'verified' });
      expect(await verify(call, { [name]: 'local_new,old' })).toMatchObject({ outcome: 'refused' });
      expect(await verify(call, { [name]: `local_new,old,${value}` })).toMatchObject({ outcome: 'refused' });
    }
  });

  it('Adapty’s check of the address gets the answer that it waits for, to the right value only', async () => {
    const check = (body: object, Authorization = 'adapty-not-a-secret'): Call => ({
      source: 'adapty',
      headers: { Authorization },
      body: JSON.stringify(body),
    });
    expect(await verify(check({ adapty_check: 'x1' }))).toEqual({ outcome: 'answered', body: { adapty_check_response: 'x1' } });
    expect(await verify(check({}))).toEqual({ outcome: 'answered', body: {} });
    expect(await verify(check({}, 'another'))).toMatchObject({ outcome: 'refused' });
  });
});

it('what is not known is looked at by somebody, and what moves nothing is let go', async () => {
  const adapty = (await good.adapty()) as Call;
  const renamed = (name: string): Call => ({ ...adapty, body: adapty.body.replace('non_subscription_purchase', name) });
  expect(await read(renamed('something_new'))).toMatchObject({ outcome: 'unreadable' });
  expect(await read(renamed('access_level_updated'))).toMatchObject({ outcome: 'nothing' });
  expect(await read(renamed('__proto__'))).toMatchObject({ outcome: 'unreadable' });
});
