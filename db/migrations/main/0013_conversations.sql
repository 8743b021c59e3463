-- Conversations as lists, searches and desks find them, their media, what people keep of them, the rules that open them,
-- favourite people, and cases about a conversation.

-- One conversation for a member and a companion. Its events are in its ChatRoom; here is what lists need, as the room told
-- of it last: `seq` is the event up to which that was.
CREATE TABLE chat (
  id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL,
  companion_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seq INTEGER NOT NULL DEFAULT 0 CHECK (seq >= 0),
  -- The newest message in short; no words where they are not to stand in a list.
  last_sender TEXT,
  last_kind TEXT,
  last_text TEXT,
  last_at INTEGER,
  UNIQUE (member_id, companion_id),
  CHECK ((last_kind IS NULL) = (last_at IS NULL))
) STRICT;
CREATE INDEX chat_of_companion ON chat (companion_id, id);

-- A conversation as one of its people has it.
CREATE TABLE chat_member (
  user_id TEXT NOT NULL,
  chat_id TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  -- Since when it is theirs no more.
  left_at INTEGER,
  read_seq INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0 CHECK (unread >= 0),
  -- Of its newest message, or its beginning: lists are sorted by it.
  newest_at INTEGER NOT NULL,
  pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1)),
  draft TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (user_id, chat_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_member_of_chat ON chat_member (chat_id);
CREATE INDEX chat_member_list ON chat_member (user_id, pinned, newest_at, chat_id) WHERE left_at IS NULL;
-- Whoever races: no more than ten pinned.
CREATE TRIGGER chat_pin_has_room BEFORE UPDATE OF pinned ON chat_member
WHEN NEW.pinned = 1 AND OLD.pinned = 0
  AND (SELECT count(*) FROM chat_member WHERE user_id = NEW.user_id AND pinned = 1 AND left_at IS NULL) >= 10
BEGIN SELECT RAISE(ABORT, 'too_many_pinned'); END;

-- Messages that somebody keeps; the messages themselves are in the room.
CREATE TABLE favourite_message (
  user_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  chat_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (user_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX favourite_message_list ON favourite_message (user_id, at, message_id);
CREATE TRIGGER favourite_message_has_room BEFORE INSERT ON favourite_message
WHEN (SELECT count(*) FROM favourite_message WHERE user_id = NEW.user_id) >= 500
  AND NOT EXISTS (SELECT 1 FROM favourite_message WHERE user_id = NEW.user_id AND message_id = NEW.message_id)
BEGIN SELECT RAISE(ABORT, 'too_many_favourites'); END;

-- A picture, voice note, video or file: first asked for, then uploaded (bytes in the bucket MEDIA under `chat/<chat>/<id>`),
-- then named by a message.
CREATE TABLE chat_media (
  id TEXT PRIMARY KEY,
  chat_id TEXT NOT NULL,
  uploader_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('image', 'voice', 'video', 'file')),
  type TEXT NOT NULL,
  asked_bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  uploaded_at INTEGER,
  -- As it is kept: without what tells of its maker.
  bytes INTEGER,
  width INTEGER,
  height INTEGER,
  duration_ms INTEGER,
  -- SHA-256 of those bytes, in hexadecimal digits.
  hash TEXT,
  state TEXT NOT NULL CHECK (state IN ('pending', 'passed', 'refused')),
  -- `message` once one names it, `reported` once that was reported, `kept` for whoever looks at the case once it was deleted;
  -- `swept` while it is being taken away unused.
  claimed_by TEXT,
  decided_at INTEGER,
  -- 0: its room has still to learn what was decided.
  told INTEGER NOT NULL DEFAULT 1 CHECK (told IN (0, 1)),
  CHECK ((uploaded_at IS NULL) = (hash IS NULL))
) STRICT;
CREATE INDEX chat_media_unclaimed ON chat_media (uploader_id, created_at) WHERE claimed_by IS NULL;
CREATE INDEX chat_media_stale ON chat_media (created_at) WHERE claimed_by IS NULL;
CREATE INDEX chat_media_swept ON chat_media (id) WHERE claimed_by = 'swept';
CREATE INDEX chat_media_waiting ON chat_media (id) WHERE state = 'pending';
CREATE INDEX chat_media_untold ON chat_media (id) WHERE told = 0;
CREATE TRIGGER chat_media_has_room BEFORE INSERT ON chat_media
WHEN (SELECT count(*) FROM chat_media WHERE uploader_id = NEW.uploader_id AND claimed_by IS NULL) >= 20
BEGIN SELECT RAISE(ABORT, 'too_many_uploads'); END;

-- Rules that open a conversation when something happened.
CREATE TABLE opening_rule (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  event TEXT NOT NULL CHECK (event IN ('sign_up', 'follow')),
  -- JSON: language → text, whom it is for, who writes it (chat/opening-rules.ts).
  templates TEXT NOT NULL CHECK (json_type(templates) = 'object'),
  cohort TEXT NOT NULL CHECK (json_type(cohort) = 'object'),
  companions TEXT NOT NULL CHECK (json_type(companions) = 'object'),
  delay_minutes INTEGER NOT NULL CHECK (delay_minutes >= 0),
  -- At most so many in a day (UTC) by one companion.
  per_companion_day INTEGER NOT NULL CHECK (per_companion_day >= 1),
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;

-- What a rule has done or has still to do: once for a rule and a member, for good.
CREATE TABLE opening (
  rule_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  -- Of the event: the person who was followed.
  followed_id TEXT,
  due_at INTEGER NOT NULL,
  -- waiting → sending → done, or → dropped for the reason.
  state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'done', 'dropped')),
  companion_id TEXT,
  -- Days since the epoch, UTC.
  day INTEGER,
  text TEXT,
  reason TEXT,
  PRIMARY KEY (rule_id, member_id),
  CHECK (state NOT IN ('sending', 'done') OR (companion_id IS NOT NULL AND day IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX opening_due ON opening (due_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX opening_of_companion ON opening (companion_id, day) WHERE companion_id IS NOT NULL;

-- Whom somebody likes to come back to.
CREATE TABLE favorite (
  user_id TEXT NOT NULL,
  favorite_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (user_id, favorite_id),
  CHECK (user_id <> favorite_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX favorite_of ON favorite (favorite_id);
CREATE INDEX favorite_list ON favorite (user_id, at, favorite_id);
CREATE TRIGGER favorite_has_room BEFORE INSERT ON favorite
WHEN (SELECT count(*) FROM favorite WHERE user_id = NEW.user_id) >= 200
  AND NOT EXISTS (SELECT 1 FROM favorite WHERE user_id = NEW.user_id AND favorite_id = NEW.favorite_id)
BEGIN SELECT RAISE(ABORT, 'too_many_favorites'); END;
-- A block and a favourite never stand beside each other, in either direction, whatever races.
CREATE TRIGGER favorite_of_nobody_blocked BEFORE INSERT ON favorite
WHEN EXISTS (
  SELECT 1 FROM block WHERE lifted_at IS NULL
    AND ((blocker_id = NEW.user_id AND blocked_id = NEW.favorite_id) OR (blocker_id = NEW.favorite_id AND blocked_id = NEW.user_id))
)
BEGIN SELECT RAISE(ABORT, 'favorite_is_blocked'); END;
CREATE TRIGGER block_ends_favorites AFTER INSERT ON block
WHEN NEW.lifted_at IS NULL
BEGIN
  DELETE FROM favorite
  WHERE (user_id = NEW.blocker_id AND favorite_id = NEW.blocked_id) OR (user_id = NEW.blocked_id AND favorite_id = NEW.blocker_id);
END;

-- Cases may come from reports, and say whom and which conversation they are about. SQLite can't change a CHECK in place.
ALTER TABLE "case" RENAME TO case_before;
DROP INDEX case_by_state;
CREATE TABLE "case" (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL CHECK (source IN ('complaint', 'rating', 'wrap_up', 'report')),
  -- What it is about: a call's id, a conversation's or a message's.
  subject TEXT NOT NULL,
  raised_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  text TEXT,
  state TEXT NOT NULL CHECK (state IN ('open', 'in_review', 'closed')),
  created_at INTEGER NOT NULL,
  -- Whom it is about, where that is known.
  about TEXT,
  chat_id TEXT,
  -- JSON: the message as it stood when it was reported.
  evidence TEXT CHECK (evidence IS NULL OR json_type(evidence) = 'object'),
  UNIQUE (source, subject, raised_by)
) STRICT;
INSERT INTO "case" (id, source, subject, raised_by, reason, text, state, created_at)
SELECT id, source, subject, raised_by, reason, text, state, created_at FROM case_before;
DROP TABLE case_before;
CREATE INDEX case_by_state ON "case" (state, id);
CREATE INDEX case_by_source ON "case" (source, id);
