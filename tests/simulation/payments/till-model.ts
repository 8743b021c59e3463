/**
 * The till in memory: what tables, triggers and ledger keep, and nothing of how. `differential.workers.test.ts` lives the same
 * histories through on the real one.
 */
import { type Alias, type AliasRow, aliasAt, aliasesOf, type Claim, ownIdIn } from '../../../worker/domains/payment/claim-rules.ts';
import { paymentKey } from '../../../worker/domains/payment/grant-rules.ts';
import type { CustomerRef, PaymentEvent, Store } from '../../../worker/domains/payment/payment-event.ts';
import { standingOf } from '../../../worker/domains/payment/refund-rules.ts';
import type { SubscriptionWord } from '../../../worker/domains/payment/subscription-rules.ts';
import type {
  Booked,
  DeliveryState,
  Payment,
  PaymentEventId,
  StoredDelivery,
  StoredEvent,
  StoredPayment,
  StoredRefund,
  Till,
} from '../../../worker/domains/payment/till.ts';
import type { UserId } from '../../../worker/protocol/ids.ts';
import { type Person, type ProductId, products } from './history.ts';

type Subscription = Parameters<Till['putSubscription']>[0];

/** What one person has of one unit; a debt is settled by what comes. */
interface Purse {
  has: number;
  owes: number;
}

interface Kept {
  delivery: StoredDelivery;
  reason: string | null;
  event: StoredEvent | null;
  readonly fact: PaymentEvent;
}

const nameOf = (store: Store, id: string): string => `${store} ${id}`;

export class TillModel implements Till {
  readonly kept = new Map<PaymentEventId, Kept>();
  readonly queue: PaymentEventId[] = [];
  readonly users = new Map<UserId, Person>();
  readonly aliases = new Map<string, AliasRow>();
  readonly payments = new Map<string, Payment & { posted: boolean; taken: number; refunds: StoredRefund[] }>();
  /** Key → what was meant. */
  readonly postings = new Map<string, string>();
  readonly purses = new Map<string, Purse>();
  readonly subscriptions = new Map<string, Subscription>();
  /** What others heard of, in order. */
  readonly said: string[] = [];
  private readonly bySourceName = new Map<string, PaymentEventId>();

  /** A delivery comes in; told again it is the one that was kept. */
  receive(fact: PaymentEvent): void {
    const name = `${fact.source} ${fact.sourceEventId}`;
    if (this.bySourceName.has(name)) return;
    const id: PaymentEventId = `pev_${this.bySourceName.size}`;
    this.bySourceName.set(name, id);
    const { source, sourceEventId } = fact;
    this.kept.set(id, { delivery: { id, source, sourceEventId, raw: '', sentBy: null, state: 'stored' }, reason: null, event: null, fact });
    this.queue.push(id);
  }

  /** Somebody signs up; what waited for the address goes on the queue. */
  signUp(person: Person): void {
    this.users.set(person.userId, person);
    const names: CustomerRef[] = [
      { kind: 'email', value: person.email },
      { kind: 'user', value: person.userId },
    ];
    for (const { delivery, event } of this.kept.values())
      if (
        delivery.state === 'pending' &&
        event?.customerRefs.some((ref) => names.some((name) => name.kind === ref.kind && name.value === ref.value))
      )
        this.queue.push(delivery.id);
  }

  purse(userId: UserId, unit: string): Purse {
    const name = `${userId} ${unit}`;
    const purse = this.purses.get(name) ?? { has: 0, owes: 0 };
    this.purses.set(name, purse);
    return purse;
  }

  private of(id: PaymentEventId): Kept {
    const kept = this.kept.get(id);
    if (!kept) throw new Error(`there is no ${id}`);
    return kept;
  }

  async delivery(id: PaymentEventId): Promise<StoredDelivery | null> {
    return this.kept.get(id)?.delivery ?? null;
  }

  async interpret({ id }: StoredDelivery) {
    return { outcome: 'event', event: this.of(id).fact } as const;
  }

  async keepEvent(id: PaymentEventId, event: PaymentEvent): Promise<void> {
    this.of(id).event ??= { ...event, id, userId: null };
  }

  async event(id: PaymentEventId): Promise<StoredEvent | null> {
    return this.of(id).event;
  }

