/**
 * A message paid in coins. Charging it and giving it up insert the same posting key, so that exactly one of them wins,
 * whatever crashes in between (money.md, "Paid messages").
 */
import type { Context } from '../../platform/context.ts';
import type { UnitAmount } from '../../protocol/money.ts';
import { credit, debit, type Fact, incomeOf, type PairAnswer, postPair, sourceOf } from '../balance/service.ts';
import type { MessageCharge, MessageChargeAnswer, Owner } from './port.ts';

export async function chargeMessage(ctx: Context, order: MessageCharge): Promise<MessageChargeAnswer> {
  const [first, second] = factsOf(order);
  return first ? answerOf(ctx, order, await postPair(ctx, first, second ?? null)) : { outcome: 'posted' };
}

export async function voidMessage(ctx: Context, order: MessageCharge): Promise<MessageChargeAnswer> {
  // The same intents under the same keys, both of them, so that a charge that was under way does not pay the payee alone:
  // whichever is first is what the books say of this message for good.
  const [first, second] = factsOf(order).map((fact): Fact => ({ ...fact, kind: 'message_void', moves: [] }));
  return first ? answerOf(ctx, order, await postPair(ctx, first, second ?? null)) : { outcome: 'refused', reason: 'voided' };
}

/** The payer's posting and the payee's; the one there is, where the other has none. */
function factsOf(order: MessageCharge): Fact[] {
  const { payer, payee, price, earning } = order;
  return [...(price ? [factOf(order, 'payer', payer, price)] : []), ...(earning && payee ? [factOf(order, 'payee', payee, earning)] : [])];
}

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
    moves: [pays ? debit(owner, unit, incomeOf(unit), amount) : credit(owner, unit, sourceOf(unit), amount)],
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
