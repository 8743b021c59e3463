/** What staff see of notifications that left the app. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import type { QueryOf } from '../../protocol/http/endpoint.ts';
import type { listDeliveries, NotificationDelivery } from '../../protocol/http/notifications.ts';
import type { Id } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { type ClimbRow, climbPage, type SendRow, sendsOf } from './climb-store.ts';
import { mailEventsOf } from './suppression-store.ts';

const position = z.tuple([z.int(), z.string()]);
const DEFAULT_PAGE = 50;

export async function deliveries(
  ctx: Context,
  query: QueryOf<typeof listDeliveries>,
): Promise<{ items: NotificationDelivery[]; nextCursor: string | null }> {
  const { limit = DEFAULT_PAGE, cursor, userId, kind, state } = query;
  const rows = await climbPage(ctx.env.DB, { userId, kind, state, after: fromCursor(cursor, position), limit: limit + 1 });
  const items = rows.slice(0, limit);
  const ids = items.map(({ id }) => id);
  const [tried, told] = await Promise.all([sendsOf(ctx.env.DB, ids), mailEventsOf(ctx.env.DB, ids)]);
  const sends = Map.groupBy(tried, ({ notificationId }) => notificationId);
  // The oldest come first, so the newest stays.
  const words = new Map(told.map(({ messageId, type, at }) => [messageId, { type, at: toTimestamp(at) }]));
  const last = items.at(-1);
  return {
    items: items.map((row) => toWire(row, sends.get(row.id) ?? [], words.get(row.id) ?? null)),
    nextCursor: rows.length > limit && last ? toCursor([last.beganAt, last.id]) : null,
  };
}

const toWire = (
  { id, userId, kind, beganAt, rung, state, because, dueAt }: ClimbRow,
  sends: readonly SendRow[],
  word: { type: string; at: string } | null,
): NotificationDelivery => ({
  id,
  userId,
  kind,
  at: toTimestamp(beganAt),
  rung,
  state,
  because,
  dueAt: dueAt === null ? null : toTimestamp(dueAt),
  sends: sends.map((send) => ({
    rung: send.rung,
    deviceId: send.deviceId === '' ? null : (send.deviceId as Id<'dev'>),
    channel: send.channel,
    attempts: send.attempts,
    at: toTimestamp(send.createdAt),
    sentAt: send.sentAt === null ? null : toTimestamp(send.sentAt),
    code: send.code,
    word: send.channel === 'mail' ? word : null,
  })),
});
