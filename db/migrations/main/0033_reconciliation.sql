-- A day of a store, once more: what it says was paid and given back, against what we have and what is in the books.
CREATE TABLE reconciliation_day (
  -- In UTC: 2026-11-25.
  day TEXT NOT NULL,
  store TEXT NOT NULL CHECK (store IN ('stripe', 'apple', 'google')),
  state TEXT NOT NULL CHECK (state IN ('agrees', 'differs')),
  -- [{currency, paid, back, count}] in the smallest unit; theirs is null where a store can't be asked for a day.
  theirs TEXT CHECK (theirs IS NULL OR json_type(theirs) = 'array'),
  ours TEXT NOT NULL CHECK (json_type(ours) = 'array'),
  -- What differs, one by one.
  differences TEXT NOT NULL CHECK (json_type(differences) = 'array'),
  checked_at INTEGER NOT NULL,
  PRIMARY KEY (day, store),
  CHECK ((state = 'agrees') = (json_array_length(differences) = 0))
) STRICT;

-- Cases may come from there; nobody raised them.
ALTER TABLE "case" RENAME TO case_before;
DROP INDEX case_by_state;
DROP INDEX case_by_source;
CREATE TABLE "case" (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL CHECK (source IN ('complaint', 'rating', 'wrap_up', 'report', 'reconciliation')),
  -- What it is about: a call's id, a conversation's or a message's; a day of a store.
  subject TEXT NOT NULL,
  -- A person, or `system`.
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
INSERT INTO "case" SELECT id, source, subject, raised_by, reason, text, state, created_at, about, chat_id, evidence FROM case_before;
DROP TABLE case_before;
CREATE INDEX case_by_state ON "case" (state, id);
CREATE INDEX case_by_source ON "case" (source, id);
