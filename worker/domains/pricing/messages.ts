/**
 * A message and the ways to pay it. Charging it by any of them and giving it up insert the same posting key, so that
 * exactly one wins, whatever crashes in between (money.md, "Paid messages").
 */
import type { Context } from '../../platform/context.ts';
import type { UnitAmount } from '../../protocol/money.ts';
import { credit, debit, type Fact, incomeOf, type PairAnswer, postPair, sourceOf } from '../balance/service.ts';
import type { MessageCharge, MessageChargeAnswer, Owner } from './port.ts';
import { tellRunningCall } from './running-call.ts';
import type { Way } from './ways.ts';

export const messageByCoins = (order: MessageCharge, price: UnitAmount): Way => ({
  kind: 'checkpoint',
  moves: [debit(order.payer, price.unit, incomeOf(price.unit), price.amount)],
});

/** Pays a message by the first way that is not refused. Repeating it gives the first answer again. */
export async function chargeMessageBy(ctx: Context, order: MessageCharge, ways: readonly Way[]): Promise<MessageChargeAnswer> {
  const earning = earningOf(order);
  if (!order.price) return earning ? answerOf(ctx, order, await postPair(ctx, earning, null)) : { outcome: 'posted' };
  let answer: MessageChargeAnswer = { outcome: 'refused', reason: 'insufficient_funds' };
  for (const way of ways) {
    const payment = { ...paymentOf(order, order.price), moves: way.moves };
    answer = answerOf(ctx, order, await postPair(ctx, payment, earning, { use: way.use }));
    // No balance moves by what a plan or a piece pays, so that nobody else tells the payer's call of it.
    if (answer.outcome === 'posted' && way.use) ctx.later(tellRunningCall(ctx, order.payer.userId));
    if (answer.outcome !== 'refused' || answer.reason !== 'insufficient_funds') break;
  }
  return answer;
}

export async function voidMessage(ctx: Context, order: MessageCharge): Promise<MessageChargeAnswer> {
  // The same intents under the same keys, both of them, so that a charge that was under way does not pay the payee alone:
  // whichever is first is what the books say of this message for good.
  const facts = [order.price ? paymentOf(order, order.price) : null, earningOf(order)].filter((fact) => fact !== null);
  const [first, second] = facts.map((fact): Fact => ({ ...fact, kind: 'message_void', moves: [] }));
  return first ? answerOf(ctx, order, await postPair(ctx, first, second ?? null)) : { outcome: 'refused', reason: 'voided' };
}

const paymentOf = (order: MessageCharge, price: UnitAmount): Fact => factOf(order, 'payer', order.payer, price);

const earningOf = (order: MessageCharge): Fact | null =>
  order.earning && order.payee ? factOf(order, 'payee', order.payee, order.earning) : null;

function factOf(order: MessageCharge, party: 'payer' | 'payee', owner: Owner, { unit, amount }: UnitAmount): Fact {
  const { chatId, sender, clientId, tariffId } = order;
  const pays = party === 'payer';
  return {
    owner,
    key: `message:${chatId}:${sender}:${clientId}:${party}`,
    kind: pays ? 'message' : 'message_earning',
    ref: chatId,
    actor: 'system',
    eventAt: order.eventAt,
    intent: { party, tariffId, unit, amount },
    // The multiplier is 1 until earnings have rules.
    metadata: { tariffId, ...(pays ? {} : { tariffAmount: amount, multiplier: '1.00', multiplierParts: [] }) },
    moves: pays ? [] : [credit(owner, unit, sourceOf(unit), amount)],
  };
}

function answerOf(ctx: Context, order: MessageCharge, answer: PairAnswer): MessageChargeAnswer {
  switch (answer.outcome) {
    case 'posted':
      return answer.first.kind === 'message_void' ? { outcome: 'refused', reason: 'voided' } : { outcome: 'posted' };
    case 'refused':
      return { outcome: 'refused', reason: 'insufficient_funds' };
    case 'unknown':
      return { outcome: 'unknown' };
    case 'conflict':
      ctx.log.error('the books hold another amount for a message', { chatId: order.chatId, tariffId: order.tariffId });
      return { outcome: 'refused', reason: 'idempotency_conflict' };
  }
}
