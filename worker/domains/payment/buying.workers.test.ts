/** Buying at the stand-in for Stripe, through the real library: Checkouts, cards, limits. Asked for over HTTP. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, ask, bindings, contextNow, type Device, newKey, settle, signInAs, verdictOf } from '../../../tests/access/town.ts';
import { contextOf } from '../../platform/context.ts';
import type { Intent, Offer } from '../../protocol/http/shop.ts';
import { openIntentsOf } from './intent-store.ts';
import { settleOverdue } from './settling.ts';
import { setCap, spendingOf } from './spending.ts';

const SANDBOX = 'http://127.0.0.1:8799';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

beforeAll(settle);

const newMember = (): Promise<Device> => signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
const call = (by: Device, method: string, path: string, body?: unknown, headers = {}) =>
  ask({ method, path: `/shop${path}`, by, body, headers });
const later = (ms: number) => contextOf(bindings, { now: Date.now() + ms, requestId: 'test', waitUntil: () => {} });

async function priceOf(by: Device, product: string): Promise<Offer> {
  const { json } = await call(by, 'GET', '?platform=web');
  const found = (json as unknown as { shop: { offers: Offer[] } }).shop.offers.find((offer) => offer.product === product);
  if (!found) throw new Error(`${product} is not sold`);
  return found;
}
const intentIn = ({ json, text }: Answer): Intent => {
  if (!json?.intent) throw new Error(text);
  return json.intent as Intent;
};
async function begin(by: Device, product = 'coins-300', headers = newKey()): Promise<Answer> {
  return call(by, 'POST', '/checkouts', { priceId: (await priceOf(by, product)).priceId }, headers);
}
/** A person pays on Stripe's page. */
const payAt = (url: string, number: string) =>
  fetch(url, { method: 'POST', body: new URLSearchParams({ number, name: 'Ada', bank: 'yes' }), redirect: 'manual' });
const spent = (by: Device, ctx = contextNow()) => spendingOf(ctx, by.userId);

