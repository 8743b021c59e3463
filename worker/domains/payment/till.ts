/**
 * What taking up a payment event needs of tables, ledger, queue and objects: `d1-till.ts` is the real one, and the simulation
 * drives the same decisions (`taking-up.ts`) on one in memory. Each method is one effect: a crash may come between any two.
 */
import type { UserId } from '../../protocol/ids.ts';
import type { MonetizationVersion } from '../../protocol/people.ts';
import type { StoreSubscription } from '../subscriptions/service.ts';
import type { Alias, Claim } from './claim-rules.ts';
import type { Product } from './grant-rules.ts';
import type { Interpretation, Money, PaymentEvent, PaymentSource, Store } from './payment-event.ts';
import type { RefundWord } from './refund-rules.ts';
import type { SubscriptionWord } from './subscription-rules.ts';

export type PaymentEventId = `pev_${string}`;

export type DeliveryState = 'stored' | 'pending' | 'waiting' | 'applied' | 'nothing' | 'dead';

/** Why something can't be processed. */
export type DeadReason = 'unknown_product' | 'two_owners' | 'no_transaction' | 'unreadable' | 'conflict' | 'gave_up';

export interface StoredDelivery {
  readonly id: PaymentEventId;
  readonly source: PaymentSource;
  readonly sourceEventId: string;
  readonly raw: string;
  /** The signed-in person whose app sent it. */
  readonly sentBy: UserId | null;
  readonly state: DeliveryState;
}

/** The fact of a delivery, with whose it is once that is known. */
export interface StoredEvent extends PaymentEvent {
  readonly id: PaymentEventId;
  readonly userId: UserId | null;
}

/** One transaction of a store, as it was granted. */
export interface Payment {
  readonly id: `pur_${string}`;
  readonly eventId: PaymentEventId;
  readonly store: Store;
  readonly transactionId: string;
  readonly userId: UserId;
  readonly product: string;
  /** Null for a plan. */
  readonly unit: 'COIN' | 'MOMENT' | null;
  readonly granted: number;
  readonly money: Money | null;
  readonly subscriptionRef: string | null;
  readonly occurredAt: number;
}

export interface StoredPayment extends Payment {
  readonly posted: boolean;
  readonly refunds: readonly StoredRefund[];
}

/** One word of a refund, in the order in which they were told; `change` is what it does to what is taken back. */
export interface StoredRefund extends RefundWord {
  /** Of its posting. */
  readonly key: string;
  readonly eventId: PaymentEventId;
  readonly change: number;
  readonly occurredAt: number;
  readonly posted: boolean;
}

/** What the ledger said. `unknown`: it may or may not be posted; the same again finds out. */
export type Booked = 'posted' | 'conflict' | 'unknown';

/** What others hear of (`event_log`): once for each payment, and for each refund or its reversal. */
export type Noted =
  | { readonly payment: Payment; readonly kind: Product['kind'] }
  | { readonly payment: Payment; readonly refund: StoredRefund };

export interface Till {
  delivery(id: PaymentEventId): Promise<StoredDelivery | null>;
  interpret(delivery: StoredDelivery): Promise<Interpretation>;
  /** Keeps the fact; where it is kept already nothing changes. */
  keepEvent(id: PaymentEventId, event: PaymentEvent): Promise<void>;
  event(id: PaymentEventId): Promise<StoredEvent | null>;
  /** Moves a delivery on; one that was applied stays so. */
  settle(id: PaymentEventId, state: DeliveryState, more?: { reason?: string; note?: string | null }): Promise<void>;

  /** Who the names of an event stand for at the moment it happened. */
  claimsOn(event: StoredEvent): Promise<readonly Claim[]>;
  /** Makes an event theirs, unless it is somebody's; answers whose it is then. */
  claim(id: PaymentEventId, userId: UserId): Promise<UserId>;
  /** Makes names theirs from the beginning; those that are somebody's already stay so. */
  bind(aliases: readonly Alias[], userId: UserId): Promise<void>;
  /** Deliveries for which nobody was known and that carry one of these names. */
  pendingWith(aliases: readonly Alias[]): Promise<readonly PaymentEventId[]>;
  /** Deliveries about a transaction that nobody was known for, or whose payment was not told. */
  parkedOn(store: Store, transactionId: string): Promise<readonly PaymentEventId[]>;
  enqueue(ids: readonly PaymentEventId[]): Promise<void>;

  soldAs(store: Store, productRef: string): Promise<Product | null>;
  versionOf(userId: UserId): Promise<MonetizationVersion>;
  payment(store: Store, transactionId: string): Promise<StoredPayment | null>;
  /** Adds a payment, unless its transaction has one; answers the one that stands. */
  addPayment(payment: Omit<Payment, 'id'>): Promise<StoredPayment>;
  /** Adds the nth word of a refund. `again`: another one took that place, look again. `elsewhere`: its key is another payment's. */
  addRefund(payment: Payment, n: number, refund: Omit<StoredRefund, 'posted'>): Promise<'added' | 'again' | 'elsewhere'>;

  /** Posts what a payment gives. */
  postPayment(payment: Payment, metadata: Readonly<Record<string, unknown>>): Promise<Booked>;
  /** Takes back what a refund takes, from balance and debt; or gives back what a reversal gives. */
  postRefund(payment: Payment, refund: StoredRefund): Promise<Booked>;
  /** Writes down that it is posted, and says so to whoever subscribes; both once. */
  notePosted(noted: Noted): Promise<void>;

  /** Subscriptions that words about a transaction belong to. */
  subscriptionsOf(store: Store, transactionId: string): Promise<readonly string[]>;
  /** Every word about somebody's subscription, and how many that are with the refunds of its payments. */
  wordsOf(userId: UserId, store: Store, ref: string): Promise<{ words: readonly SubscriptionWord[]; count: number }>;
  /** Says how it stands, and tells a running call what its payer has now. */
  putSubscription(subscription: StoreSubscription): Promise<void>;
}
