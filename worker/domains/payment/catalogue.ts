/** What is sold: products, and their prices by platform; what of it a member can buy now. */
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import type { Principal } from '../../platform/principal.ts';
import type { Offer, Platform } from '../../protocol/http/shop.ts';
import { publicProfiles, timeZonesOf } from '../profile/service.ts';
import { setting } from '../settings/service.ts';
import { planInForce, plansOf, subscriptionOf } from '../subscriptions/service.ts';
import { currencyFor, kindsFor, priceInForce } from './catalogue-rules.ts';
import { type CatalogueLine, lineOfPrice, lineOfStoreRef, linesOnSale } from './catalogue-store.ts';
import type { Store } from './payment-event.ts';
import { isUnusual } from './spending-rules.ts';
import { spentSince } from './spending-store.ts';

export type { CatalogueLine } from './catalogue-store.ts';

/** The product that a store's name of a price stands for, retired ones included; null: nothing of ours. */
export const soldAs = (ctx: Context, store: Store, storeRef: string): Promise<CatalogueLine | null> =>
  lineOfStoreRef(ctx.env.DB, store, storeRef);

/** What is usual for somebody is seen over so long, ms. */
const MONTH_MS = 30 * 86_400_000;

/** Who is asking for prices. */
export type Buyer = Pick<Principal, 'userId' | 'role' | 'monetizationVersion'>;

/** All that a member can buy now on a platform, in the order in which it is offered. */
export async function shopFor(ctx: Context, buyer: Buyer, platform: Platform): Promise<{ currency: string; offers: Offer[] }> {
  const { userId, role, monetizationVersion } = buyer;
  const [lines, plans, subscription, zones, profiles, subscriptionsOn, spent] = await Promise.all([
    linesOnSale(ctx.env.DB, platform, ctx.now),
    plansOf(ctx),
    subscriptionOf(ctx, userId),
    timeZonesOf(ctx, [userId]),
    publicProfiles(ctx, [{ id: userId, role }]),
    setting(ctx, 'shop.subscriptions'),
    spentSince(ctx.env.DB, userId, ctx.now - MONTH_MS),
  ]);
  const current = planInForce(subscription, ctx.now);
  const { overage } = plans.find(({ id }) => id === current) ?? plans[0] ?? { overage: 'stop' };
  const kinds = kindsFor(monetizationVersion, { overage, subscriptionsOn: subscriptionsOn[platform] });
  const person = { timeZone: zones.get(userId) ?? 'UTC', languages: profiles.get(userId)?.languages ?? [] };
  const currency = currencyFor(person, new Set(lines.map(({ price }) => price.currency)));
  const byProduct = Map.groupBy(
    lines.filter(({ product }) => kinds.includes(product.kind)),
    ({ product }) => product.id,
  );
  const offers = [...byProduct.values()].flatMap((all): Offer[] => {
    const price = priceInForce(
      all.map((line) => line.price),
      { currency, now: ctx.now },
    );
    const [line] = all;
    if (!price || !line) return [];
    const { id, kind, amount, plan: planId, period } = line.product;
    const plan = plans.find((one) => one.id === planId);
    const bought = { amount: price.amount, currency: price.currency };
    const given = { kind, amount, plan: plan ? planTermsOf(plan) : null, period };
    const flags = { current: planId !== null && planId === current, unusual: isUnusual(spent, price.amount, ctx.now) };
    return [{ priceId: price.id, product: id, ...given, price: bought, storeRef: price.storeRef, ...flags }];
  });
  return { currency, offers };
}

export const planTermsOf = ({
  id,
  name,
  dailySeconds,
  dailyMessages,
  overage,
}: NonNullable<Offer['plan']>): NonNullable<Offer['plan']> => ({
  id,
  name,
  dailySeconds,
  dailyMessages,
  overage,
});

/**
 * What a price buys, where this member can buy for it now: what is charged is what was shown.
 * @throws Problem `not_found` for a price that never was, `price_gone` for one that they are not offered (any more)
 */
export async function offeredAt(ctx: Context, buyer: Buyer, priceId: string): Promise<CatalogueLine & { offer: Offer }> {
  const line = await lineOfPrice(ctx.env.DB, priceId);
  if (!line) throw new Problem('not_found', 'There is no such price.');
  const { offers } = await shopFor(ctx, buyer, line.price.platform);
  const offer = offers.find((one) => one.priceId === priceId);
  if (!offer) throw new Problem('price_gone', 'This is not sold at this price now. Look at the shop again; nothing was charged.');
  return { ...line, offer };
}
