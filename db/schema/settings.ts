/** Table of the `settings` domain. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const setting = sqliteTable('setting', {
  key: text('key').primaryKey(),
  /** JSON in the shape of the key's rule. */
  value: text('value').notNull(),
  changedAt: integer('changed_at').notNull(),
  changedBy: text('changed_by').notNull(),
});
