/** What Stripe keeps for an account, in the shapes of its API (times in seconds, amounts in cents). Only what is used here. */

export type Metadata = Record<string, string>;
interface Kept<Kind extends string> {
  readonly id: string;
  readonly object: Kind;
  readonly created: number;
  readonly livemode: false;
}

export interface Customer extends Kept<'customer'> {
  email: string | null;
  name: string | null;
  phone: string | null;
  metadata: Metadata;
  invoice_settings: { default_payment_method: string | null };
  deleted?: true;
}

export interface Product extends Kept<'product'> {
  active: boolean;
  name: string;
  metadata: Metadata;
}

export interface Price extends Kept<'price'> {
  active: boolean;
  currency: string;
  unit_amount: number;
  product: string;
  lookup_key: string | null;
  metadata: Metadata;
  type: 'one_time' | 'recurring';
  recurring: { interval: 'month' | 'year'; interval_count: number } | null;
}

export interface PaymentMethod extends Kept<'payment_method'> {
  readonly type: 'card';
  readonly card: { brand: string; last4: string; exp_month: number; exp_year: number };
  billing_details: { email: string | null; name: string | null };
  customer: string | null;
  metadata: Metadata;
}

export interface CardError {
  readonly type: 'card_error';
  readonly code: string;
  readonly decline_code?: string;
  readonly message: string;
}

export interface NextAction {
  readonly type: 'redirect_to_url';
  readonly redirect_to_url: { url: string; return_url: string | null };
}

export interface PaymentIntent extends Kept<'payment_intent'> {
  amount: number;
  amount_received: number;
  currency: string;
  customer: string | null;
  description: string | null;
  metadata: Metadata;
  status: 'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'processing' | 'succeeded' | 'canceled';
  payment_method: string | null;
  payment_method_types: readonly ['card'];
  latest_charge: string | null;
  last_payment_error: CardError | null;
  next_action: NextAction | null;
  setup_future_usage: 'on_session' | 'off_session' | null;
  readonly client_secret: string;
  receipt_email: string | null;
  canceled_at: number | null;
  capture_method: 'automatic_async';
  confirmation_method: 'automatic';
}

export interface SetupIntent extends Kept<'setup_intent'> {
  customer: string | null;
  metadata: Metadata;
  payment_method: string | null;
  payment_method_types: readonly ['card'];
  status: 'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'succeeded' | 'canceled';
  next_action: NextAction | null;
  usage: 'off_session' | 'on_session';
  last_setup_error: CardError | null;
  readonly client_secret: string;
}

export interface Charge extends Kept<'charge'> {
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  balance_transaction: string | null;
  currency: string;
  customer: string | null;
  disputed: boolean;
  failure_code: string | null;
  failure_message: string | null;
  metadata: Metadata;
  paid: boolean;
  payment_intent: string;
  payment_method: string | null;
  receipt_email: string | null;
  refunded: boolean;
  status: 'succeeded' | 'failed';
}

export interface Refund extends Kept<'refund'> {
  amount: number;
  balance_transaction: string | null;
  charge: string;
  currency: string;
  metadata: Metadata;
  payment_intent: string;
  reason: 'duplicate' | 'fraudulent' | 'requested_by_customer' | null;
  status: 'succeeded' | 'pending' | 'failed' | 'canceled';
  failure_reason?: string;
}

export interface Dispute extends Kept<'dispute'> {
  amount: number;
  balance_transactions: BalanceTransaction[];
  charge: string;
  currency: string;
  is_charge_refundable: boolean;
  metadata: Metadata;
  payment_intent: string;
  reason: 'fraudulent' | 'product_not_received' | 'general';
  status: 'needs_response' | 'warning_needs_response' | 'warning_closed' | 'won' | 'lost';
}