describe('a Checkout', () => {
  it('asks at Stripe for exactly the price of the shop, and says whose it is', async () => {
    const by = await newMember();
    const begun = await begin(by);
    expect(begun.status).toBe(201);
    const { url } = begun.json as { url: string };
    expect(url).toMatch(`${SANDBOX}/c/pay/cs_test_`);
    const [row] = await openIntentsOf(bindings.DB, by.userId);
    const headers = { Authorization: 'Bearer sk_test_not-a-secret' };
    const session = await (await fetch(`${SANDBOX}/v1/checkout/sessions/${row?.storeRef}`, { headers })).json();
    expect(session).toMatchObject({
      ...{ amount_total: 1_299, currency: 'eur', client_reference_id: by.userId, mode: 'payment' },
      metadata: { user: by.userId, intent: row?.id, price: 'price_desk_eur_1299_coins_300' },
      success_url: `http://127.0.0.1:5173/wallet/return/${row?.id}`,
    });
  });

  it('begun again with the same key is the same one; for something else the key is refused', async () => {
    const by = await newMember();
    const key = newKey();
    const [first, second] = [await begin(by, 'coins-300', key), await begin(by, 'coins-300', key)];
    expect(second.json).toEqual(first.json);
    expect(verdictOf(await begin(by, 'coins-1000', key))).toBe('409 idempotency_conflict');
    expect(await openIntentsOf(bindings.DB, by.userId)).toHaveLength(1);
    expect((await spent(by)).spent).toBe(1_299);
  });

  it('is not begun for a price that is over, or that is not for this member', async () => {
    const [by, alex] = [await newMember(), await signInAs('alex@demo.test', 'admin')];
    const price = await priceOf(by, 'coins-100');
    const dearer = { platform: 'web', storeRef: `price_desk_eur_599_${crypto.randomUUID().slice(0, 8)}`, currency: 'EUR', amount: 599 };
    await ask({ method: 'POST', path: '/admin/products/coins-100/prices', by: alex, body: dearer });
    expect(verdictOf(await call(by, 'POST', '/checkouts', { priceId: price.priceId }, newKey()))).toBe('409 price_gone');
    const cora = await signInAs('cora@demo.test', 'member');
    const moments = await priceOf(cora, 'moments-5');
    expect(verdictOf(await call(by, 'POST', '/checkouts', { priceId: moments.priceId }, newKey()))).toBe('409 price_gone');
  });

  it('of a plan is not begun where plans are switched off, whatever the page still shows', async () => {
    const [ben, alex] = [await signInAs('ben@demo.test', 'member'), await signInAs('alex@demo.test', 'admin')];
    const { priceId } = await priceOf(ben, 'premium-month');
    const set = (web: boolean) =>
      ask({ method: 'PUT', path: '/admin/settings/shop.subscriptions', by: alex, body: { value: { web, ios: true, android: true } } });
    await set(false);
    expect(verdictOf(await call(ben, 'POST', '/checkouts', { priceId }, newKey()))).toBe('409 price_gone');
    await set(true);
    expect((await call(ben, 'POST', '/checkouts', { priceId }, newKey())).status).toBe(201);
  });

  it('is the only way to a plan: one charge of a card would be a month without its going on', async () => {
    const ben = await signInAs('ben@demo.test', 'member');
    const { priceId } = await priceOf(ben, 'premium-month');
    expect(verdictOf(await call(ben, 'POST', '/topups', { priceId }, newKey()))).toBe('400 validation_failed');
  });

  it('that Stripe would charge otherwise than we show is closed, and counts for nothing', async () => {
    const [by, alex] = [await newMember(), await signInAs('alex@demo.test', 'admin')];
    const made = { id: `odd-${crypto.randomUUID().slice(0, 8)}`, kind: 'coins', amount: 10, rank: 99 };
    await ask({ method: 'POST', path: '/admin/products', by: alex, body: made });
    const wrong = { platform: 'web', storeRef: `price_desk_eur_700_${crypto.randomUUID().slice(0, 8)}`, currency: 'EUR', amount: 600 };
    await ask({ method: 'POST', path: `/admin/products/${made.id}/prices`, by: alex, body: wrong });
    await ask({ method: 'PATCH', path: `/admin/products/${made.id}`, by: alex, body: { state: 'live' } });
    expect(verdictOf(await begin(by, made.id))).toBe('409 price_gone');
    expect(await openIntentsOf(bindings.DB, by.userId)).toEqual([]);
    expect((await spent(by)).spent).toBe(0);
    await ask({ method: 'PATCH', path: `/admin/products/${made.id}`, by: alex, body: { state: 'retired' } });
  });

  it('nobody finished is expired when its time is over, at Stripe too', async () => {
    const by = await newMember();
    const { url } = (await begin(by)).json as { url: string };
    await settleOverdue(later(20 * MINUTE));
    expect(await openIntentsOf(bindings.DB, by.userId)).toHaveLength(1);
    await settleOverdue(later(32 * MINUTE));
    expect(await openIntentsOf(bindings.DB, by.userId)).toEqual([]);
    expect((await payAt(url, '4242424242424242')).status).toBe(410);
    expect((await spent(by)).spent).toBe(0);
  });

  it('given up frees the limit at once', async () => {
    const by = await newMember();
    const intent = intentIn(await begin(by));
    const closed = intentIn(await call(by, 'POST', `/intents/${intent.id}/close`));
    expect(closed).toMatchObject({ state: 'expired', url: null });
    expect((await spent(by)).spent).toBe(0);
  });
});

