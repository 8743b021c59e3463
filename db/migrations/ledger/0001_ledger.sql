-- One ledger shard (money.md, "The ledger"). The database itself keeps the laws: balances are moved by triggers alone,
-- floors are CHECKs that roll the whole batch back, and what was written is never changed. The codes in RAISE and the
-- names of the CHECKs are read by `balance/refusals.ts`.

-- ── accounts ────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE account (
  id TEXT NOT NULL PRIMARY KEY,
  owner TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('owner', 'debt', 'house')),
  unit TEXT NOT NULL CHECK (unit IN ('COIN', 'MOMENT', 'EARN')),
  balance INTEGER NOT NULL DEFAULT 0,
  last_event_id TEXT,
  created_at INTEGER NOT NULL,
  CONSTRAINT balance_floor CHECK (kind <> 'owner' OR balance >= 0),
  CONSTRAINT debt_ceiling CHECK (kind <> 'debt' OR balance <= 0)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX account_of_owner ON account (owner, kind, unit) WHERE kind <> 'house';

INSERT INTO account (id, owner, kind, unit, created_at) VALUES
  ('house:issuance:COIN', 'house', 'house', 'COIN', 0),
  ('house:revenue:COIN', 'house', 'house', 'COIN', 0),
  ('house:grace:COIN', 'house', 'house', 'COIN', 0),
  ('house:promo:COIN', 'house', 'house', 'COIN', 0),
  ('house:issuance:MOMENT', 'house', 'house', 'MOMENT', 0),
  ('house:revenue:MOMENT', 'house', 'house', 'MOMENT', 0),
  ('house:grace:MOMENT', 'house', 'house', 'MOMENT', 0),
  ('house:promo:MOMENT', 'house', 'house', 'MOMENT', 0),
  ('house:earned:EARN', 'house', 'house', 'EARN', 0),
  ('house:penalty:EARN', 'house', 'house', 'EARN', 0),
  ('house:payout:EARN', 'house', 'house', 'EARN', 0);

CREATE TRIGGER account_is_kept BEFORE DELETE ON account
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER account_keeps_its_name BEFORE UPDATE OF id, owner, kind, unit, created_at ON account
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- ── postings ────────────────────────────────────────────────────────────────────────────────────────────
-- `seq` grows with every commit and has no gaps to fill, since nothing is deleted; seals and proofs walk it.
CREATE TABLE posting (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  key TEXT NOT NULL UNIQUE,
  input_hash TEXT NOT NULL,
  owner TEXT NOT NULL,
  kind TEXT NOT NULL,
  ref TEXT NOT NULL,
  actor TEXT NOT NULL,
  pair_key TEXT,
  event_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  metadata TEXT NOT NULL CHECK (json_valid(metadata))
) STRICT;

CREATE TRIGGER posting_key_has_one_meaning BEFORE INSERT ON posting
WHEN EXISTS (SELECT 1 FROM posting WHERE key = NEW.key AND input_hash <> NEW.input_hash)
BEGIN SELECT RAISE(ABORT, 'idempotency_conflict'); END;

CREATE TRIGGER posting_is_not_changed BEFORE UPDATE ON posting
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER posting_is_kept BEFORE DELETE ON posting
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- ── transfers ───────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE transfer (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  posting_seq INTEGER NOT NULL REFERENCES posting (seq),
  n INTEGER NOT NULL,
  from_account TEXT NOT NULL REFERENCES account (id),
  to_account TEXT NOT NULL REFERENCES account (id),
  unit TEXT NOT NULL,
  amount INTEGER NOT NULL,
  CONSTRAINT amount_positive CHECK (amount > 0),
  UNIQUE (posting_seq, n)
) STRICT;

CREATE TRIGGER transfer_is_not_changed BEFORE UPDATE ON transfer
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER transfer_is_kept BEFORE DELETE ON transfer
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- INSERT OR REPLACE deletes without firing delete triggers: what is there is refused before it could be replaced.
CREATE TRIGGER transfer_is_not_replaced BEFORE INSERT ON transfer
WHEN EXISTS (SELECT 1 FROM transfer WHERE id = NEW.id OR seq = NEW.seq OR (posting_seq = NEW.posting_seq AND n = NEW.n))
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- Two different accounts, both of the transfer's unit, each the house's or the posting's owner's.
CREATE TRIGGER transfer_stays_in_its_unit BEFORE INSERT ON transfer
WHEN (SELECT count(*) FROM account WHERE id IN (NEW.from_account, NEW.to_account) AND unit = NEW.unit) <> 2
BEGIN SELECT RAISE(ABORT, 'unit_mismatch'); END;

CREATE TRIGGER transfer_stays_with_its_owner BEFORE INSERT ON transfer
WHEN EXISTS (
  SELECT 1 FROM account
  WHERE id IN (NEW.from_account, NEW.to_account) AND kind <> 'house'
    AND owner <> (SELECT owner FROM posting WHERE seq = NEW.posting_seq)
)
BEGIN SELECT RAISE(ABORT, 'foreign_account'); END;

-- ── balances and their events ───────────────────────────────────────────────────────────────────────────
-- One event for each transfer that touches an owner's balance; it shares the transfer's seq and the tail of its id.
CREATE TABLE balance_event (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  unit TEXT NOT NULL,
  posting_seq INTEGER NOT NULL,
  amount INTEGER NOT NULL CHECK (amount <> 0),
  balance_after INTEGER NOT NULL,
  prev_id TEXT
) STRICT;

