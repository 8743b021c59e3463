-- A person may have a subscription at more than one store, and what the house gave them: the better plan in force counts.
ALTER TABLE subscription RENAME TO subscription_before;

CREATE TABLE subscription (
  id TEXT NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES user (id),
  store TEXT NOT NULL DEFAULT 'house' CHECK (store IN ('house', 'stripe', 'apple', 'google')),
  -- The store's own name of it; empty where the house gave it.
  ref TEXT NOT NULL DEFAULT '',
  plan TEXT NOT NULL REFERENCES plan (id),
  state TEXT NOT NULL CHECK (state IN ('active', 'grace', 'paused', 'cancelled', 'expired')),
  until INTEGER NOT NULL,
  -- How many words of the store it was folded from: what was folded from fewer is older.
  words INTEGER NOT NULL DEFAULT 0,
  changed_at INTEGER NOT NULL,
  UNIQUE (user_id, store, ref)
) STRICT;

INSERT INTO subscription (id, user_id, plan, state, until, changed_at)
SELECT id, user_id, plan, state, until, changed_at FROM subscription_before;

DROP TABLE subscription_before;
