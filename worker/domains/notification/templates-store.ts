/** The only SQL for `notification_template`. */
import { and, desc, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import { notificationTemplate as template } from '../../../db/schema/notification.ts';
import { database, statementOf } from '../../platform/database.ts';
import type { NoticeChannel } from '../../protocol/http/templates.ts';

export type TemplateRow = typeof template.$inferSelect;

export const templateRow = (binding: D1Database, id: string): Promise<TemplateRow | undefined> =>
  database(binding).select().from(template).where(eq(template.id, id)).get();

const inForce = and(isNotNull(template.publishedAt), isNull(template.retiredAt));

/** The version that is in force for a kind on a channel. */
export const templateInForce = (binding: D1Database, kind: string, channel: NoticeChannel): Promise<TemplateRow | undefined> =>
  database(binding)
    .select()
    .from(template)
    .where(and(eq(template.kind, kind), eq(template.channel, channel), inForce))
    .get();

/** Every version in force, and every draft that nothing newer has passed. */
export const templatesAlive = (binding: D1Database): Promise<TemplateRow[]> =>
  database(binding).select().from(template).where(isNull(template.retiredAt)).orderBy(template.version);

/** Versions of one kind on one channel, newest first, older than the version `before`. */
export const templateRows = (
  binding: D1Database,
  asked: { kind: string; channel: NoticeChannel; before: number | undefined; limit: number },
): Promise<TemplateRow[]> =>
  database(binding)
    .select()
    .from(template)
    .where(
      and(
        eq(template.kind, asked.kind),
        eq(template.channel, asked.channel),
        asked.before === undefined ? undefined : lt(template.version, asked.before),
      ),
    )
    .orderBy(desc(template.version))
    .limit(asked.limit);

/**
 * A draft; its version is one above the highest, or `version` where it is given: then its batch is aborted
 * (`template_is_fixed`) where there is that version already.
 */
export const insertTemplate = (
  binding: D1Database,
  { version, ...row }: Pick<TemplateRow, 'id' | 'kind' | 'channel' | 'texts' | 'createdAt' | 'createdBy'> & { version: number | undefined },
): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .insert(template)
      .values({
        ...row,
        version:
          version ??
          sql`(SELECT coalesce(max(version), 1) + 1 FROM notification_template WHERE kind = ${row.kind} AND channel = ${row.channel})`,
      }),
  );

/** Takes a version out of force, or discards a draft. A trigger aborts with `template_is_settled` where it is retired already. */
export const retireTemplateRow = (binding: D1Database, id: string, now: number): D1PreparedStatement =>
  statementOf(binding, database(binding).update(template).set({ retiredAt: now }).where(eq(template.id, id)));

/**
 * Publishes a draft and ends the version before it at that moment. Triggers abort the whole batch with
 * `template_is_settled` or `template_is_outdated`.
 */
export const publishTemplateRow = (
  binding: D1Database,
  { id, kind, channel, now }: { id: string; kind: string; channel: NoticeChannel; now: number },
): D1PreparedStatement[] => {
  const db = database(binding);
  return [
    db
      .update(template)
      .set({ retiredAt: sql`max(published_at, ${now})` })
      .where(and(eq(template.kind, kind), eq(template.channel, channel), inForce)),
    db.update(template).set({ publishedAt: now }).where(eq(template.id, id)),
  ].map((query) => statementOf(binding, query));
};
