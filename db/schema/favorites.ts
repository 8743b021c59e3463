/** Table of the `favorites` domain; triggers in the migration keep it apart from blocks. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const favorite = sqliteTable(
  'favorite',
  {
    userId: text('user_id').notNull(),
    favoriteId: text('favorite_id').notNull(),
    at: integer('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.favoriteId] })],
);
