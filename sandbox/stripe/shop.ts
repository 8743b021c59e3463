/** Stripe in the shop's page: payments and subscriptions, and what happens to them there. */
import type { Item, Store, Verb } from '../shop/store.ts';
import type { Account, Asking } from './account.ts';
import type { Charge, Dispute, Subscription } from './objects.ts';
import { closeDispute, createDispute, refund } from './refunds.ts';
import { cancelAtEnd, endNow, pause, renew, resume } from './subscriptions.ts';

/** What somebody does by hand at Stripe's own pages comes from no request of ours. */
const byHand = (at: number): Asking => ({ at, origin: '', request: { id: null, idempotency_key: null } });

export class StripeShop implements Store {
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  items(): readonly Item[] {
    const charges = [...this.#account.charges.values()].filter(({ paid }) => paid).map((charge) => this.#payment(charge));
    const subscriptions = [...this.#account.subscriptions.values()].map((subscription) => this.#subscription(subscription));
    return [...charges, ...subscriptions].sort((a, b) => b.at - a.at);
  }

  act({ id, verb, at }: { id: string; verb: Verb; at: number }): true | undefined {
    const asking = byHand(at);
    const charge = this.#chargeOf(id);
    const subscription = this.#account.subscriptions.get(id);
    if (charge) this.#toPayment(asking, charge, verb);
    else if (subscription) toSubscription(this.#account, asking, subscription, verb);
    else return undefined;
    return true;
  }

  #chargeOf(intent: string): Charge | undefined {
    return this.#account.charges.get(this.#account.intents.get(intent)?.latest_charge ?? '');
  }

  #disputeOf(charge: Charge): Dispute | undefined {
    return [...this.#account.disputes.values()].find((dispute) => dispute.charge === charge.id && dispute.status === 'needs_response');
  }

  #toPayment(asking: Asking, charge: Charge, verb: Verb): void {
    const left = charge.amount_captured - charge.amount_refunded;
    const dispute = this.#disputeOf(charge);
    if (verb === 'refund') refund(this.#account, asking, charge, { reason: 'requested_by_customer' });
    else if (verb === 'refund_part')
      refund(this.#account, asking, charge, { reason: 'requested_by_customer', amount: Math.ceil(left / 2) });
    else if (verb === 'dispute') createDispute(this.#account, asking, charge, 'fraudulent');
    else if (dispute && (verb === 'win' || verb === 'lose')) closeDispute(this.#account, asking, dispute, verb === 'win' ? 'won' : 'lost');
    else throw new Error(`A payment takes no ${verb} now.`);
  }

  #payment(charge: Charge): Item {
    const dispute = this.#disputeOf(charge);
    const open: Verb[] = dispute ? ['win', 'lose'] : [];
    const free: Verb[] = charge.refunded || charge.disputed ? [] : ['refund', 'refund_part', 'dispute'];
    const part = charge.amount_refunded > 0 ? `${charge.amount_refunded} of ${charge.amount} refunded` : 'paid';
    const state = dispute ? 'disputed' : charge.disputed ? 'lost to a dispute' : charge.refunded ? 'refunded' : part;
    const intent = this.#account.intents.get(charge.payment_intent);
    return {
      id: charge.payment_intent,
      store: 'stripe',
      kind: 'purchase',
      who: this.#nameOf(charge.customer),
      what: this.#soldWith(charge.payment_intent) ?? intent?.description ?? intent?.metadata.price ?? 'A payment',
      amount: charge.amount,
      currency: charge.currency.toUpperCase(),
      state,
      at: charge.created * 1000,
      until: null,
      verbs: [...free, ...open],
    };
  }

  /** What a Checkout sold, where the payment is of one. */
  #soldWith(intent: string): string | undefined {
    const session = [...this.#account.sessions.values()].find((each) => each.payment_intent === intent);
    return session && this.#account.lineItems.get(session.id)?.[0]?.description;
  }

  #nameOf(customer: string | null): string {
    if (customer === null) return 'A guest';
    return this.#account.customers.get(customer)?.email ?? customer;
  }

  #subscription(subscription: Subscription): Item {
    const [item] = subscription.items.data;
    const paused = subscription.pause_collection !== null;
    const runs = subscription.status === 'active' || subscription.status === 'past_due';
    const cancelled = subscription.cancel_at_period_end;
    const state = paused ? 'paused' : cancelled && runs ? `${subscription.status}, ends with its period` : subscription.status;
    const goOn: Verb[] = paused || cancelled ? [] : ['renew', 'fail'];
    return {
      id: subscription.id,
      store: 'stripe',
      kind: 'subscription',
      who: this.#nameOf(subscription.customer),
      what: this.#account.products.get(item?.price.product ?? '')?.name ?? subscription.id,
      amount: item?.price.unit_amount ?? 0,
      currency: subscription.currency.toUpperCase(),
      state,
      at: subscription.created * 1000,
      until: (item?.current_period_end ?? 0) * 1000,
      verbs: runs ? [...goOn, cancelled ? 'uncancel' : 'cancel', paused ? 'resume' : 'pause', 'end'] : [],
    };
  }
}

function toSubscription(account: Account, asking: Asking, subscription: Subscription, verb: Verb): void {
  if (verb === 'renew' || verb === 'fail') renew(account, asking, subscription, verb === 'fail');
  else if (verb === 'cancel' || verb === 'uncancel') cancelAtEnd(account, asking, subscription, verb === 'cancel');
  else if (verb === 'pause') pause(account, asking, subscription);
  else if (verb === 'resume') resume(account, asking, subscription);
  else if (verb === 'end') endNow(account, asking, subscription);
  else throw new Error(`A subscription takes no ${verb}.`);
}
