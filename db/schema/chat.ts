/** Tables of the `chat` domain: conversations, and the desk at which companions answer them. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { DeskMoveKind } from '../../worker/protocol/http/desk.ts';

export const deskConversation = sqliteTable('desk_conversation', {
  chatId: text('chat_id').primaryKey(),
  memberId: text('member_id').notNull(),
  companionId: text('companion_id').notNull(),
  assigneeId: text('assignee_id'),
  assignedAt: integer('assigned_at').notNull(),
  seatedId: text('seated_id').notNull(),
  waitingSince: integer('waiting_since'),
  waitingSeq: integer('waiting_seq'),
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
