/** What was paid at the stand-in for Stripe, followed through the real pipeline: granted once, counted, receipted, refunded. */
import { env } from 'cloudflare:workers';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answer, ask, type Device, newKey, settle as settleTown, signIn, signInAs, verdictOf } from '../../../tests/access/town.ts';
import { eventually } from '../../../tests/eventually.ts';
import type { Env } from '../../env.ts';
import { contextOf } from '../../platform/context.ts';
import { userHub } from '../../platform/stubs.ts';
import type { Intent, Offer } from '../../protocol/http/shop.ts';
import type { RefundOrder } from '../../protocol/http/shop-desk.ts';
import { listCases, openCases } from '../moderation/service.ts';
import { createUser } from '../user/service.ts';
import { topUpIfLow } from './automatic.ts';
import { cardsAt, chargeCard } from './charging.ts';
import { begin, customerOf, returnPage } from './intents.ts';
import { catchQueue, queued, work } from './payment-desk.workers.ts';
import { followPayments } from './receipts.ts';
import { reconcileDay } from './reconciliation.ts';
import { finishRefunds } from './refunding.ts';
import { settleOverdue } from './settling.ts';
import { sources } from './sources.ts';
import { spendingOf } from './spending.ts';
import { refundAt } from './stripe-money.ts';

const bindings = env as unknown as Env;
const SANDBOX = 'http://127.0.0.1:8799';
const MINUTE = 60_000;
const DAY = 86_400_000;
const GOOD = '4242424242424242';

const at = (ms = 0) => contextOf(bindings, { now: Date.now() + ms, requestId: 'test', waitUntil: (done) => void done.catch(() => {}) });

beforeAll(settleTown);
beforeEach(catchQueue);
afterEach(() => vi.restoreAllMocks());

const newMember = (): Promise<Device> => signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
const call = (by: Device, method: string, path: string, body?: unknown, headers = {}) => ask({ method, path, by, body, headers });

async function priceOf(by: Device, product: string): Promise<string> {
  const { json } = await call(by, 'GET', '/shop?platform=web');
  const found = (json as unknown as { shop: { offers: Offer[] } }).shop.offers.find((offer) => offer.product === product);
  if (!found) throw new Error(`${product} is not sold`);
  return found.priceId;
}
const intentIn = ({ json, text }: Answer): Intent => {
  if (!json?.intent) throw new Error(text);
  return json.intent as Intent;
};
const intentOf = async (by: Device, id: string): Promise<Intent> => intentIn(await call(by, 'GET', `/shop/intents/${id}`));
async function coinsOf(by: Device): Promise<number> {
  const { json } = await call(by, 'GET', '/me/balance');
  return (json as unknown as { balances: { unit: string; amount: number }[] }).balances.find(({ unit }) => unit === 'COIN')?.amount ?? 0;
}

/** Begins a Checkout and pays on Stripe's page. */
async function pay(by: Device, product = 'coins-300', number = GOOD): Promise<{ id: string; page: Response }> {
  const body = { priceId: await priceOf(by, product) };
  const begun = await call(by, 'POST', '/shop/checkouts', body, newKey());
  const { url } = begun.json as { url: string };
  const page = await fetch(url, { method: 'POST', body: new URLSearchParams({ number, name: 'Ada', bank: 'yes' }), redirect: 'manual' });
  return { id: intentIn(begun).id, page };
}
const topUp = async (by: Device, product = 'coins-300', headers = newKey()): Promise<Answer> =>
  call(by, 'POST', '/shop/topups', { priceId: await priceOf(by, product) }, headers);

interface Call {
  readonly source: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}
const atStripe = async <T>(path: string): Promise<T> =>
  (await fetch(`${SANDBOX}/v1${path}`, { headers: { Authorization: 'Bearer sk_test_not-a-secret' } })).json() as Promise<T>;

/** What the stand-in knows of one customer of this file; other test files buy there too. */
async function namesAt(customer: string): Promise<string[]> {
  const lists = await Promise.all(
    [`/payment_intents?customer=${customer}&limit=100`, `/subscriptions?customer=${customer}&status=all&limit=100`].map((path) =>
      atStripe<{ data?: { id: string }[] }>(path),
    ),
  );
  return lists.flatMap(({ data = [] }) => data.map(({ id }) => id));
}

