-- A pair of postings writes 14 entries of trees where it wrote 22: each costs time, and on D1 it is billed as a row written.
--
-- A transfer and the balance event that it makes are one row, since one transfer makes one event at most; `balance_event`
-- is a view of them. The row stands under its posting (`posting_seq`, `n`), which needs no index beside. Ids of transfers
-- and events are made from their posting's, so that the index of that finds them too. Rows that are there keep all they
-- have: ids, seqs, and so their seals.
--
-- The Worker of before cannot post on this: what it is told meanwhile stays unknown, and is told again under its key.
DROP VIEW telling;
DROP TRIGGER transfer_moves_balances;
DROP TRIGGER transfer_keeps_the_laws;
DROP TRIGGER transfer_is_not_changed;
DROP TRIGGER transfer_is_kept;
DROP TRIGGER account_is_not_replaced;
DROP TRIGGER posting_key_has_one_meaning;
DROP TRIGGER moments_come_as_a_lot;
DROP TRIGGER moments_go_oldest_first;

-- ── transfers, and what they do to the owner's balance ──────────────────────────────────────────────────
ALTER TABLE transfer RENAME TO transfer_until_now;

-- `seq` grows with every transfer: 64 for each posting, and one for each more of it. What was written before this migration
-- counts by ones, and so stands below 64 a posting. `owner`, `balance_after` and `prev_id` are the event's, and null where
-- only the house and debts move. That posting and accounts are there is a law below.
CREATE TABLE transfer (
  posting_seq INTEGER NOT NULL,
  n INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  from_account TEXT NOT NULL,
  to_account TEXT NOT NULL,
  unit TEXT NOT NULL,
  amount INTEGER NOT NULL,
  owner TEXT,
  balance_after INTEGER,
  prev_id TEXT,
  CONSTRAINT amount_positive CHECK (amount > 0),
  PRIMARY KEY (posting_seq, n)
) STRICT, WITHOUT ROWID;

INSERT INTO transfer (posting_seq, n, seq, id, from_account, to_account, unit, amount, owner, balance_after, prev_id)
SELECT t.posting_seq, t.n, t.seq, t.id, t.from_account, t.to_account, t.unit, t.amount, e.owner, e.balance_after, e.prev_id
FROM transfer_until_now t LEFT JOIN balance_event e ON e.seq = t.seq ORDER BY t.posting_seq, t.n;

DROP TABLE transfer_until_now;
DROP TABLE balance_event;

CREATE UNIQUE INDEX transfer_of_owner ON transfer (owner, seq) WHERE owner IS NOT NULL;
-- Those of before have ids of their own.
CREATE UNIQUE INDEX transfer_of_own_id ON transfer (id) WHERE seq < posting_seq * 64;

CREATE VIEW balance_event (seq, id, owner, unit, posting_seq, amount, balance_after, prev_id) AS
SELECT seq, 'bev_' || substr(id, 5), owner, unit, posting_seq, iif(to_account = owner || ':' || unit, amount, -amount), balance_after,
  prev_id
FROM transfer WHERE owner IS NOT NULL;

CREATE TRIGGER transfer_is_not_changed BEFORE UPDATE ON transfer
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER transfer_is_kept BEFORE DELETE ON transfer
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER balance_event_is_not_changed INSTEAD OF UPDATE ON balance_event
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER balance_event_is_kept INSTEAD OF DELETE ON balance_event
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER balance_event_is_made_by_its_transfer INSTEAD OF INSERT ON balance_event
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- Lots of moments come and go before the balance is moved, as when events stood in a table: moments that have expired are
-- a reason of their own, before the floor is one (0003).
CREATE TRIGGER moments_come_as_a_lot BEFORE INSERT ON transfer
WHEN NEW.unit = 'MOMENT' AND NEW.to_account = NEW.owner || ':MOMENT'
BEGIN
  INSERT INTO moment_lot (id, owner, amount, came_at, expires_at)
  SELECT 'lot_' || substr(NEW.id, 5), NEW.owner, NEW.amount, created_at,
    coalesce(metadata->>'expiresAt', created_at + 15552000000)
  FROM posting WHERE seq = NEW.posting_seq;
END;

