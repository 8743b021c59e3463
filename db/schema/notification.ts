/** Tables of the `notification` domain. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { NoticeChannel } from '../../worker/protocol/http/templates.ts';
import type { PushPlatform } from '../../worker/protocol/push.ts';

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

export const pushDevice = sqliteTable('push_device', {
  id: text('id').primaryKey(),
  userId: text('user_id').notNull(),
  sessionId: text('session_id').notNull(),
  platform: text('platform').$type<PushPlatform>().notNull(),
  token: text('token').notNull(),
  /** Of Web Push only. */
  p256dh: text('p256dh'),
  auth: text('auth'),
  createdAt: integer('created_at').notNull(),
  seenAt: integer('seen_at').notNull(),
});

/** Words that staff wrote; triggers in the migration fix a version. */
export const notificationTemplate = sqliteTable('notification_template', {
  id: text('id').primaryKey(),
  kind: text('kind').notNull(),
  channel: text('channel').$type<NoticeChannel>().notNull(),
  version: integer('version').notNull(),
  texts: text('texts').notNull(),
  createdAt: integer('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  publishedAt: integer('published_at'),
  retiredAt: integer('retired_at'),
});

export const mailSuppression = sqliteTable(
  'mail_suppression',
  {
    addressHash: text('address_hash').notNull(),
    cause: text('cause').$type<'bounce' | 'spam_report' | 'unsubscribe' | 'group_unsubscribe'>().notNull(),
    /** Empty, but for `group_unsubscribe`. */
    mailGroup: text('mail_group').notNull(),
    /** The moment of the newest word. */
    at: integer('at').notNull(),
    lifted: integer('lifted', { mode: 'boolean' }).notNull(),
    source: text('source').$type<'provider' | 'reader' | 'staff'>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.addressHash, table.cause, table.mailGroup] })],
);

export const mailEvent = sqliteTable('mail_event', {
  /** The provider's own. */
  id: text('id').primaryKey(),
  type: text('type').notNull(),
  messageId: text('message_id'),
  at: integer('at').notNull(),
  receivedAt: integer('received_at').notNull(),
});
