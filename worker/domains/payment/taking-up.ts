/**
 * Takes up one delivery: reads it, finds whose it is, grants or takes back, says how the subscription stands (money.md,
 * "Payments", 3–6). Every step can be repeated and every order of events ends in the same state, so that a crash anywhere is
 * mended by taking the delivery up again: the database decides who claims, and the ledger's keys what is posted.
 */
import type { UserId } from '../../protocol/ids.ts';
import { aliasesOf, whoseIs } from './claim-rules.ts';
import { faultOf, grantOf, isSpentBy, tellsPayment } from './grant-rules.ts';
import { changeBy, type RefundKind, refundKey } from './refund-rules.ts';
import { foldSubscription } from './subscription-rules.ts';
import type { DeadReason, DeliveryState, PaymentEventId, StoredEvent, StoredPayment, StoredRefund, Till } from './till.ts';

/** What became of it. `later`: a store or the ledger did not answer; the same again. `unknown`: there is no such delivery. */
export type TakenUp = Exclude<DeliveryState, 'stored'> | 'later' | 'unknown';

/** The rules it goes by; the simulation plants bugs in them. */
export const realRules = { aliasesOf, whoseIs, faultOf, grantOf, isSpentBy, tellsPayment, changeBy, refundKey, foldSubscription };
export type PaymentRules = typeof realRules;

interface Desk {
  readonly till: Till;
  readonly rules: PaymentRules;
}

export async function takeUp(till: Till, id: PaymentEventId, rules: PaymentRules = realRules): Promise<TakenUp> {
  const desk: Desk = { till, rules };
  const delivery = await till.delivery(id);
  if (!delivery) return 'unknown';
  if (delivery.state === 'applied' || delivery.state === 'nothing' || delivery.state === 'dead') return delivery.state;
  const event = await till.event(id);
  if (event) return apply(desk, event);
  const read = await till.interpret(delivery);
  if (read.outcome === 'later') return 'later';
  if (read.outcome === 'nothing') return settled(till, id, 'nothing', read.why);
  if (read.outcome === 'unreadable') return dead(till, id, 'unreadable', read.why);
  const fault = rules.faultOf(read.event);
  if (fault !== null) return dead(till, id, 'unreadable', fault);
  await till.keepEvent(id, read.event);
  const kept = await till.event(id);
  if (!kept) throw new Error(`the event ${id} was kept and is not there`);
  return apply(desk, kept);
}

const isRefund = (kind: StoredEvent['kind']): kind is RefundKind =>
  kind === 'refund' || kind === 'chargeback' || kind === 'refund_reversal';

async function apply(desk: Desk, event: StoredEvent): Promise<TakenUp> {
  return isRefund(event.kind) ? applyRefund(desk, event, event.kind) : applyWord(desk, event);
}

// ── whose it is ─────────────────────────────────────────────────────────────────────────────────────────────────────

async function ownerOf({ till, rules }: Desk, event: StoredEvent): Promise<UserId | 'nobody' | 'two_owners'> {
  if (event.userId !== null) return event.userId;
  const { store, storeTransactionId } = event;
  // Whoever is verified between the look and the note finds the note; whoever is before it, the second look.
  for (const look of ['first', 'last'] as const) {
    const granted = storeTransactionId === null ? null : await till.payment(store, storeTransactionId);
    const whose = rules.whoseIs(await till.claimsOn(event), granted?.userId ?? null);
    if (whose.outcome === 'two_owners') return 'two_owners';
    if (whose.outcome === 'owner') return till.claim(event.id, whose.userId);
    if (look === 'first') await till.settle(event.id, 'pending');
  }
  return 'nobody';
}

// ── payments, and words about subscriptions ─────────────────────────────────────────────────────────────────────────

async function applyWord(desk: Desk, event: StoredEvent): Promise<TakenUp> {
  const { till, rules } = desk;
  const owner = await ownerOf(desk, event);
  if (owner === 'nobody') return 'pending';
  if (owner === 'two_owners') return dead(till, event.id, 'two_owners');
  const names = rules.aliasesOf(event);
  await till.bind(names, owner);
  await till.enqueue(await till.pendingWith(names));
  let note: string | null = null;
  if (rules.tellsPayment(event)) {
    const paid = await applyPayment(desk, event, owner);
    if (paid.outcome === 'dead') return dead(till, event.id, paid.reason);
    if (paid.outcome === 'later') return 'later';
    note = paid.note;
  } else if (event.kind === 'purchase') return dead(till, event.id, 'no_transaction');
  if (event.storeSubscriptionId !== null) await foldOne(desk, owner, event.store, event.storeSubscriptionId);
  return settled(till, event.id, 'applied', undefined, note);
}

type Paid =
  | { readonly outcome: 'paid'; readonly note: string | null }
  | { readonly outcome: 'dead'; readonly reason: DeadReason }
  | { readonly outcome: 'later' };

