-- Refunds as staff order them; above a limit a second person approves. What they take back is told by the store.
CREATE TABLE refund_order (
  id TEXT NOT NULL PRIMARY KEY,
  -- The payment, and what it brought: orders never come to more.
  payment TEXT NOT NULL REFERENCES payment (id),
  paid INTEGER NOT NULL CHECK (paid > 0),
  amount INTEGER NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'open', 'sent', 'refused', 'rejected')),
  requested_by TEXT NOT NULL REFERENCES user (id),
  idempotency_key TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  -- The second person.
  decided_by TEXT REFERENCES user (id),
  -- What the store calls it.
  store_ref TEXT UNIQUE,
  -- Why the store refused, in its word.
  refusal TEXT,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  UNIQUE (requested_by, idempotency_key),
  CHECK ((state = 'sent') = (store_ref IS NOT NULL))
) STRICT;

CREATE INDEX refund_order_of_payment ON refund_order (payment);
CREATE INDEX refund_order_by_state ON refund_order (state, id);

CREATE TRIGGER refund_orders_stay_within_payment BEFORE INSERT ON refund_order
WHEN NEW.amount + (
  SELECT coalesce(sum(amount), 0) FROM refund_order WHERE payment = NEW.payment AND state NOT IN ('refused', 'rejected')
) > NEW.paid
BEGIN SELECT RAISE(ABORT, 'more_than_paid'); END;

-- Two people: the second is never the first.
CREATE TRIGGER refund_order_needs_another_person BEFORE UPDATE OF decided_by ON refund_order
WHEN NEW.decided_by = OLD.requested_by
BEGIN SELECT RAISE(ABORT, 'own_approval'); END;

CREATE TRIGGER refund_order_goes_its_way BEFORE UPDATE OF state ON refund_order
WHEN OLD.state <> NEW.state AND NOT (
  (OLD.state = 'waiting' AND NEW.state IN ('open', 'rejected') AND NEW.decided_by IS NOT NULL)
  OR (OLD.state = 'open' AND NEW.state IN ('sent', 'refused'))
)
BEGIN SELECT RAISE(ABORT, 'already_decided'); END;

CREATE TRIGGER refund_order_keeps_its_terms BEFORE UPDATE OF id, payment, paid, amount, currency, reason, requested_by, idempotency_key, body_hash, created_at ON refund_order
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE TRIGGER refund_order_is_kept BEFORE DELETE ON refund_order
BEGIN SELECT RAISE(ABORT, 'append_only'); END;
