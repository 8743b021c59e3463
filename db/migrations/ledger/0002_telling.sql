-- Facts are told in one statement: each statement costs more than the rows it writes.
--
-- A row of `telling` is one move of a posting, with all that the posting is; a posting without moves is one row without
-- accounts. `part` says what of `amount` moves: `all` of it, what is `available` of it, or what the row before it left
-- `missing`. Ids are made by whoever tells.
CREATE VIEW telling (
  posting_id, key, input_hash, owner, kind, ref, actor, pair_key, event_at, created_at, metadata,
  transfer_id, n, from_account, to_account, unit, part, amount
) AS
SELECT p.id, p.key, p.input_hash, p.owner, p.kind, p.ref, p.actor, p.pair_key, p.event_at, p.created_at, p.metadata,
  t.id, t.n, t.from_account, t.to_account, t.unit, 'all', t.amount
FROM posting p LEFT JOIN transfer t ON t.posting_seq = p.seq;

CREATE TRIGGER telling_posts INSTEAD OF INSERT ON telling
BEGIN
  -- Where the key is taken nothing happens, and whatever belongs to the posting hangs on the id made for this attempt.
  INSERT INTO posting (id, key, input_hash, owner, kind, ref, actor, pair_key, event_at, created_at, metadata)
  VALUES (NEW.posting_id, NEW.key, NEW.input_hash, NEW.owner, NEW.kind, NEW.ref, NEW.actor, NEW.pair_key, NEW.event_at,
    NEW.created_at, NEW.metadata)
  ON CONFLICT (key) DO NOTHING;

  -- The house's accounts are there from the first migration on; an owner's come with the first move.
  INSERT INTO account (id, owner, kind, unit, created_at)
  SELECT NEW.owner || ':' || NEW.unit, NEW.owner, 'owner', NEW.unit, NEW.created_at
  WHERE NEW.owner || ':' || NEW.unit IN (NEW.from_account, NEW.to_account)
    AND NOT EXISTS (SELECT 1 FROM account WHERE id = NEW.owner || ':' || NEW.unit);
  INSERT INTO account (id, owner, kind, unit, created_at)
  SELECT NEW.from_account, NEW.owner, 'debt', NEW.unit, NEW.created_at
  WHERE NEW.part = 'missing' AND NOT EXISTS (SELECT 1 FROM account WHERE id = NEW.from_account);

  -- What the balance has of a claw-back is decided here, by the same statement that takes it.
  INSERT INTO transfer (id, posting_seq, n, from_account, to_account, unit, amount)
  SELECT id, seq, n, from_account, to_account, unit, amount FROM (
    SELECT NEW.transfer_id AS id, p.seq AS seq, NEW.n AS n, NEW.from_account AS from_account, NEW.to_account AS to_account,
      NEW.unit AS unit,
      CASE NEW.part
        WHEN 'all' THEN NEW.amount
        WHEN 'available' THEN min((SELECT balance FROM account WHERE id = NEW.from_account), NEW.amount)
        ELSE NEW.amount - coalesce((SELECT amount FROM transfer WHERE posting_seq = p.seq AND n = NEW.n - 1), 0)
      END AS amount
    FROM posting p WHERE p.id = NEW.posting_id AND NEW.from_account IS NOT NULL
  ) WHERE NEW.part = 'all' OR amount > 0;

  -- A credit settles a debt of its unit first, in a posting of its own. Its ids are made from the credit's: the posting's
  -- from the transfer's, and the transfer's own differs from that in its last letter.
  INSERT INTO posting (id, key, input_hash, owner, kind, ref, actor, pair_key, event_at, created_at, metadata)
  SELECT 'pst_' || substr(NEW.transfer_id, 5), 'debt:' || NEW.key, NEW.input_hash, NEW.owner, 'debt_settlement', NEW.posting_id,
    'system', NULL, NEW.event_at, NEW.created_at, '{}'
  FROM account d
  WHERE NEW.part = 'all' AND NEW.to_account = NEW.owner || ':' || NEW.unit
    AND d.id = NEW.owner || ':debt:' || NEW.unit AND d.balance < 0
    AND EXISTS (SELECT 1 FROM posting WHERE id = NEW.posting_id);
  INSERT INTO transfer (id, posting_seq, n, from_account, to_account, unit, amount)
  SELECT 'trf_' || substr(NEW.transfer_id, 5, 25) || iif(substr(NEW.transfer_id, 30) = 'z', 'y', 'z'), s.seq, 0, a.id, d.id, a.unit,
    min(a.balance, -d.balance)
  FROM account d CROSS JOIN posting s CROSS JOIN account a
  WHERE d.id = NEW.owner || ':debt:' || NEW.unit AND d.balance < 0
    AND s.id = 'pst_' || substr(NEW.transfer_id, 5) AND a.id = NEW.to_account AND min(a.balance, -d.balance) > 0;
END;

-- The checks of a transfer, in one trigger instead of three, each account read once: not replaced (INSERT OR REPLACE deletes
-- without firing delete triggers), both accounts there and of its unit, each the house's or the posting's owner's.
DROP TRIGGER transfer_is_not_replaced;
DROP TRIGGER transfer_stays_in_its_unit;
DROP TRIGGER transfer_stays_with_its_owner;
CREATE TRIGGER transfer_keeps_the_laws BEFORE INSERT ON transfer
BEGIN
  SELECT RAISE(ABORT, 'append_only')
  WHERE EXISTS (SELECT 1 FROM transfer WHERE id = NEW.id OR seq = NEW.seq OR (posting_seq = NEW.posting_seq AND n = NEW.n));
  SELECT CASE
      WHEN count(*) <> 2 THEN RAISE(ABORT, 'unit_mismatch')
      WHEN max(kind <> 'house' AND owner <> (SELECT owner FROM posting WHERE seq = NEW.posting_seq)) THEN RAISE(ABORT, 'foreign_account')
    END
  FROM account WHERE id IN (NEW.from_account, NEW.to_account) AND unit = NEW.unit;
END;
