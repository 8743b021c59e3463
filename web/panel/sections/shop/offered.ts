/** What a member of a kind finds at a paywall, and why not the rest: the server's rules, for showing. */

import type { Platform } from '../../../../worker/protocol/http/shop.ts';
import type { CatalogPlan, CatalogPrice, CatalogProduct, DeskPaywall } from '../../../../worker/protocol/http/shop-desk.ts';
import type { MonetizationVersion } from '../../../../worker/protocol/people.ts';
import { counting } from './prices.ts';

/** What is sold where somebody's own currency has no price. */
const HOME_CURRENCY = 'EUR';

export interface Onlooker {
  readonly model: MonetizationVersion;
  readonly platform: Platform;
  readonly currency: string;
  /** ms since the epoch. */
  readonly now: number;
  /** Whether plans are sold on their platform. */
  readonly plansOn: boolean;
}

export type Offered = { readonly product: string; readonly highlighted: boolean } & (
  | { readonly price: CatalogPrice; readonly onlyWithCoins: boolean }
  | { readonly price: null; readonly because: 'not_there' | 'not_live' | 'not_spent' | 'no_plans' | 'no_price' }
);

export function offeredTo(paywall: Pick<DeskPaywall, 'offers'>, products: readonly CatalogProduct[], who: Onlooker): Offered[] {
  return paywall.offers.map((offer) => {
    const product = products.find(({ id }) => id === offer.product);
    const because = whyNot(product, who);
    const price = product && (counting(product.prices, who) ?? counting(product.prices, { ...who, currency: HOME_CURRENCY }));
    if (because !== null || !product || !price) return { ...offer, price: null, because: because ?? 'no_price' };
    return { ...offer, price, onlyWithCoins: who.model === 'subscription' && product.kind === 'coins' };
  });
}

function whyNot(product: CatalogProduct | undefined, { model, plansOn }: Onlooker) {
  if (!product) return 'not_there';
  if (product.state !== 'live') return 'not_live';
  const spends: Readonly<Record<MonetizationVersion, readonly CatalogProduct['kind'][]>> = {
    tokens: ['coins'],
    subscription: ['plan', 'coins'],
    moments: ['moments'],
  };
  if (!spends[model].includes(product.kind)) return 'not_spent';
  return product.kind === 'plan' && !plansOn ? 'no_plans' : null;
}

/** Currencies that these products have a price in, the house's first. */
export const currenciesOf = (products: readonly CatalogProduct[]): string[] => [
  ...new Set([HOME_CURRENCY, ...products.flatMap(({ prices }) => prices.map(({ currency }) => currency)).toSorted()]),
];

export const planOf = (product: CatalogProduct | undefined, plans: readonly CatalogPlan[]): CatalogPlan | undefined =>
  plans.find(({ id }) => id === product?.plan);
