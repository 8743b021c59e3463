/** What staff see of payment events, and do about them. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { Problem } from '../../platform/errors.ts';
import { causeOf } from '../../platform/log.ts';
import type { QueryOf } from '../../protocol/http/endpoint.ts';
import type { listPaymentEvents, WirePaymentEvent } from '../../protocol/http/payment-events.ts';
import type { UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { auditStatement } from '../event_log/service.ts';
import { enqueue } from './d1-till.ts';
import { type DeskRow, deliveryRow, deskRows, refsOf, replayStatement } from './delivery-store.ts';
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

/**
 * One whole.
 * @param whole what names the customer, and the bytes as they came
 * @throws Problem `not_found`
 */
export async function paymentEvent(ctx: Context, id: PaymentEventId, { whole }: { whole: boolean }) {
  const row = await deskRow(ctx, id);
  const [delivery, refs] = whole ? await Promise.all([deliveryRow(ctx.env.DB, id), refsOf(ctx.env.DB, id)]) : [null, null];
  return { paymentEvent: toWire(row), customerRefs: refs, raw: delivery?.raw ?? null };
}

/**
 * Has one taken up again. Audited before it is put on the queue: pressed again after a failure, it is put there again, and
 * nothing is granted twice.
 * @throws Problem `not_found`, `too_late` for what had its effect, `overloaded` where the queue takes nothing
 */
export async function replay(ctx: Context, id: PaymentEventId, actor: UserId): Promise<WirePaymentEvent> {
  const { delivery } = await deskRow(ctx, id);
  if (delivery.state === 'applied') throw new Problem('too_late', 'This event has had its effect.');
  const { state, reason, replays } = delivery;
  await ctx.env.DB.batch([
    replayStatement(ctx.env.DB, id, ctx.now),
    auditStatement(ctx, {
      actor,
      action: 'payments.replay',
      subject: id,
      before: { state, reason, replays },
      after: { state: 'stored', replays: replays + 1 },
    }),
  ]);
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
