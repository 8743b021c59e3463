/** Which of a product's prices counts: the newest that runs, for each platform and currency (the server's rule, for showing). */

import type { Platform } from '../../../../worker/protocol/http/shop.ts';
import type { CatalogPrice, CatalogProduct } from '../../../../worker/protocol/http/shop-desk.ts';

export type PriceState = 'running' | 'coming' | 'ended' | 'outdated';

/** How a price stands now (ms); `outdated`: it runs, and a newer one counts. */
export function stateOf(price: CatalogPrice, prices: readonly CatalogPrice[], now: number): PriceState {
  if (Date.parse(price.activeFrom) > now) return 'coming';
  if (price.activeUntil !== null && Date.parse(price.activeUntil) <= now) return 'ended';
  return counting(prices, { ...price, now }) === price ? 'running' : 'outdated';
}

interface Where {
  readonly platform: Platform;
  readonly currency: string;
  /** ms since the epoch. */
  readonly now: number;
}

/** The price that counts on a platform in a currency; undefined where there is none. */
export const counting = (prices: readonly CatalogPrice[], { platform, currency, now }: Where): CatalogPrice | undefined =>
  prices
    .filter((price) => price.platform === platform && price.currency === currency && runs(price, now))
    .toSorted((a, b) => Date.parse(b.activeFrom) - Date.parse(a.activeFrom))[0];

const runs = ({ activeFrom, activeUntil }: CatalogPrice, now: number): boolean =>
  Date.parse(activeFrom) <= now && (activeUntil === null || Date.parse(activeUntil) > now);

/** What a product costs now on a platform, one price a currency, in the order of currencies. */
export function costs({ prices }: Pick<CatalogProduct, 'prices'>, platform: Platform, now: number): CatalogPrice[] {
  const currencies = [...new Set(prices.filter((price) => price.platform === platform).map(({ currency }) => currency))].toSorted();
  return currencies.flatMap((currency) => counting(prices, { platform, currency, now }) ?? []);
}
