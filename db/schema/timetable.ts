/** Tables of the `timetable` domain. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

const missedPolicy = ['skip', 'once', 'each'] as const;

export const timetableJob = sqliteTable('timetable_job', {
  name: text('name').primaryKey(),
  /** What staff changed; null: as it stands in code. */
  cron: text('cron'),
  zone: text('zone'),
  missed: text('missed', { enum: missedPolicy }),
  enabled: integer('enabled', { mode: 'boolean' }).notNull(),
  /** Turns up to this moment are owed by nobody. */
  since: integer('since').notNull(),
  changedAt: integer('changed_at'),
  changedBy: text('changed_by'),
});

export const timetableRun = sqliteTable('timetable_run', {
  seq: integer('seq').primaryKey({ autoIncrement: true }),
  id: text('id').notNull(),
  job: text('job').notNull(),
  /** The turn it is for; null where somebody asked for it. */
  slot: integer('slot'),
  /** The oldest turn it stands in for. */
  due: integer('due').notNull(),
  attempt: integer('attempt').notNull(),
  askedBy: text('asked_by'),
  requestId: text('request_id').notNull(),
  startedAt: integer('started_at').notNull(),
  leasedUntil: integer('leased_until').notNull(),
  finishedAt: integer('finished_at'),
  outcome: text('outcome', { enum: ['ok', 'failed', 'lost', 'skipped'] }),
  error: text('error'),
  alert: text('alert', { enum: ['failed', 'healed'] }),
  toldAt: integer('told_at'),
});
