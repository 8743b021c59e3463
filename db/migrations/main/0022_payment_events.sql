-- What sources of payments tell, and what came of it (money.md, "Payments").

-- ── deliveries: what was told, as it came, and how far it was taken up ──────────────────────────────────
CREATE TABLE payment_delivery (
  id TEXT NOT NULL PRIMARY KEY,
  source TEXT NOT NULL CHECK (source IN ('stripe', 'adapty', 'apple', 'google', 'apphud')),
  -- The source's own name of it: told again, it is this one.
  source_event_id TEXT NOT NULL,
  -- The signed-in person whose app sent it; null where the source did.
  sent_by TEXT REFERENCES user (id),
  raw TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('stored', 'pending', 'waiting', 'applied', 'nothing', 'dead')),
  -- Why it is dead, or nothing to us.
  reason TEXT,
  -- What staff should know of it all the same.
  note TEXT,
  replays INTEGER NOT NULL DEFAULT 0,
  changed_at INTEGER NOT NULL,
  CHECK (state NOT IN ('dead', 'nothing') OR reason IS NOT NULL),
  UNIQUE (source, source_event_id)
) STRICT;

CREATE INDEX payment_delivery_by_state ON payment_delivery (state, id);
CREATE INDEX payment_delivery_left ON payment_delivery (changed_at) WHERE state = 'stored';

CREATE TRIGGER payment_delivery_keeps_what_came BEFORE UPDATE OF id, source, source_event_id, sent_by, raw, received_at ON payment_delivery
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER payment_delivery_is_kept BEFORE DELETE ON payment_delivery
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- What has had its effect has had it for good.
CREATE TRIGGER payment_delivery_is_applied_once BEFORE UPDATE OF state ON payment_delivery
WHEN OLD.state = 'applied' AND NEW.state <> 'applied'
BEGIN SELECT RAISE(ABORT, 'applied'); END;

-- ── events: the one fact that a delivery holds, read once ───────────────────────────────────────────────
CREATE TABLE payment_event (
  id TEXT NOT NULL PRIMARY KEY REFERENCES payment_delivery (id),
  source TEXT NOT NULL,
  store TEXT NOT NULL CHECK (store IN ('stripe', 'apple', 'google')),
  kind TEXT NOT NULL CHECK (kind IN ('purchase', 'renewal', 'cancellation', 'expiry', 'refund', 'chargeback', 'refund_reversal',
    'product_change', 'pause', 'grace', 'billing_issue')),
  transaction_id TEXT,
  refund_id TEXT,
  subscription_ref TEXT,
  product_ref TEXT,
  -- In the currency's smallest unit.
  amount INTEGER CHECK (amount >= 0),
  currency TEXT,
  period_from INTEGER,
  period_until INTEGER,
  occurred_at INTEGER NOT NULL,
  signed_by_store INTEGER NOT NULL CHECK (signed_by_store IN (0, 1)),
  -- Whose it is; null until a verified alias says so.
  user_id TEXT REFERENCES user (id),
  CHECK ((amount IS NULL) = (currency IS NULL)),
  CHECK ((period_from IS NULL) = (period_until IS NULL))
) STRICT;

CREATE INDEX payment_event_of_transaction ON payment_event (store, transaction_id);
CREATE INDEX payment_event_of_subscription ON payment_event (store, subscription_ref, user_id);
CREATE INDEX payment_event_of_user ON payment_event (user_id, id);

CREATE TRIGGER payment_event_keeps_its_fact BEFORE UPDATE OF id, source, store, kind, transaction_id, refund_id, subscription_ref,
  product_ref, amount, currency, period_from, period_until, occurred_at, signed_by_store ON payment_event
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- Claimed by one person, once.
CREATE TRIGGER payment_event_has_one_owner BEFORE UPDATE OF user_id ON payment_event
WHEN OLD.user_id IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'claimed'); END;

