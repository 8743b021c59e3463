/** Apple and Google on phones: buying there, and whatever happens to it afterwards, told to the Worker by whoever tells. */
import { isObject } from '../answer.ts';
import type { Call, Deliveries, Teller } from '../shop/deliveries.ts';
import type { Item, Store, Verb } from '../shop/store.ts';
import { adaptyCall } from './adapty.ts';
import { appHudCall } from './apphud.ts';
import { appleCall } from './apple.ts';
import {
  type Bought,
  buy,
  firstOf,
  type Happening,
  lastOf,
  type MobileTeller,
  type Payment,
  paymentId,
  periodEnd,
  type Told,
  type Wish,
} from './bought.ts';
import { googleCall } from './google.ts';

const GRACE_MS = 6 * 24 * 3_600_000;

/** A request for the Worker in one teller's words, signed when it is sent; null: it has no words for it. */
type Words = { readonly what: string; readonly sign: (now: number) => Call | Promise<Call> } | null;

export class MobileStore implements Store {
  readonly #bought = new Map<string, Bought>();
  readonly #deliveries: Deliveries;

  constructor(deliveries: Deliveries) {
    this.#deliveries = deliveries;
  }

  /** Play asks by this. */
  withToken(token: string): Bought | undefined {
    return [...this.#bought.values()].find((each) => each.store === 'google' && each.token === token);
  }

  get(id: string): Bought | undefined {
    return this.#bought.get(id);
  }

  buy(wish: Wish, at: number): Bought {
    const bought = buy(wish, at);
    this.#bought.set(bought.id, bought);
    this.#tell({ bought, happening: 'bought', payment: firstOf(bought), at });
    return bought;
  }

  items(): readonly Item[] {
    return [...this.#bought.values()].map(itemOf);
  }

  act({ id, verb, at }: { id: string; verb: Verb; at: number }): true | undefined {
    const bought = this.#bought.get(id);
    if (!bought) return undefined;
    if (!verbsOf(bought).includes(verb)) throw new Error(`This takes no ${verb} now.`);
    const { happening, payment } = changed(bought, verb, at);
    this.#tell({ bought, happening, payment, at });
    return true;
  }

  #tell(told: Told): void {
    for (const teller of told.bought.tellers) {
      const words = wordsOf(teller, told);
      const source: Teller = teller === 'store' ? told.bought.store : teller;
      if (words) this.#deliveries.add({ source, what: words.what, about: told.bought.id, at: told.at }, words.sign);
    }
  }
}

function wordsOf(teller: MobileTeller, told: Told): Words {
  if (teller === 'adapty') return adaptyCall(told);
  if (teller === 'apphud') return appHudCall(told);
  return told.bought.store === 'apple' ? appleCall(told) : googleCall(told);
}

function verbsOf({ store, period, state, payments }: Bought): Verb[] {
  const back: Verb[] = payments.at(-1)?.refundedAt === null ? ['refund'] : store === 'apple' ? ['unrefund'] : [];
  if (period === null || state === 'expired') return back;
  if (state === 'paused') return [...back, 'resume', 'end'];
  if (state === 'cancelled') return [...back, 'uncancel', 'end'];
  // Apple knows no pause.
  return [...back, 'renew', 'fail', 'cancel', ...(store === 'google' ? (['pause'] as const) : []), 'end'];
}

/** What becomes of it. */
function changed(bought: Bought, verb: Verb, at: number): { happening: Happening; payment: Payment } {
  const payment = lastOf(bought);
  if (verb === 'refund' || verb === 'unrefund') {
    payment.refundedAt = verb === 'refund' ? at : null;
    if (verb === 'refund' && bought.period !== null) bought.state = 'expired';
    return { happening: verb === 'refund' ? 'refunded' : 'refund_reversed', payment };
  }
  if (verb === 'renew') {
    const happening = bought.state === 'grace' ? 'recovered' : 'renewed';
    return { happening, payment: renewed(bought, at) };
  }
  const [happening, state] = changes[verb] ?? [];
  if (!happening || !state) throw new Error(`This takes no ${verb}.`);
  bought.state = state;
  bought.graceUntil = verb === 'fail' ? Math.max(at, payment.until ?? at) + GRACE_MS : null;
  return { happening, payment };
}

const changes: Readonly<Partial<Record<Verb, readonly [Happening, Bought['state']]>>> = {
  fail: ['failed', 'grace'],
  cancel: ['cancelled', 'cancelled'],
  uncancel: ['uncancelled', 'active'],
  pause: ['paused', 'paused'],
  resume: ['resumed', 'active'],
  end: ['expired', 'expired'],
};

/** Paid now, for the time behind what was paid for before. */
function renewed(bought: Bought, at: number): Payment {
  const from = Math.max(lastOf(bought).until ?? 0, at);
  const id = paymentId(bought.store, firstOf(bought).id, bought.payments.length);
  const payment: Payment = { id, at, until: periodEnd(from, bought.period ?? 'month'), refundedAt: null };
  bought.payments.push(payment);
  bought.state = 'active';
  bought.graceUntil = null;
  return payment;
}

function itemOf(bought: Bought): Item {
  const { id, store, period, product, amount, currency, state, user, email, account, profile } = bought;
  const last = lastOf(bought);
  return {
    id,
    store,
    kind: period === null ? 'purchase' : 'subscription',
    who: user ?? email ?? account ?? `Nobody yet (${profile.slice(0, 8)})`,
    what: product,
    amount,
    currency,
    state: last.refundedAt !== null ? 'refunded' : period === null ? 'paid' : state,
    at: firstOf(bought).at,
    until: last.until,
    verbs: verbsOf(bought),
  };
}

/** A wish as it is asked for, or what is wrong with it. */
export function readWish(body: unknown): Wish | string {
  if (!isObject(body)) return 'say what is bought';
  const { store, product, amount, currency, period = null, account = null, user = null, email = null, tellers = ['store'] } = body;
  if (store !== 'apple' && store !== 'google') return 'store must be apple or google';
  if (typeof product !== 'string' || !/^[\w.]{1,150}$/.test(product)) return 'product must be the store’s id of one';
  if (!Number.isInteger(amount) || Number(amount) < 0) return 'amount must be whole cents';
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return 'currency must be three capitals';
  if (period !== null && period !== 'month' && period !== 'year') return 'period must be month, year or null';
  for (const name of [account, user, email]) if (name !== null && typeof name !== 'string') return 'account, user and email must be text';
  const known: readonly unknown[] = ['store', 'adapty', 'apphud'];
  if (!Array.isArray(tellers) || tellers.length === 0 || !tellers.every((each) => known.includes(each)))
    return 'tellers must be of store, adapty, apphud';
  return { store, product, amount, currency, period, account, user, email, tellers } as Wish;
}
