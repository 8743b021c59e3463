-- Devices that asked to be told by push. Each belongs to a live session and goes with it, whoever ends that. Times are ms
-- since the epoch.
CREATE TABLE push_device (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES user (id),
  session_id TEXT NOT NULL REFERENCES session (id),
  platform TEXT NOT NULL CHECK (platform IN ('fcm', 'apns', 'voip', 'webpush', 'onesignal')),
  token TEXT NOT NULL, -- the provider's; of Web Push the endpoint's address
  p256dh TEXT,
  auth TEXT,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  UNIQUE (platform, token),
  UNIQUE (session_id, platform),
  CHECK ((p256dh IS NOT NULL) = (platform = 'webpush') AND (auth IS NOT NULL) = (platform = 'webpush'))
) STRICT;
CREATE INDEX push_device_of_user ON push_device (user_id, seen_at);
CREATE INDEX push_device_by_age ON push_device (seen_at);

CREATE TRIGGER push_device_needs_a_session BEFORE INSERT ON push_device
WHEN NOT EXISTS (SELECT 1 FROM session WHERE id = NEW.session_id AND user_id = NEW.user_id AND revoked_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'session_is_over'); END;

CREATE TRIGGER push_device_ends_with_its_session AFTER UPDATE OF revoked_at ON session WHEN NEW.revoked_at IS NOT NULL
BEGIN DELETE FROM push_device WHERE session_id = NEW.id; END;

-- Twenty a person: the one that was silent for longest makes room.
CREATE TRIGGER push_device_makes_room AFTER INSERT ON push_device
BEGIN
  DELETE FROM push_device WHERE id IN (
    SELECT id FROM push_device WHERE user_id = NEW.user_id ORDER BY seen_at DESC, id DESC LIMIT -1 OFFSET 20
  );
END;
