/** Tables of the `notification` domain. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const notificationDelivery = sqliteTable('notification_delivery', {
  id: text('id').primaryKey(),
  kind: text('kind').notNull(),
  channel: text('channel').notNull(),
  attempts: integer('attempts').notNull(),
  /** Whoever holds it sends; past this moment (ms) somebody else may. */
  claimedUntil: integer('claimed_until').notNull(),
  sentAt: integer('sent_at'),
  failedCode: text('failed_code'),
  /** The provider's own id of the message. */
  providerId: text('provider_id'),
  createdAt: integer('created_at').notNull(),
});
