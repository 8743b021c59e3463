-- What is sold, and for how much where. A price is named by its store once in an environment, so that whatever a store tells
-- of a purchase finds its product (money.md, "Payments").
CREATE TABLE product (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('coins', 'moments', 'plan')),
  -- Coins or moments; a plan gives none.
  amount INTEGER CHECK (amount > 0),
  plan TEXT REFERENCES plan (id),
  -- What one payment of a plan covers.
  period TEXT CHECK (period IN ('month', 'year')),
  -- The order in which it is offered, least first.
  rank INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (state IN ('draft', 'live', 'retired')),
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  CHECK ((kind = 'plan') = (plan IS NOT NULL)),
  CHECK ((kind = 'plan') = (period IS NOT NULL)),
  CHECK ((kind = 'plan') = (amount IS NULL))
) STRICT;

CREATE TABLE price (
  id TEXT NOT NULL PRIMARY KEY,
  product TEXT NOT NULL REFERENCES product (id),
  platform TEXT NOT NULL CHECK (platform IN ('web', 'ios', 'android')),
  store TEXT NOT NULL CHECK (store IN ('stripe', 'apple', 'google')),
  -- The store's own name of it.
  store_ref TEXT NOT NULL,
  currency TEXT NOT NULL CHECK (length(currency) = 3 AND currency = upper(currency)),
  -- In the currency's smallest unit.
  amount INTEGER NOT NULL CHECK (amount > 0),
  active_from INTEGER NOT NULL,
  active_until INTEGER,
  created_at INTEGER NOT NULL,
  UNIQUE (store, store_ref)
) STRICT;

CREATE INDEX price_of_product ON price (product, platform, active_from);

-- What something was sold as and for stays as it was: a new amount is a new price.
CREATE TRIGGER price_keeps_its_terms BEFORE UPDATE OF product, platform, store, store_ref, currency, amount, active_from ON price
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER price_is_kept BEFORE DELETE ON price
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER product_gives_what_it_gave BEFORE UPDATE OF kind, amount, plan, period ON product
WHEN OLD.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