  async settle(id: PaymentEventId, state: DeliveryState, more: { reason?: string } = {}): Promise<void> {
    const kept = this.of(id);
    if (kept.delivery.state === 'applied') return;
    kept.delivery = { ...kept.delivery, state };
    kept.reason = more.reason ?? null;
  }

  async claimsOn(event: StoredEvent): Promise<Claim[]> {
    const claims: Claim[] = [];
    for (const alias of aliasesOf(event)) {
      const row = this.aliases.get(`${alias.kind} ${alias.value}`);
      const claim = row ? aliasAt([row], event.occurredAt) : null;
      if (claim) claims.push(claim);
    }
    for (const ref of event.customerRefs) {
      const own = ownIdIn(ref);
      if (own && this.users.has(own)) claims.push({ strength: 'known', userId: own });
      if (ref.kind === 'email')
        for (const { email, userId } of this.users.values()) if (email === ref.value) claims.push({ strength: 'address', userId });
    }
    return claims;
  }

  async claim(id: PaymentEventId, userId: UserId): Promise<UserId> {
    const kept = this.of(id);
    if (!kept.event) throw new Error(`${id} was not read`);
    if (kept.event.userId === null) kept.event = { ...kept.event, userId };
    return kept.event.userId ?? userId;
  }

  async bind(aliases: readonly Alias[], userId: UserId): Promise<void> {
    for (const alias of aliases) {
      const name = `${alias.kind} ${alias.value}`;
      if (!this.aliases.has(name)) this.aliases.set(name, { ...alias, since: 0, userId });
    }
  }

  async pendingWith(aliases: readonly Alias[]): Promise<PaymentEventId[]> {
    const names = new Set(aliases.map(({ kind, value }) => `${kind} ${value}`));
    const carries = (event: StoredEvent): boolean =>
      event.customerRefs.some(({ kind, value }) => names.has(`${kind} ${value}`)) ||
      (event.userId === null &&
        event.storeSubscriptionId !== null &&
        names.has(`${event.store}_subscription ${event.storeSubscriptionId}`));
    return [...this.kept.values()].flatMap(({ delivery, event }) =>
      delivery.state === 'pending' && event && carries(event) ? [delivery.id] : [],
    );
  }

  async parkedOn(store: Store, transactionId: string): Promise<PaymentEventId[]> {
    return [...this.kept.values()].flatMap(({ delivery, event }) =>
      (delivery.state === 'pending' || delivery.state === 'waiting') && event?.store === store && event.storeTransactionId === transactionId
        ? [delivery.id]
        : [],
    );
  }

  async enqueue(ids: readonly PaymentEventId[]): Promise<void> {
    this.queue.push(...ids);
  }

  async soldAs(_store: Store, productRef: string) {
    const product = products[productRef as ProductId];
    if (!product) return null;
    const { kind, amount, plan } = product;
    return { id: productRef, kind, amount: kind === 'plan' ? null : amount, plan, period: plan === null ? null : ('month' as const) };
  }

  async versionOf(userId: UserId) {
    return this.users.get(userId)?.version ?? 'tokens';
  }

  async payment(store: Store, transactionId: string): Promise<StoredPayment | null> {
    const found = this.payments.get(nameOf(store, transactionId));
    return found ? { ...found, refunds: [...found.refunds] } : null;
  }

  async addPayment(wish: Omit<Payment, 'id'>): Promise<StoredPayment> {
    const name = nameOf(wish.store, wish.transactionId);
    if (!this.payments.has(name))
      this.payments.set(name, { ...wish, id: `pur_${this.payments.size}`, posted: false, taken: 0, refunds: [] });
    const standing = await this.payment(wish.store, wish.transactionId);
    if (!standing) throw new Error('it was just added');
    return standing;
  }

  async addRefund(
    { store, transactionId }: Payment,
    n: number,
    refund: Omit<StoredRefund, 'posted'>,
  ): Promise<'added' | 'again' | 'elsewhere'> {
    const payment = this.payments.get(nameOf(store, transactionId));
    for (const other of this.payments.values())
      if (other.refunds.some(({ key }) => key === refund.key)) return other === payment ? 'again' : 'elsewhere';
    if (!payment || payment.refunds.length !== n) return 'again';
    payment.taken += refund.change;
    if (payment.taken < 0 || payment.taken > payment.granted) throw new Error(`taken_of_granted: ${payment.taken} of ${payment.granted}`);
    payment.refunds.push({ ...refund, posted: false });
    return 'added';
  }