export interface BalanceTransaction extends Kept<'balance_transaction'> {
  amount: number;
  currency: string;
  fee: number;
  net: number;
  source: string;
  status: 'available' | 'pending';
  type: 'charge' | 'refund' | 'adjustment';
  reporting_category: 'charge' | 'refund' | 'dispute' | 'dispute_reversal';
}

export interface LineItem {
  readonly id: string;
  readonly object: 'item';
  readonly amount_total: number;
  readonly amount_subtotal: number;
  readonly currency: string;
  readonly description: string;
  readonly price: Price;
  readonly quantity: number;
}

export interface Session extends Kept<'checkout.session'> {
  amount_subtotal: number;
  amount_total: number;
  cancel_url: string | null;
  client_reference_id: string | null;
  currency: string;
  customer: string | null;
  customer_creation: 'always' | 'if_required' | null;
  customer_details: { email: string | null; name: string | null } | null;
  customer_email: string | null;
  expires_at: number;
  invoice: string | null;
  locale: string | null;
  metadata: Metadata;
  mode: 'payment' | 'subscription' | 'setup';
  payment_intent: string | null;
  payment_method_types: readonly ['card'];
  payment_status: 'paid' | 'unpaid' | 'no_payment_required';
  setup_intent: string | null;
  status: 'open' | 'complete' | 'expired';
  subscription: string | null;
  success_url: string;
  ui_mode: 'hosted_page';
  url: string | null;
}

export interface SubscriptionItem {
  readonly id: string;
  readonly object: 'subscription_item';
  price: Price;
  quantity: number;
  current_period_start: number;
  current_period_end: number;
  readonly subscription: string;
}

export interface Subscription extends Kept<'subscription'> {
  cancel_at: number | null;
  cancel_at_period_end: boolean;
  canceled_at: number | null;
  currency: string;
  customer: string;
  default_payment_method: string | null;
  ended_at: number | null;
  items: ListOf<SubscriptionItem>;
  latest_invoice: string | null;
  metadata: Metadata;
  pause_collection: { behavior: 'void' | 'keep_as_draft' | 'mark_uncollectible'; resumes_at: number | null } | null;
  start_date: number;
  status: 'incomplete' | 'incomplete_expired' | 'active' | 'past_due' | 'unpaid' | 'canceled';
}

export interface InvoiceLine {
  readonly id: string;
  readonly object: 'line_item';
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
  readonly period: { start: number; end: number };
  readonly pricing: { type: 'price_details'; price_details: { price: string; product: string }; unit_amount_decimal: string };
  readonly parent: {
    type: 'subscription_item_details';
    subscription_item_details: { subscription: string; subscription_item: string; proration: boolean };
  };
  readonly quantity: number;
}

export interface Invoice extends Kept<'invoice'> {
  amount_due: number;
  amount_paid: number;
  amount_remaining: number;
  attempt_count: number;
  attempted: boolean;
  billing_reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update';
  currency: string;
  customer: string;
  customer_email: string | null;
  lines: ListOf<InvoiceLine>;
  metadata: Metadata;
  next_payment_attempt: number | null;
  parent: { type: 'subscription_details'; subscription_details: { subscription: string; metadata: Metadata } };
  period_start: number;
  period_end: number;
  status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';
  status_transitions: { paid_at: number | null; finalized_at: number | null };
  total: number;
}

export interface InvoicePayment extends Kept<'invoice_payment'> {
  amount_paid: number | null;
  amount_requested: number;
  currency: string;
  invoice: string;
  is_default: boolean;
  payment: { type: 'payment_intent'; payment_intent: string };
  status: 'open' | 'paid' | 'canceled';
}

export interface ListOf<Item> {
  readonly object: 'list';
  readonly data: Item[];
  readonly has_more: boolean;
  readonly url: string;
}

export interface Event extends Kept<'event'> {
  readonly api_version: string;
  readonly data: { readonly object: object; readonly previous_attributes?: object };
  readonly pending_webhooks: number;
  readonly request: { readonly id: string | null; readonly idempotency_key: string | null };
  readonly type: string;
}
