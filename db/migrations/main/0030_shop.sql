-- What the shop shows: plans by the name that people read, and paywalls, which are offers put where somebody stands.
ALTER TABLE plan ADD COLUMN name TEXT NOT NULL DEFAULT 'Plan' CHECK (length(name) BETWEEN 1 AND 40);

UPDATE plan SET name = CASE id WHEN 'free' THEN 'Free' WHEN 'plus' THEN 'Plus' WHEN 'premium' THEN 'Premium' ELSE id END;

CREATE TRIGGER price_ends_once BEFORE UPDATE OF active_until ON price
WHEN OLD.active_until IS NOT NULL AND OLD.active_until IS NOT NEW.active_until
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- What is for sale goes one way: made, sold, sold no more.
CREATE TRIGGER product_state_goes_one_way BEFORE UPDATE OF state ON product
WHEN NOT (OLD.state = NEW.state OR (OLD.state = 'draft' AND NEW.state IN ('live', 'retired')) OR (OLD.state = 'live' AND NEW.state = 'retired'))
BEGIN SELECT RAISE(ABORT, 'one_way'); END;

CREATE TABLE paywall (
  -- The short name that links carry.
  id TEXT NOT NULL PRIMARY KEY,
  placement TEXT NOT NULL CHECK (placement IN ('before_first_call', 'balance_low', 'limit_reached', 'link')),
  layout TEXT NOT NULL CHECK (layout IN ('list', 'cards', 'single')),
  -- [{product, highlighted}] in the order in which they are shown.
  offers TEXT NOT NULL CHECK (json_array_length(offers) BETWEEN 1 AND 10),
  state TEXT NOT NULL CHECK (state IN ('draft', 'live', 'retired')),
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

-- One in force at each place; links name the one they mean.
CREATE UNIQUE INDEX paywall_in_force ON paywall (placement) WHERE state = 'live' AND placement <> 'link';

CREATE TRIGGER paywall_state_goes_one_way BEFORE UPDATE OF state ON paywall
WHEN NOT (OLD.state = NEW.state OR (OLD.state = 'draft' AND NEW.state IN ('live', 'retired')) OR (OLD.state = 'live' AND NEW.state = 'retired'))
BEGIN SELECT RAISE(ABORT, 'one_way'); END;