describe('the limits somebody set themselves', () => {
  it('hold for all ways to buy together, whatever the code above the database does', async () => {
    const by = await newMember();
    expect((await call(by, 'PUT', '/spending', { weeklyCap: 2_000 })).json?.spending).toMatchObject({ weeklyCap: 2_000, spent: 0 });
    expect((await begin(by)).status).toBe(201);
    expect(verdictOf(await begin(by))).toBe('409 spending_limit');
    const sandbox = (amount: number) => ask({ method: 'POST', path: '/wallet/topups', by, body: { amount } });
    expect(verdictOf(await sandbox(702))).toBe('409 spending_limit');
    expect((await sandbox(701)).status).toBe(201);
    const insert = bindings.DB.prepare("INSERT INTO spending (ref, user_id, way, cents, at) VALUES (?, ?, 'checkout', 1, ?)");
    await expect(insert.bind(crypto.randomUUID(), by.userId, Date.now()).run()).rejects.toThrow('spending_limit');
    // Eight days on the week is another one.
    await insert.bind(crypto.randomUUID(), by.userId, Date.now() + 8 * 24 * HOUR).run();
  });

  it('of two purchases at once let one through', async () => {
    const by = await newMember();
    await call(by, 'PUT', '/spending', { weeklyCap: 1_500 });
    const verdicts = (await Promise.all([begin(by), begin(by), begin(by)])).map(verdictOf);
    expect(verdicts.sort()).toEqual(['201', '409 spending_limit', '409 spending_limit']);
  });

  it('are raised after a day, and lowered at once', async () => {
    const by = await newMember();
    await call(by, 'PUT', '/spending', { weeklyCap: 1_000 });
    const raised = await call(by, 'PUT', '/spending', { weeklyCap: 5_000 });
    expect(raised.json?.spending).toMatchObject({ weeklyCap: 1_000, next: { weeklyCap: 5_000 } });
    expect(await spent(by, later(23 * HOUR))).toMatchObject({ weeklyCap: 1_000 });
    expect(await spent(by, later(25 * HOUR))).toMatchObject({ weeklyCap: 5_000, next: null });
    await setCap(later(26 * HOUR), by.userId, 800);
    expect(await spent(by, later(26 * HOUR))).toMatchObject({ weeklyCap: 800, next: null });
    const loosen = bindings.DB.prepare('UPDATE spending_guard SET cap = NULL, set_at = set_at + 1 WHERE user_id = ?').bind(by.userId);
    await expect(loosen.run()).rejects.toThrow('too_soon');
    const sooner = bindings.DB.prepare('UPDATE spending_guard SET next_cap = 9000, next_from = set_at + 1 WHERE user_id = ?').bind(
      by.userId,
    );
    await expect(sooner.run()).rejects.toThrow('too_soon');
    await expect(bindings.DB.prepare('DELETE FROM spending_guard WHERE user_id = ?').bind(by.userId).run()).rejects.toThrow('too_soon');
  });

  it('pause buying until the end that was said', async () => {
    const by = await newMember();
    const paused = await call(by, 'POST', '/spending/pause', { days: 7 });
    expect(paused.json?.spending).toMatchObject({ pausedUntil: expect.any(String) });
    expect(verdictOf(await begin(by))).toBe('409 spending_paused');
    const again = await call(by, 'POST', '/spending/pause', { days: 1 });
    expect(again.json?.spending).toEqual(paused.json?.spending);
    const end = bindings.DB.prepare('UPDATE spending_guard SET pause_until = NULL, set_at = set_at + 1 WHERE user_id = ?').bind(by.userId);
    await expect(end.run()).rejects.toThrow('too_soon');
    expect((await spent(by, later(8 * 24 * HOUR))).pausedUntil).toBeNull();
  });

  it('ask whether they are sure once the day is unlike them', async () => {
    const by = await newMember();
    expect((await priceOf(by, 'coins-1000')).unusual).toBe(false);
    await begin(by, 'coins-1000');
    expect((await priceOf(by, 'coins-1000')).unusual).toBe(true);
    expect((await priceOf(by, 'coins-300')).unusual).toBe(true);
  });
});
