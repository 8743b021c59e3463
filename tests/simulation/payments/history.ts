/**
 * Random histories of payments: what people truly bought at stores, paused, changed and had given back, and who told of it in
 * which words. Nothing here knows how events are taken up; the oracle reads the truth, the Worker's rules only the words.
 */
import { TypeID } from 'typeid-js';
import type { CustomerRef, PaymentEvent, PaymentSource, Store } from '../../../worker/domains/payment/payment-event.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import type { MonetizationVersion } from '../../../worker/protocol/people.ts';
import type { Random } from '../random.ts';

export const DAY = 86_400_000;
export const START = Date.UTC(2031, 0, 1);

/** What the shop of the simulation sells, at every store under its own id. */
export const products = {
  'coins-100': { kind: 'coins', amount: 100, price: 499, plan: null },
  'coins-300': { kind: 'coins', amount: 300, price: 999, plan: null },
  'moments-5': { kind: 'moments', amount: 5, price: 799, plan: null },
  'moments-40': { kind: 'moments', amount: 40, price: 4_999, plan: null },
  plus: { kind: 'plan', amount: 0, price: 1_499, plan: 'plus' },
  premium: { kind: 'plan', amount: 0, price: 2_999, plan: 'premium' },
} as const;
export type ProductId = keyof typeof products;

export interface Person {
  readonly userId: UserId;
  readonly email: string;
  readonly version: MonetizationVersion;
  /** `late`: signs up somewhere among the events. `never`: nobody is ever known for what they bought. */
  readonly signsUp: 'before' | 'late' | 'never';
  /** Coins and moments that they owe from before. */
  readonly debt: number;
}

/** Money given back, in cents; `all`: the store names no amount. */
export interface Back {
  readonly amount: number | 'all';
  /** It did not stand in the end. */
  readonly undone: boolean;
}

export interface Bought {
  readonly product: ProductId;
  readonly paid: number;
  readonly backs: readonly Back[];
}

/** What truly happened to a subscription, in its order. */
export type Turn =
  | {
      readonly what: 'paid';
      readonly at: number;
      readonly plan: 'plus' | 'premium';
      readonly until: number;
      readonly backs: readonly Back[];
    }
  | { readonly what: 'changed'; readonly at: number; readonly plan: 'plus' | 'premium' }
  | { readonly what: 'collecting'; readonly at: number; readonly until: number }
  | { readonly what: 'paused' | 'resumed' | 'cancelled' | 'ended'; readonly at: number };

export interface Holding {
  readonly person: Person;
  readonly bought: readonly Bought[];
  readonly subscriptions: readonly (readonly Turn[])[];
}

export interface History {
  readonly holdings: readonly Holding[];
  readonly events: readonly PaymentEvent[];
}

const versions: readonly MonetizationVersion[] = ['tokens', 'subscription', 'moments'];

/** Words of one history as they are made: each with a delivery of its own. */
class Telling {
  readonly events: PaymentEvent[] = [];
  private made = 0;
  private readonly random: Random;
  private readonly person: Person;

  constructor(random: Random, person: Person) {
    this.random = random;
    this.person = person;
  }

  id = (prefix: string): string => `${prefix}-${this.person.userId}-${this.made++}`;

  /** Told by the store's own messenger, another one, or both; each may call the moment a little differently. */
  say(
    store: Store,
    word: Omit<PaymentEvent, 'source' | 'sourceEventId' | 'store' | 'signedByStore' | 'customerRefs'>,
    anonymous = false,
  ): void {
    const own: PaymentSource = store;
    const messengers: PaymentSource[] = this.random.chance(0.3) ? [own, 'adapty'] : this.random.chance(0.2) ? ['adapty'] : [own];
    for (const source of messengers) {
      const late = word.storeTransactionId !== null && source === 'adapty' ? this.random.int(0, 3_000) : 0;
      const customerRefs = anonymous && source === own ? [] : this.refs(source);
      const occurredAt = word.occurredAt + late;
      this.events.push({ ...word, occurredAt, source, sourceEventId: this.id('evt'), store, signedByStore: source === own, customerRefs });
    }
  }

