-- Words of notifications that staff wrote, and what is known against sending mail to an address. Times are ms since the epoch.

-- Versions of the words of one kind on one channel. Version 1 is built in and has no row. `texts` is JSON in the shape of
-- protocol/http/templates.ts.
CREATE TABLE notification_template (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('in_app', 'push', 'mail', 'sms')),
  version INTEGER NOT NULL CHECK (version >= 2),
  texts TEXT NOT NULL CHECK (json_valid(texts)),
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  -- In force from `published_at` (inclusive) to `retired_at` (exclusive).
  published_at INTEGER,
  retired_at INTEGER CHECK (retired_at IS NULL OR published_at IS NULL OR retired_at >= published_at),
  UNIQUE (kind, channel, version)
) STRICT;
-- One version in force, whoever publishes two at once.
CREATE UNIQUE INDEX notification_template_in_force ON notification_template (kind, channel) WHERE published_at IS NOT NULL AND retired_at IS NULL;

-- Words never change, not even a draft's: what was previewed is what is published. A change is a new version.
CREATE TRIGGER notification_template_is_fixed BEFORE UPDATE ON notification_template
WHEN NEW.id IS NOT OLD.id OR NEW.kind IS NOT OLD.kind OR NEW.channel IS NOT OLD.channel OR NEW.version IS NOT OLD.version
  OR NEW.texts IS NOT OLD.texts OR NEW.created_at IS NOT OLD.created_at OR NEW.created_by IS NOT OLD.created_by
BEGIN SELECT RAISE(ABORT, 'template_is_fixed'); END;

-- Published once, retired once: neither moment ever moves again.
CREATE TRIGGER notification_template_published_once BEFORE UPDATE OF published_at ON notification_template
WHEN OLD.published_at IS NOT NULL OR OLD.retired_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'template_is_settled'); END;
CREATE TRIGGER notification_template_retired_once BEFORE UPDATE OF retired_at ON notification_template
WHEN OLD.retired_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'template_is_settled'); END;

-- An older draft never replaces a newer version that was in force.
CREATE TRIGGER notification_template_newest_wins BEFORE UPDATE OF published_at ON notification_template
WHEN NEW.published_at IS NOT NULL AND EXISTS (
  SELECT 1 FROM notification_template newer
  WHERE newer.kind = OLD.kind AND newer.channel = OLD.channel AND newer.version > OLD.version AND newer.published_at IS NOT NULL
)
BEGIN SELECT RAISE(ABORT, 'template_is_outdated'); END;

-- Versions of a line are counted one by one.
CREATE TRIGGER notification_template_versions_count BEFORE INSERT ON notification_template
WHEN NEW.version > 1 + (
  SELECT coalesce(max(version), 1) FROM notification_template WHERE kind = NEW.kind AND channel = NEW.channel
)
BEGIN SELECT RAISE(ABORT, 'template_skips_a_version'); END;

CREATE TRIGGER notification_template_no_delete BEFORE DELETE ON notification_template
BEGIN SELECT RAISE(ABORT, 'template_is_fixed'); END;
-- INSERT OR REPLACE deletes without firing delete triggers.
CREATE TRIGGER notification_template_no_replace BEFORE INSERT ON notification_template
WHEN EXISTS (
  SELECT 1 FROM notification_template
  WHERE id = NEW.id OR (kind = NEW.kind AND channel = NEW.channel AND version = NEW.version)
)
BEGIN SELECT RAISE(ABORT, 'template_is_fixed'); END;

-- Why mail does not go to an address, by its keyed hash. Of each cause the newest word counts, whenever it arrives: what is
-- lifted stays as a row, so that an older event that comes late does not bring it back.
CREATE TABLE mail_suppression (
  address_hash TEXT NOT NULL,
  cause TEXT NOT NULL CHECK (cause IN ('bounce', 'spam_report', 'unsubscribe', 'group_unsubscribe')),
  mail_group TEXT NOT NULL DEFAULT '', -- of group_unsubscribe alone
  at INTEGER NOT NULL,
  lifted INTEGER NOT NULL DEFAULT 0 CHECK (lifted IN (0, 1)),
  source TEXT NOT NULL CHECK (source IN ('provider', 'reader', 'staff')),
  PRIMARY KEY (address_hash, cause, mail_group),
  CHECK ((mail_group <> '') = (cause = 'group_unsubscribe'))
) STRICT;

-- What the provider said of mails, once each: it says things again, late, and in any order.
CREATE TABLE mail_event (
  id TEXT PRIMARY KEY, -- sg_event_id
  type TEXT NOT NULL,
  message_id TEXT, -- ours
  at INTEGER NOT NULL,
  received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_event_of_message ON mail_event (message_id);
CREATE INDEX mail_event_by_age ON mail_event (received_at);
