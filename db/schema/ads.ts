/** Tables of the `ads` domain. */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const deferredLink = sqliteTable('deferred_link', {
  code: text('code').primaryKey(),
  link: text('link').notNull(),
  campaign: text('campaign').notNull(),
  networkHash: text('network_hash'),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  claimedBy: text('claimed_by'),
  claimedAt: integer('claimed_at'),
});

export const campaignTouch = sqliteTable(
  'campaign_touch',
  {
    userId: text('user_id').notNull(),
    place: text('place', { enum: ['first', 'last'] }).notNull(),
    at: integer('at').notNull(),
    campaign: text('campaign').notNull(),
    landing: text('landing'),
    referrer: text('referrer'),
  },
  (table) => [primaryKey({ columns: [table.userId, table.place] })],
);
