-- Buying: what members set themselves as limits, what they spend, and the payments they begin.

-- A member's own limits. A cap is lowered at once and raised after a day; a pause ends when it was said to (product: N14).
CREATE TABLE spending_guard (
  user_id TEXT NOT NULL PRIMARY KEY REFERENCES user (id),
  -- Cents in seven days; null: none.
  cap INTEGER CHECK (cap >= 0),
  -- What takes the place of `cap` from `next_from` on; null beside a moment: no cap any more.
  next_cap INTEGER CHECK (next_cap >= 0),
  next_from INTEGER,
  -- Nothing is bought before; null: no pause.
  pause_until INTEGER,
  set_at INTEGER NOT NULL,
  CHECK (next_from IS NOT NULL OR next_cap IS NULL)
) STRICT;

CREATE TRIGGER spending_cap_rises_slowly BEFORE UPDATE ON spending_guard
BEGIN
  SELECT RAISE(ABORT, 'too_soon') WHERE NEW.next_from < NEW.set_at + 86400000 AND (NEW.next_from IS NOT OLD.next_from OR NEW.next_cap IS NOT OLD.next_cap);
  SELECT RAISE(ABORT, 'too_soon')
  FROM (SELECT CASE WHEN OLD.next_from <= NEW.set_at THEN OLD.next_cap ELSE OLD.cap END AS cap) held
  WHERE held.cap IS NOT NULL AND (NEW.cap IS NULL OR NEW.cap > held.cap);
  SELECT RAISE(ABORT, 'too_soon')
  WHERE OLD.pause_until > NEW.set_at AND (NEW.pause_until IS NULL OR NEW.pause_until < OLD.pause_until);
END;

CREATE TRIGGER spending_guard_is_kept BEFORE DELETE ON spending_guard
BEGIN SELECT RAISE(ABORT, 'too_soon'); END;

-- Coins bought by themselves when few are left, by a saved card.
CREATE TABLE automatic_top_up (
  user_id TEXT NOT NULL PRIMARY KEY REFERENCES user (id),
  price TEXT NOT NULL REFERENCES price (id),
  -- Fewer coins than this, and it buys.
  threshold INTEGER NOT NULL CHECK (threshold > 0),
  -- Cents in thirty days, set by the member.
  monthly_cap INTEGER NOT NULL CHECK (monthly_cap > 0),
  state TEXT NOT NULL CHECK (state IN ('on', 'off')),
  -- In a row; the second one switches it off.
  failures INTEGER NOT NULL DEFAULT 0 CHECK (failures BETWEEN 0 AND 2),
  changed_at INTEGER NOT NULL,
  CHECK (failures < 2 OR state = 'off')
) STRICT;

-- What members spend, counted where the limits are kept: a row with each payment that they begin, and one for each that a
-- store tells of (`way` store), which has happened and is refused no more.
CREATE TABLE spending (
  -- A payment intent, or `<store>:<transaction>`.
  ref TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES user (id),
  way TEXT NOT NULL CHECK (way IN ('checkout', 'top_up', 'automatic', 'sandbox', 'store')),
  cents INTEGER NOT NULL CHECK (cents > 0),
  at INTEGER NOT NULL,
  -- It came to nothing, or was given back whole: it counts no more.
  released_at INTEGER
) STRICT;

CREATE INDEX spending_of_user ON spending (user_id, at);

