/** Tables of the `moderation` domain. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Evidence } from '../../worker/protocol/http/cases.ts';

export const moderationCase = sqliteTable('case', {
  id: text('id').primaryKey(),
  source: text('source', { enum: ['complaint', 'rating', 'wrap_up', 'report', 'reconciliation'] }).notNull(),
  subject: text('subject').notNull(),
  raisedBy: text('raised_by').notNull(),
  reason: text('reason').notNull(),
  text: text('text'),
  state: text('state', { enum: ['open', 'in_review', 'closed'] }).notNull(),
  createdAt: integer('created_at').notNull(),
  about: text('about'),
  chatId: text('chat_id'),
  evidence: text('evidence', { mode: 'json' }).$type<Evidence>(),
});
