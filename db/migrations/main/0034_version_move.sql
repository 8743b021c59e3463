-- Who was moved from one pricing model to another. The row moves them: there is no move without its row, and of two that begin
-- from the same version the second is refused. The code in RAISE is read by `pricing/move-store.ts`.
CREATE TABLE version_move (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES user (id),
  from_version TEXT NOT NULL,
  to_version TEXT NOT NULL CHECK (to_version <> from_version),
  reason TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  -- The posting that tells the member's books of it; null until it is there.
  posting_id TEXT,
  created_at INTEGER NOT NULL,
  UNIQUE (requested_by, idempotency_key)
) STRICT;

CREATE INDEX version_move_of_user ON version_move (user_id, created_at);
CREATE INDEX version_move_untold ON version_move (created_at) WHERE posting_id IS NULL;

CREATE TRIGGER version_move_begins_where_they_are BEFORE INSERT ON version_move
WHEN NOT EXISTS (SELECT 1 FROM user WHERE id = NEW.user_id AND monetization_version = NEW.from_version)
BEGIN SELECT RAISE(ABORT, 'moved_meanwhile'); END;

CREATE TRIGGER version_move_moves AFTER INSERT ON version_move
BEGIN UPDATE user SET monetization_version = NEW.to_version WHERE id = NEW.user_id; END;

CREATE TRIGGER version_move_is_not_changed BEFORE UPDATE ON version_move
WHEN OLD.posting_id IS NOT NULL OR NEW.id <> OLD.id OR NEW.user_id <> OLD.user_id OR NEW.from_version <> OLD.from_version
  OR NEW.to_version <> OLD.to_version OR NEW.reason <> OLD.reason OR NEW.requested_by <> OLD.requested_by
  OR NEW.idempotency_key <> OLD.idempotency_key OR NEW.created_at <> OLD.created_at
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER version_move_is_kept BEFORE DELETE ON version_move
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