/** The webhooks that Stripe has sent of somebody since the last time; kept, not handed on. */
async function webhooks(by: Device): Promise<Call[]> {
  const row = await bindings.DB.prepare('SELECT customer FROM stripe_customer WHERE user_id = ?')
    .bind(by.userId)
    .first<{ customer: string }>();
  const calls: Call[] = [];
  for (const about of row ? await namesAt(row.customer) : []) {
    const taken = await fetch(`${SANDBOX}/api/shop/webhooks`, { method: 'POST', body: JSON.stringify({ do: 'take', about }) });
    calls.push(...((await taken.json()) as { calls: Call[] }).calls);
  }
  return calls;
}
/** Hands webhooks to the Worker, and works through the queue. */
async function deliver(calls: readonly Call[]): Promise<void> {
  for (const { source, headers, body } of calls) {
    const answer = await ask({ method: 'POST', path: `/webhooks/${source}`, headers, body });
    expect(answer.status, answer.text).toBe(200);
  }
  await work(at(), 5, sources);
}
const purchases = async (by: Device) => (await call(by, 'GET', '/me/purchases')).json?.items as { id: string; state: string }[];
const inbox = async (by: Device) => {
  const answer = await userHub(bindings, by.userId).inbox({ before: null, limit: 20, now: Date.now() });
  return answer.ok ? answer.value.items.map(({ kind, facts }) => ({ kind, facts })) : [];
};

describe('a Checkout that was paid', () => {
  it('has succeeded once its webhook came, and is granted once however often it comes', async () => {
    const by = await newMember();
    const { id, page } = await pay(by);
    expect(page.headers.get('Location')).toBe(`http://127.0.0.1:5173/wallet/return/${id}`);
    const told = await webhooks(by);
    await deliver([...told].reverse());
    await deliver(told);
    expect(await coinsOf(by)).toBe(300);
    expect(await intentOf(by, id)).toMatchObject({ state: 'succeeded', url: null });
  });

  it('is found by asking where the webhook is late, and the webhook adds nothing', async () => {
    const by = await newMember();
    const { id } = await pay(by);
    expect(await intentOf(by, id)).toMatchObject({ state: 'succeeded' });
    expect(await coinsOf(by)).toBe(300);
    await deliver(await webhooks(by));
    expect(await coinsOf(by)).toBe(300);
    expect(await purchases(by)).toHaveLength(1);
  });

  it('is found by the job where nobody comes back, also when it was paid at the last moment', async () => {
    const by = await newMember();
    const { id } = await pay(by);
    await settleOverdue(at(40 * MINUTE));
    expect(await coinsOf(by)).toBe(300);
    expect(await intentOf(by, id)).toMatchObject({ state: 'succeeded' });
  });

  it('gives a receipt, once, and is counted once', async () => {
    const by = await newMember();
    const { id } = await pay(by);
    await deliver(await webhooks(by));
    await followPayments(at());
    // The Worker died between the mail and the note that it was sent.
    await bindings.DB.prepare("UPDATE event_reader SET seq = 0 WHERE name = 'payment.follow'").run();
    await followPayments(at());
    expect(await intentOf(by, id)).toMatchObject({ state: 'succeeded' });
    const [receipt, ...more] = await inbox(by);
    expect(more).toEqual([]);
    expect(receipt).toMatchObject({ kind: 'purchase.receipt', facts: { kind: 'coins', granted: 300, amount: 1_299, currency: 'EUR' } });
    expect((await spendingOf(at(), by.userId)).spent).toBe(1_299);
  });

  it('of a plan begins it, by the invoice’s payment', async () => {
    const ben = await signIn('ben');
    const { id } = await pay(ben, 'premium-month');
    expect(await intentOf(ben, id)).toMatchObject({ state: 'succeeded' });
    await deliver(await webhooks(ben));
    expect(await purchases(ben)).toHaveLength(1);
    const offers = (await call(ben, 'GET', '/shop?platform=web')).json as unknown as { shop: { offers: Offer[] } };
    expect(offers.shop.offers.filter(({ current }) => current).map(({ product }) => product)).toEqual(['premium-month']);
  });
});

