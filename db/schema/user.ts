/** Tables of the `user` domain (migration `0001_user.sql`, which also holds what drizzle can't say). */
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const user = sqliteTable('user', {
  id: text('id').primaryKey(),
  role: text('role').notNull(),
  monetizationVersion: text('monetization_version').notNull(),
  ledgerShard: integer('ledger_shard').notNull(),
  email: text('email').unique(),
  phone: text('phone').unique(),
  createdAt: integer('created_at').notNull(),
});

export const identity = sqliteTable(
  'identity',
  {
    provider: text('provider').notNull(),
    subject: text('subject').notNull(),
    userId: text('user_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.provider, table.subject] })],
);

export const session = sqliteTable('session', {
  id: text('id').primaryKey(),
  userId: text('user_id').notNull(),
  device: text('device'),
  app: text('app'),
  createdAt: integer('created_at').notNull(),
  lastSeenAt: integer('last_seen_at').notNull(),
  revokedAt: integer('revoked_at'),
  revokedReason: text('revoked_reason'),
  /** When the person's hub had closed its sockets; null until then. */
  socketsClosedAt: integer('sockets_closed_at'),
});

export const refreshToken = sqliteTable('refresh_token', {
  hash: text('hash').primaryKey(),
  sessionId: text('session_id').notNull(),
  issuedAt: integer('issued_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  usedAt: integer('used_at'),
  /** The hash of the token it was traded for. */
  successor: text('successor'),
});

export const otpChallenge = sqliteTable('otp_challenge', {
  id: text('id').primaryKey(),
  channel: text('channel', { enum: ['email', 'sms'] }).notNull(),
  address: text('address').notNull(),
  addressHash: text('address_hash').notNull(),
  codeHash: text('code_hash').notNull(),
  createdAt: integer('created_at').notNull(),
  expiresAt: integer('expires_at').notNull(),
  tries: integer('tries').notNull().default(0),
  usedAt: integer('used_at'),
});

export const loginAttempt = sqliteTable('login_attempt', {
  id: integer('id').primaryKey(),
  at: integer('at').notNull(),
  method: text('method').notNull(),
  result: text('result').notNull(),
  addressHash: text('address_hash'),
  ipHash: text('ip_hash'),
  country: text('country'),
  challengeId: text('challenge_id'),
  userId: text('user_id'),
});

export const signingKey = sqliteTable('signing_key', {
  kid: text('kid').primaryKey(),
  publicJwk: text('public_jwk').notNull(),
  sealedPrivateJwk: text('sealed_private_jwk'),
  createdAt: integer('created_at').notNull(),
  signsFrom: integer('signs_from').notNull(),
  signsUntil: integer('signs_until').notNull(),
  publishedUntil: integer('published_until').notNull(),
});
