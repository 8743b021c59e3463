/** What staff see of payment events, and do about them. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { causeOf } from '../../platform/log.ts';
import type { AnswerOf, QueryOf } from '../../protocol/http/endpoint.ts';
import type { listPaymentEvents, lookAtPaymentEvent, WirePaymentEvent } from '../../protocol/http/payment-events.ts';
import type { UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { audit, auditStatement } from '../event_log/service.ts';
import { userById } from '../user/service.ts';
import { enqueue } from './d1-till.ts';
import { claimStatement, type DeskRow, deliveryRow, deskRows, refsOf, replayStatement } from './delivery-store.ts';
import type { PaymentEventId } from './till.ts';

const DEFAULT_PAGE = 50;

/** Newest first, by their ids, which sort by the moment they came. */
export async function paymentEvents(
  ctx: Context,
  { cursor, limit = DEFAULT_PAGE, ...asked }: QueryOf<typeof listPaymentEvents>,
): Promise<{ items: WirePaymentEvent[]; nextCursor: string | null }> {
  const rows = await deskRows(ctx.env.DB, { ...asked, before: fromCursor(cursor, z.string()), limit: limit + 1 });
  const items = rows.slice(0, limit).map(toWire);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? toCursor(last.id) : null };
}

async function deskRow(ctx: Context, id: PaymentEventId): Promise<DeskRow> {
  const [row] = await deskRows(ctx.env.DB, { id, before: null, limit: 1 });
  if (!row) throw new Problem('not_found', 'There is no such payment event.');
  return row;
}

/** @throws Problem `not_found` */
export const paymentEvent = async (ctx: Context, id: PaymentEventId): Promise<WirePaymentEvent> => toWire(await deskRow(ctx, id));

/**
 * What names the customer, and the bytes as they came. That somebody looked is written down first: nothing is seen unwritten.
 * @throws Problem `not_found`
 */
export async function lookAt(ctx: Context, id: PaymentEventId, actor: UserId): Promise<AnswerOf<typeof lookAtPaymentEvent>> {
  const delivery = await deliveryRow(ctx.env.DB, id);
  if (!delivery) throw new Problem('not_found', 'There is no such payment event.');
  await audit(ctx, { actor, action: 'payments.look', subject: id, before: null, after: null });
  const { raw, rawHash } = delivery;
  return { customerRefs: await refsOf(ctx.env.DB, id), raw: rawHash === null ? raw : null, rawHash };
}

/**
 * Has one taken up again, for somebody whom staff name where nobody is known by its names, or more than one. Audited before it is
 * put on the queue: pressed again after a failure, it is put there again, and nothing is granted twice.
 * @throws Problem `not_found`, `too_late` for what had its effect, `taken` where it is somebody else's, `overloaded` where the
 * queue takes nothing
 */
export async function replay(
  ctx: Context,
  { id, claimFor, actor }: { id: PaymentEventId; claimFor?: { userId: UserId; reason: string } | undefined; actor: UserId },
): Promise<WirePaymentEvent> {
  const { delivery, event } = await deskRow(ctx, id);
  if (delivery.state === 'applied') throw new Problem('too_late', 'This event has had its effect.');
  if (claimFor && !event) throw new Problem('too_late', 'This event was not read yet: nobody can say whose it is.');
  if (claimFor && !(await userById(ctx, claimFor.userId))) throw new Problem('not_found', 'There is no user with this id.');
  const { state, reason, replays } = delivery;
  const statements = [
    replayStatement(ctx.env.DB, id, ctx.now),
    auditStatement(ctx, {
      actor,
      action: 'payments.replay',
      subject: id,
      before: { state, reason, replays, userId: event?.userId ?? null },
      after: { state: 'stored', replays: replays + 1, ...(claimFor ? { claimFor } : {}) },
    }),
  ];
  const claim = claimFor && event?.userId !== claimFor.userId ? [claimStatement(ctx.env.DB, id, claimFor.userId)] : [];
  try {
    await ctx.env.DB.batch([...claim, ...statements]);
  } catch (thrown) {
    if (refusedWith(thrown, 'claimed')) throw new Problem('taken', 'This event is somebody else’s already.');
    throw thrown;
  }
  try {
    await enqueue(ctx, [id]);
  } catch (thrown) {
    ctx.log.error('a payment event could not be put back', { id, cause: causeOf(thrown) });
    throw new Problem('overloaded', 'The queue did not take it. Please try again in a moment.', { retryAfter: 5 });
  }
  return toWire(await deskRow(ctx, id));
}

function toWire({ delivery, event }: DeskRow): WirePaymentEvent {
  const { id, source, sourceEventId, receivedAt, state, reason, note, replays, sentBy } = delivery;
  return {
    id,
    source,
    sourceEventId,
    receivedAt: toTimestamp(receivedAt),
    state,
    reason,
    note,
    replays,
    sentBy,
    fact: event && {
      store: event.store,
      kind: event.kind,
      transactionId: event.transactionId,
      refundId: event.refundId,
      subscriptionRef: event.subscriptionRef,
      productRef: event.productRef,
      money: event.amount === null || event.currency === null ? null : { amount: event.amount, currency: event.currency },
      period:
        event.periodFrom === null || event.periodUntil === null
          ? null
          : { from: toTimestamp(event.periodFrom), until: toTimestamp(event.periodUntil) },
      occurredAt: toTimestamp(event.occurredAt),
      signedByStore: event.signedByStore,
      userId: event.userId,
    },
  };
}