CREATE TRIGGER spending_stays_in_its_limits BEFORE INSERT ON spending
WHEN NEW.way <> 'store'
BEGIN
  SELECT RAISE(ABORT, 'spending_paused') FROM spending_guard WHERE user_id = NEW.user_id AND pause_until > NEW.at;
  SELECT RAISE(ABORT, 'spending_limit')
  FROM spending_guard g
  WHERE g.user_id = NEW.user_id
    AND NEW.cents + (
      SELECT coalesce(sum(s.cents), 0) FROM spending s
      WHERE s.user_id = NEW.user_id AND s.released_at IS NULL AND s.at > NEW.at - 604800000
    ) > CASE WHEN g.next_from <= NEW.at THEN g.next_cap ELSE g.cap END;
  SELECT RAISE(ABORT, 'automatic_limit')
  WHERE NEW.way = 'automatic' AND NEW.cents + (
      SELECT coalesce(sum(s.cents), 0) FROM spending s
      WHERE s.user_id = NEW.user_id AND s.way = 'automatic' AND s.released_at IS NULL AND s.at > NEW.at - 2592000000
    ) > coalesce((SELECT a.monthly_cap FROM automatic_top_up a WHERE a.user_id = NEW.user_id AND a.state = 'on'), 0);
END;

CREATE TRIGGER spending_keeps_its_terms BEFORE UPDATE OF ref, user_id, way, cents, at ON spending
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER spending_is_kept BEFORE DELETE ON spending
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- Payments that members begin on the web.
CREATE TABLE payment_intent (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES user (id),
  way TEXT NOT NULL CHECK (way IN ('checkout', 'top_up', 'automatic')),
  price TEXT NOT NULL REFERENCES price (id),
  -- As it was shown; in the currency's smallest unit.
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  -- The paywall's place it was begun at; null: the shop.
  placement TEXT,
  idempotency_key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('created', 'requires_action', 'succeeded', 'failed', 'expired', 'refunded')),
  -- The Checkout session, or the payment intent at Stripe.
  store_ref TEXT UNIQUE,
  -- What the store calls the payment it became.
  transaction_id TEXT UNIQUE,
  -- Where the member pays or confirms.
  url TEXT,
  -- Why it failed, in the store's word.
  failure TEXT,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  UNIQUE (user_id, idempotency_key)
) STRICT;

CREATE INDEX payment_intent_open ON payment_intent (expires_at) WHERE state IN ('created', 'requires_action');
CREATE INDEX payment_intent_of_user ON payment_intent (user_id, created_at);

-- However often few coins are seen, one purchase at a time comes of it.
CREATE UNIQUE INDEX one_automatic_at_a_time ON payment_intent (user_id) WHERE way = 'automatic' AND state IN ('created', 'requires_action');

-- The table of intent-rules.ts once more. Money that comes late has come: an intent that was given up can still succeed.
CREATE TRIGGER payment_intent_goes_its_way BEFORE UPDATE OF state ON payment_intent
WHEN OLD.state <> NEW.state AND NOT (
  (OLD.state = 'created' AND NEW.state IN ('requires_action', 'succeeded', 'failed', 'expired', 'refunded'))
  OR (OLD.state = 'requires_action' AND NEW.state IN ('succeeded', 'failed', 'expired', 'refunded'))
  OR (OLD.state IN ('failed', 'expired') AND NEW.state IN ('succeeded', 'refunded'))
  OR (OLD.state = 'succeeded' AND NEW.state = 'refunded')
)
BEGIN SELECT RAISE(ABORT, 'intent_state'); END;

CREATE TRIGGER payment_intent_keeps_its_terms BEFORE UPDATE OF id, user_id, way, price, amount, currency, idempotency_key, created_at ON payment_intent
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER payment_intent_is_one_transaction BEFORE UPDATE OF transaction_id ON payment_intent
WHEN OLD.transaction_id IS NOT NULL AND OLD.transaction_id IS NOT NEW.transaction_id
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER payment_intent_counts_again AFTER UPDATE OF state ON payment_intent
WHEN OLD.state <> NEW.state
BEGIN
  UPDATE spending SET released_at = CASE WHEN NEW.state IN ('failed', 'expired', 'refunded') THEN NEW.changed_at END WHERE ref = NEW.id;
END;

-- Who a member is at Stripe.
CREATE TABLE stripe_customer (
  user_id TEXT NOT NULL PRIMARY KEY REFERENCES user (id),
  customer TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;
