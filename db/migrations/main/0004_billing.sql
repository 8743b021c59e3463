-- Tariffs: versions of a line, fixed for ever once published. `terms` is JSON in the shape of protocol/http/tariffs.ts.
CREATE TABLE tariff (
  id TEXT PRIMARY KEY,
  line_id TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  terms TEXT NOT NULL CHECK (json_valid(terms)),
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  published_at INTEGER,
  -- In force from `effective_at` (inclusive) to `retired_at` (exclusive).
  effective_at INTEGER CHECK ((effective_at IS NULL) = (published_at IS NULL)),
  retired_at INTEGER CHECK (retired_at IS NULL OR retired_at >= effective_at),
  UNIQUE (line_id, version)
) STRICT;
CREATE INDEX tariff_in_force ON tariff (effective_at) WHERE published_at IS NOT NULL;

-- Terms never change, not even a draft's: what was previewed is what is published. A change is a new version.
CREATE TRIGGER tariff_terms_are_fixed BEFORE UPDATE ON tariff
WHEN NEW.id IS NOT OLD.id OR NEW.line_id IS NOT OLD.line_id OR NEW.version IS NOT OLD.version OR NEW.terms IS NOT OLD.terms
  OR NEW.created_at IS NOT OLD.created_at OR NEW.created_by IS NOT OLD.created_by
BEGIN SELECT RAISE(ABORT, 'tariff_is_fixed'); END;

-- Published once: the moment it holds from never moves again.
CREATE TRIGGER tariff_published_once BEFORE UPDATE OF published_at, effective_at ON tariff
WHEN OLD.published_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'tariff_is_published'); END;

-- An older draft never replaces a newer version in force.
CREATE TRIGGER tariff_newest_wins BEFORE UPDATE ON tariff
WHEN OLD.published_at IS NULL AND NEW.published_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM tariff newer WHERE newer.line_id = OLD.line_id AND newer.version > OLD.version AND newer.published_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'tariff_is_outdated'); END;

CREATE TRIGGER tariff_no_delete BEFORE DELETE ON tariff
BEGIN SELECT RAISE(ABORT, 'tariff_is_fixed'); END;
-- INSERT OR REPLACE deletes without firing delete triggers.
CREATE TRIGGER tariff_no_replace BEFORE INSERT ON tariff
WHEN EXISTS (SELECT 1 FROM tariff WHERE id = NEW.id OR (line_id = NEW.line_id AND version = NEW.version))
BEGIN SELECT RAISE(ABORT, 'tariff_is_fixed'); END;
