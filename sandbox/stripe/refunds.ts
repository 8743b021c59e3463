/** Money that goes back: refunds, and disputes of cardholders. */
import { type Account, type Asking, born } from './account.ts';
import type { Fields } from './fields.ts';
import type { Charge, Dispute, Refund } from './objects.ts';
import { invalid, unexpected } from './problem.ts';

const reasons = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

export function createRefund(account: Account, fields: Fields, asking: Asking): Refund {
  const intent = fields.text('payment_intent');
  const named = fields.text('charge');
  if ((intent === undefined) === (named === undefined))
    throw invalid('One of the following params should be provided for this request: payment_intent or charge.');
  const amount = fields.whole('amount', 1);
  const reason = fields.oneOf('reason', reasons) ?? null;
  const charge = named === undefined ? chargeOf(account, intent ?? '') : account.find(account.charges, named, 'charge', 'charge');
  return refund(account, asking, charge, { amount, reason, metadata: fields.metadata() });
}

/** The charge of a payment that succeeded. @throws StripeProblem where there is none */
export function chargeOf(account: Account, intentId: string): Charge {
  const intent = account.find(account.intents, intentId, 'payment_intent', 'payment_intent');
  const charge = intent.latest_charge === null ? undefined : account.charges.get(intent.latest_charge);
  if (!charge?.paid)
    throw invalid(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`, { param: 'payment_intent' });
  return charge;
}

export function refund(
  account: Account,
  asking: Asking,
  charge: Charge,
  { amount, reason, metadata = {} }: { amount?: number | undefined; reason: Refund['reason']; metadata?: Record<string, string> },
): Refund {
  const left = charge.amount_captured - charge.amount_refunded;
  if (charge.disputed) throw unexpected('charge_disputed', `Charge ${charge.id} has been charged back; cannot issue a refund.`);
  if (left === 0) throw unexpected('charge_already_refunded', `Charge ${charge.id} has already been refunded.`);
  const sum = amount ?? left;
  if (sum > left) throw invalid(`Refund amount (${sum}) is greater than unrefunded amount on charge (${left})`, { param: 'amount' });
  const made: Refund = {
    ...born('re', asking.at),
    amount: sum,
    balance_transaction: null,
    charge: charge.id,
    currency: charge.currency,
    metadata,
    payment_intent: charge.payment_intent,
    reason,
    status: 'succeeded',
  };
  made.balance_transaction = account.move(asking.at, {
    amount: -sum,
    currency: charge.currency,
    source: made.id,
    type: 'refund',
    reporting_category: 'refund',
  }).id;
  account.refunds.set(made.id, made);
  const previous = { amount_refunded: charge.amount_refunded, refunded: charge.refunded };
  charge.amount_refunded += sum;
  charge.refunded = charge.amount_refunded === charge.amount_captured;
  account.emit(asking, 'refund.created', made);
  account.emit(asking, 'charge.refunded', charge, previous);
  return made;
}

export function createDispute(account: Account, asking: Asking, charge: Charge, reason: Dispute['reason']): Dispute {
  if (!charge.paid || charge.disputed) throw invalid(`Charge ${charge.id} can’t be disputed.`);
  const amount = charge.amount_captured - charge.amount_refunded;
  if (amount === 0) throw unexpected('charge_already_refunded', `Charge ${charge.id} has already been refunded.`);
  const dispute: Dispute = {
    ...born('du', asking.at),
    amount,
    balance_transactions: [],
    charge: charge.id,
    currency: charge.currency,
    is_charge_refundable: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: 'needs_response',
  };
  charge.disputed = true;
  dispute.balance_transactions.push(moved(account, asking, dispute, -amount));
  account.disputes.set(dispute.id, dispute);
  account.emit(asking, 'charge.dispute.created', dispute);
  account.emit(asking, 'charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

export function closeDispute(account: Account, asking: Asking, dispute: Dispute, status: 'won' | 'lost'): Dispute {
  if (dispute.status !== 'needs_response') throw invalid('This dispute is already closed');
  dispute.status = status;
  if (status === 'won') {
    dispute.balance_transactions.push(moved(account, asking, dispute, dispute.amount));
    const charge = account.charges.get(dispute.charge);
    if (charge) charge.disputed = false;
  }
  account.emit(asking, 'charge.dispute.closed', dispute);
  if (status === 'won') account.emit(asking, 'charge.dispute.funds_reinstated', dispute);
  return dispute;
}

const moved = (account: Account, asking: Asking, dispute: Dispute, amount: number) =>
  account.move(asking.at, {
    amount,
    currency: dispute.currency,
    source: dispute.id,
    type: 'adjustment',
    reporting_category: amount < 0 ? 'dispute' : 'dispute_reversal',
  });
