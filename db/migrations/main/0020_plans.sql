-- Plans are data; a subscription names one, and whoever has none that runs has the first.
CREATE TABLE plan (
  id TEXT NOT NULL PRIMARY KEY,
  rank INTEGER NOT NULL UNIQUE,
  daily_seconds INTEGER NOT NULL CHECK (daily_seconds >= 0),
  daily_messages INTEGER NOT NULL CHECK (daily_messages >= 0),
  overage TEXT NOT NULL CHECK (overage IN ('stop', 'coins'))
) STRICT;

INSERT INTO plan (id, rank, daily_seconds, daily_messages, overage) VALUES
  ('free', 0, 300, 10, 'stop'),
  ('plus', 1, 1800, 100, 'coins'),
  ('premium', 2, 7200, 1000, 'coins');

CREATE TABLE subscription (
  user_id TEXT NOT NULL PRIMARY KEY REFERENCES user (id),
  id TEXT NOT NULL UNIQUE,
  plan TEXT NOT NULL REFERENCES plan (id),
  state TEXT NOT NULL CHECK (state IN ('active', 'grace', 'paused', 'cancelled', 'expired')),
  until INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