  /** By what a source knows the person: always its own name for them, often more. */
  private refs(source: PaymentSource): CustomerRef[] {
    const { userId, email, signsUp } = this.person;
    const refs: CustomerRef[] = [{ kind: source === 'adapty' ? 'adapty_profile' : 'device', value: `${source}-of-${userId}` }];
    if (source === 'stripe') refs[0] = { kind: 'stripe_customer', value: `cus-${userId}` };
    if (signsUp === 'before' && this.random.chance(0.5)) refs.push({ kind: 'user', value: userId });
    if (this.random.chance(0.4)) refs.push({ kind: 'email', value: email });
    return refs;
  }

  /** A first word by each source that says more than its own name for them, so that in the end everything is found. */
  introduce(): void {
    const { userId, email, signsUp } = this.person;
    const known: CustomerRef =
      signsUp === 'before' && this.random.chance(0.5) ? { kind: 'user', value: userId } : { kind: 'email', value: email };
    const seen = new Set<string>();
    for (const [n, event] of this.events.entries()) {
      const [own] = event.customerRefs;
      if (!own || seen.has(own.value) || event.kind === 'refund' || event.kind === 'chargeback' || event.kind === 'refund_reversal')
        continue;
      seen.add(own.value);
      this.events[n] = { ...event, customerRefs: [own, known] };
    }
  }
}

const nothing = {
  storeTransactionId: null,
  storeRefundId: null,
  storeSubscriptionId: null,
  productRef: null,
  money: null,
  period: null,
} as const;

export function historyOf(random: Random): History {
  const holdings: Holding[] = [];
  const events: PaymentEvent[] = [];
  const people = random.chance(0.4) ? 2 : 1;
  for (let n = 0; n < people; n++) {
    const person = personOf(random);
    const telling = new Telling(random, person);
    const bought = Array.from({ length: random.int(0, 4) }, () => buy(random, telling));
    const subscriptions = Array.from({ length: random.int(bought.length === 0 ? 1 : 0, 2) }, () => subscribe(random, telling));
    telling.introduce();
    holdings.push({ person, bought, subscriptions });
    events.push(...telling.events);
  }
  return { holdings, events };
}

function personOf(random: Random): Person {
  const hex = (digits: number): string => Array.from({ length: digits }, () => random.int(0, 15).toString(16)).join('');
  const userId = TypeID.fromUUID('usr', `0${hex(7)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(12)}`).toString() as UserId;
  const signsUp = random.chance(0.6) ? 'before' : random.chance(0.85) ? 'late' : 'never';
  const debt = signsUp === 'before' && random.chance(0.3) ? random.int(1, 400) : 0;
  return { userId, email: `${userId}@demo.test`, version: random.pick(versions), signsUp, debt };
}

const storeOf = (random: Random): Store => random.pick(['stripe', 'apple', 'google'] as const);

function buy(random: Random, telling: Telling): Bought {
  const store = storeOf(random);
  const product = random.pick(['coins-100', 'coins-300', 'moments-5', 'moments-40'] as const);
  const transaction = telling.id('tx');
  const paid = products[product].price;
  const at = START + random.int(0, 60) * DAY;
  const money = { amount: paid, currency: 'EUR' };
  const word = { ...nothing, storeTransactionId: transaction, occurredAt: at };
  telling.say(store, { ...word, kind: 'purchase', productRef: product, money });
  return { product, paid, backs: giveBack(random, telling, { store, transaction, paid, at }) };
}

