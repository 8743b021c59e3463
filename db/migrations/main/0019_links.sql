-- Links that wait for somebody to install the app and sign up, and the campaigns people came by.

-- A short code stands for a link for a day. `link` is a path of the grammar (worker/protocol/links.ts), `campaign` what it carried.
CREATE TABLE deferred_link (
  code TEXT PRIMARY KEY,
  link TEXT NOT NULL CHECK (link LIKE '/go/%' AND length(link) <= 200),
  campaign TEXT NOT NULL CHECK (json_type(campaign) = 'object'),
  -- Keyed hash of where it was asked for; null where nothing tells places apart.
  network_hash TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
  claimed_by TEXT,
  claimed_at INTEGER,
  CHECK ((claimed_by IS NULL) = (claimed_at IS NULL))
) STRICT;
CREATE INDEX deferred_link_expired ON deferred_link (expires_at);
CREATE INDEX deferred_link_of_network ON deferred_link (network_hash, created_at) WHERE network_hash IS NOT NULL;

-- What first brought somebody, and what last did: no more than two rows a person, nothing that names anybody.
CREATE TABLE campaign_touch (
  user_id TEXT NOT NULL,
  place TEXT NOT NULL CHECK (place IN ('first', 'last')),
  at INTEGER NOT NULL,
  campaign TEXT NOT NULL CHECK (json_type(campaign) = 'object' AND length(campaign) <= 8000),
  landing TEXT,
  referrer TEXT,
  PRIMARY KEY (user_id, place)
) STRICT;
