/**
 * Tables of the `balance` domain in the main database. The ledger's own, one set in each `LEDGER_n`, stand in
 * `migrations/ledger` alone: triggers and JSON batches have no typed form.
 */
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What staff ordered, so that a repeated order is recognised. */
export const adjustment = sqliteTable('adjustment', {
  id: text('id').primaryKey(),
  requestedBy: text('requested_by').notNull(),
  idempotencyKey: text('idempotency_key').notNull(),
  bodyHash: text('body_hash').notNull(),
  userId: text('user_id').notNull(),
  unit: text('unit', { enum: ['COIN', 'MOMENT', 'EARN'] }).notNull(),
  /** Signed. */
  amount: integer('amount').notNull(),
  reason: text('reason').notNull(),
  /** `open` until the ledger has answered. */
  state: text('state', { enum: ['open', 'posted', 'refused', 'rejected'] }).notNull(),
  postingId: text('posting_id'),
  createdAt: integer('created_at').notNull(),
});

/** An adjustment above the limit, waiting for a second person. */
export const approval = sqliteTable('approval', {
  seq: integer('seq').primaryKey(),
  id: text('id').notNull().unique(),
  adjustmentId: text('adjustment_id').notNull().unique(),
  state: text('state', { enum: ['waiting', 'approved', 'rejected'] }).notNull(),
  decidedBy: text('decided_by'),
  decidedAt: integer('decided_at'),
  createdAt: integer('created_at').notNull(),
});
