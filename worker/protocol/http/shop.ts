/** What a member can buy, and buying it. */
import * as z from 'zod/mini';
import { idOf } from '../ids.ts';
import { endpoint } from './endpoint.ts';

export const platform = z.enum(['web', 'ios', 'android']);
export type Platform = z.infer<typeof platform>;

export const priceId = idOf('pri');
/** `coins-300`: short names of products, plans and paywalls. */
export const shortName = z.string().check(z.regex(/^[a-z0-9](-?[a-z0-9]){0,39}$/, 'must be a short name such as coins-300'));

/** In the currency's smallest unit (cents), beside its ISO 4217 code. */
export const money = z.object({ amount: z.int(), currency: z.string() });

export const planTerms = z.object({
  id: z.string(),
  name: z.string(),
  dailySeconds: z.int(),
  dailyMessages: z.int(),
  /** Beyond that: nothing until the day turns, or coins by tariff. */
  overage: z.enum(['stop', 'coins']),
});

/** Something that can be bought now, for exactly this price. */
export const offer = z.object({
  priceId,
  product: z.string(),
  kind: z.enum(['coins', 'moments', 'plan']),
  /** Coins or moments; null for a plan. */
  amount: z.nullable(z.int()),
  plan: z.nullable(planTerms),
  /** What one payment of a plan covers. */
  period: z.nullable(z.enum(['month', 'year'])),
  price: money,
  /** The store's own name of it: what an app hands to Apple or Google. */
  storeRef: z.string(),
  /** The plan that the caller has already. */
  current: z.boolean(),
});
export type Offer = z.infer<typeof offer>;

export const readShop = endpoint({
  name: 'readShop',
  method: 'GET',
  path: '/shop',
  tag: 'shop',
  summary: 'What the caller can buy now on a platform, in order, each with its price',
  access: 'wallet.top_up',
  query: z.strictObject({ platform }),
  status: 200,
  answer: z.object({ shop: z.object({ currency: z.string(), offers: z.array(offer) }) }),
});

export const placement = z.enum(['before_first_call', 'balance_low', 'limit_reached', 'link']);
export type Placement = z.infer<typeof placement>;
export const layout = z.enum(['list', 'cards', 'single']);

export const paywall = z.object({
  id: z.string(),
  placement,
  layout,
  offers: z.array(z.extend(offer, { highlighted: z.boolean() })),
});
export type Paywall = z.infer<typeof paywall>;

export const readPaywall = endpoint({
  name: 'readPaywall',
  method: 'GET',
  path: '/paywalls/:placement',
  tag: 'shop',
  summary: 'The paywall in force at a place, with what the caller can buy of it; null where there is none',
  access: 'wallet.top_up',
  params: z.strictObject({ placement }),
  query: z.strictObject({
    platform,
    /** Of the place `link`: which one the link names. */
    offer: z.optional(shortName),
  }),
  status: 200,
  answer: z.object({ paywall: z.nullable(paywall) }),
});
