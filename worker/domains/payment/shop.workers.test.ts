/** What is sold and where it is offered: asked for over HTTP, by members and by staff. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ask, bindings, type Device, settle, signIn, signInAs, verdictOf } from '../../../tests/access/town.ts';
import type { Offer, Paywall } from '../../protocol/http/shop.ts';
import type { CatalogPlan, CatalogProduct } from '../../protocol/http/shop-desk.ts';

let alex: Device;
beforeAll(async () => {
  await settle();
  alex = await signIn('alex');
});

const desk = (method: string, path: string, body?: unknown) => ask({ method, path: `/admin${path}`, by: alex, body });
const shop = async (by: Device, platform = 'web'): Promise<Offer[]> => {
  const { json } = await ask({ method: 'GET', path: `/shop?platform=${platform}`, by });
  return (json as { shop: { offers: Offer[] } } | undefined)?.shop.offers ?? [];
};
const names = (offers: readonly { product: string }[]) => offers.map(({ product }) => product);
const paywall = async (by: Device, placement: string, query = ''): Promise<Paywall | null> => {
  const { json } = await ask({ method: 'GET', path: `/paywalls/${placement}?platform=web${query}`, by });
  return json?.paywall as Paywall | null;
};
const setting = (value: unknown) => desk('PUT', '/settings/shop.subscriptions', { value });

describe('the shop', () => {
  it('sells to each what their way to pay can use, in order', async () => {
    expect(names(await shop(await signIn('ada')))).toEqual(['coins-100', 'coins-300', 'coins-1000']);
    expect(names(await shop(await signIn('cora')))).toEqual(['moments-5', 'moments-15', 'moments-40']);
    // Ben has Plus, which goes on with coins.
    const ben = await shop(await signIn('ben'));
    expect(names(ben)).toEqual(['plus-month', 'premium-month', 'coins-100', 'coins-300', 'coins-1000']);
    expect(ben.filter(({ current }) => current).map(({ plan }) => plan)).toEqual([
      { id: 'plus', name: 'Plus', dailySeconds: 1_800, dailyMessages: 100, overage: 'coins' },
    ]);
    expect((await shop(await signIn('ada')))[1]).toMatchObject({ amount: 300, price: { amount: 1_299, currency: 'EUR' } });
  });

  it('names the price of where somebody lives', async () => {
    const far = await signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
    await ask({ method: 'PATCH', path: '/me', by: far, body: { private: { timeZone: 'America/Chicago' } } });
    expect((await shop(far)).map(({ price }) => price.currency)).toEqual(['USD', 'USD', 'USD']);
    // What Apple asks is its own affair; ours is the euro there.
    expect((await shop(far, 'ios')).map(({ storeRef }) => storeRef)[0]).toBe('hearthline.coins_100');
  });

  it('sells no plans on the one platform where they are switched off, and goes on with them elsewhere', async () => {
    const ben = await signIn('ben');
    expect((await setting({ web: true, ios: false, android: true })).status).toBe(200);
    expect(names(await shop(ben, 'ios'))).toEqual(['coins-100', 'coins-300', 'coins-1000']);
    expect(names(await shop(ben, 'web'))).toContain('premium-month');
    expect(names(await shop(ben, 'android'))).toContain('premium-month');
    await setting({ web: true, ios: true, android: true });
  });
});

describe('the catalogue', () => {
  it('goes from a draft that nobody sees to sale and off it for good, with an entry in the audit each', async () => {
    const ada = await signIn('ada');
    expect((await desk('POST', '/products', { id: 'coins-50', kind: 'coins', amount: 50, rank: 19 })).status).toBe(201);
    expect(verdictOf(await desk('POST', '/products', { id: 'coins-50', kind: 'coins', amount: 60, rank: 1 }))).toBe('409 taken');
    const price = { platform: 'web', storeRef: 'price_fifty', currency: 'EUR', amount: 299 };
    expect((await desk('POST', '/products/coins-50/prices', price)).status).toBe(201);
    expect(verdictOf(await desk('POST', '/products/coins-100/prices', price))).toBe('409 taken');
    expect(names(await shop(ada))).not.toContain('coins-50');
    await desk('PATCH', '/products/coins-50', { state: 'live' });
    expect(names(await shop(ada))[0]).toBe('coins-50');
    await desk('PATCH', '/products/coins-50', { state: 'retired' });
    expect(names(await shop(ada))).not.toContain('coins-50');
    expect(verdictOf(await desk('PATCH', '/products/coins-50', { state: 'live' }))).toBe('409 version_conflict');
    const { json } = await desk('GET', '/audit?subject=product:coins-50');
    expect(json?.items).toHaveLength(4);
  });

  it('changes a price by another one, and never what was sold', async () => {
    const ada = await signIn('ada');
    const before = (await shop(ada)).find(({ product }) => product === 'coins-1000');
    const dearer = { platform: 'web', storeRef: 'price_thousand_dearer', currency: 'EUR', amount: 4_299 };
    await desk('POST', '/products/coins-1000/prices', dearer);
    expect((await shop(ada)).find(({ product }) => product === 'coins-1000')?.price.amount).toBe(4_299);
    const ended = await desk('POST', `/prices/${before?.priceId}/end`, {});
    expect(ended.status).toBe(200);
    expect(verdictOf(await desk('POST', `/prices/${before?.priceId}/end`, { at: '2099-01-01T00:00:00.000Z' }))).toBe(
      '409 version_conflict',
    );
    const { DB } = bindings;
    await expect(DB.prepare('UPDATE price SET amount = 1 WHERE id = ?').bind(before?.priceId).run()).rejects.toThrow('append_only');
    await expect(DB.prepare('DELETE FROM price WHERE id = ?').bind(before?.priceId).run()).rejects.toThrow('append_only');
    await expect(DB.prepare("UPDATE product SET amount = 1 WHERE id = 'coins-300'").run()).rejects.toThrow('append_only');
  });

  it('writes nothing over what somebody changed meanwhile', async () => {
    const { json } = await desk('GET', '/products');
    const seen = ((json?.items ?? []) as CatalogProduct[]).find(({ id }) => id === 'moments-5')?.changedAt;
    expect((await desk('PATCH', '/products/moments-5', { rank: 29, seenChangedAt: seen })).status).toBe(200);
    expect(verdictOf(await desk('PATCH', '/products/moments-5', { rank: 31, seenChangedAt: seen }))).toBe('409 version_conflict');
  });

  it('writes no plan over what somebody changed meanwhile, and an undo neither', async () => {
    const plan = async () => {
      const { json } = await desk('GET', '/plans');
      const found = ((json?.items ?? []) as CatalogPlan[]).find(({ id }) => id === 'premium');
      if (!found) throw new Error('there is no such plan');
      return found;
    };
    const { id: _, changedAt: seenChangedAt, ...terms } = await plan();
    const mine = await desk('PUT', '/plans/premium', { ...terms, dailySeconds: 7_260, seenChangedAt });
    expect(mine).toMatchObject({ status: 200, json: { plan: { dailySeconds: 7_260 } } });
    expect(verdictOf(await desk('PUT', '/plans/premium', { ...terms, dailyMessages: 1, seenChangedAt }))).toBe('409 version_conflict');
    expect(await plan()).toMatchObject({ dailySeconds: 7_260, dailyMessages: terms.dailyMessages });
    const { json } = await desk('GET', '/audit?subject=plan:premium');
    expect(json?.items).toHaveLength(1);
    const { changedAt } = await plan();
    expect((await desk('PUT', '/plans/premium', { ...terms, seenChangedAt: changedAt })).status).toBe(200);
    expect(verdictOf(await desk('PUT', '/plans/premium', { ...terms, seenChangedAt: changedAt }))).toBe('409 version_conflict');
  });

  it('keeps plans, of which the days of those who have them go by at once', async () => {
    const terms = { name: 'Plus', rank: 1, dailySeconds: 2_400, dailyMessages: 100, overage: 'coins' };
    expect((await desk('PUT', '/plans/plus', terms)).status).toBe(200);
    const means = await ask({ method: 'GET', path: '/me/means', by: await signIn('ben') });
    expect(means.json?.means).toMatchObject({ means: expect.arrayContaining([expect.objectContaining({ plan: 'plus' })]) });
    expect(verdictOf(await desk('POST', '/plans', { ...terms, id: 'family' }))).toBe('409 taken');
    expect((await desk('POST', '/plans', { ...terms, id: 'family', rank: 5 })).status).toBe(201);
    expect(verdictOf(await desk('PUT', '/plans/family', terms))).toBe('409 taken');
    expect((await desk('PUT', '/plans/plus', { ...terms, dailySeconds: 1_800 })).status).toBe(200);
  });
});

describe('paywalls', () => {
  it('show at each place what the member can buy, for the price of the shop', async () => {
    const ada = await signIn('ada');
    const shown = await paywall(ada, 'before_first_call');
    expect(shown).toMatchObject({ id: 'welcome', layout: 'cards' });
    const prices = new Map((await shop(ada)).map(({ priceId, price }) => [priceId, price]));
    for (const { priceId, price } of shown?.offers ?? []) expect(price).toEqual(prices.get(priceId));
    expect(names(shown?.offers ?? [])).toEqual(['coins-100', 'coins-300', 'coins-1000']);
    expect(names((await paywall(await signIn('cora'), 'balance_low'))?.offers ?? [])).toEqual(['moments-5', 'moments-15', 'moments-40']);
  });

  it('give way to the next one at their place, and are opened by a link', async () => {
    const ada = await signIn('ada');
    const offers = [{ product: 'coins-300', highlighted: true }];
    await desk('POST', '/paywalls', { id: 'spring', placement: 'limit_reached', layout: 'single', offers });
    expect((await paywall(ada, 'limit_reached'))?.id).toBe('more-today');
    expect((await desk('PATCH', '/paywalls/spring', { state: 'live' })).status).toBe(200);
    expect((await paywall(ada, 'limit_reached'))?.id).toBe('spring');
    expect(verdictOf(await desk('PATCH', '/paywalls/more-today', { state: 'live' }))).toBe('409 version_conflict');

    const resolve = async (link: string) =>
      (await ask({ method: 'GET', path: `/links/resolve?link=${encodeURIComponent(link)}`, by: ada })).json?.link;
    expect(await resolve('/go/paywall/hello-again')).toMatchObject({ state: 'ok' });
    expect(await resolve('/go/paywall/spring')).toMatchObject({ state: 'gone' });
    expect((await paywall(ada, 'link', '&offer=hello-again'))?.offers.map(({ product }) => product)).toEqual(['coins-300']);
    expect(await paywall(ada, 'link')).toBeNull();
  });

  it('offer what is in the catalogue only', async () => {
    const offers = [
      { product: 'coins-300', highlighted: true },
      { product: 'nothing', highlighted: false },
    ];
    const answer = await desk('POST', '/paywalls', { id: 'wrong', placement: 'link', layout: 'list', offers });
    expect(answer.json?.fields).toEqual([{ path: 'offers.1.product', message: expect.any(String) }]);
  });
});