  /** Books a fact under its key, once; null where it is in the books already. */
  book(key: string, meant: string): Booked | null {
    const before = this.postings.get(key);
    if (before !== undefined) return before === meant ? 'posted' : 'conflict';
    this.postings.set(key, meant);
    return null;
  }

  async postPayment(payment: Payment): Promise<Booked> {
    const { userId, unit, granted, product } = payment;
    const before = this.book(paymentKey(payment), `${userId} ${product} ${unit} ${granted}`);
    if (before === null && unit !== null) this.credit(userId, unit, granted);
    return before ?? 'posted';
  }

  async postRefund({ userId, unit }: Payment, { key, change }: StoredRefund): Promise<Booked> {
    if (unit === null) return 'posted';
    const before = this.book(key, `${userId} ${unit} ${change}`);
    if (before !== null) return before;
    if (change < 0) this.credit(userId, unit, -change);
    else this.takeBack(userId, unit, change);
    return 'posted';
  }

  credit(userId: UserId, unit: string, amount: number): void {
    const purse = this.purse(userId, unit);
    const settled = Math.min(purse.owes, amount);
    purse.owes -= settled;
    purse.has += amount - settled;
  }

  takeBack(userId: UserId, unit: string, amount: number): void {
    const purse = this.purse(userId, unit);
    const had = Math.min(purse.has, amount);
    purse.has -= had;
    purse.owes += amount - had;
  }

  async notePosted(noted: Parameters<Till['notePosted']>[0]): Promise<void> {
    const payment = this.payments.get(nameOf(noted.payment.store, noted.payment.transactionId));
    if (!payment) return;
    if ('kind' in noted) {
      if (payment.posted) return;
      payment.posted = true;
      this.said.push(`applied ${payment.store} ${payment.transactionId}`);
      return;
    }
    const at = payment.refunds.findIndex(({ key }) => key === noted.refund.key);
    const refund = payment.refunds[at];
    if (!refund || refund.posted) return;
    payment.refunds[at] = { ...refund, posted: true };
    this.said.push(refund.key);
  }

  async subscriptionsOf(store: Store, transactionId: string): Promise<string[]> {
    const refs = this.eventsWhere((event) => event.store === store && event.storeTransactionId === transactionId);
    return [...new Set(refs.flatMap(({ storeSubscriptionId }) => (storeSubscriptionId === null ? [] : [storeSubscriptionId])))];
  }

  private eventsWhere(fits: (event: StoredEvent) => boolean): StoredEvent[] {
    return [...this.kept.values()].flatMap(({ event }) => (event && fits(event) ? [event] : []));
  }

  async wordsOf(userId: UserId, store: Store, ref: string): Promise<{ words: SubscriptionWord[]; count: number }> {
    const events = this.eventsWhere(
      (event) =>
        event.store === store && event.storeSubscriptionId === ref && event.userId === userId && !/refund|chargeback/.test(event.kind),
    );
    const transactions = new Set(events.flatMap(({ storeTransactionId: id }) => (id === null ? [] : [nameOf(store, id)])));
    const paid = [...transactions].flatMap((name) => this.payments.get(name) ?? []);
    const whole = new Set(paid.flatMap((one) => (standingOf(one, one.refunds).whole ? [one.transactionId] : [])));
    const words = events.map((event): SubscriptionWord => {
      const product = event.productRef === null ? null : products[event.productRef as ProductId];
      return {
        id: event.id,
        kind: event.kind as SubscriptionWord['kind'],
        occurredAt: event.occurredAt,
        transactionId: event.storeTransactionId,
        plan: product?.plan ?? null,
        until: event.period?.until ?? null,
        refunded: event.storeTransactionId !== null && whole.has(event.storeTransactionId),
      };
    });
    return { words, count: events.length + paid.reduce((sum, { refunds }) => sum + refunds.length, 0) };
  }

  async putSubscription(subscription: Subscription): Promise<void> {
    const name = `${subscription.userId} ${nameOf(subscription.store, subscription.ref)}`;
    const before = this.subscriptions.get(name);
    if (!before || subscription.words >= before.words) this.subscriptions.set(name, subscription);
  }
}
