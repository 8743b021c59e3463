/** Tables of the `interaction` domain: what two people have had with each other. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { RatingReason, WrapUp } from '../../worker/protocol/http/after-call.ts';

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
