/** Buying without the screens: what sandbox stores take and tell, for journeys that are about what comes of it. */
import assert from 'node:assert/strict';
import type { Person } from './person.ts';
import type { World } from './world.ts';

interface Wish {
  /** The store's own name of what is bought. */
  readonly product: string;
  /** Our id of the buyer; null: nobody said. */
  readonly user: string | null;
  readonly email?: string;
}

/** Somebody buys at Apple on a phone, and Adapty tells of it. */
export async function buysOnPhone({ stack }: World, wish: Wish): Promise<void> {
  const answer = await fetch(`${stack.origins.sandbox}/api/shop/purchases`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ store: 'apple', amount: 777, currency: 'EUR', tellers: ['adapty'], ...wish }),
  });
  assert.equal(answer.status, 200, await answer.text());
}

/** Pays for a product at Stripe's page with a card that works. */
export async function buysAtCheckout(member: Person, product: string): Promise<void> {
  const { shop } = await member.ask('GET', '/shop?platform=web');
  const offer = shop.offers.find((one: { product: string }) => one.product === product);
  assert.ok(offer, `${product} is not sold to them`);
  const { url } = await member.ask('POST', '/shop/checkouts', { priceId: offer.priceId }, crypto.randomUUID());
  const paid = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ number: '4242424242424242', email: 'agathe@example.test', name: 'Agathe' }),
  });
  assert.ok(paid.status < 400, `the page answered ${paid.status}`);
}
