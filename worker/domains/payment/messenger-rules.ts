/**
 * Adapty's and AppHud's words for what happens at a store, as ours. Neither signs what it says of a transaction, so the device
 * they name never says whose it is.
 */
import * as z from 'zod/mini';
import { fromUnits } from './money-rules.ts';
import type { CustomerRef, Interpretation, PaymentKind, Store } from './payment-event.ts';
import { issueOf, momentOf, nothing, ourUser, refs, told, unreadable } from './reading-rules.ts';

interface Meaning {
  readonly kind: PaymentKind;
  /** Whether a payment goes with it. */
  readonly pays: boolean;
}
const pays = (kind: PaymentKind): Meaning => ({ kind, pays: true });
const says = (kind: PaymentKind): Meaning => ({ kind, pays: false });

/** https://adapty.io/docs/webhook-event-types-and-fields; null: it moves no money and no subscription. */
const adaptyMeanings: Readonly<Record<string, Meaning | null>> = {
  subscription_started: pays('purchase'),
  subscription_initial_purchase: pays('purchase'),
  trial_started: pays('purchase'),
  trial_converted: pays('renewal'),
  subscription_renewed: pays('renewal'),
  non_subscription_purchase: pays('purchase'),
  subscription_refunded: pays('refund'),
  non_subscription_purchase_refunded: pays('refund'),
  subscription_renewal_cancelled: says('cancellation'),
  trial_renewal_cancelled: says('cancellation'),
  subscription_renewal_reactivated: says('renewal'),
  trial_renewal_reactivated: says('renewal'),
  subscription_deferred: says('renewal'),
  subscription_expired: says('expiry'),
  trial_expired: says('expiry'),
  subscription_paused: says('pause'),
  entered_grace_period: says('grace'),
  billing_issue_detected: says('billing_issue'),
  access_level_updated: null,
};

/** https://docs.apphud.com/docs/events; introductory and promotional offers have the same words as the rest. */
const appHudMeanings: Readonly<Record<string, Meaning | null>> = {
  trial_started: pays('purchase'),
  trial_converted: pays('renewal'),
  trial_expired: says('expiry'),
  trial_canceled: says('cancellation'),
  ...Object.fromEntries(
    ['subscription', 'intro', 'promo'].flatMap((what) => [
      [`${what}_started`, pays('purchase')],
      [`${what}_renewed`, pays('renewal')],
      [`${what}_converted`, pays('renewal')],
      [`${what}_expired`, says('expiry')],
      [`${what}_refunded`, pays('refund')],
      [`${what}_canceled`, says('cancellation')],
    ]),
  ),
  autorenew_disabled: says('cancellation'),
  autorenew_enabled: says('renewal'),
  non_renewing_purchase: pays('purchase'),
  non_renewing_purchase_refunded: pays('refund'),
  billing_issue: says('billing_issue'),
  billing_issue_resolved: says('renewal'),
};

/** What is bought for good, by the name of its event. */
const isOnce = (name: string): boolean => name.startsWith('non_');

const text = z.string().check(z.minLength(1), z.maxLength(2_000));
const said = <T extends z.ZodMiniType>(schema: T) => z.nullish(schema);

const adaptyEvent = z.object({
  profile_id: said(text),
  customer_user_id: said(text),
  email: said(text),
  idfv: said(text),
  event_type: text,
  event_datetime: said(text),
  event_properties: z.object({
    store: text,
    currency: said(text),
    price_local: said(z.number()),
    purchase_date: said(text),
    transaction_id: said(text),
    original_transaction_id: said(text),
    vendor_product_id: said(text),
    subscription_expires_at: said(text),
    event_datetime: said(text),
  }),
  play_store_purchase_token: said(z.object({ purchase_token: text })),
});

/** Paddle and whatever a house makes up are no stores of ours; what Stripe takes, Stripe tells. */
const adaptyStores: Readonly<Record<string, Store | 'stripe_itself'>> = {
  app_store: 'apple',
  play_store: 'google',
  stripe: 'stripe_itself',
};

/** @param id the event's own, by which the delivery was kept */
export function readAdapty(body: unknown, id: string): Interpretation {
  const read = z.safeParse(adaptyEvent, body);
  if (!read.success) return unreadable(issueOf(read.error));
  const { event_type: name, event_properties: said, ...who } = read.data;
  const meaning = Object.hasOwn(adaptyMeanings, name) ? adaptyMeanings[name] : undefined;
  if (meaning === undefined) return unreadable(`Adapty has no event ${name} that is known here.`);
  if (meaning === null) return nothing(`${name} says nothing of money or a subscription.`);
  const store = adaptyStores[said.store];
  if (store === 'stripe_itself') return nothing('Stripe tells it itself.');
  if (store === undefined) return nothing(`Nothing is sold at ${said.store}.`);
  if (said.vendor_product_id?.startsWith('adapty_')) return nothing('Access that was given in Adapty; no store took money.');
  const subscription =
    store === 'google' ? (who.play_store_purchase_token?.purchase_token ?? null) : (said.original_transaction_id ?? null);
  return eventOf('adapty', id, {
    store,
    meaning,
    once: isOnce(name),
    transaction: said.transaction_id ?? null,
    subscription,
    missing:
      store === 'google'
        ? 'Switch on “Send Play Store purchase token” at Adapty: without it nobody can tell which subscription this is.'
        : null,
    refs: namesOf({ user: who.customer_user_id, email: who.email, idfv: who.idfv }, ['adapty_profile', who.profile_id]),
    product: said.vendor_product_id ?? null,
    money: fromUnits(said.price_local, said.currency),
    from: momentOf(said.purchase_date),
    until: momentOf(said.subscription_expires_at),
    at: momentOf(who.event_datetime ?? said.event_datetime),
  });
}

