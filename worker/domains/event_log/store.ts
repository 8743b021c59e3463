/** The only SQL for `event`, `audit_entry` and `event_reader`. */
import { and, asc, desc, eq, inArray, lt, sql } from 'drizzle-orm';
import { auditEntry, event, eventReader } from '../../../db/schema/event_log.ts';
import { database, statementOf } from '../../platform/database.ts';

export type EventRow = typeof event.$inferInsert;
export type AuditRow = typeof auditEntry.$inferSelect;

export const insertEvent = (binding: D1Database, row: EventRow): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(event).values(row));

export const insertAudit = (binding: D1Database, row: Omit<AuditRow, 'seq'>): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(auditEntry).values(row));

/** Audit entries, newest first, older than `before` where that is given. */
export const auditEntries = (
  binding: D1Database,
  { subject, actor, before, limit }: { subject: string | undefined; actor: string | undefined; before: number | undefined; limit: number },
): Promise<AuditRow[]> =>
  database(binding)
    .select()
    .from(auditEntry)
    .where(
      and(
        subject === undefined ? undefined : eq(auditEntry.subject, subject),
        actor === undefined ? undefined : eq(auditEntry.actor, actor),
        before === undefined ? undefined : lt(auditEntry.seq, before),
      ),
    )
    .orderBy(desc(auditEntry.seq))
    .limit(limit);

/** Events of these types behind where the reader has come, oldest first. */
export const unreadRows = (
  binding: D1Database,
  { reader, types, limit }: { reader: string; types: readonly string[]; limit: number },
): Promise<(typeof event.$inferSelect)[]> =>
  database(binding)
    .select()
    .from(event)
    .where(
      and(inArray(event.type, [...types]), sql`${event.seq} > coalesce((SELECT r.seq FROM ${eventReader} r WHERE r.name = ${reader}), 0)`),
    )
    .orderBy(asc(event.seq))
    .limit(limit);

/** Moves a reader on; never back. */
export const advanceReader = (binding: D1Database, name: string, seq: number): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .insert(eventReader)
      .values({ name, seq })
      .onConflictDoUpdate({ target: eventReader.name, set: { seq: sql`max(seq, excluded.seq)` } }),
  );