/** Stripe says when by the second: what is done in one second is done at once. */
async function anotherSecond(): Promise<void> {
  const now = () => Math.floor(Date.now() / 1_000);
  const before = now();
  await eventually(async () => expect(now()).toBeGreaterThan(before));
}

describe('a plan from the web', () => {
  const plan = async (by: Device) => (await call(by, 'GET', '/shop/plan')).json?.plan;
  async function subscriber(): Promise<Device> {
    const email = `${crypto.randomUUID()}@demo.test`;
    await createUser(at(), { email, role: 'member', monetizationVersion: 'subscription' });
    return signInAs(email, 'member');
  }

  it('is one: nobody pays for two, and two Checkouts are not open at once', async () => {
    const by = await subscriber();
    expect(await plan(by)).toBeNull();
    const body = { priceId: await priceOf(by, 'plus-month') };
    const first = await call(by, 'POST', '/shop/checkouts', body, newKey());
    const { id } = await pay(by, 'plus-month');
    expect(await intentOf(by, intentIn(first).id)).toMatchObject({ state: 'expired' });
    expect(await intentOf(by, id)).toMatchObject({ state: 'succeeded' });
    expect(await plan(by)).toMatchObject({ plan: { id: 'plus', name: 'Plus' }, store: 'stripe', state: 'active', renews: true });
    expect(verdictOf(await call(by, 'POST', '/shop/checkouts', body, newKey()))).toBe('409 plan_running');
    expect((await spendingOf(at(), by.userId)).spent).toBe(1_999);
  });

  it('is changed, ended with what is paid, and goes on after all, each shown at once', async () => {
    const by = await subscriber();
    const { id } = await pay(by, 'plus-month');
    await intentOf(by, id);
    await anotherSecond();
    const better = { priceId: await priceOf(by, 'premium-month') };
    const changed = await call(by, 'PUT', '/shop/plan', better, newKey());
    expect(changed.json?.plan, changed.text).toMatchObject({ plan: { id: 'premium' }, renews: true });
    expect((await call(by, 'POST', '/shop/plan/cancel')).json?.plan).toMatchObject({
      plan: { id: 'premium' },
      state: 'cancelled',
      renews: false,
    });
    await anotherSecond();
    expect((await call(by, 'POST', '/shop/plan/resume')).json?.plan).toMatchObject({ state: 'active', renews: true });
    await deliver(await webhooks(by));
    expect(await plan(by)).toMatchObject({ plan: { id: 'premium' }, state: 'active' });
    await call(by, 'POST', '/shop/spending/pause', { days: 1 });
    const again = { priceId: await priceOf(by, 'plus-month') };
    expect(verdictOf(await call(by, 'PUT', '/shop/plan', again, newKey()))).toBe('409 spending_paused');
    // Ending is never buying.
    await anotherSecond();
    expect((await call(by, 'POST', '/shop/plan/cancel')).json?.plan).toMatchObject({ state: 'cancelled' });
  });
});

