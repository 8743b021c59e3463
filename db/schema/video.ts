/** Table of the `video` domain (migrations `0005_video.sql` and `0007_staff.sql`, which also holds what drizzle can't say). */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const call = sqliteTable('call', {
  id: text('id').primaryKey(),
  callerId: text('caller_id').notNull(),
  calleeId: text('callee_id').notNull(),
  payerId: text('payer_id').notNull(),
  media: text('media').notNull(),
  kind: text('kind').notNull(),
  tariffId: text('tariff_id').notNull(),
  resumes: text('resumes'),
  resumesClaim: text('resumes_claim').unique(),
  state: text('state').notNull(),
  endReason: text('end_reason'),
  connectedMs: integer('connected_ms').notNull().default(0),
  createdAt: integer('created_at').notNull(),
  endedAt: integer('ended_at'),
  settledAt: integer('settled_at'),
  stateSince: integer('state_since'),
});

/** Up to which call somebody has seen the missed ones. */
export const missedSeen = sqliteTable('missed_seen', {
  userId: text('user_id').primaryKey(),
  upTo: text('up_to').notNull(),
});
