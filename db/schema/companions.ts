/** Table of the `companions` domain. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { CallMedia } from '../../worker/protocol/call/call.ts';

export const companion = sqliteTable('companion', {
  userId: text('user_id').primaryKey(),
  media: text('media', { mode: 'json' }).$type<CallMedia[]>().notNull(),
  tier: text('tier').notNull(),
  approvedAt: integer('approved_at'),
  createdAt: integer('created_at').notNull(),
});
