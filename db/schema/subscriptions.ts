/** Tables of the `subscriptions` domain. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const plan = sqliteTable('plan', {
  id: text('id').primaryKey(),
  /** From the least to the most. */
  rank: integer('rank').notNull().unique(),
  dailySeconds: integer('daily_seconds').notNull(),
  dailyMessages: integer('daily_messages').notNull(),
  overage: text('overage', { enum: ['stop', 'coins'] }).notNull(),
  /** What people read. */
  name: text('name').notNull(),
});

/** One a person: the newest word of their store decides. */
export const subscription = sqliteTable('subscription', {
  userId: text('user_id').primaryKey(),
  id: text('id').notNull().unique(),
  plan: text('plan').notNull(),
  state: text('state', { enum: ['active', 'grace', 'paused', 'cancelled', 'expired'] }).notNull(),
  /** ms since the epoch. */
  until: integer('until').notNull(),
  changedAt: integer('changed_at').notNull(),
});