describe('a charge whose answer was lost', () => {
  /** Stripe has charged the card, and the Worker died before it wrote that down. */
  async function lost() {
    const by = await newMember();
    const { id } = await pay(by);
    await intentOf(by, id);
    const buyer = { userId: by.userId, role: 'member', monetizationVersion: 'tokens', email: null } as const;
    const customer = await customerOf(at(), buyer);
    const [card] = await cardsAt(at(), customer);
    const key = newKey();
    const priceId = (await priceOf(by, 'coins-100')) as `pri_${string}`;
    const wish = { way: 'top_up', priceId, placement: null, idempotencyKey: key['Idempotency-Key'] ?? '' } as const;
    const { intent, storeRef } = await begin(at(), buyer, wish);
    const money = { amount: intent.amount, currency: intent.currency };
    const bought = { userId: by.userId, intentId: intent.id, storeRef, money, customer, returnUrl: returnPage(at(), intent) };
    const charged = await chargeCard(at(), { ...bought, card: card?.id ?? '', away: false });
    expect(charged.outcome).toBe('paid');
    return { by, key, intent, customer };
  }

  it('is found before its intent is given up, and granted once', async () => {
    const { by, intent } = await lost();
    await settleOverdue(at(16 * MINUTE));
    expect(await intentOf(by, intent.id)).toMatchObject({ state: 'succeeded' });
    await deliver(await webhooks(by));
    expect(await coinsOf(by)).toBe(400);
  });

  it('is made once, whoever tries again', async () => {
    const { by, key, intent, customer } = await lost();
    expect(intentIn(await topUp(by, 'coins-100', key))).toMatchObject({ id: intent.id, state: 'succeeded' });
    expect((await atStripe<{ data: unknown[] }>(`/payment_intents?customer=${customer}`)).data).toHaveLength(2);
    await deliver(await webhooks(by));
    expect(await coinsOf(by)).toBe(400);
  });

  it('tried again with its key is the same charge', async () => {
    const by = await newMember();
    const { id } = await pay(by);
    await intentOf(by, id);
    const key = newKey();
    await fetch(`${SANDBOX}/api/faults`, { method: 'POST', body: JSON.stringify({ service: 'stripe', status: 503, times: 3 }) });
    expect(verdictOf(await topUp(by, 'coins-100', key))).toBe('503 overloaded');
    await eventually(async () => expect((await topUp(by, 'coins-100', key)).status).toBe(201));
    await deliver(await webhooks(by));
    expect(await coinsOf(by)).toBe(400);
    expect((await spendingOf(at(), by.userId)).spent).toBe(1_299 + 499);
  });
});

describe('a saved card', () => {
  it('buys with one tap, the same key once', async () => {
    const by = await newMember();
    expect(verdictOf(await topUp(by))).toBe('409 no_card');
    await pay(by);
    const cards = (await call(by, 'GET', '/shop/cards')).json?.items as { id: string; last4: string }[];
    expect(cards).toMatchObject([{ last4: '4242' }]);
    const key = newKey();
    const [first, again] = [intentIn(await topUp(by, 'coins-100', key)), intentIn(await topUp(by, 'coins-100', key))];
    expect(first).toMatchObject({ state: 'succeeded', way: 'top_up' });
    expect(again.id).toBe(first.id);
    await deliver(await webhooks(by));
    expect(await coinsOf(by)).toBe(400);
  });

  it('that its bank asks about leads there, and pays after that', async () => {
    const by = await newMember();
    await pay(by, 'coins-300', '4000002760003184');
    await deliver(await webhooks(by));
    const intent = intentIn(await topUp(by, 'coins-100'));
    expect(intent).toMatchObject({ state: 'requires_action', url: expect.stringContaining('/c/authenticate/') });
    await fetch(intent.url ?? '', { method: 'POST', body: new URLSearchParams({ answer: 'yes' }), redirect: 'manual' });
    expect(await intentOf(by, intent.id)).toMatchObject({ state: 'succeeded' });
    expect(await coinsOf(by)).toBe(400);
  });

  it('that is declined buys nothing, counts for nothing, and can be tried again', async () => {
    const by = await newMember();
    await pay(by, 'coins-300');
    await saveCard(by, '4000000000000341');
    expect(verdictOf(await topUp(by))).toBe('402 payment_declined');
    await deliver(await webhooks(by));
    await followPayments(at());
    expect(await coinsOf(by)).toBe(300);
    expect((await spendingOf(at(), by.userId)).spent).toBe(1_299);
  });

  it('is removed by its holder alone', async () => {
    const [by, other] = [await newMember(), await newMember()];
    await pay(by);
    const [card] = ((await call(by, 'GET', '/shop/cards')).json?.items ?? []) as { id: string }[];
    expect(verdictOf(await call(other, 'DELETE', `/shop/cards/${card?.id}`))).toBe('404 not_found');
    expect((await call(by, 'DELETE', `/shop/cards/${card?.id}`)).status).toBe(204);
    expect(verdictOf(await topUp(by))).toBe('409 no_card');
  });
});

