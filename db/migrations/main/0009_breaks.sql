-- A break is of a shift that is still worked, whatever races.
CREATE TRIGGER shift_break_of_open_shift BEFORE INSERT ON shift_break
WHEN NOT EXISTS (SELECT 1 FROM shift WHERE id = NEW.shift_id AND ended_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'shift_is_over'); END;
