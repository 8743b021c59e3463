-- A checkpoint that is told after midnight counts to the day in which it fell due. That day stands already, or it lies
-- 20 hours from every other on both sides; before, any later day refused it.
DROP TRIGGER allowance_day_is_long;
CREATE TRIGGER allowance_day_is_long BEFORE INSERT ON allowance_day
WHEN EXISTS (
  SELECT 1 FROM allowance_day
  WHERE owner = NEW.owner AND began_at > NEW.began_at - 72000000 AND began_at < NEW.began_at + 72000000 AND began_at <> NEW.began_at
) AND NOT EXISTS (SELECT 1 FROM allowance_day WHERE owner = NEW.owner AND began_at = NEW.began_at)
BEGIN SELECT RAISE(ABORT, 'day_too_soon'); END;