CREATE TRIGGER moments_go_oldest_first BEFORE INSERT ON transfer
WHEN NEW.unit = 'MOMENT' AND NEW.from_account = NEW.owner || ':MOMENT'
BEGIN
  UPDATE moment_lot SET used = used + take.n FROM (
    SELECT id, min(free, max(0, NEW.amount - earlier)) AS n FROM (
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

-- INSERT OR REPLACE deletes without firing delete triggers, so what is there is refused before it could be replaced. Both
-- accounts are there and of the transfer's unit, each the house's or the posting's owner's. The row has the name and the
-- place that its posting gives it, and says of the owner's balance what is so.
CREATE TRIGGER transfer_keeps_the_laws BEFORE INSERT ON transfer
BEGIN
  SELECT RAISE(ABORT, 'append_only')
  WHERE EXISTS (SELECT 1 FROM transfer WHERE posting_seq = NEW.posting_seq AND (n = NEW.n OR seq >= NEW.seq))
    OR EXISTS (SELECT 1 FROM transfer WHERE owner = NEW.owner AND seq >= NEW.seq);
  SELECT CASE
      WHEN count(*) <> 2 THEN RAISE(ABORT, 'unit_mismatch')
      WHEN p.seq IS NULL OR max(a.kind <> 'house' AND a.owner <> p.owner) THEN RAISE(ABORT, 'foreign_account')
      WHEN NEW.n NOT BETWEEN 0 AND 31 OR NEW.seq < NEW.posting_seq * 64
        OR NEW.id <> 'trf_' || iif(NEW.n = 0, substr(p.id, 5), substr(p.id, 5, 25) || substr('0123456789abcdefghjkmnpqrstvwxyz', NEW.n + 1, 1))
        OR NEW.owner IS NOT max(iif(a.kind = 'owner', a.owner, NULL))
        OR NEW.balance_after IS NOT max(iif(a.kind = 'owner', a.balance + iif(a.id = NEW.to_account, NEW.amount, -NEW.amount), NULL))
        OR NEW.prev_id IS NOT max(iif(a.kind = 'owner', a.last_event_id, NULL)) THEN RAISE(ABORT, 'wrong_event')
    END
  FROM account a LEFT JOIN posting p ON p.seq = NEW.posting_seq WHERE a.id IN (NEW.from_account, NEW.to_account) AND a.unit = NEW.unit;
END;

CREATE TRIGGER transfer_moves_balances AFTER INSERT ON transfer
BEGIN
  UPDATE account SET
    balance = balance + iif(id = NEW.to_account, NEW.amount, -NEW.amount),
    last_event_id = iif(kind = 'owner', 'bev_' || substr(NEW.id, 5), NULL)
  WHERE id IN (NEW.from_account, NEW.to_account);
END;

-- A replaced account would begin at 0 again under the same name.
CREATE TRIGGER account_is_not_replaced AFTER INSERT ON account
WHEN NEW.kind = 'owner' AND EXISTS (SELECT 1 FROM transfer WHERE owner = NEW.owner AND unit = NEW.unit)
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- The running proof counts by postings from here on, and so begins to add up anew; what the last one found stands.
DELETE FROM proof_fold;
UPDATE proof_progress SET cursor = 0;

-- ── postings ────────────────────────────────────────────────────────────────────────────────────────────
-- What is there is refused before it could be replaced.
CREATE TRIGGER posting_is_not_replaced BEFORE INSERT ON posting
WHEN EXISTS (SELECT 1 FROM posting WHERE key = NEW.key OR id = NEW.id OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- ── telling ─────────────────────────────────────────────────────────────────────────────────────────────
-- As in 0002, but for the ids: a posting's ends in `00` (whoever tells makes it so), and those that follow from it differ
-- in the last two letters. Its n-th transfer and event have `0` and the n-th letter; a debt settled by it, with posting,
-- transfer and event, has `z` and the letter of the transfer that was the credit.
CREATE VIEW telling (
  posting_id, key, input_hash, owner, kind, ref, actor, pair_key, event_at, created_at, metadata,
  n, from_account, to_account, unit, part, amount
) AS
SELECT p.id, p.key, p.input_hash, p.owner, p.kind, p.ref, p.actor, p.pair_key, p.event_at, p.created_at, p.metadata,
  t.n, t.from_account, t.to_account, t.unit, 'all', t.amount
FROM posting p LEFT JOIN transfer t ON t.posting_seq = p.seq;

CREATE TRIGGER telling_posts INSTEAD OF INSERT ON telling
BEGIN
  -- Where the key is taken nothing happens, and whatever belongs to the posting hangs on the id made for this attempt.
  SELECT RAISE(ABORT, 'idempotency_conflict') FROM posting WHERE key = NEW.key AND input_hash <> NEW.input_hash;
  INSERT INTO posting (id, key, input_hash, owner, kind, ref, actor, pair_key, event_at, created_at, metadata)
  SELECT NEW.posting_id, NEW.key, NEW.input_hash, NEW.owner, NEW.kind, NEW.ref, NEW.actor, NEW.pair_key, NEW.event_at,
    NEW.created_at, NEW.metadata
  WHERE NOT EXISTS (SELECT 1 FROM posting WHERE key = NEW.key);

  -- The house's accounts are there from the first migration on; an owner's come with the first move.
  INSERT INTO account (id, owner, kind, unit, created_at)
  SELECT NEW.owner || ':' || NEW.unit, NEW.owner, 'owner', NEW.unit, NEW.created_at
  WHERE NEW.owner || ':' || NEW.unit IN (NEW.from_account, NEW.to_account)
    AND NOT EXISTS (SELECT 1 FROM account WHERE id = NEW.owner || ':' || NEW.unit);
  INSERT INTO account (id, owner, kind, unit, created_at)
  SELECT NEW.from_account, NEW.owner, 'debt', NEW.unit, NEW.created_at
  WHERE NEW.part = 'missing' AND NOT EXISTS (SELECT 1 FROM account WHERE id = NEW.from_account);

  -- What the balance has of a claw-back is decided here, by the same statement that takes it.
  INSERT INTO transfer (posting_seq, n, seq, id, from_account, to_account, unit, amount, owner, balance_after, prev_id)
  SELECT posting_seq, NEW.n, seq, id, NEW.from_account, NEW.to_account, NEW.unit, amount, owner,
    balance + iif(owner || ':' || NEW.unit = NEW.to_account, amount, -amount), last_event_id
  FROM (
    SELECT p.seq AS posting_seq,
      max(p.seq * 64, coalesce((SELECT max(seq) + 1 FROM transfer WHERE posting_seq >= p.seq), 0)) AS seq,
      'trf_' || iif(NEW.n = 0, substr(p.id, 5), substr(p.id, 5, 25) || substr('0123456789abcdefghjkmnpqrstvwxyz', NEW.n + 1, 1)) AS id,
      CASE NEW.part
        WHEN 'all' THEN NEW.amount
        WHEN 'available' THEN min(a.balance, NEW.amount)
        ELSE NEW.amount - coalesce((SELECT amount FROM transfer WHERE posting_seq = p.seq AND n = NEW.n - 1), 0)
      END AS amount,
      a.owner, a.balance, a.last_event_id
    FROM posting p LEFT JOIN account a
      ON a.id = NEW.owner || ':' || NEW.unit AND a.id IN (NEW.from_account, NEW.to_account)
    WHERE p.key = NEW.key AND p.id = NEW.posting_id AND NEW.from_account IS NOT NULL
  ) WHERE NEW.part = 'all' OR amount > 0;

  -- A credit settles a debt of its unit first, in a posting of its own.
  INSERT INTO posting (id, key, input_hash, owner, kind, ref, actor, pair_key, event_at, created_at, metadata)
  SELECT substr(NEW.posting_id, 1, 28) || 'z' || substr('0123456789abcdefghjkmnpqrstvwxyz', NEW.n + 1, 1), 'debt:' || NEW.key,
    NEW.input_hash, NEW.owner, 'debt_settlement', NEW.posting_id, 'system', NULL, NEW.event_at, NEW.created_at, '{}'
  FROM account d
  WHERE NEW.part = 'all' AND NEW.to_account = NEW.owner || ':' || NEW.unit
    AND d.id = NEW.owner || ':debt:' || NEW.unit AND d.balance < 0
    AND EXISTS (SELECT 1 FROM posting WHERE id = NEW.posting_id);
  INSERT INTO transfer (posting_seq, n, seq, id, from_account, to_account, unit, amount, owner, balance_after, prev_id)
  SELECT s.seq, 0, s.seq * 64, 'trf_' || substr(s.id, 5), a.id, d.id, a.unit, min(a.balance, -d.balance),
    a.owner, a.balance - min(a.balance, -d.balance), a.last_event_id
  FROM account d CROSS JOIN posting s CROSS JOIN account a
  WHERE d.id = NEW.owner || ':debt:' || NEW.unit AND d.balance < 0
    AND s.id = substr(NEW.posting_id, 1, 28) || 'z' || substr('0123456789abcdefghjkmnpqrstvwxyz', NEW.n + 1, 1)
    AND a.id = NEW.to_account AND min(a.balance, -d.balance) > 0;
END;

-- What stands under a key, for the answer to whoever told it: a row of JSON a transfer. Where only the house paid there is
-- no event: the balance is that of the last one before.
CREATE VIEW standing (key, seq, n, row) AS
SELECT p.key, p.seq, t.n, json_array(p.id, p.key, p.owner, p.kind, p.ref, p.event_at, p.created_at, p.metadata, t.unit,
  iif(t.owner IS NULL, NULL, 'bev_' || substr(t.id, 5)), iif(t.to_account = t.owner || ':' || t.unit, t.amount, -t.amount), t.prev_id,
  coalesce(t.balance_after, (
    SELECT b.balance_after FROM transfer b
    WHERE b.owner = p.owner AND b.unit = t.unit AND b.posting_seq <= p.seq ORDER BY b.seq DESC LIMIT 1
  ), 0))
FROM posting p LEFT JOIN transfer t ON t.posting_seq = p.seq;
