-- What pays for time beside coins: a plan's allowance of a day, and pieces of company that moments open. Each use stands in
-- the batch of the posting it pays, under that posting's key, so that of all means exactly one wins.

-- ── allowances ──────────────────────────────────────────────────────────────────────────────────────────
-- One row a member's day, which begins at `began_at` (ms): their local midnight, or when the plan began.
CREATE TABLE allowance_day (
  owner TEXT NOT NULL,
  began_at INTEGER NOT NULL,
  plan TEXT NOT NULL,
  seconds INTEGER NOT NULL,
  messages INTEGER NOT NULL,
  seconds_used INTEGER NOT NULL DEFAULT 0,
  messages_used INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT allowance_left CHECK (seconds_used <= seconds AND messages_used <= messages),
  PRIMARY KEY (owner, began_at)
) STRICT, WITHOUT ROWID;

-- Whoever travels through time zones gets no second day: never sooner than 20 hours after the one before (money.md).
CREATE TRIGGER allowance_day_is_long BEFORE INSERT ON allowance_day
WHEN EXISTS (
  SELECT 1 FROM allowance_day WHERE owner = NEW.owner AND began_at > NEW.began_at - 72000000 AND began_at <> NEW.began_at
)
BEGIN SELECT RAISE(ABORT, 'day_too_soon'); END;

CREATE TRIGGER allowance_day_is_kept BEFORE DELETE ON allowance_day
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE allowance_use (
  key TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  began_at INTEGER NOT NULL,
  seconds INTEGER NOT NULL CHECK (seconds >= 0),
  messages INTEGER NOT NULL CHECK (messages >= 0),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER allowance_use_counts AFTER INSERT ON allowance_use
BEGIN
  UPDATE allowance_day SET seconds_used = seconds_used + NEW.seconds, messages_used = messages_used + NEW.messages
  WHERE owner = NEW.owner AND began_at = NEW.began_at;
  SELECT RAISE(ABORT, 'no_such_day')
  WHERE NOT EXISTS (SELECT 1 FROM allowance_day WHERE owner = NEW.owner AND began_at = NEW.began_at);
END;

CREATE TRIGGER allowance_use_is_not_changed BEFORE UPDATE ON allowance_use
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER allowance_use_is_kept BEFORE DELETE ON allowance_use
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- ── lots: when moments came, and when they go ───────────────────────────────────────────────────────────
-- Every credit of moments is a lot, every debit takes from lots, oldest first; so a balance is the sum of its lots by itself.
CREATE TABLE moment_lot (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  amount INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0,
  came_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  CHECK (used BETWEEN 0 AND amount)
) STRICT, WITHOUT ROWID;

CREATE INDEX moment_lot_of_owner ON moment_lot (owner, expires_at) WHERE used < amount;
CREATE INDEX moment_lot_expiring ON moment_lot (expires_at) WHERE used < amount;

INSERT INTO moment_lot (id, owner, amount, came_at, expires_at)
SELECT 'lot_' || substr(last_event_id, 5), owner, balance, created_at, created_at + 15552000000
FROM account WHERE kind = 'owner' AND unit = 'MOMENT' AND balance > 0;

CREATE TRIGGER moment_lot_is_kept BEFORE DELETE ON moment_lot
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER moment_lot_keeps_its_terms BEFORE UPDATE OF id, owner, amount, came_at, expires_at ON moment_lot
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- A posting may say when its lot expires (`metadata.expiresAt`, ms); 180 days otherwise.
CREATE TRIGGER moments_come_as_a_lot AFTER INSERT ON balance_event WHEN NEW.unit = 'MOMENT' AND NEW.amount > 0
BEGIN
  INSERT INTO moment_lot (id, owner, amount, came_at, expires_at)
  SELECT 'lot_' || substr(NEW.id, 5), NEW.owner, NEW.amount, created_at,
    coalesce(metadata->>'expiresAt', created_at + 15552000000)
  FROM posting WHERE seq = NEW.posting_seq;
END;

-- What is spent comes from lots that have not expired; an expiry takes its own lot (`ref`), whole; whatever else takes
-- moments back takes from any.
CREATE TRIGGER moments_go_oldest_first AFTER INSERT ON balance_event WHEN NEW.unit = 'MOMENT' AND NEW.amount < 0
BEGIN
  UPDATE moment_lot SET used = used + take.n FROM (
    SELECT id, min(free, max(0, -NEW.amount - earlier)) AS n FROM (
      SELECT l.id, l.amount - l.used AS free, sum(l.amount - l.used) OVER (ORDER BY l.expires_at, l.id) - (l.amount - l.used) AS earlier
      FROM moment_lot l JOIN posting p ON p.seq = NEW.posting_seq
      WHERE l.owner = NEW.owner AND l.used < l.amount
        AND CASE p.kind WHEN 'expiry' THEN l.id = p.ref WHEN 'piece' THEN l.expires_at > p.event_at ELSE true END
    )
  ) AS take WHERE moment_lot.id = take.id AND take.n > 0;
  SELECT RAISE(ABORT, 'moments_expired')
  WHERE NEW.balance_after <> (SELECT coalesce(sum(amount - used), 0) FROM moment_lot WHERE owner = NEW.owner AND used < amount);
  SELECT RAISE(ABORT, 'lot_moved')
  FROM posting p JOIN moment_lot l ON l.id = p.ref WHERE p.seq = NEW.posting_seq AND p.kind = 'expiry' AND l.used < l.amount;
END;

-- ── pieces of company ───────────────────────────────────────────────────────────────────────────────────
-- What one moment opened, named by the key of the posting that paid it; `parts` of it are used up by time and messages with
-- one companion (`moments/rules.ts`).
CREATE TABLE moment_piece (
  key TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  peer TEXT NOT NULL,
  parts INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0,
  opened_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  CHECK (used BETWEEN 0 AND parts)
) STRICT, WITHOUT ROWID;

CREATE INDEX moment_piece_running ON moment_piece (owner, peer, used_at) WHERE used < parts;

CREATE TRIGGER moment_piece_is_kept BEFORE DELETE ON moment_piece
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TABLE piece_use (
  key TEXT NOT NULL PRIMARY KEY,
  piece TEXT NOT NULL,
  parts INTEGER NOT NULL CHECK (parts > 0),
  at INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A piece that has anything left pays what falls due whole: at its edge nobody pays twice for one stretch of time.
CREATE TRIGGER piece_use_needs_a_rest BEFORE INSERT ON piece_use
WHEN NOT EXISTS (SELECT 1 FROM piece_use WHERE key = NEW.key)
  AND NOT EXISTS (SELECT 1 FROM moment_piece WHERE key = NEW.piece AND used < parts)
BEGIN SELECT RAISE(ABORT, 'piece_used_up'); END;

CREATE TRIGGER piece_use_counts AFTER INSERT ON piece_use
BEGIN
  UPDATE moment_piece SET used = min(parts, used + NEW.parts), used_at = max(used_at, NEW.at) WHERE key = NEW.piece;
END;

CREATE TRIGGER piece_use_is_not_changed BEFORE UPDATE ON piece_use
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER piece_use_is_kept BEFORE DELETE ON piece_use
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
