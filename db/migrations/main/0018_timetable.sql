-- Jobs by the clock. What a job does and when stands beside it in code; here is what staff changed about it (NULL: nothing),
-- and from which moment on its turns count.
CREATE TABLE timetable_job (
  name TEXT PRIMARY KEY,
  cron TEXT,
  zone TEXT,
  missed TEXT CHECK (missed IN ('skip', 'once', 'each')),
  enabled INTEGER NOT NULL DEFAULT 1 CHECK (enabled IN (0, 1)),
  since INTEGER NOT NULL,
  changed_at INTEGER,
  changed_by TEXT
) STRICT;

-- One row a run. A run that is not over holds its job until `leased_until`, so the history is the lease as well.
CREATE TABLE timetable_run (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  job TEXT NOT NULL,
  -- The turn it is for, and the oldest one it stands in for. No slot: somebody asked for it.
  slot INTEGER,
  due INTEGER NOT NULL,
  -- Above 1 where a run of the same turn was lost.
  attempt INTEGER NOT NULL,
  asked_by TEXT CHECK (asked_by IS NULL OR slot IS NULL),
  request_id TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  leased_until INTEGER NOT NULL,
  finished_at INTEGER,
  outcome TEXT CHECK (outcome IN ('ok', 'failed', 'lost', 'skipped')),
  error TEXT,
  -- With this run a streak of failures became worth telling, or was over; and when staff were told.
  alert TEXT CHECK (alert IN ('failed', 'healed')),
  told_at INTEGER,
  CHECK ((outcome IS NULL) = (finished_at IS NULL)),
  UNIQUE (job, slot, attempt)
) STRICT;
CREATE INDEX timetable_run_by_job ON timetable_run (job, seq);
CREATE INDEX timetable_run_under_way ON timetable_run (job) WHERE outcome IS NULL;
CREATE INDEX timetable_run_alert ON timetable_run (job, seq) WHERE alert IS NOT NULL;

-- The runs themselves are the lease now.
DROP TABLE job_lease;