/** Some of it, all of it, several times; disputes may be won. */
function giveBack(
  random: Random,
  telling: Telling,
  { store, transaction, paid, at }: { store: Store; transaction: string; paid: number; at: number },
): Back[] {
  if (random.chance(0.5)) return [];
  const word = { ...nothing, storeTransactionId: transaction };
  if (store !== 'stripe') {
    // Apple and Google name no refunds: there is one, of all.
    const undone = random.chance(0.3);
    telling.say(store, { ...word, kind: 'refund', occurredAt: at + DAY }, true);
    if (undone) telling.say(store, { ...word, kind: 'refund_reversal', occurredAt: at + 2 * DAY }, true);
    return [{ amount: 'all', undone }];
  }
  return Array.from({ length: random.int(1, 3) }, (_, n): Back => {
    const storeRefundId = telling.id('re');
    const amount = random.chance(0.2) ? 'all' : random.int(1, paid);
    const money = amount === 'all' ? null : { amount, currency: 'EUR' };
    const undone = random.chance(0.3);
    const kind = random.chance(0.4) ? 'chargeback' : 'refund';
    telling.say(store, { ...word, kind, storeRefundId, money, occurredAt: at + (n + 1) * DAY }, true);
    if (undone) telling.say(store, { ...word, kind: 'refund_reversal', storeRefundId, occurredAt: at + (n + 5) * DAY }, true);
    return { amount, undone };
  });
}

const MONTH = 30 * DAY;

/** A life that makes sense at a store: paid month by month, with what comes between. */
function subscribe(random: Random, telling: Telling): Turn[] {
  const store = storeOf(random);
  const storeSubscriptionId = telling.id('sub');
  const turns: Turn[] = [];
  let plan = random.pick(['plus', 'premium'] as const);
  let at = START + random.int(0, 20) * DAY;
  let state: 'active' | 'paused' | 'collecting' | 'ended' = 'active';
  const say = (kind: PaymentEvent['kind'], over: Partial<PaymentEvent> = {}, anonymous = true) =>
    telling.say(store, { ...nothing, storeSubscriptionId, kind, occurredAt: at, ...over }, anonymous);
  // Stores repeat until when it is paid for with most words, also after that was given back.
  const repeated = (): Partial<PaymentEvent> => {
    const last = turns.findLast((turn) => turn.what === 'paid');
    return last?.what === 'paid' && random.chance(0.6) ? { period: { from: last.at, until: last.until } } : {};
  };
  const pay = (first: boolean): void => {
    const [transaction, until] = [telling.id('tx'), at + MONTH];
    const money = { amount: products[plan].price, currency: 'EUR' };
    const of = { storeTransactionId: transaction, productRef: plan, money, period: { from: at, until } };
    say(first ? 'purchase' : 'renewal', of, !first && random.chance(0.5));
    const backs = random.chance(0.4) ? giveBack(random, telling, { store, transaction, paid: money.amount, at }) : [];
    turns.push({ what: 'paid', at, plan, until, backs });
    state = 'active';
  };
  pay(true);
  for (let turn = random.int(0, 6); turn > 0 && state !== 'ended'; turn--) {
    at += random.int(2, 20) * DAY;
    const next = random.int(0, 9);
    if (next < 4) pay(false);
    else if (next === 4) {
      plan = plan === 'plus' ? 'premium' : 'plus';
      turns.push({ what: 'changed', at, plan });
      say('product_change', { productRef: plan, ...repeated() });
    } else if (next === 5 && state === 'active') {
      state = 'collecting';
      const until = at + 16 * DAY;
      turns.push({ what: 'collecting', at, until });
      say(random.chance(0.5) ? 'grace' : 'billing_issue', { period: { from: at, until } });
    } else if (next === 6 && state === 'active') {
      state = 'paused';
      turns.push({ what: 'paused', at });
      say('pause');
    } else if (next === 7 && state === 'paused') {
      state = 'active';
      turns.push({ what: 'resumed', at });
      say('renewal', repeated());
    } else if (next === 8) {
      turns.push({ what: 'cancelled', at });
      say('cancellation', repeated());
      if (state === 'active' && random.chance(0.7)) {
        at += DAY;
        turns.push({ what: 'resumed', at });
        say('renewal', repeated());
      }
    } else if (next === 9) {
      state = 'ended';
      turns.push({ what: 'ended', at });
      say('expiry');
      if (random.chance(0.3)) {
        at += random.int(2, 20) * DAY;
        pay(false);
      }
    }
  }
  return turns;
}