const appHudEvent = z.object({
  event: z.object({
    created_at: said(text),
    name: text,
    store: said(text),
    properties: said(
      z.object({ product_id: said(text), local_price: said(z.number()), currency: said(text), family_shared: said(z.boolean()) }),
    ),
    receipt: said(
      z.object({
        product_id: said(text),
        purchased_at: said(text),
        transaction_id: said(text),
        original_transaction_id: said(text),
        price: said(z.number()),
        currency: said(text),
      }),
    ),
  }),
  user: z.object({
    user_id: said(text),
    idfv: said(text),
    email: said(text),
    subscriptions: said(z.array(z.object({ original_transaction_id: said(text), expires_at: said(text), product_id: said(text) }))),
  }),
});

const appHudStores: Readonly<Record<string, Store>> = { app_store: 'apple', play_store: 'google' };

/** @param id the event's own, by which the delivery was kept */
export function readAppHud(body: unknown, id: string): Interpretation {
  const read = z.safeParse(appHudEvent, body);
  if (!read.success) return unreadable(issueOf(read.error));
  const { event, user } = read.data;
  const meaning = Object.hasOwn(appHudMeanings, event.name) ? appHudMeanings[event.name] : undefined;
  if (meaning === undefined) return unreadable(`AppHud has no event ${event.name} that is known here.`);
  if (meaning === null) return nothing(`${event.name} says nothing of money or a subscription.`);
  if (event.properties?.family_shared) return nothing('Shared within a family: nobody paid for this one.');
  const receipt = event.receipt ?? {};
  const store = appHudStores[event.store ?? ''] ?? (receipt.transaction_id?.startsWith('GPA.') ? 'google' : undefined);
  if (store === undefined) return nothing(`Nothing is sold at ${event.store}.`);
  const subscription = receipt.original_transaction_id ?? null;
  const standing = user.subscriptions?.find((each) => each.original_transaction_id === subscription);
  return eventOf('apphud', id, {
    store,
    meaning,
    once: isOnce(event.name),
    transaction: receipt.transaction_id ?? null,
    subscription,
    missing: null,
    refs: namesOf({ user: user.user_id, email: user.email, idfv: user.idfv }, ['apphud_user', user.user_id]),
    product: receipt.product_id ?? event.properties?.product_id ?? null,
    money: fromUnits(receipt.price ?? event.properties?.local_price, receipt.currency ?? event.properties?.currency),
    from: momentOf(receipt.purchased_at),
    until: momentOf(standing?.expires_at),
    at: momentOf(event.created_at),
  });
}

/**
 * An e-mail is what the app said of somebody who had not signed in. It counts only where there is no id of ours, so that a
 * letter typed wrong does not make one purchase two people's.
 */
function namesOf(
  { user, email, idfv }: Readonly<Record<'user' | 'email' | 'idfv', string | null | undefined>>,
  own: readonly [CustomerRef['kind'], string | null | undefined],
): CustomerRef[] {
  const ours = ourUser(user);
  const typed = user?.includes('@') ? user : email;
  return refs(['user', ours], ['email', ours === null ? typed?.trim().toLowerCase() : null], own, ['device', idfv]);
}

interface Words {
  readonly store: Store;
  readonly meaning: Meaning;
  readonly once: boolean;
  readonly transaction: string | null;
  readonly subscription: string | null;
  /** What to say where a subscription has no name. */
  readonly missing: string | null;
  readonly refs: readonly CustomerRef[];
  readonly product: string | null;
  readonly money: ReturnType<typeof fromUnits>;
  readonly from: number | null;
  readonly until: number | null;
  readonly at: number | null;
}

function eventOf(source: 'adapty' | 'apphud', sourceEventId: string, words: Words): Interpretation {
  const { meaning, once, transaction, subscription, from, until } = words;
  if (meaning.pays && transaction === null) return unreadable('It names no transaction.');
  if (!once && subscription === null) return unreadable(words.missing ?? 'It names no subscription.');
  const isPayment = meaning.pays && meaning.kind !== 'refund';
  const at = isPayment ? (from ?? words.at) : words.at;
  if (at === null) return unreadable('It says no time that can be read.');
  const period = once || until === null ? null : { from: isPayment ? at : Math.min(at, until), until };
  return told({
    source,
    sourceEventId,
    store: words.store,
    kind: meaning.kind,
    storeTransactionId: meaning.pays ? transaction : null,
    storeRefundId: null,
    storeSubscriptionId: once ? null : subscription,
    customerRefs: words.refs,
    productRef: words.product,
    money: meaning.pays ? words.money : null,
    period: meaning.kind === 'refund' ? null : period,
    occurredAt: at,
    signedByStore: false,
  });
}
