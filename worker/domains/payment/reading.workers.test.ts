/** What each source tells, read as ours: against its stand-in, with the real libraries, in the real runtime. */
import { describe, expect, it } from 'vitest';
import type { Interpretation, PaymentEvent } from './payment-event.ts';
import {
  act,
  buyOnPhone,
  type Call,
  COINS,
  contextAt,
  env,
  eventOf,
  good,
  kindsOf,
  ofType,
  PLUS,
  read,
  shop,
  sources,
  stripePayment,
  stripePost,
  stripeSubscription,
  toldOf,
  USER,
  verify,
  type Wish,
} from './source-desk.workers.ts';

describe('Stripe', () => {
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
});
