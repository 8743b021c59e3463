/** The account at Stripe: everything it keeps, and the events that tell of it. */
import { randomBytes } from 'node:crypto';
import type {
  BalanceTransaction,
  Charge,
  Customer,
  Dispute,
  Event,
  Invoice,
  InvoicePayment,
  LineItem,
  PaymentIntent,
  PaymentMethod,
  Price,
  Product,
  Refund,
  Session,
  SetupIntent,
  Subscription,
} from './objects.ts';
import { missing } from './problem.ts';

/** The version of the API that the installed library speaks; events have its shapes. */
export const API_VERSION = '2026-10-28.endive';

/** Who asks: when (ms), where the hosted pages stand, and what an event says of its request. */
export interface Asking {
  readonly at: number;
  readonly origin: string;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
}

const kinds = {
  cus: 'customer',
  prod: 'product',
  price: 'price',
  pm: 'payment_method',
  pi: 'payment_intent',
  seti: 'setup_intent',
  ch: 'charge',
  re: 'refund',
  du: 'dispute',
  txn: 'balance_transaction',
  cs: 'checkout.session',
  sub: 'subscription',
  in: 'invoice',
  inpay: 'invoice_payment',
  evt: 'event',
} as const;
type Prefix = keyof typeof kinds;

/** A new object's first fields. */
export function born<P extends Prefix>(prefix: P, at: number): { id: string; object: (typeof kinds)[P]; created: number; livemode: false } {
  const name = randomBytes(12).toString('hex');
  return { id: `${prefix}_${prefix === 'cs' ? 'test_' : ''}${name}`, object: kinds[prefix], created: seconds(at), livemode: false };
}

export const seconds = (at: number): number => Math.floor(at / 1000);
export const newSecret = (id: string): string => `${id}_secret_${randomBytes(12).toString('hex')}`;
export const nameOf = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;

export class Account {
  readonly customers = new Map<string, Customer>();
  readonly products = new Map<string, Product>();
  readonly prices = new Map<string, Price>();
  readonly methods = new Map<string, PaymentMethod>();
  readonly intents = new Map<string, PaymentIntent>();
  readonly setups = new Map<string, SetupIntent>();
  readonly charges = new Map<string, Charge>();
  readonly refunds = new Map<string, Refund>();
  readonly disputes = new Map<string, Dispute>();
  readonly transactions = new Map<string, BalanceTransaction>();
  readonly sessions = new Map<string, Session>();
  readonly lineItems = new Map<string, readonly LineItem[]>();
  readonly subscriptions = new Map<string, Subscription>();
  readonly invoices = new Map<string, Invoice>();
  readonly invoicePayments = new Map<string, InvoicePayment>();
  readonly events = new Map<string, Event>();
  /** What a Checkout is to make of its payment, and which card stands behind a method. */
  readonly plans = new Map<string, SessionPlan>();
  readonly cardOf = new Map<string, string>();
  /** Methods that may be charged while their holder is away. */
  readonly saved = new Set<string>();
  readonly #tell: (event: Event) => void;

  constructor(tell: (event: Event) => void) {
    this.#tell = tell;
  }

  /** @throws StripeProblem `resource_missing` */
  find<Item>(shelf: ReadonlyMap<string, Item>, id: string, what: string, param = 'id'): Item {
    const found = shelf.get(id);
    if (found === undefined) throw missing(what, id, param);
    return found;
  }

  /** Tells of something that happened; the object is told as it stands now. */
  emit(asking: Asking, type: string, object: object, previous?: object): void {
    const event: Event = {
      ...born('evt', asking.at),
      api_version: API_VERSION,
      data: { object: structuredClone(object), ...(previous === undefined ? {} : { previous_attributes: structuredClone(previous) }) },
      pending_webhooks: 1,
      request: asking.request,
      type,
    };
    this.events.set(event.id, event);
    this.#tell(event);
  }

  move(at: number, terms: Pick<BalanceTransaction, 'amount' | 'currency' | 'source' | 'type' | 'reporting_category'>): BalanceTransaction {
    const transaction: BalanceTransaction = { ...born('txn', at), ...terms, fee: 0, net: terms.amount, status: 'available' };
    this.transactions.set(transaction.id, transaction);
    return transaction;
  }
}

/** What `payment_intent_data` and `subscription_data` of a Checkout said. */
export interface SessionPlan {
  readonly metadata: Record<string, string>;
  readonly description: string | null;
  readonly setupFutureUsage: 'on_session' | 'off_session' | null;
}
