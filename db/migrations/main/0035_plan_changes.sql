-- When staff last changed a plan (ms): what an editor did not see is not overwritten.
ALTER TABLE plan ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0 CHECK (changed_at >= 0);
