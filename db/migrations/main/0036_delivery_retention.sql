-- What a source told is kept word for word while it may still be wanted. Once it had its effect and its time is over, the bytes
-- go; their SHA-256 stays, beside the fact that they held and whose it was.
ALTER TABLE payment_delivery ADD COLUMN raw_hash TEXT CHECK ((raw_hash IS NOT NULL) = (raw = '') AND length(raw_hash) = 64);

DROP TRIGGER payment_delivery_keeps_what_came;

CREATE TRIGGER payment_delivery_keeps_what_came BEFORE UPDATE OF id, source, source_event_id, sent_by, received_at ON payment_delivery
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

-- Only of what had its effect, once, for good.
CREATE TRIGGER payment_delivery_raw_goes_once BEFORE UPDATE OF raw, raw_hash ON payment_delivery
WHEN OLD.state <> 'applied' OR OLD.raw_hash IS NOT NULL OR NEW.raw_hash IS NULL
BEGIN SELECT RAISE(ABORT, 'append_only'); END;

CREATE INDEX payment_delivery_whole ON payment_delivery (changed_at) WHERE state = 'applied' AND raw_hash IS NULL;
