/** Tables of the `notification` domain. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
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
