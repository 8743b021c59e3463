/** What somebody is offered, decided without the database. */
import type { Platform } from '../../protocol/http/shop.ts';
import type { MonetizationVersion } from '../../protocol/people.ts';
import type { Store } from './payment-event.ts';

export type ProductKind = 'coins' | 'moments' | 'plan';

/** Who takes the money on a platform. */
export const storeOn: Readonly<Record<Platform, Store>> = { web: 'stripe', ios: 'apple', android: 'google' };

/**
 * Kinds that a member can use the way they pay: nobody is sold what their model does not spend.
 * @param overage what their plan does when its day is used up
 * @param subscriptionsOn whether plans are sold on this platform
 */
export function kindsFor(
  version: MonetizationVersion,
  { overage, subscriptionsOn }: { overage: 'stop' | 'coins'; subscriptionsOn: boolean },
): readonly ProductKind[] {
  if (version === 'tokens') return ['coins'];
  if (version === 'moments') return ['moments'];
  return [...(subscriptionsOn ? ['plan' as const] : []), ...(overage === 'coins' ? ['coins' as const] : [])];
}

/** Where nothing else is known, and where a product has no price in somebody's own currency. */
export const HOME_CURRENCY = 'EUR';

const byZone: readonly (readonly [RegExp, string])[] = [
  [/^(America|US)\/|^Pacific\/Honolulu$/, 'USD'],
  [/^Europe\/(London|Belfast|Jersey|Guernsey|Isle_of_Man)$/, 'GBP'],
  [/^Europe\/Zurich$/, 'CHF'],
  [/^Europe\//, 'EUR'],
];
const byRegion: Readonly<Record<string, string>> = { US: 'USD', GB: 'GBP', CH: 'CHF' };

/**
 * The currency in which somebody sees prices: that of where they live by their time zone; where they have not said (UTC),
 * that of the region of the first language they speak (`en-US`); `HOME_CURRENCY` where neither says or it is not `offered`.
 */
export function currencyFor(
  { timeZone, languages }: { timeZone: string; languages: readonly string[] },
  offered: ReadonlySet<string>,
): string {
  const lived = byZone.find(([zone]) => zone.test(timeZone))?.[1];
  const region = /^[a-z]{2,3}-([A-Z]{2})$/.exec(languages[0] ?? '')?.[1];
  const currency = lived ?? (timeZone === 'UTC' && region !== undefined ? byRegion[region] : undefined) ?? HOME_CURRENCY;
  return offered.has(currency) ? currency : HOME_CURRENCY;
}

interface PriceTerms {
  readonly currency: string;
  /** ms since the epoch. */
  readonly activeFrom: number;
  readonly activeUntil: number | null;
}

export const isInForce = ({ activeFrom, activeUntil }: PriceTerms, now: number): boolean =>
  activeFrom <= now && (activeUntil === null || now < activeUntil);

/** The one price of a product that counts now: in this currency, else in the house's; of several the newest. Null: none. */
export function priceInForce<P extends PriceTerms>(prices: readonly P[], { currency, now }: { currency: string; now: number }): P | null {
  const running = prices.filter((price) => isInForce(price, now)).sort((a, b) => b.activeFrom - a.activeFrom);
  return running.find((price) => price.currency === currency) ?? running.find((price) => price.currency === HOME_CURRENCY) ?? null;
}