/** Puts a card beside the others of a member at Stripe, as a setup page would; it is the newest. */
async function saveCard(by: Device, number: string): Promise<void> {
  const row = await bindings.DB.prepare('SELECT customer FROM stripe_customer WHERE user_id = ?')
    .bind(by.userId)
    .first<{ customer: string }>();
  const name = { '4000000000000341': 'pm_card_chargeCustomerFail', [GOOD]: 'pm_card_visa' }[number];
  const body = new URLSearchParams({ customer: row?.customer ?? '', payment_method: name ?? '', confirm: 'true', usage: 'off_session' });
  const headers = { Authorization: 'Bearer sk_test_not-a-secret' };
  const saved = await fetch(`${SANDBOX}/v1/setup_intents`, { method: 'POST', body, headers });
  expect(saved.status, await saved.clone().text()).toBe(200);
}

describe('coins that buy themselves', () => {
  const setUp = async (by: Device, more = {}) =>
    call(by, 'PUT', '/shop/automatic', { priceId: await priceOf(by, 'coins-100'), threshold: 350, monthlyCap: 1_000, on: true, ...more });

  it('are bought when few are left, one purchase at a time, within the month’s cap', async () => {
    const by = await newMember();
    expect(verdictOf(await setUp(by))).toBe('409 no_card');
    await pay(by);
    await deliver(await webhooks(by));
    expect((await setUp(by)).json?.automatic).toMatchObject({ on: true, threshold: 350 });
    await Promise.all([topUpIfLow(at(), by.userId), topUpIfLow(at(), by.userId), topUpIfLow(at(), by.userId)]);
    expect(await coinsOf(by)).toBe(400);
    await topUpIfLow(at(), by.userId);
    expect(await coinsOf(by)).toBe(400);
    // 499 of 1,000 cents are spent: one more fits, a third does not.
    await setUp(by, { threshold: 10_000 });
    for (let n = 0; n < 3; n++) await topUpIfLow(at(), by.userId);
    expect(await coinsOf(by)).toBe(500);
    const insert = bindings.DB.prepare("INSERT INTO spending (ref, user_id, way, cents, at) VALUES (?, ?, 'automatic', 3, ?)");
    await expect(insert.bind(crypto.randomUUID(), by.userId, Date.now()).run()).rejects.toThrow('automatic_limit');
  });

  it('are ordered by the hub that sees the balance fall', async () => {
    const by = await newMember();
    await pay(by);
    await deliver(await webhooks(by));
    await setUp(by);
    const orders: unknown[] = [];
    const queue = Object.getPrototypeOf(bindings.WEBHOOKS) as Queue<unknown>;
    vi.spyOn(queue, 'send').mockImplementation(async (message) => void orders.push(message) as never);
    const seen = { type: 'balance.changed', unit: 'COIN', eventId: 'bev_1', prevEventId: null } as const;
    const hub = userHub(bindings, by.userId);
    await hub.balanceChanged({ ...seen, amount: 360, delta: -10 } as never, 'call_1');
    await hub.balanceChanged({ ...seen, amount: 349, delta: 20 } as never, 'call_1');
    expect(orders).toEqual([]);
    await hub.balanceChanged({ ...seen, amount: 349, delta: -11 } as never, 'call_1');
    await eventually(async () => expect(orders).toEqual([{ kind: 'top_up', userId: by.userId }]));
    await setUp(by, { on: false });
    await hub.balanceChanged({ ...seen, amount: 1, delta: -11 } as never, 'call_1');
    expect(orders).toHaveLength(1);
  });

  it('stop after the card was declined twice, and say so', async () => {
    const by = await newMember();
    await pay(by);
    await deliver(await webhooks(by));
    await saveCard(by, '4000000000000341');
    await setUp(by);
    await topUpIfLow(at(), by.userId);
    expect((await call(by, 'GET', '/shop/automatic')).json?.automatic).toMatchObject({ on: true });
    expect(await inbox(by)).toEqual([]);
    await topUpIfLow(at(), by.userId);
    expect((await call(by, 'GET', '/shop/automatic')).json?.automatic).toMatchObject({ on: false, stopped: true });
    expect((await inbox(by)).map(({ kind }) => kind)).toEqual(['top_up.stopped']);
    await topUpIfLow(at(), by.userId);
    expect(await coinsOf(by)).toBe(300);
    expect((await spendingOf(at(), by.userId)).spent).toBe(1_299);
  });
});

