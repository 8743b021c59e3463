/** Tables of the `subscriptions` domain. */
import { integer, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';

export const plan = sqliteTable('plan', {
  id: text('id').primaryKey(),
  /** From the least to the most. */
  rank: integer('rank').notNull().unique(),
  dailySeconds: integer('daily_seconds').notNull(),
  dailyMessages: integer('daily_messages').notNull(),
  overage: text('overage', { enum: ['stop', 'coins'] }).notNull(),
  /** What people read. */
  name: text('name').notNull(),
  /** When staff last changed it, ms since the epoch; 0: never. */
  changedAt: integer('changed_at').notNull().default(0),
});

/** One at each store that a person has any at, and one of the house. */
export const subscription = sqliteTable(
  'subscription',
  {
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    store: text('store', { enum: ['house', 'stripe', 'apple', 'google'] })
      .notNull()
      .default('house'),
    /** The store's own name of it; empty where the house gave it. */
    ref: text('ref').notNull().default(''),
    plan: text('plan').notNull(),
    state: text('state', { enum: ['active', 'grace', 'paused', 'cancelled', 'expired'] }).notNull(),
    /** ms since the epoch. */
    until: integer('until').notNull(),
    /** How many words of the store it was folded from. */
    words: integer('words').notNull().default(0),
    changedAt: integer('changed_at').notNull(),
  },
  (table) => [unique().on(table.userId, table.store, table.ref)],
);
