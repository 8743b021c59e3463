-- Calls: one row a call, written before its object and again at every step. The object holds the truth while it runs;
-- the row is what lists and the sweeper read.
CREATE TABLE call (
  id TEXT PRIMARY KEY,
  caller_id TEXT NOT NULL,
  callee_id TEXT NOT NULL,
  payer_id TEXT NOT NULL,
  media TEXT NOT NULL,
  kind TEXT NOT NULL,
  tariff_id TEXT NOT NULL,
  -- The call this one goes on from.
  resumes TEXT,
  -- The same while it may still post under that call's keys: one at a time, and free again if it never connected.
  resumes_claim TEXT UNIQUE,
  state TEXT NOT NULL,
  end_reason TEXT,
  connected_ms INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  ended_at INTEGER,
  settled_at INTEGER,
  CHECK (caller_id <> callee_id),
  CHECK (settled_at IS NULL OR ended_at IS NOT NULL)
) STRICT;
CREATE INDEX call_of_caller ON call (caller_id, id);
CREATE INDEX call_of_callee ON call (callee_id, id);
CREATE INDEX call_unsettled ON call (created_at) WHERE settled_at IS NULL;
