/** Tables of the `chat` domain: conversations as lists find them, their media, the rules that open them, and the desk. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { MediaKind, MediaState } from '../../worker/protocol/chat/message.ts';
import type { DeskMoveKind } from '../../worker/protocol/http/desk.ts';
import type { OpeningCohort, OpeningCompanions, OpeningEvent } from '../../worker/protocol/http/openings.ts';

export const chat = sqliteTable('chat', {
  id: text('id').primaryKey(),
  memberId: text('member_id').notNull(),
  companionId: text('companion_id').notNull(),
  createdAt: integer('created_at').notNull(),
  seq: integer('seq').notNull().default(0),
  lastSender: text('last_sender'),
  lastKind: text('last_kind'),
  lastText: text('last_text'),
  lastAt: integer('last_at'),
});

export const chatMember = sqliteTable(
  'chat_member',
  {
    userId: text('user_id').notNull(),
    chatId: text('chat_id').notNull(),
    joinedAt: integer('joined_at').notNull(),
    leftAt: integer('left_at'),
    readSeq: integer('read_seq').notNull().default(0),
    unread: integer('unread').notNull().default(0),
    newestAt: integer('newest_at').notNull(),
    pinned: integer('pinned', { mode: 'boolean' }).notNull().default(false),
    draft: text('draft').notNull().default(''),
  },
  (table) => [primaryKey({ columns: [table.userId, table.chatId] })],
);

export const favouriteMessage = sqliteTable(
  'favourite_message',
  {
    userId: text('user_id').notNull(),
    messageId: text('message_id').notNull(),
    chatId: text('chat_id').notNull(),
    at: integer('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.messageId] })],
);

/** Media of messages; the bytes lie in the bucket MEDIA. */
export const chatMedia = sqliteTable('chat_media', {
  id: text('id').primaryKey(),
  chatId: text('chat_id').notNull(),
  uploaderId: text('uploader_id').notNull(),
  kind: text('kind').$type<MediaKind>().notNull(),
  type: text('type').notNull(),
  askedBytes: integer('asked_bytes').notNull(),
  createdAt: integer('created_at').notNull(),
  uploadedAt: integer('uploaded_at'),
  bytes: integer('bytes'),
  width: integer('width'),
  height: integer('height'),
  durationMs: integer('duration_ms'),
  hash: text('hash'),
  state: text('state').$type<MediaState>().notNull(),
  claimedBy: text('claimed_by'),
  decidedAt: integer('decided_at'),
  told: integer('told', { mode: 'boolean' }).notNull().default(true),
});

export const openingRule = sqliteTable('opening_rule', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  event: text('event').$type<OpeningEvent>().notNull(),
  templates: text('templates', { mode: 'json' }).$type<Record<string, string>>().notNull(),
  cohort: text('cohort', { mode: 'json' }).$type<OpeningCohort>().notNull(),
  companions: text('companions', { mode: 'json' }).$type<OpeningCompanions>().notNull(),
  delayMinutes: integer('delay_minutes').notNull(),
  perCompanionDay: integer('per_companion_day').notNull(),
  enabled: integer('enabled', { mode: 'boolean' }).notNull(),
  createdAt: integer('created_at').notNull(),
  changedAt: integer('changed_at').notNull(),
  changedBy: text('changed_by').notNull(),
});

/** What a rule has done for a member, or has still to do. */
export const opening = sqliteTable(
  'opening',
  {
    ruleId: text('rule_id').notNull(),
    memberId: text('member_id').notNull(),
    followedId: text('followed_id'),
    dueAt: integer('due_at').notNull(),
    state: text('state', { enum: ['waiting', 'sending', 'done', 'dropped'] }).notNull(),
    companionId: text('companion_id'),
    day: integer('day'),
    text: text('text'),
    reason: text('reason'),
  },
  (table) => [primaryKey({ columns: [table.ruleId, table.memberId] })],
);

export const deskConversation = sqliteTable('desk_conversation', {
  chatId: text('chat_id').primaryKey(),
  memberId: text('member_id').notNull(),
  companionId: text('companion_id').notNull(),
  assigneeId: text('assignee_id'),
  assignedAt: integer('assigned_at').notNull(),
  seatedId: text('seated_id').notNull(),
  waitingSince: integer('waiting_since'),
  lastAt: integer('last_at').notNull(),
  seq: integer('seq').notNull(),
  version: integer('version').notNull(),
});

export const deskMove = sqliteTable('desk_move', {
  chatId: text('chat_id').notNull(),
  version: integer('version').notNull(),
  kind: text('kind').$type<DeskMoveKind>().notNull(),
  fromId: text('from_id'),
  toId: text('to_id'),
  byId: text('by_id'),
  note: text('note'),
  at: integer('at').notNull(),
});

export const cannedReply = sqliteTable('canned_reply', {
  id: text('id').primaryKey(),
  ownerId: text('owner_id'),
  word: text('word').notNull(),
  language: text('language'),
  text: text('text').notNull(),
  changedAt: integer('changed_at').notNull(),
});
