/** What staff see of notifications that left the app. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import type { QueryOf } from '../../protocol/http/endpoint.ts';
import type { listDeliveries, NotificationDelivery } from '../../protocol/http/notifications.ts';
import type { Id } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { type ClimbRow, climbPage, type SendRow, sendsOf } from './climb-store.ts';

const position = z.tuple([z.int(), z.string()]);
const DEFAULT_PAGE = 50;

export async function deliveries(
  ctx: Context,
  query: QueryOf<typeof listDeliveries>,
): Promise<{ items: NotificationDelivery[]; nextCursor: string | null }> {
  const { limit = DEFAULT_PAGE, cursor, userId, kind, state } = query;
  const rows = await climbPage(ctx.env.DB, { userId, kind, state, after: fromCursor(cursor, position), limit: limit + 1 });
  const items = rows.slice(0, limit);
  const sends = Map.groupBy(
    await sendsOf(
      ctx.env.DB,
      items.map(({ id }) => id),
    ),
    ({ notificationId }) => notificationId,
  );
  const last = items.at(-1);
  return {
    items: items.map((row) => toWire(row, sends.get(row.id) ?? [])),
    nextCursor: rows.length > limit && last ? toCursor([last.beganAt, last.id]) : null,
  };
}

const toWire = ({ id, userId, kind, beganAt, rung, state, because, dueAt }: ClimbRow, sends: readonly SendRow[]): NotificationDelivery => ({
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
  })),
});