CREATE TRIGGER payment_event_is_kept BEFORE DELETE ON payment_event
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- By what the store or the messenger knows the customer of an event.
CREATE TABLE payment_ref (
  event_id TEXT NOT NULL REFERENCES payment_event (id),
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (event_id, kind, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX payment_ref_by_value ON payment_ref (kind, value);

-- ── aliases: who a customer or profile of a store is ────────────────────────────────────────────────────
-- The first binding counts from the beginning; whoever moves it to somebody else adds a row that counts from then on.
CREATE TABLE payment_alias (
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  -- ms; 0: from the beginning.
  since INTEGER NOT NULL CHECK (since >= 0),
  user_id TEXT NOT NULL REFERENCES user (id),
  verified_at INTEGER NOT NULL,
  moved_by TEXT REFERENCES user (id),
  reason TEXT,
  CHECK ((since = 0) = (moved_by IS NULL)),
  CHECK ((since = 0) = (reason IS NULL)),
  PRIMARY KEY (kind, value, since)
) STRICT, WITHOUT ROWID;

CREATE INDEX payment_alias_of_user ON payment_alias (user_id);

CREATE TRIGGER payment_alias_is_not_changed BEFORE UPDATE ON payment_alias
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER payment_alias_is_kept BEFORE DELETE ON payment_alias
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- INSERT OR REPLACE deletes without firing delete triggers.
CREATE TRIGGER payment_alias_is_not_replaced BEFORE INSERT ON payment_alias
WHEN EXISTS (SELECT 1 FROM payment_alias WHERE kind = NEW.kind AND value = NEW.value AND since = NEW.since AND user_id <> NEW.user_id)
BEGIN SELECT RAISE(ABORT, 'alias_taken'); END;

CREATE TRIGGER payment_alias_moves_from_somebody BEFORE INSERT ON payment_alias
WHEN NEW.since > 0 AND NOT EXISTS (SELECT 1 FROM payment_alias WHERE kind = NEW.kind AND value = NEW.value AND since < NEW.since)
BEGIN SELECT RAISE(ABORT, 'alias_unknown'); END;

-- ── payments: one transaction of a store, whoever told it, granted once ─────────────────────────────────
CREATE TABLE payment (
  store TEXT NOT NULL CHECK (store IN ('stripe', 'apple', 'google')),
  transaction_id TEXT NOT NULL,
  id TEXT NOT NULL UNIQUE,
  event_id TEXT NOT NULL REFERENCES payment_event (id),
  user_id TEXT NOT NULL REFERENCES user (id),
  product TEXT NOT NULL REFERENCES product (id),
  -- What it gives; null and 0 for a plan.
  unit TEXT CHECK (unit IN ('COIN', 'MOMENT')),
  granted INTEGER NOT NULL CHECK (granted >= 0),
  -- What refunds have taken of it.
  taken INTEGER NOT NULL DEFAULT 0,
  -- What was paid, in the currency's smallest unit; null where the store does not say.
  amount INTEGER,
  currency TEXT,
  subscription_ref TEXT,
  occurred_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  -- When it was in the books.
  posted_at INTEGER,
  CONSTRAINT taken_of_granted CHECK (taken BETWEEN 0 AND granted),
  CHECK ((unit IS NULL) = (granted = 0)),
  PRIMARY KEY (store, transaction_id)
) STRICT;

CREATE INDEX payment_of_user ON payment (user_id, occurred_at DESC, id DESC);
CREATE INDEX payment_of_subscription ON payment (store, subscription_ref);
CREATE INDEX payment_unposted ON payment (created_at) WHERE posted_at IS NULL;

CREATE TRIGGER payment_keeps_its_terms BEFORE UPDATE OF store, transaction_id, id, event_id, user_id, product, unit, granted, amount,
  currency, subscription_ref, occurred_at, created_at ON payment
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER payment_is_posted_once BEFORE UPDATE OF posted_at ON payment
WHEN OLD.posted_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'posted_before'); END;

CREATE TRIGGER payment_is_kept BEFORE DELETE ON payment
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- What took a payment back, and what gave it again, in the order in which it was told; `change` is what each does to `taken`.
CREATE TABLE payment_refund (
  store TEXT NOT NULL,
  transaction_id TEXT NOT NULL,
  n INTEGER NOT NULL CHECK (n >= 0),
  -- Of its posting: `refund:<store>:<id>`, `refund_reversal:<store>:<id>`.
  key TEXT NOT NULL UNIQUE,
  event_id TEXT NOT NULL REFERENCES payment_event (id),
  kind TEXT NOT NULL CHECK (kind IN ('refund', 'chargeback', 'refund_reversal')),
  -- Null: the store names none.
  refund_id TEXT,
  -- What was given back; null: all of it.
  amount INTEGER,
  currency TEXT,
  change INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  posted_at INTEGER,
  CHECK (kind = 'refund_reversal' OR change >= 0),
  CHECK (kind <> 'refund_reversal' OR change <= 0),
  PRIMARY KEY (store, transaction_id, n),
  FOREIGN KEY (store, transaction_id) REFERENCES payment (store, transaction_id)
) STRICT;

CREATE TRIGGER payment_refund_counts AFTER INSERT ON payment_refund
BEGIN
  UPDATE payment SET taken = taken + NEW.change WHERE store = NEW.store AND transaction_id = NEW.transaction_id;
END;

CREATE TRIGGER payment_refund_is_not_changed BEFORE UPDATE OF store, transaction_id, n, key, event_id, kind, refund_id, amount, currency,
  change, occurred_at, created_at ON payment_refund
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER payment_refund_is_posted_once BEFORE UPDATE OF posted_at ON payment_refund
WHEN OLD.posted_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'posted_before'); END;

CREATE TRIGGER payment_refund_is_kept BEFORE DELETE ON payment_refund
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
