/** Messages that the queue gave up: kept with the reason, and put back by staff. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { Problem, unwrap } from '../../platform/errors.ts';
import { causeOf } from '../../platform/log.ts';
import type { Delivery } from '../../platform/queues.ts';
import { userHub } from '../../platform/stubs.ts';
import type { DeadLetter } from '../../protocol/http/notifications.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import { type NotificationMessage, notificationMessage } from '../../protocol/queue/messages.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { auditStatement } from '../event_log/service.ts';
import { climbStatement, sendsOf } from './climb-store.ts';
import { addDead, type DeadRow, deadPage, deadRow, replayedStatement } from './dead-store.ts';

/** Takes in one message of the dead-letter queue. A notification goes on to its next rung: nobody waits for this one any more. */
export async function consumeDeadLetters(ctx: Context, body: unknown, _attempt: number, messageId: string): Promise<Delivery> {
  const read = z.safeParse(notificationMessage, body);
  const message = read.success ? read.data : null;
  const about = message === null ? { notificationId: null, userId: null } : aboutOf(message);
  await addDead(ctx.env.DB, {
    id: messageId,
    at: ctx.now,
    kind: message?.kind ?? 'unreadable',
    ...about,
    reason: (message && (await reasonOf(ctx, message))) ?? 'given_up',
    // Codes and addresses are kept nowhere.
    body: message === null || message.kind === 'otp' ? null : JSON.stringify(message),
  });
  if (message?.kind === 'climb') {
    const { id, userId, notice, beganAt, rung } = message;
    const row = { id, userId, kind: notice, beganAt, rung, state: 'unreached', because: 'dead_letter', dueAt: null } as const;
    await climbStatement(ctx.env.DB, row, ctx.now).run();
    unwrap(await userHub(ctx.env, userId).climbed({ id, rung, outcome: 'unreached', now: ctx.now }));
  }
  return { done: true };
}

const aboutOf = (message: NotificationMessage): Pick<DeadRow, 'notificationId' | 'userId'> =>
  message.kind === 'announce' || message.kind === 'announce_page'
    ? { notificationId: null, userId: null }
    : { notificationId: message.id, userId: 'userId' in message ? message.userId : null };

/** The last words of the providers; null where they were never asked. */
async function reasonOf(ctx: Context, message: NotificationMessage): Promise<string | null> {
  if (message.kind !== 'climb') return null;
  const codes = (await sendsOf(ctx.env.DB, [message.id])).flatMap(({ rung, code }) =>
    rung === message.rung && code !== null ? [code] : [],
  );
  return codes.length === 0 ? null : [...new Set(codes)].join(', ');
}

const position = z.tuple([z.int(), z.string()]);
const DEFAULT_PAGE = 50;

export async function deadLetters(
  ctx: Context,
  asked: { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: DeadLetter[]; nextCursor: string | null }> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const rows = await deadPage(ctx.env.DB, { after: fromCursor(asked.cursor, position), limit: limit + 1 });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(toWire), nextCursor: rows.length > limit && last ? toCursor([last.at, last.id]) : null };
}

/**
 * Puts a message back. Audited before it is sent: pressed again after a failure, it is sent again, and nobody is told twice.
 * @throws Problem `not_found`, `too_late` for what is not kept, `overloaded` where the queue takes nothing
 */
export async function replay(ctx: Context, id: string, actor: UserId): Promise<DeadLetter> {
  const row = await deadRow(ctx.env.DB, id);
  if (!row) throw new Problem('not_found', 'There is no such message.');
  if (row.body === null) throw new Problem('too_late', 'This message is not kept: what it held is over.');
  const message = notificationMessage.parse(JSON.parse(row.body));
  await ctx.env.DB.batch([
    replayedStatement(ctx.env.DB, id, ctx.now),
    auditStatement(ctx, {
      actor,
      action: 'notification.replay',
      subject: row.notificationId ?? id,
      before: { replays: row.replays },
      after: { replays: row.replays + 1, kind: row.kind },
    }),
  ]);
  try {
    await ctx.env.NOTIFICATIONS.send(message.kind === 'climb' ? { ...message, replay: true } : message);
  } catch (thrown) {
    ctx.log.error('a dead letter could not be put back', { deadLetterId: id, cause: causeOf(thrown) });
    throw new Problem('overloaded', 'The queue did not take it. Please try again in a moment.', { retryAfter: 5 });
  }
  return toWire({ ...row, replays: row.replays + 1, replayedAt: ctx.now });
}

const toWire = (row: DeadRow): DeadLetter => ({
  id: row.id,
  at: toTimestamp(row.at),
  kind: row.kind,
  notificationId: row.notificationId as Id<'ntf'> | null,
  userId: row.userId as UserId | null,
  reason: row.reason,
  replayable: row.body !== null,
  replays: row.replays,
  replayedAt: row.replayedAt === null ? null : toTimestamp(row.replayedAt),
});
