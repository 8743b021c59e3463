-- Adjustments of balances by staff, and the approvals of those above the limit (money.md: two people).
CREATE TABLE adjustment (
  id TEXT NOT NULL PRIMARY KEY,
  requested_by TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  user_id TEXT NOT NULL,
  unit TEXT NOT NULL CHECK (unit IN ('COIN', 'MOMENT', 'EARN')),
  amount INTEGER NOT NULL CHECK (amount <> 0),
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'posted', 'refused', 'rejected')),
  posting_id TEXT,
  created_at INTEGER NOT NULL,
  UNIQUE (requested_by, idempotency_key),
  CHECK ((state = 'posted') = (posting_id IS NOT NULL))
) STRICT;

CREATE INDEX adjustment_open ON adjustment (created_at) WHERE state = 'open';

CREATE TABLE approval (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  adjustment_id TEXT NOT NULL UNIQUE REFERENCES adjustment (id),
  state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'rejected')),
  decided_by TEXT,
  decided_at INTEGER,
  created_at INTEGER NOT NULL,
  CHECK ((state = 'waiting') = (decided_by IS NULL))
) STRICT;

-- Two people: the second is never the first, whatever the code above says.
CREATE TRIGGER approval_needs_another_person BEFORE UPDATE OF decided_by ON approval
WHEN NEW.decided_by = (SELECT requested_by FROM adjustment WHERE id = NEW.adjustment_id)
BEGIN SELECT RAISE(ABORT, 'own_approval'); END;

-- The first word stands; only an approval that the balance could not give goes back to waiting.
CREATE TRIGGER approval_is_decided_once BEFORE UPDATE OF state ON approval
WHEN OLD.state <> 'waiting' AND NEW.state <> 'waiting'
BEGIN SELECT RAISE(ABORT, 'already_decided'); END;
