/** Table of the `blocklist` domain; a block stands while `lifted_at` is null. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const block = sqliteTable('block', {
  id: text('id').primaryKey(),
  blockerId: text('blocker_id').notNull(),
  blockedId: text('blocked_id').notNull(),
  reason: text('reason').notNull(),
  text: text('text'),
  at: integer('at').notNull(),
  liftedAt: integer('lifted_at'),
  /** When a running call between the two was ended, or seen not to be there; null until then. */
  callEndedAt: integer('call_ended_at'),
});
