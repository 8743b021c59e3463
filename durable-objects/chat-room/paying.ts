/** What becomes of a message that waits for its price (money.md, "Paid messages"). */
import type { MessageCharge } from '../../worker/domains/pricing/port.ts';
import { pricingFor } from '../../worker/domains/pricing/service.ts';
import type { Context } from '../../worker/platform/context.ts';
import { causeOf } from '../../worker/platform/log.ts';
import type { MonetizationVersion } from '../../worker/protocol/people.ts';
import type { SettleOrder } from './core/orders.ts';
import type { Intent, Room } from './core/state.ts';

/**
 * [RP2] Posts the price by the message's own key, or finds out that it can't be. In a conversation that was closed
 * meanwhile it is given up instead: what the books have of it already is paid, and gets its place.
 * @returns null where nobody knows: the same is to be asked again
 */
export async function pay(
  ctx: Context,
  room: Room,
  intent: Intent,
  version: MonetizationVersion | undefined,
): Promise<SettleOrder['outcome'] | null> {
  const closed = room.closed !== null;
  const tooLate = { is: 'dropped', code: 'blocked', detail: 'One of you has blocked the other.' } as const;
  if (intent.charge === null) return closed ? { ...tooLate, givenUp: false } : { is: 'paid' };
  const model = version && pricingFor(version);
  if (!model) return null;
  const order = chargeOf(room, intent, intent.charge);
  try {
    const answer = closed ? await model.voidMessage(ctx, order) : await model.chargeMessage(ctx, order);
    if (answer.outcome === 'posted') return { is: 'paid' };
    if (answer.outcome === 'unknown') return null;
    if (answer.reason === 'insufficient_funds')
      return { is: 'dropped', code: 'insufficient_funds', detail: 'The balance is too low for this message.', givenUp: false };
    if (closed) return { ...tooLate, givenUp: true };
    return { is: 'dropped', code: 'idempotency_conflict', detail: 'This message was given up. Send it as a new one.', givenUp: true };
  } catch (thrown) {
    ctx.log.warn('the charge of a message found no answer', { chatId: room.chatId, cause: causeOf(thrown) });
    return null;
  }
}

const chargeOf = (
  { chatId }: Room,
  { sender, clientId, at }: Intent,
  { tariffId, payer, payee, price, earning }: NonNullable<Intent['charge']>,
): MessageCharge => ({ chatId, sender, clientId, tariffId, payer, payee, price, earning, eventAt: at });