describe('a refund by staff', () => {
  const refund = (by: Device, id: string | undefined, body: object, headers = newKey()) =>
    call(by, 'POST', `/admin/payments/${id}/refund`, { reason: 'of the test', ...body }, headers);
  const orderIn = ({ json, text }: Answer): RefundOrder => {
    if (!json?.refund) throw new Error(text);
    return json.refund as RefundOrder;
  };
  async function bought(product = 'coins-300') {
    const by = await newMember();
    const { id: intentId } = await pay(by, product);
    await intentOf(by, intentId);
    await deliver(await webhooks(by));
    const [payment] = await purchases(by);
    return { by, intentId, payment: payment?.id };
  }

  it('sends money back once for a key, takes the coins, and tells', async () => {
    const { by, intentId, payment } = await bought();
    const [alex, key] = [await signIn('alex'), newKey()];
    const order = orderIn(await refund(alex, payment, {}, key));
    expect(order).toMatchObject({ state: 'sent', money: { amount: 1_299, currency: 'EUR' } });
    expect(orderIn(await refund(alex, payment, {}, key)).id).toBe(order.id);
    await deliver(await webhooks(by));
    await followPayments(at());
    expect(await coinsOf(by)).toBe(0);
    expect(await intentOf(by, intentId)).toMatchObject({ state: 'refunded' });
    expect((await inbox(by)).map(({ kind }) => kind)).toEqual(['purchase.refunded', 'purchase.receipt']);
    expect((await spendingOf(at(), by.userId)).spent).toBe(0);
    expect(verdictOf(await refund(alex, payment, {}))).toBe('409 not_refundable');
  });

  it('is never more than was paid, whatever is ordered at once', async () => {
    const { payment } = await bought();
    const alex = await signIn('alex');
    const verdicts = await Promise.all([800, 800, 499].map(async (amount) => verdictOf(await refund(alex, payment, { amount }))));
    const sum = await bindings.DB.prepare('SELECT sum(amount) AS sum FROM refund_order WHERE payment = ?')
      .bind(payment)
      .first<{ sum: number }>();
    expect(sum?.sum).toBeLessThanOrEqual(1_299);
    expect(verdicts).toContain('409 not_refundable');
    const more = bindings.DB.prepare(
      `INSERT INTO refund_order (id, payment, paid, amount, currency, reason, state, requested_by, idempotency_key, body_hash, created_at, changed_at)
       SELECT 'rfo_x', payment, paid, 1299, currency, reason, 'open', requested_by, 'another', '', 1, 1 FROM refund_order WHERE payment = ? LIMIT 1`,
    );
    await expect(more.bind(payment).run()).rejects.toThrow('more_than_paid');
  });

  it('above the limit waits for a second person', async () => {
    const alex = await signIn('alex');
    await call(alex, 'PUT', '/admin/settings/shop.refundLimit', { value: 1_000 });
    const { payment } = await bought();
    const order = orderIn(await refund(alex, payment, {}));
    expect(order.state).toBe('waiting');
    const decide = (by: Device, approve: boolean) => call(by, 'POST', `/admin/refunds/${order.id}`, { approve });
    expect(verdictOf(await decide(alex, true))).toBe('403 forbidden');
    const own = bindings.DB.prepare("UPDATE refund_order SET state = 'open', decided_by = requested_by WHERE id = ?").bind(order.id);
    await expect(own.run()).rejects.toThrow('own_approval');
    const root = await signIn('root');
    expect(orderIn(await decide(root, true))).toMatchObject({ state: 'sent', decidedBy: root.userId });
    expect(verdictOf(await decide(root, false))).toBe('409 version_conflict');
    await call(alex, 'PUT', '/admin/settings/shop.refundLimit', { value: 5_000 });
  });

  it('whose answer was lost is sent by the job, once', async () => {
    const { by, payment } = await bought();
    await fetch(`${SANDBOX}/api/faults`, { method: 'POST', body: JSON.stringify({ service: 'stripe', status: 500, times: 2 }) });
    const alex = await signIn('alex');
    expect(verdictOf(await refund(alex, payment, { amount: 500 }))).toBe('503 overloaded');
    const order = await bindings.DB.prepare(
      'SELECT o.id, p.transaction_id AS transactionId FROM refund_order o JOIN payment p ON p.id = o.payment WHERE o.payment = ?',
    )
      .bind(payment)
      .first<{ id: `rfo_${string}`; transactionId: string }>();
    if (!order) throw new Error('nothing was ordered');
    // It goes through, and the Worker dies before it is written down.
    expect(await refundAt(at(), { orderId: order.id, transactionId: order.transactionId, amount: 500 })).toMatchObject({ outcome: 'sent' });
    await finishRefunds(at(2 * MINUTE));
    await finishRefunds(at(4 * MINUTE));
    const { data } = await atStripe<{ data: unknown[] }>(`/refunds?payment_intent=${order.transactionId}`);
    expect(data).toHaveLength(1);
    await deliver(await webhooks(by));
    expect(await coinsOf(by)).toBe(300 - Math.floor((300 * 500) / 1_299));
    const { json } = await call(alex, 'GET', '/admin/refunds?state=sent&limit=1');
    expect(json?.items).toMatchObject([{ paymentId: payment }]);
  });
});

