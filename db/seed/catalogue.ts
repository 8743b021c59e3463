/** What the local demo sells, and where it offers it. Elsewhere staff make their own, in the panel or by `/admin/products`. */
import {
  addPrice,
  changePaywall,
  changeProduct,
  listPaywalls,
  listProducts,
  makePaywall,
  makeProduct,
} from '../../worker/domains/payment/service.ts';
import type { Context } from '../../worker/platform/context.ts';
import type { BodyOf } from '../../worker/protocol/http/endpoint.ts';
import type { Platform } from '../../worker/protocol/http/shop.ts';
import type { draftPaywall, draftProduct } from '../../worker/protocol/http/shop-desk.ts';
import type { UserId } from '../../worker/protocol/ids.ts';

interface DemoProduct {
  readonly product: BodyOf<typeof draftProduct>;
  /** Cents, the same in euros and dollars. */
  readonly cents: number;
}

const coins = (amount: number, rank: number, cents: number): DemoProduct => ({
  product: { id: `coins-${amount}`, kind: 'coins', amount, rank },
  cents,
});
const moments = (amount: number, rank: number, cents: number): DemoProduct => ({
  product: { id: `moments-${amount}`, kind: 'moments', amount, rank },
  cents,
});
const monthOf = (plan: string, rank: number, cents: number): DemoProduct => ({
  product: { id: `${plan}-month`, kind: 'plan', plan, period: 'month', rank },
  cents,
});

export const demoProducts: readonly DemoProduct[] = [
  monthOf('plus', 10, 1_999),
  monthOf('premium', 11, 4_999),
  coins(100, 20, 499),
  coins(300, 21, 1_299),
  coins(1000, 22, 3_999),
  moments(5, 30, 1_499),
  moments(15, 31, 3_999),
  moments(40, 32, 8_999),
];

/**
 * A product's name at the store of a platform. The sandbox's Stripe reads the terms of a price out of its id
 * (`price_desk_eur_1299_coins_300`); at Apple and Google one name stands for all currencies.
 */
export const demoStoreRef = ({ product, cents }: DemoProduct, platform: Platform, currency: string): string => {
  const name = product.id.replaceAll('-', '_');
  if (platform !== 'web') return `hearthline.${name}`;
  return `price_desk_${currency.toLowerCase()}_${cents}${product.kind === 'plan' ? `_${product.period}` : ''}_${name}`;
};

/** Apple and Google price in the buyer's own currency under one name; ours is the euro there. */
const demoPrices: readonly { readonly platform: Platform; readonly currency: string }[] = [
  { platform: 'web', currency: 'EUR' },
  { platform: 'web', currency: 'USD' },
  { platform: 'ios', currency: 'EUR' },
  { platform: 'android', currency: 'EUR' },
];

const every = demoProducts.map(({ product }) => ({
  product: product.id,
  highlighted: ['coins-300', 'moments-15', 'plus-month'].includes(product.id),
}));

const demoPaywalls: readonly BodyOf<typeof draftPaywall>[] = [
  { id: 'welcome', placement: 'before_first_call', layout: 'cards', offers: every },
  { id: 'keep-talking', placement: 'balance_low', layout: 'list', offers: every.filter(({ product }) => !product.endsWith('-month')) },
  { id: 'more-today', placement: 'limit_reached', layout: 'cards', offers: every },
  { id: 'hello-again', placement: 'link', layout: 'single', offers: every.filter(({ highlighted }) => highlighted) },
];

/** @param actor who is written into the audit as having made it */
export async function seedCatalogue(ctx: Context, actor: UserId): Promise<void> {
  const known = new Set((await listProducts(ctx)).map(({ id }) => id));
  for (const demo of demoProducts.filter((one) => !known.has(one.product.id))) {
    const { product, cents } = demo;
    await makeProduct(ctx, product, actor);
    for (const { platform, currency } of demoPrices) {
      const storeRef = demoStoreRef(demo, platform, currency);
      await addPrice(ctx, product.id, { platform, storeRef, currency, amount: cents }, actor);
    }
    await changeProduct(ctx, product.id, { state: 'live' }, actor);
  }
  const shown = new Set((await listPaywalls(ctx)).map(({ id }) => id));
  for (const paywall of demoPaywalls.filter(({ id }) => !shown.has(id))) {
    await makePaywall(ctx, paywall, actor);
    await changePaywall(ctx, paywall.id, { state: 'live' }, actor);
  }
}
