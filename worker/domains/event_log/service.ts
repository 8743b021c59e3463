/** Says what happened (`record`) and what staff changed (`audit`). */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { newId } from '../../platform/ids.ts';
import type { auditEntry } from '../../protocol/http/admin.ts';
import type { Id, UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { type AuditRow, advanceReader, auditEntries, insertAudit, insertEvent, unreadRows } from './store.ts';

/** A fact: `type` is named `thing.happened`, `subject` is the id of what it happened to. No personal data, no texts. */
export interface Happening {
  readonly type: string;
  readonly subject: string;
  /** Who did it; left out where the platform itself did. */
  readonly actor?: UserId;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A change by staff, with the record before and after it (`null` where there was none). */
export interface StaffChange {
  readonly actor: UserId;
  /** The permission or verb: `tariff.publish`. */
  readonly action: string;
  readonly subject: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The statement that records an event, to stand in the same batch as the change it tells of. */
export const eventStatement = (ctx: Context, happening: Happening): D1PreparedStatement =>
  insertEvent(ctx.env.DB, {
    id: newId('evt'),
    type: happening.type,
    subject: happening.subject,
    actor: happening.actor ?? null,
    occurredAt: ctx.now,
    requestId: ctx.requestId,
    payload: happening.payload,
  });

/** The statement that writes an audit entry, to stand in the same batch as the change: no change without its entry. */
export const auditStatement = (ctx: Context, change: StaffChange): D1PreparedStatement =>
  insertAudit(ctx.env.DB, {
    id: newId('aud'),
    at: ctx.now,
    actor: change.actor,
    action: change.action,
    subject: change.subject,
    before: JSON.stringify(change.before ?? null),
    after: JSON.stringify(change.after ?? null),
    requestId: ctx.requestId,
  });

/** Records an event on its own, where nothing in the main database changes with it. */
export async function record(ctx: Context, happening: Happening): Promise<void> {
  await eventStatement(ctx, happening).run();
}

/** Writes an audit entry on its own, where the change lies outside the main database (the ledger, an object). */
export async function audit(ctx: Context, change: StaffChange): Promise<void> {
  await auditStatement(ctx, change).run();
}

/** An event as a reader of the log finds it. */
export interface LoggedEvent {
  readonly seq: number;
  readonly type: string;
  readonly subject: string;
  readonly actor: UserId | null;
  /** ms since the epoch. */
  readonly occurredAt: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Events of these types that a reader has not read, oldest first. Read again until `advanceStatement` was run. */
export async function unreadEvents(
  ctx: Context,
  asked: { reader: string; types: readonly string[]; limit: number },
): Promise<LoggedEvent[]> {
  const rows = await unreadRows(ctx.env.DB, asked);
  return rows.map(({ seq, type, subject, actor, occurredAt, payload }) => ({
    seq,
    type,
    subject,
    actor: actor as UserId | null,
    occurredAt,
    payload: payload as Readonly<Record<string, unknown>>,
  }));
}

/** The statement that moves a reader on, to stand in the batch of what its events led to: each is taken in exactly once. */
export const advanceStatement = (ctx: Context, { reader, seq }: { reader: string; seq: number }): D1PreparedStatement =>
  advanceReader(ctx.env.DB, reader, seq);

const position = z.int();
const DEFAULT_PAGE = 50;

/** The audit, newest first; entries made meanwhile never shift a later page. */
export async function readAuditPage(
  ctx: Context,
  asked: { subject?: string | undefined; actor?: UserId | undefined; cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: z.infer<typeof auditEntry>[]; nextCursor: string | null }> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const before = fromCursor(asked.cursor, position) ?? undefined;
  const rows = await auditEntries(ctx.env.DB, { subject: asked.subject, actor: asked.actor, before, limit: limit + 1 });
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(toWire), nextCursor: rows.length > limit && last ? toCursor(last.seq) : null };
}

const toWire = (row: AuditRow): z.infer<typeof auditEntry> => ({
  id: row.id as Id<'aud'>,
  at: toTimestamp(row.at),
  actor: row.actor as UserId,
  action: row.action,
  subject: row.subject,
  before: JSON.parse(row.before),
  after: JSON.parse(row.after),
  requestId: row.requestId,
});
