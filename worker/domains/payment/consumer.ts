/** The queue `webhooks`, and what it gave up. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import type { Delivery } from '../../platform/queues.ts';
import { paymentMessage, topUpMessage } from '../../protocol/queue/messages.ts';
import { topUpIfLow } from './automatic.ts';
import { d1Till } from './d1-till.ts';
import { sources as everySource } from './sources.ts';
import { takeUp } from './taking-up.ts';

/** Takes up one delivery, or carries out one order of coins. Safe to repeat, in any order. */
export async function consumePayments(ctx: Context, body: unknown, sources = everySource): Promise<Delivery> {
  const order = z.safeParse(topUpMessage, body);
  if (order.success) return topUpIfLow(ctx, order.data.userId);
  const read = z.safeParse(paymentMessage, body);
  if (!read.success) return { drop: true, code: 'not_a_message' };
  const came = await takeUp(d1Till(ctx, sources), read.data.id);
  if (came === 'unknown') return { drop: true, code: 'no_such_delivery' };
  return came === 'later' ? { retry: true, code: 'not_answered' } : { done: true };
}

/** What was given up is shown to staff, who can put it back; it may have had a part of its effect, and the rest follows then. */
export async function consumeDeadPayments(ctx: Context, body: unknown): Promise<Delivery> {
  const read = z.safeParse(paymentMessage, body);
  if (!read.success) return { drop: true, code: 'not_a_message' };
  const till = d1Till(ctx, {});
  const delivery = await till.delivery(read.data.id);
  if (delivery?.state === 'stored') await till.settle(delivery.id, 'dead', { reason: 'gave_up' });
  return { done: true };
}
