-- What companions keep of a member, and the desk at which conversations are answered.

-- A note as it stands; what it said before is in note_version. Removed ones keep their history for those who supervise.
CREATE TABLE note (
  id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL,
  author_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('fact', 'preference', 'follow_up', 'sensitive')),
  text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
  -- A day, YYYY-MM-DD, where the writer is.
  follow_up_on TEXT,
  -- When the writer had come back to it.
  done_at INTEGER,
  version INTEGER NOT NULL CHECK (version >= 1),
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  removed_at INTEGER,
  CHECK ((kind = 'follow_up') = (follow_up_on IS NOT NULL)),
  CHECK (done_at IS NULL OR kind = 'follow_up')
) STRICT;
CREATE INDEX note_of_member ON note (member_id, id) WHERE removed_at IS NULL;

CREATE TABLE note_version (
  note_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  follow_up_on TEXT,
  done_at INTEGER,
  removed INTEGER NOT NULL CHECK (removed IN (0, 1)),
  by_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- Two who edit the same version at once: the second batch aborts.
  PRIMARY KEY (note_id, version)
) STRICT;
CREATE TRIGGER note_version_stays BEFORE UPDATE ON note_version
BEGIN SELECT RAISE(ABORT, 'note_version_stays'); END;

-- What the next companion should know of a member, by each who writes one.
CREATE TABLE handover (
  member_id TEXT NOT NULL,
  author_id TEXT NOT NULL,
  text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 2000),
  version INTEGER NOT NULL CHECK (version >= 1),
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (member_id, author_id)
) STRICT;

-- Who answers a conversation, and since when somebody waits there. Fed from the room, latest `seq` wins.
CREATE TABLE desk_conversation (
  chat_id TEXT PRIMARY KEY,
  member_id TEXT NOT NULL,
  -- The member's own companion of this conversation.
  companion_id TEXT NOT NULL,
  -- Who answers now; null: it waits in the queue.
  assignee_id TEXT,
  assigned_at INTEGER NOT NULL,
  -- The companion who has the place in the room. Follows assignee_id; a job heals what a crash left between the two.
  seated_id TEXT NOT NULL,
  -- When the member wrote the first message that nobody has answered.
  waiting_since INTEGER,
  last_at INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  -- Counts who answers: a change that was decided on an older one changes nothing.
  version INTEGER NOT NULL CHECK (version >= 1)
) STRICT;
CREATE INDEX desk_conversation_of_assignee ON desk_conversation (assignee_id, last_at);
CREATE INDEX desk_conversation_waiting ON desk_conversation (assignee_id, waiting_since) WHERE waiting_since IS NOT NULL;
CREATE INDEX desk_conversation_in_queue ON desk_conversation (last_at) WHERE assignee_id IS NULL;
CREATE INDEX desk_conversation_unseated ON desk_conversation (chat_id) WHERE assignee_id <> seated_id;

-- Every change of who answers, with the note that was written for it.
CREATE TABLE desk_move (
  chat_id TEXT NOT NULL,
  -- The conversation's version that it made.
  version INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('taken', 'transferred', 'returned', 'answered')),
  from_id TEXT,
  to_id TEXT,
  -- Null: the house, because nobody answered.
  by_id TEXT,
  note TEXT CHECK (length(note) BETWEEN 1 AND 1000),
  at INTEGER NOT NULL,
  PRIMARY KEY (chat_id, version)
) STRICT;

-- Replies that are ready; without an owner they are the house's and for everybody.
CREATE TABLE canned_reply (
  id TEXT PRIMARY KEY,
  owner_id TEXT,
  word TEXT NOT NULL CHECK (length(word) BETWEEN 1 AND 30),
  language TEXT,
  text TEXT NOT NULL CHECK (length(text) BETWEEN 1 AND 1000),
  changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX canned_reply_word ON canned_reply (coalesce(owner_id, ''), word, coalesce(language, ''));
