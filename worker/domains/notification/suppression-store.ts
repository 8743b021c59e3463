/** The only SQL for `mail_suppression` and `mail_event`. */
import { and, eq, lt, sql } from 'drizzle-orm';
import { mailEvent, mailSuppression as suppression } from '../../../db/schema/notification.ts';
import { database, statementOf } from '../../platform/database.ts';

export type SuppressionRow = typeof suppression.$inferSelect;
export type MailEventRow = typeof mailEvent.$inferSelect;

/** What holds against sending to an address. */
export const suppressionsOf = (binding: D1Database, addressHash: string): Promise<SuppressionRow[]> =>
  suppressionsOfAll(binding, [addressHash]);

/** What holds against sending to these addresses. */
export const suppressionsOfAll = (binding: D1Database, hashes: readonly string[]): Promise<SuppressionRow[]> =>
  database(binding)
    .select()
    .from(suppression)
    .where(and(sql`${suppression.addressHash} IN (SELECT value FROM json_each(${JSON.stringify(hashes)}))`, eq(suppression.lifted, false)));

/** Notes a word about an address; an older one than is known of the same cause changes nothing. */
export const noteSuppression = (binding: D1Database, row: SuppressionRow): D1PreparedStatement =>
  statementOf(
    binding,
    database(binding)
      .insert(suppression)
      .values(row)
      .onConflictDoUpdate({
        target: [suppression.addressHash, suppression.cause, suppression.mailGroup],
        set: { at: sql`excluded.at`, lifted: sql`excluded.lifted`, source: sql`excluded.source` },
        setWhere: sql`excluded.at >= ${suppression.at}`,
      }),
  );

/** Keeps what the provider said, once. */
export const insertMailEvent = (binding: D1Database, row: MailEventRow): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(mailEvent).values(row).onConflictDoNothing());

/** What the provider said of these mails of ours, the oldest first. */
export const mailEventsOf = (binding: D1Database, messageIds: readonly string[]): Promise<MailEventRow[]> =>
  messageIds.length === 0
    ? Promise.resolve([])
    : database(binding)
        .select()
        .from(mailEvent)
        .where(sql`${mailEvent.messageId} IN (SELECT value FROM json_each(${JSON.stringify(messageIds)}))`)
        .orderBy(mailEvent.at, mailEvent.receivedAt);

export async function forgetMailEvents(binding: D1Database, before: number): Promise<void> {
  await database(binding).delete(mailEvent).where(lt(mailEvent.receivedAt, before));
}