CREATE INDEX balance_event_of_owner ON balance_event (owner, seq);

CREATE TRIGGER balance_event_is_not_changed BEFORE UPDATE ON balance_event
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER balance_event_is_kept BEFORE DELETE ON balance_event
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER balance_event_is_not_replaced BEFORE INSERT ON balance_event
WHEN EXISTS (SELECT 1 FROM balance_event WHERE id = NEW.id OR seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- A replaced account would begin at 0 again under the same name.
CREATE TRIGGER account_is_not_replaced AFTER INSERT ON account
WHEN NEW.kind = 'owner' AND EXISTS (SELECT 1 FROM balance_event WHERE owner = NEW.owner AND unit = NEW.unit)
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER transfer_moves_balances AFTER INSERT ON transfer
BEGIN
  INSERT INTO balance_event (seq, id, owner, unit, posting_seq, amount, balance_after, prev_id)
  SELECT NEW.seq, 'bev_' || substr(NEW.id, 5), owner, unit, NEW.posting_seq,
    iif(id = NEW.to_account, NEW.amount, -NEW.amount),
    balance + iif(id = NEW.to_account, NEW.amount, -NEW.amount),
    last_event_id
  FROM account WHERE id IN (NEW.from_account, NEW.to_account) AND kind = 'owner';
  UPDATE account SET
    balance = balance + iif(id = NEW.to_account, NEW.amount, -NEW.amount),
    last_event_id = iif(kind = 'owner', 'bev_' || substr(NEW.id, 5), NULL)
  WHERE id IN (NEW.from_account, NEW.to_account);
END;

-- ── the second half of a fact about two people in two shards ────────────────────────────────────────────
CREATE TABLE ledger_outbox (
  seq INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  first_key TEXT NOT NULL,
  shard INTEGER NOT NULL,
  fact TEXT NOT NULL CHECK (json_valid(fact)),
  created_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  parked_at INTEGER,
  posted_at INTEGER
) STRICT;

CREATE INDEX ledger_outbox_waiting ON ledger_outbox (next_at) WHERE posted_at IS NULL;

CREATE TRIGGER ledger_outbox_keeps_its_fact BEFORE UPDATE OF key, first_key, shard, fact, created_at ON ledger_outbox
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER ledger_outbox_is_kept BEFORE DELETE ON ledger_outbox
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- ── grace: a row for each checkpoint that the house carried ─────────────────────────────────────────────
-- The payer's shard counts payer and pair, the payee's shard counts the payee; in one shard one row counts all three.
CREATE TABLE grace_use (
  key TEXT NOT NULL PRIMARY KEY,
  day INTEGER NOT NULL,
  payer TEXT NOT NULL,
  payee TEXT NOT NULL,
  per_day INTEGER NOT NULL,
  counts_payer INTEGER NOT NULL CHECK (counts_payer IN (0, 1)),
  counts_payee INTEGER NOT NULL CHECK (counts_payee IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX grace_use_of_payer ON grace_use (payer, day) WHERE counts_payer = 1;
CREATE INDEX grace_use_of_payee ON grace_use (payee, day) WHERE counts_payee = 1;

CREATE TRIGGER grace_use_has_limits BEFORE INSERT ON grace_use
WHEN NOT EXISTS (SELECT 1 FROM grace_use WHERE key = NEW.key)
BEGIN
  SELECT RAISE(ABORT, 'grace_payer_limit') WHERE NEW.counts_payer = 1
    AND (SELECT count(*) FROM grace_use WHERE payer = NEW.payer AND day = NEW.day AND counts_payer = 1) >= NEW.per_day;
  SELECT RAISE(ABORT, 'grace_pair_limit') WHERE NEW.counts_payer = 1
    AND (SELECT count(*) FROM grace_use WHERE payer = NEW.payer AND day = NEW.day AND counts_payer = 1 AND payee = NEW.payee) >= 3;
  SELECT RAISE(ABORT, 'grace_payee_limit') WHERE NEW.counts_payee = 1
    AND (SELECT count(*) FROM grace_use WHERE payee = NEW.payee AND day = NEW.day AND counts_payee = 1) >= 3;
END;

CREATE TRIGGER grace_use_is_not_changed BEFORE UPDATE ON grace_use
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER grace_use_is_kept BEFORE DELETE ON grace_use
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- ── seals and proofs ────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE seal (
  n INTEGER PRIMARY KEY,
  after_seq INTEGER NOT NULL,
  to_seq INTEGER NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  CHECK (to_seq > after_seq)
) STRICT;

CREATE TRIGGER seal_is_not_changed BEFORE UPDATE ON seal
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER seal_is_kept BEFORE DELETE ON seal
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- What the running proof has added up so far: transfers and events with seq up to `proof_progress.cursor`.
CREATE TABLE proof_fold (
  account_id TEXT NOT NULL PRIMARY KEY,
  moved INTEGER NOT NULL,
  told INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE proof_progress (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  cursor INTEGER NOT NULL,
  pair_cursor INTEGER NOT NULL,
  unpaired INTEGER NOT NULL,
  seal_cursor INTEGER NOT NULL,
  seals_broken INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  last_proof TEXT
) STRICT;

INSERT INTO proof_progress (id, cursor, pair_cursor, unpaired, seal_cursor, seals_broken, started_at, last_proof)
VALUES (1, 0, 0, 0, 0, 0, 0, NULL);
