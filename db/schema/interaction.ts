/** Tables of the `interaction` domain: what two people have had with each other. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { RatingReason, WrapUp } from '../../worker/protocol/http/after-call.ts';
import type { NoteKind } from '../../worker/protocol/http/notes.ts';

export const talk = sqliteTable('talk', {
  callId: text('call_id').primaryKey(),
  memberId: text('member_id').notNull(),
  companionId: text('companion_id').notNull(),
  at: integer('at').notNull(),
  endedAt: integer('ended_at').notNull(),
  connectedMs: integer('connected_ms').notNull(),
  media: text('media', { enum: ['audio', 'video'] }).notNull(),
});

export const rating = sqliteTable('rating', {
  callId: text('call_id').primaryKey(),
  stars: integer('stars').notNull(),
  reasons: text('reasons', { mode: 'json' }).$type<RatingReason[]>().notNull(),
  text: text('text'),
  at: integer('at').notNull(),
});

export const wrapUp = sqliteTable('wrap_up', {
  callId: text('call_id').primaryKey(),
  note: text('note'),
  followUp: text('follow_up'),
  flag: text('flag').$type<NonNullable<WrapUp['flag']>>(),
  at: integer('at').notNull(),
});

export const note = sqliteTable('note', {
  id: text('id').primaryKey(),
  memberId: text('member_id').notNull(),
  authorId: text('author_id').notNull(),
  kind: text('kind').$type<NoteKind>().notNull(),
  text: text('text').notNull(),
  followUpOn: text('follow_up_on'),
  doneAt: integer('done_at'),
  version: integer('version').notNull(),
  createdAt: integer('created_at').notNull(),
  changedAt: integer('changed_at').notNull(),
  removedAt: integer('removed_at'),
});

export const noteVersion = sqliteTable('note_version', {
  noteId: text('note_id').notNull(),
  version: integer('version').notNull(),
  kind: text('kind').$type<NoteKind>().notNull(),
  text: text('text').notNull(),
  followUpOn: text('follow_up_on'),
  doneAt: integer('done_at'),
  removed: integer('removed', { mode: 'boolean' }).notNull(),
  byId: text('by_id').notNull(),
  at: integer('at').notNull(),
});

export const handover = sqliteTable('handover', {
  memberId: text('member_id').notNull(),
  authorId: text('author_id').notNull(),
  text: text('text').notNull(),
  version: integer('version').notNull(),
  changedAt: integer('changed_at').notNull(),
});
