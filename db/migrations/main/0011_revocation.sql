-- What follows from the end of a session or from a block must reach an object that may not answer at once: the row says
-- whether it has, and a job repeats it until it has (ms since the epoch; null: not yet).
ALTER TABLE session ADD COLUMN sockets_closed_at INTEGER;
UPDATE session SET sockets_closed_at = revoked_at WHERE revoked_at IS NOT NULL;
CREATE INDEX session_sockets_to_close ON session (revoked_at, id) WHERE revoked_at IS NOT NULL AND sockets_closed_at IS NULL;

ALTER TABLE block ADD COLUMN call_ended_at INTEGER;
UPDATE block SET call_ended_at = at;
CREATE INDEX block_call_to_end ON block (id) WHERE lifted_at IS NULL AND call_ended_at IS NULL;

-- Attempts to sign in are kept for half a year. Younger ones can't be deleted by anybody.
DROP TRIGGER login_attempt_no_delete;
CREATE TRIGGER login_attempt_no_early_delete BEFORE DELETE ON login_attempt
WHEN OLD.at > unixepoch() * 1000 - 180 * 86400000
BEGIN SELECT RAISE(ABORT, 'login_attempt_is_append_only'); END;
