/** Tables of the `payment` domain. */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const product = sqliteTable('product', {
  id: text('id').primaryKey(),
  kind: text('kind', { enum: ['coins', 'moments', 'plan'] }).notNull(),
  amount: integer('amount'),
  plan: text('plan'),
  period: text('period', { enum: ['month', 'year'] }),
  rank: integer('rank').notNull(),
  state: text('state', { enum: ['draft', 'live', 'retired'] }).notNull(),
  createdAt: integer('created_at').notNull(),
  changedAt: integer('changed_at').notNull(),
});

export const price = sqliteTable('price', {
  id: text('id').$type<`pri_${string}`>().primaryKey(),
  product: text('product').notNull(),
  platform: text('platform', { enum: ['web', 'ios', 'android'] }).notNull(),
  store: text('store', { enum: ['stripe', 'apple', 'google'] }).notNull(),
  storeRef: text('store_ref').notNull(),
  currency: text('currency').notNull(),
  amount: integer('amount').notNull(),
  activeFrom: integer('active_from').notNull(),
  activeUntil: integer('active_until'),
  createdAt: integer('created_at').notNull(),
});

export const paywall = sqliteTable('paywall', {
  id: text('id').primaryKey(),
  placement: text('placement', { enum: ['before_first_call', 'balance_low', 'limit_reached', 'link'] }).notNull(),
  layout: text('layout', { enum: ['list', 'cards', 'single'] }).notNull(),
  offers: text('offers', { mode: 'json' }).$type<{ product: string; highlighted: boolean }[]>().notNull(),
  state: text('state', { enum: ['draft', 'live', 'retired'] }).notNull(),
  createdAt: integer('created_at').notNull(),
  changedAt: integer('changed_at').notNull(),
});
