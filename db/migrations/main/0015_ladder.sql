-- How people want to be told, what left the app and by which rungs, what waits for a better hour, what was given up, and what
-- was announced. Times are ms since the epoch.

-- Only what somebody chose; the rest is as the kinds say. Times of day as 22:00, on the person's clock.
CREATE TABLE notification_choice (
  user_id TEXT PRIMARY KEY REFERENCES user (id),
  quiet_on INTEGER NOT NULL DEFAULT 0 CHECK (quiet_on IN (0, 1)),
  quiet_from TEXT NOT NULL DEFAULT '22:00',
  quiet_to TEXT NOT NULL DEFAULT '07:00',
  rings_at_night INTEGER NOT NULL DEFAULT 1 CHECK (rings_at_night IN (0, 1)),
  channels TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(channels)), -- kind → channel → whether it is used
  changed_at INTEGER NOT NULL,
  CHECK (quiet_from <> quiet_to)
) STRICT;

-- A notification that climbed out of the app, and how far it has come.
CREATE TABLE notification_climb (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  began_at INTEGER NOT NULL,
  rung TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('underway', 'deferred', 'told', 'unreached', 'called_off')),
  because TEXT,
  due_at INTEGER,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notification_climb_by_age ON notification_climb (began_at, id);
CREATE INDEX notification_climb_of_user ON notification_climb (user_id, began_at, id);

-- One attempt to reach one device (or, with '', the person's mailbox) on one rung. Claimed before the provider is asked,
-- marked after: whoever finds it marked sends nothing.
CREATE TABLE notification_send (
  notification_id TEXT NOT NULL,
  rung TEXT NOT NULL,
  device_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  claimed_until INTEGER NOT NULL,
  sent_at INTEGER,
  given_up_at INTEGER,
  code TEXT,
  provider_id TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (notification_id, rung, device_id),
  CHECK (sent_at IS NULL OR given_up_at IS NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX notification_send_by_age ON notification_send (created_at);

-- Rungs that wait: for the end of quiet hours, or to be told together with others. A job puts them back on the queue.
CREATE TABLE notification_deferral (
  notification_id TEXT NOT NULL,
  rung TEXT NOT NULL,
  user_id TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  PRIMARY KEY (notification_id, rung)
) STRICT, WITHOUT ROWID;
CREATE INDEX notification_deferral_due ON notification_deferral (due_at, notification_id, rung);
CREATE INDEX notification_deferral_of_user ON notification_deferral (user_id, rung);

-- Messages that the queue gave up. `body` is null where they held what nobody may keep.
CREATE TABLE notification_dead_letter (
  id TEXT PRIMARY KEY, -- the queue's own
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  notification_id TEXT,
  user_id TEXT,
  reason TEXT NOT NULL,
  body TEXT CHECK (body IS NULL OR json_valid(body)),
  replays INTEGER NOT NULL DEFAULT 0,
  replayed_at INTEGER
) STRICT;
CREATE INDEX notification_dead_letter_by_age ON notification_dead_letter (at, id);

CREATE TABLE announcement (
  id TEXT PRIMARY KEY,
  key TEXT NOT NULL, -- Idempotency-Key
  body_hash TEXT NOT NULL,
  created_by TEXT NOT NULL REFERENCES user (id),
  created_at INTEGER NOT NULL,
  audience TEXT NOT NULL CHECK (audience IN ('members', 'companions', 'everybody')),
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  link TEXT,
  -- Up to which person the audience has been cut into pages; null: not begun, '~': to its end.
  cut_up_to TEXT,
  cut_at INTEGER,
  finished_at INTEGER,
  UNIQUE (created_by, key)
) STRICT;
CREATE INDEX announcement_by_age ON announcement (created_at, id);
CREATE INDEX announcement_unfinished ON announcement (created_at) WHERE finished_at IS NULL;

-- A page of the audience, by its last person; `told` is null until everybody on it was told.
CREATE TABLE announcement_page (
  announcement_id TEXT NOT NULL REFERENCES announcement (id),
  up_to TEXT NOT NULL,
  after TEXT, -- null: from the first person on
  told INTEGER,
  ordered_at INTEGER NOT NULL,
  PRIMARY KEY (announcement_id, up_to)
) STRICT, WITHOUT ROWID;
CREATE INDEX announcement_page_open ON announcement_page (announcement_id) WHERE told IS NULL;
