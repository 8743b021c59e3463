/** Tables of the `event_log` domain; triggers in the migration keep them append-only. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const event = sqliteTable('event', {
  seq: integer('seq').primaryKey({ autoIncrement: true }),
  id: text('id').notNull().unique(),
  type: text('type').notNull(),
  version: integer('version').notNull().default(1),
  subject: text('subject').notNull(),
  actor: text('actor'),
  occurredAt: integer('occurred_at').notNull(),
  requestId: text('request_id').notNull(),
  payload: text('payload', { mode: 'json' }).notNull(),
});

export const auditEntry = sqliteTable('audit_entry', {
  seq: integer('seq').primaryKey({ autoIncrement: true }),
  id: text('id').notNull().unique(),
  at: integer('at').notNull(),
  actor: text('actor').notNull(),
  action: text('action').notNull(),
  subject: text('subject').notNull(),
  before: text('before').notNull(),
  after: text('after').notNull(),
  requestId: text('request_id').notNull(),
});

/** How far a reader of the log has come. */
export const eventReader = sqliteTable('event_reader', {
  name: text('name').primaryKey(),
  seq: integer('seq').notNull(),
});