async function applyPayment({ till, rules }: Desk, event: StoredEvent, owner: UserId): Promise<Paid> {
  const { store, storeTransactionId: transactionId, productRef, occurredAt } = event;
  if (transactionId === null) return { outcome: 'dead', reason: 'no_transaction' };
  const product = productRef === null ? null : await till.soldAs(store, productRef);
  if (!product) return { outcome: 'dead', reason: 'unknown_product' };
  const grant = rules.grantOf(product, occurredAt);
  const payment = await till.addPayment({
    eventId: event.id,
    store,
    transactionId,
    userId: owner,
    product: product.id,
    unit: grant.unit,
    granted: grant.amount,
    money: event.money,
    subscriptionRef: event.storeSubscriptionId,
    occurredAt,
  });
  // Told by two messengers at once, each for somebody else: the first one has it.
  if (payment.userId !== owner) return { outcome: 'dead', reason: 'two_owners' };
  if (!payment.posted) {
    // What a second messenger calls the moment of one transaction may differ; the posting is that of the payment that stands.
    const booked = await till.postPayment(payment, rules.grantOf(product, payment.occurredAt).metadata);
    if (booked === 'unknown') return { outcome: 'later' };
    if (booked === 'conflict') return { outcome: 'dead', reason: 'conflict' };
    await till.notePosted({ payment, kind: product.kind });
  }
  await till.enqueue((await till.parkedOn(store, transactionId)).filter((id) => id !== event.id));
  return { outcome: 'paid', note: rules.isSpentBy(await till.versionOf(owner), product.kind) ? null : 'not_spent' };
}

// ── refunds ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A refund is of whoever was granted what it takes back, whatever else it says; before its payment was told it waits. */
async function applyRefund(desk: Desk, event: StoredEvent, kind: RefundKind): Promise<TakenUp> {
  const { till } = desk;
  const { store, storeTransactionId: transactionId } = event;
  if (transactionId === null) return dead(till, event.id, 'no_transaction');
  let payment = await till.payment(store, transactionId);
  if (!payment) {
    await till.settle(event.id, 'waiting');
    payment = await till.payment(store, transactionId);
    if (!payment) return 'waiting';
  }
  if (event.userId === null) await till.claim(event.id, payment.userId);
  const found = await addRefund(desk, payment, event, kind);
  if (!found) return dead(till, event.id, 'conflict');
  const { payment: whole, refund } = found;
  if (!refund.posted) {
    const booked = refund.change === 0 ? 'posted' : await till.postRefund(whole, refund);
    if (booked === 'unknown') return 'later';
    if (booked === 'conflict') return dead(till, event.id, 'conflict');
    await till.notePosted({ payment: whole, refund });
  }
  for (const ref of await till.subscriptionsOf(store, transactionId)) await foldOne(desk, whole.userId, store, ref);
  return settled(till, event.id, 'applied');
}

/** The word of a refund as it stands among those of its payment: this one, or the same told before. Null: it is another payment's. */
async function addRefund(
  { till, rules }: Desk,
  found: StoredPayment,
  event: StoredEvent,
  kind: RefundKind,
): Promise<{ payment: StoredPayment; refund: StoredRefund } | null> {
  const word = { kind, refundId: event.storeRefundId, money: event.money };
  const key = rules.refundKey(found, word);
  for (let payment: StoredPayment | null = found; payment; payment = await till.payment(payment.store, payment.transactionId)) {
    const refund = payment.refunds.find((known) => known.key === key);
    if (refund) return { payment, refund };
    const change = rules.changeBy(payment, payment.refunds, word);
    const wish = { ...word, key, eventId: event.id, change, occurredAt: event.occurredAt };
    const answer = await till.addRefund(payment, payment.refunds.length, wish);
    if (answer === 'elsewhere') return null;
    if (answer === 'added') return { payment, refund: { ...wish, posted: false } };
  }
  throw new Error(`the payment ${found.id} is there no more`);
}

// ── subscriptions ───────────────────────────────────────────────────────────────────────────────────────────────────

async function foldOne({ till, rules }: Desk, userId: UserId, store: StoredEvent['store'], ref: string): Promise<void> {
  const { words, count } = await till.wordsOf(userId, store, ref);
  const standing = rules.foldSubscription(words);
  if (standing) await till.putSubscription({ ...standing, userId, store, ref, words: count });
}

async function settled(
  till: Till,
  id: PaymentEventId,
  state: 'applied' | 'nothing',
  reason?: string,
  note: string | null = null,
): Promise<TakenUp> {
  await till.settle(id, state, { note, ...(reason === undefined ? {} : { reason }) });
  return state;
}

async function dead(till: Till, id: PaymentEventId, reason: DeadReason, why?: string): Promise<TakenUp> {
  await till.settle(id, 'dead', { reason: why === undefined ? reason : `${reason}: ${why}` });
  return 'dead';
}
