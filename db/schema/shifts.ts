/** Tables of the `shifts` domain; unique indexes keep one open shift a person and one open break a shift. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { WorkingHour } from '../../worker/protocol/http/work.ts';

export const shift = sqliteTable('shift', {
  id: text('id').primaryKey(),
  userId: text('user_id').notNull(),
  startedAt: integer('started_at').notNull(),
  endedAt: integer('ended_at'),
});

export const shiftBreak = sqliteTable(
  'shift_break',
  {
    shiftId: text('shift_id').notNull(),
    startedAt: integer('started_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [primaryKey({ columns: [table.shiftId, table.startedAt] })],
);

export const usualHours = sqliteTable('usual_hours', {
  userId: text('user_id').primaryKey(),
  timeZone: text('time_zone').notNull(),
  items: text('items', { mode: 'json' }).$type<WorkingHour[]>().notNull(),
  changedAt: integer('changed_at').notNull(),
});
