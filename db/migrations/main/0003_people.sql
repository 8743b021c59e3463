-- People and what they may turn: settings, profiles, blocks, companions, shifts.

-- What the house can turn without a deploy. `value` is JSON in the shape of the key's rule (settings/rules.ts).
CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL CHECK (json_valid(value)),
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What anyone may know of a person. `languages` and `skills` are JSON arrays of text.
CREATE TABLE public_profile (
  user_id TEXT PRIMARY KEY,
  display_name TEXT NOT NULL,
  about TEXT NOT NULL,
  languages TEXT NOT NULL CHECK (json_type(languages) = 'array'),
  skills TEXT NOT NULL CHECK (json_type(skills) = 'array'),
  gender TEXT,
  age_band TEXT,
  portrait TEXT,
  updated_at INTEGER NOT NULL
) STRICT;

-- What only the person and those who must may know. Its own table, so that no public query can reach it by a slip.
CREATE TABLE private_profile (
  user_id TEXT PRIMARY KEY,
  birth_date TEXT,
  time_zone TEXT,
  updated_at INTEGER NOT NULL
) STRICT;

-- A block hides both from each other until it is lifted; lifted ones stay for the analysis of reasons.
CREATE TABLE block (
  id TEXT PRIMARY KEY,
  blocker_id TEXT NOT NULL,
  blocked_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  text TEXT,
  at INTEGER NOT NULL,
  lifted_at INTEGER,
  CHECK (blocker_id <> blocked_id)
) STRICT;
CREATE UNIQUE INDEX block_standing ON block (blocker_id, blocked_id) WHERE lifted_at IS NULL;
CREATE INDEX block_blocked ON block (blocked_id, blocker_id) WHERE lifted_at IS NULL;

-- What makes a person a companion. `media` is a JSON array of what they take calls by.
CREATE TABLE companion (
  user_id TEXT PRIMARY KEY,
  media TEXT NOT NULL CHECK (json_type(media) = 'array'),
  tier TEXT NOT NULL,
  approved_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE shift (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  CHECK (ended_at >= started_at)
) STRICT;
-- One open shift a person, whatever races.
CREATE UNIQUE INDEX shift_open ON shift (user_id) WHERE ended_at IS NULL;
CREATE INDEX shift_user ON shift (user_id, started_at);
-- The end of a shift is written once.
CREATE TRIGGER shift_ends_once BEFORE UPDATE ON shift
WHEN OLD.ended_at IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.user_id IS NOT OLD.user_id OR NEW.started_at IS NOT OLD.started_at
BEGIN SELECT RAISE(ABORT, 'shift_is_over'); END;
