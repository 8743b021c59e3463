-- A double entry as one writes it for PostgreSQL, of the shape of ours: the same laws, a row for each posting, transfer and
-- event (ours has the last two in one), one call of one function for all facts of a transaction.

CREATE TABLE account (
  id text PRIMARY KEY,
  owner text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('owner', 'house')),
  unit text NOT NULL CHECK (unit IN ('COIN', 'EARN')),
  balance bigint NOT NULL DEFAULT 0,
  last_event_id text,
  UNIQUE (id, unit),
  CONSTRAINT balance_floor CHECK (kind <> 'owner' OR balance >= 0)
);

CREATE TABLE posting (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  key text NOT NULL UNIQUE,
  input_hash text NOT NULL,
  owner text NOT NULL,
  kind text NOT NULL,
  ref text NOT NULL,
  actor text NOT NULL,
  event_at bigint NOT NULL,
  created_at bigint NOT NULL,
  metadata jsonb NOT NULL
);

-- Both ends are of the transfer's unit: the keys of two columns hold that.
CREATE TABLE transfer (
  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  posting_seq bigint NOT NULL REFERENCES posting (seq),
  n integer NOT NULL,
  from_account text NOT NULL,
  to_account text NOT NULL CHECK (to_account <> from_account),
  unit text NOT NULL,
  amount bigint NOT NULL CONSTRAINT amount_positive CHECK (amount > 0),
  UNIQUE (posting_seq, n),
  FOREIGN KEY (from_account, unit) REFERENCES account (id, unit),
  FOREIGN KEY (to_account, unit) REFERENCES account (id, unit)
);

CREATE TABLE balance_event (
  seq bigint PRIMARY KEY,
  id text NOT NULL UNIQUE,
  owner text NOT NULL,
  unit text NOT NULL,
  posting_seq bigint NOT NULL,
  amount bigint NOT NULL CHECK (amount <> 0),
  balance_after bigint NOT NULL,
  prev_id text
);
CREATE INDEX balance_event_of_owner ON balance_event (owner, seq);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append_only'; END $$;
CREATE TRIGGER posting_is_kept BEFORE UPDATE OR DELETE ON posting FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_is_kept BEFORE UPDATE OR DELETE ON transfer FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER balance_event_is_kept BEFORE UPDATE OR DELETE ON balance_event FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Posts facts, each one move between an owner's account and the house's, all or none. A key that was posted with the same
-- intent is answered again. People's accounts are locked at first, in one order, so that nobody waits in a ring; the
-- house's, which everybody wants, are moved at last and once each, so that they are held for the shortest time.
CREATE FUNCTION post(facts jsonb)
RETURNS TABLE (fact_key text, outcome text, posting_seq bigint, balance_after bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  fact record;
  earlier record;
  moved record;
  house record;
  transfer_seq bigint;
  posted bigint[] := '{}';
BEGIN
  PERFORM FROM account a
    WHERE a.id IN (SELECT f.own FROM jsonb_to_recordset(facts) AS f (own text)) ORDER BY a.id FOR NO KEY UPDATE;
  FOR fact IN
    SELECT * FROM jsonb_to_recordset(facts) AS f (
      id text, transfer_id text, event_id text, key text, hash text, owner text, kind text, ref text, actor text,
      event_at bigint, created_at bigint, metadata jsonb, own text, house text, unit text, amount bigint)
  LOOP
    fact_key := fact.key;
    INSERT INTO posting (id, key, input_hash, owner, kind, ref, actor, event_at, created_at, metadata)
      VALUES (fact.id, fact.key, fact.hash, fact.owner, fact.kind, fact.ref, fact.actor, fact.event_at, fact.created_at, fact.metadata)
      ON CONFLICT (key) DO NOTHING RETURNING posting.seq INTO posting_seq;
    IF posting_seq IS NULL THEN
      SELECT p.seq, p.input_hash, e.balance_after INTO STRICT earlier
        FROM posting p JOIN transfer t ON t.posting_seq = p.seq JOIN balance_event e ON e.seq = t.seq WHERE p.key = fact.key;
      IF earlier.input_hash <> fact.hash THEN RAISE EXCEPTION 'idempotency_conflict'; END IF;
      outcome := 'replayed';
      posting_seq := earlier.seq;
      balance_after := earlier.balance_after;
      RETURN NEXT;
      CONTINUE;
    END IF;
    INSERT INTO transfer (id, posting_seq, n, from_account, to_account, unit, amount)
      VALUES (fact.transfer_id, posting_seq, 0,
        CASE WHEN fact.amount < 0 THEN fact.own ELSE fact.house END, CASE WHEN fact.amount < 0 THEN fact.house ELSE fact.own END,
        fact.unit, abs(fact.amount))
      RETURNING transfer.seq INTO transfer_seq;
    -- The old last event is what the new one follows.
    UPDATE account a SET balance = a.balance + fact.amount, last_event_id = fact.event_id
      FROM (SELECT b.id, b.last_event_id FROM account b WHERE b.id = fact.own) before
      WHERE a.id = before.id AND a.kind = 'owner' AND a.owner = fact.owner
      RETURNING a.balance, before.last_event_id INTO moved;
    IF moved.balance IS NULL THEN RAISE EXCEPTION 'foreign_account'; END IF;
    INSERT INTO balance_event (seq, id, owner, unit, posting_seq, amount, balance_after, prev_id)
      VALUES (transfer_seq, fact.event_id, fact.owner, fact.unit, posting_seq, fact.amount, moved.balance, moved.last_event_id);
    posted := posted || posting_seq;
    outcome := 'posted';
    balance_after := moved.balance;
    RETURN NEXT;
  END LOOP;
  FOR house IN
    SELECT m.account, sum(m.amount)::bigint AS amount FROM transfer t, LATERAL (
      VALUES (t.from_account, -t.amount), (t.to_account, t.amount)) AS m (account, amount)
    WHERE t.posting_seq = ANY (posted) AND m.account LIKE 'house:%' GROUP BY m.account ORDER BY m.account
  LOOP
    UPDATE account a SET balance = a.balance + house.amount WHERE a.id = house.account AND a.kind = 'house';
    IF NOT FOUND THEN RAISE EXCEPTION 'foreign_account'; END IF;
  END LOOP;
END $$;

-- What does not hold in the books, one row each: a unit that does not add up to nothing, a balance that is not the sum of its transfers.
CREATE VIEW mismatch AS
  SELECT unit AS what, sum(balance)::bigint AS off FROM account GROUP BY unit HAVING sum(balance) <> 0
  UNION ALL
  SELECT a.id, (a.balance - coalesce(sum(CASE WHEN t.to_account = a.id THEN t.amount ELSE -t.amount END), 0))::bigint
    FROM account a LEFT JOIN transfer t ON a.id IN (t.from_account, t.to_account)
    GROUP BY a.id HAVING a.balance <> coalesce(sum(CASE WHEN t.to_account = a.id THEN t.amount ELSE -t.amount END), 0);

INSERT INTO account (id, owner, kind, unit) VALUES
  ('house:issuance:COIN', 'house', 'house', 'COIN'),
  ('house:revenue:COIN', 'house', 'house', 'COIN'),
  ('house:earned:EARN', 'house', 'house', 'EARN');
