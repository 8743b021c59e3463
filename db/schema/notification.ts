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

export const notificationChoice = sqliteTable('notification_choice', {
  userId: text('user_id').primaryKey(),
  quietOn: integer('quiet_on', { mode: 'boolean' }).notNull(),
  quietFrom: text('quiet_from').notNull(),
  quietTo: text('quiet_to').notNull(),
  ringsAtNight: integer('rings_at_night', { mode: 'boolean' }).notNull(),
  /** Kind → channel → whether it is used. */
  channels: text('channels').notNull(),
  changedAt: integer('changed_at').notNull(),
});

/** A notification that left the app. */
export const notificationClimb = sqliteTable('notification_climb', {
  id: text('id').primaryKey(),
  userId: text('user_id').notNull(),
  kind: text('kind').notNull(),
  beganAt: integer('began_at').notNull(),
  rung: text('rung').notNull(),
  state: text('state').notNull(),
  because: text('because'),
  dueAt: integer('due_at'),
  changedAt: integer('changed_at').notNull(),
});

/** One attempt to reach one device, or the person's mailbox. */
export const notificationSend = sqliteTable(
  'notification_send',
  {
    notificationId: text('notification_id').notNull(),
    rung: text('rung').notNull(),
    /** Empty for a mail. */
    deviceId: text('device_id').notNull(),
    channel: text('channel').notNull(),
    attempts: integer('attempts').notNull(),
    claimedUntil: integer('claimed_until').notNull(),
    sentAt: integer('sent_at'),
    givenUpAt: integer('given_up_at'),
    code: text('code'),
    providerId: text('provider_id'),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.notificationId, table.rung, table.deviceId] })],
);

/** A rung that waits. */
export const notificationDeferral = sqliteTable(
  'notification_deferral',
  {
    notificationId: text('notification_id').notNull(),
    rung: text('rung').notNull(),
    userId: text('user_id').notNull(),
    dueAt: integer('due_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.notificationId, table.rung] })],
);

export const notificationDeadLetter = sqliteTable('notification_dead_letter', {
  /** The queue's own. */
  id: text('id').primaryKey(),
  at: integer('at').notNull(),
  kind: text('kind').notNull(),
  notificationId: text('notification_id'),
  userId: text('user_id'),
  reason: text('reason').notNull(),
  /** Null where the message must not be kept. */
  body: text('body'),
  replays: integer('replays').notNull(),
  replayedAt: integer('replayed_at'),
});

export const announcement = sqliteTable('announcement', {
  id: text('id').primaryKey(),
  key: text('key').notNull(),
  bodyHash: text('body_hash').notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: integer('created_at').notNull(),
  audience: text('audience').notNull(),
  title: text('title').notNull(),
  body: text('body').notNull(),
  link: text('link'),
  cutUpTo: text('cut_up_to'),
  cutAt: integer('cut_at'),
  finishedAt: integer('finished_at'),
});

/** A page of an audience. */
export const announcementPage = sqliteTable(
  'announcement_page',
  {
    announcementId: text('announcement_id').notNull(),
    upTo: text('up_to').notNull(),
    after: text('after'),
    /** People told; null until all of the page were. */
    told: integer('told'),
    orderedAt: integer('ordered_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.announcementId, table.upTo] })],
);
