/** Table of the `billing` domain; triggers in the migration fix a version's terms. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const tariff = sqliteTable('tariff', {
  id: text('id').primaryKey(),
  lineId: text('line_id').notNull(),
  version: integer('version').notNull(),
  terms: text('terms').notNull(),
  createdAt: integer('created_at').notNull(),
  createdBy: text('created_by').notNull(),
  publishedAt: integer('published_at'),
  effectiveAt: integer('effective_at'),
  retiredAt: integer('retired_at'),
});
