-- Who people are, where they are signed in, and how they proved it. Times are ms since the epoch.

CREATE TABLE user (
  id TEXT PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('member', 'companion', 'supervisor', 'admin', 'superadmin')),
  monetization_version TEXT NOT NULL CHECK (monetization_version IN ('tokens', 'subscription', 'moments')),
  ledger_shard INTEGER NOT NULL CHECK (ledger_shard >= 0),
  email TEXT UNIQUE, -- verified, lower case
  phone TEXT UNIQUE, -- verified, E.164
  created_at INTEGER NOT NULL
) STRICT;

-- An account at an outside identity provider that signs this user in.
CREATE TABLE identity (
  provider TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES user (id),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (provider, subject)
) STRICT;

-- A signed-in device. Revoked, it never comes back.
CREATE TABLE session (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES user (id),
  device TEXT,
  app TEXT,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  revoked_at INTEGER,
  revoked_reason TEXT
) STRICT;
CREATE INDEX session_of_user ON session (user_id, revoked_at, created_at);

-- Every refresh token of a session ever issued (the family), by hash. One that is used twice ends the session.
CREATE TABLE refresh_token (
  hash TEXT PRIMARY KEY,
  session_id TEXT NOT NULL REFERENCES session (id),
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  successor TEXT
) STRICT;
CREATE INDEX refresh_token_of_session ON refresh_token (session_id);
CREATE INDEX refresh_token_by_expiry ON refresh_token (expires_at);

CREATE TABLE otp_challenge (
  id TEXT PRIMARY KEY,
  channel TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
  address TEXT NOT NULL,
  address_hash TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  tries INTEGER NOT NULL DEFAULT 0 CHECK (tries BETWEEN 0 AND 5),
  used_at INTEGER
) STRICT;
CREATE INDEX otp_challenge_of_address ON otp_challenge (address_hash, created_at);
CREATE INDEX otp_challenge_by_expiry ON otp_challenge (expires_at);

-- Append-only. Addresses stand here as keyed hashes: enough to count, nothing to erase.
CREATE TABLE login_attempt (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  method TEXT NOT NULL,
  result TEXT NOT NULL,
  address_hash TEXT,
  ip_hash TEXT,
  country TEXT,
  challenge_id TEXT,
  user_id TEXT
) STRICT;
CREATE INDEX login_attempt_of_address ON login_attempt (address_hash, at);
CREATE INDEX login_attempt_of_ip ON login_attempt (ip_hash, at);
-- INSERT OR REPLACE deletes without firing delete triggers.
CREATE TRIGGER login_attempt_no_replace BEFORE INSERT ON login_attempt
WHEN EXISTS (SELECT 1 FROM login_attempt WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'login_attempt_is_append_only'); END;
CREATE TRIGGER login_attempt_no_update BEFORE UPDATE ON login_attempt
BEGIN SELECT RAISE(ABORT, 'login_attempt_is_append_only'); END;
CREATE TRIGGER login_attempt_no_delete BEFORE DELETE ON login_attempt
BEGIN SELECT RAISE(ABORT, 'login_attempt_is_append_only'); END;

-- Keys that sign tokens. Published from the moment the row is there until `published_until`; signs in between.
CREATE TABLE signing_key (
  kid TEXT PRIMARY KEY,
  public_jwk TEXT NOT NULL,
  sealed_private_jwk TEXT, -- gone once it no longer signs
  created_at INTEGER NOT NULL,
  signs_from INTEGER NOT NULL UNIQUE,
  signs_until INTEGER NOT NULL CHECK (signs_until > signs_from),
  published_until INTEGER NOT NULL CHECK (published_until >= signs_until)
) STRICT;

-- One row a mail or SMS, by the message's id, so that a repeated delivery of the queue sends nothing twice.
CREATE TABLE notification_delivery (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  claimed_until INTEGER NOT NULL,
  sent_at INTEGER,
  failed_code TEXT,
  provider_id TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notification_delivery_by_age ON notification_delivery (created_at);

-- Which scheduled job ran last for which slot of time, and until when a running one may hold the name.
CREATE TABLE job_lease (
  name TEXT PRIMARY KEY,
  slot INTEGER NOT NULL,
  leased_until INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  failures INTEGER NOT NULL DEFAULT 0 -- in a row
) STRICT;
