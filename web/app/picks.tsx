/** A row of words of which one or some are picked: big, pressed or not, readable without colour. */
import { Icon } from '../ui/call/icons.tsx';

export interface PicksProps<Value extends string> {
  readonly label: string;
  readonly options: readonly (readonly [Value, string])[];
  readonly picked: readonly Value[];
  readonly onPick: (value: Value) => void;
  /** What was picked last can't be joined by more than this. */
  readonly most?: number;
}

export function Picks<Value extends string>({ label, options, picked, onPick, most }: PicksProps<Value>) {
  const full = most !== undefined && picked.length >= most;
  return (
    <fieldset className="pick-row" aria-label={label}>
      {options.map(([value, words]) => {
        const pressed = picked.includes(value);
        return (
          <button
            key={value}
            type="button"
            className="pick"
            aria-pressed={pressed}
            disabled={full && !pressed}
            onClick={() => onPick(value)}
          >
            {pressed && <Icon name="check" size={22} />}
            {words}
          </button>
        );
      })}
    </fieldset>
  );
}
