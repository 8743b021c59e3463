-- What the members' app and the portal keep: comfort, photos, breaks and hours, talks and what was said of them, cases.

-- JSON of what a person chose; what they never touched is left out and has a default (profile/comfort.ts).
ALTER TABLE private_profile ADD COLUMN comfort TEXT NOT NULL DEFAULT '{}' CHECK (json_type(comfort) = 'object');
ALTER TABLE private_profile ADD COLUMN wishes TEXT NOT NULL DEFAULT '{}' CHECK (json_type(wishes) = 'object');

-- Photos; the bytes lie in the bucket MEDIA under `photo/<user>/<id>`.
CREATE TABLE photo (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'private')),
  state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'rejected')),
  portrait INTEGER NOT NULL DEFAULT 0 CHECK (portrait IN (0, 1)),
  type TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  -- SHA-256 of the bytes as they are kept, in hexadecimal digits.
  hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  CHECK (portrait = 0 OR visibility = 'public')
) STRICT;
CREATE INDEX photo_of_user ON photo (user_id, id);
CREATE UNIQUE INDEX photo_portrait ON photo (user_id) WHERE portrait = 1;
-- Whoever races: no more than twenty a person.
CREATE TRIGGER photo_has_room BEFORE INSERT ON photo
WHEN (SELECT count(*) FROM photo WHERE user_id = NEW.user_id) >= 20
BEGIN SELECT RAISE(ABORT, 'too_many_photos'); END;

-- Breaks of a shift.
CREATE TABLE shift_break (
  shift_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (shift_id, started_at),
  CHECK (ended_at >= started_at)
) STRICT;
-- One open break a shift, whatever races.
CREATE UNIQUE INDEX shift_break_open ON shift_break (shift_id) WHERE ended_at IS NULL;

-- When a companion usually works: JSON array of {weekday, from, to}, read in their time zone.
CREATE TABLE usual_hours (
  user_id TEXT PRIMARY KEY,
  time_zone TEXT NOT NULL,
  items TEXT NOT NULL CHECK (json_type(items) = 'array'),
  changed_at INTEGER NOT NULL
) STRICT;

-- Talks: calls in which both were connected, as `video` told of them when they ended.
CREATE TABLE talk (
  call_id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL,
  companion_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  connected_ms INTEGER NOT NULL CHECK (connected_ms > 0),
  media TEXT NOT NULL
) STRICT;
CREATE INDEX talk_of_pair ON talk (companion_id, member_id, at);
CREATE INDEX talk_of_companion ON talk (companion_id, ended_at);
INSERT INTO talk (call_id, member_id, companion_id, at, ended_at, connected_ms, media)
SELECT id, payer_id, iif(payer_id = caller_id, callee_id, caller_id), created_at, ended_at, connected_ms, media
FROM call WHERE ended_at IS NOT NULL AND connected_ms > 0;

-- How a talk was, by the member: one rating a talk.
CREATE TABLE rating (
  call_id TEXT PRIMARY KEY,
  stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
  reasons TEXT NOT NULL CHECK (json_type(reasons) = 'array'),
  text TEXT,
  at INTEGER NOT NULL
) STRICT;

-- What a companion keeps of a talk.
CREATE TABLE wrap_up (
  call_id TEXT PRIMARY KEY,
  note TEXT,
  follow_up TEXT,
  flag TEXT,
  at INTEGER NOT NULL
) STRICT;

-- Up to which call somebody has seen the missed ones.
CREATE TABLE missed_seen (
  user_id TEXT PRIMARY KEY,
  up_to TEXT NOT NULL
) STRICT;

-- Something a person of the house looks at. One case for each thing that one person said of one subject.
CREATE TABLE "case" (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL CHECK (source IN ('complaint', 'rating', 'wrap_up')),
  -- What it is about: a call's id.
  subject TEXT NOT NULL,
  raised_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  text TEXT,
  state TEXT NOT NULL CHECK (state IN ('open', 'in_review', 'closed')),
  created_at INTEGER NOT NULL,
  UNIQUE (source, subject, raised_by)
) STRICT;
CREATE INDEX case_by_state ON "case" (state, id);

-- How far a reader of the event log has come.
CREATE TABLE event_reader (
  name TEXT PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT;
