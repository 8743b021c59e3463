-- What the staff's board and lists need of calls, sign-ins, the audit and tariffs.

-- Since when a call is in its state; null in rows of before.
ALTER TABLE call ADD COLUMN state_since INTEGER;
CREATE INDEX call_newest ON call (created_at, id);
CREATE INDEX call_by_reason ON call (end_reason, created_at, id) WHERE end_reason IS NOT NULL;

CREATE INDEX login_attempt_of_user ON login_attempt (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX audit_entry_actor ON audit_entry (actor, seq);
CREATE INDEX user_by_role ON user (role, id);

-- A draft that was discarded stays so.
CREATE TRIGGER tariff_discarded_stays BEFORE UPDATE ON tariff
WHEN OLD.published_at IS NULL AND OLD.retired_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'tariff_is_discarded'); END;

-- Versions of a line are counted one by one.
CREATE TRIGGER tariff_versions_count BEFORE INSERT ON tariff
WHEN NEW.version > 1 + (SELECT coalesce(max(version), 0) FROM tariff WHERE line_id = NEW.line_id)
BEGIN SELECT RAISE(ABORT, 'tariff_skips_a_version'); END;
