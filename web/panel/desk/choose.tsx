interface Props<T extends string> {
  readonly label: string;
  readonly value: T | undefined;
  readonly options: readonly T[];
  readonly wordOf: (option: T) => string;
  /** What choosing none of them is called; left out where one must be chosen. */
  readonly none?: string;
  readonly onChange: (value: T | undefined) => void;
}

/** One of a fixed set of words, with its label beside it. */
export function Choose<T extends string>({ label, value, options, wordOf, none, onChange }: Props<T>) {
  return (
    <label className="choose">
      <span>{label}</span>
      <select
        className="field"
        value={value ?? ''}
        onChange={(event) => onChange(options.find((option) => option === event.currentTarget.value))}
      >
        {none !== undefined && <option value="">{none}</option>}
        {options.map((option) => (
          <option key={option} value={option}>
            {wordOf(option)}
          </option>
        ))}
      </select>
    </label>
  );
}
