/** Tables of the `pricing` domain. */
import { index, integer, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';

const versions = ['tokens', 'subscription', 'moments'] as const;

/** One move of a member to another pricing model; writing it moves them. */
export const versionMove = sqliteTable(
  'version_move',
  {
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    fromVersion: text('from_version', { enum: versions }).notNull(),
    toVersion: text('to_version', { enum: versions }).notNull(),
    reason: text('reason').notNull(),
    requestedBy: text('requested_by').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    /** The posting that tells the member's books of it; null until it is there. */
    postingId: text('posting_id'),
    /** ms since the epoch. */
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    unique().on(table.requestedBy, table.idempotencyKey),
    index('version_move_of_user').on(table.userId, table.createdAt),
    index('version_move_untold').on(table.createdAt),
  ],
);