describe('reconciliation', () => {
  // Any day will do; this one has no midnight near it.
  const today = Date.now() - DAY / 2;

  it('agrees where all was told, finds what was planted, and makes one case of it', async () => {
    // What other tests left untold is settled first.
    await settleOverdue(at(60 * MINUTE));
    const customers = await bindings.DB.prepare('SELECT customer FROM stripe_customer').all<{ customer: string }>();
    const own = new Set((await Promise.all(customers.results.map(({ customer }) => namesAt(customer)))).flat());
    expect(own.size).toBeGreaterThan(0);
    // Other test files sell at the same desk: that their payments are missing here is right.
    const differences = async () => {
      const day = await reconcileDay(at(), 'stripe', today);
      return day.differences.filter(({ kind, id }) => kind !== 'missing_here' || own.has(id));
    };
    expect(await differences()).toEqual([]);

    const by = await newMember();
    await pay(by);
    for (const { customer } of (await bindings.DB.prepare('SELECT customer FROM stripe_customer').all<{ customer: string }>()).results)
      for (const id of await namesAt(customer)) own.add(id);
    expect(await differences()).toMatchObject([{ kind: 'missing_here', what: 'payment', theirs: { amount: 1_299, currency: 'EUR' } }]);

    await bindings.DB.exec('DROP TRIGGER payment_keeps_its_terms');
    await bindings.DB.prepare(
      'UPDATE payment SET granted = granted + 1 WHERE rowid = (SELECT min(rowid) FROM payment WHERE unit IS NOT NULL)',
    ).run();
    await bindings.DB.prepare(
      'UPDATE payment SET amount = amount + 1 WHERE rowid = (SELECT max(rowid) FROM payment WHERE unit IS NOT NULL)',
    ).run();
    expect((await differences()).map(({ kind }) => kind).sort()).toEqual(['amount', 'missing_here', 'not_in_books']);
    const { day } = await reconcileDay(at(), 'stripe', today);

    await openCases(at());
    await openCases(at());
    const { items } = await listCases(at(), { source: 'reconciliation' });
    expect(items).toMatchObject([{ subject: `stripe:${day}`, raisedBy: null, state: 'open' }]);
    const { json } = await call(await signIn('sam'), 'GET', '/admin/reconciliation?state=differs');
    expect(json?.items).toMatchObject([{ day, store: 'stripe' }]);
  });
});

it('leaves nothing on the queue that was not worked through', () => expect(queued).toEqual([]));
