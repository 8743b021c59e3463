/** Fields that forms of the shop share. */
import { useId } from 'react';
import { shortName } from '../../../../worker/protocol/http/shop.ts';
import { useWords } from '../../words.ts';

export const isShortName = (text: string): boolean => shortName.safeParse(text).success;

/** A whole number as it was typed; null where it is none, or not between these. */
export function wholeOf(text: string, least: number, most: number): number | null {
  const number = /^\s*\d{1,10}\s*$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : null;
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
}

/** A short name such as `coins-300`. */
export function Named({ label, value, onChange, hint }: FieldProps) {
  const { t } = useWords();
  const note = useId();
  const wrong = value !== '' && !isShortName(value);
  return (
    <label className="entry">
      <span>{label}</span>
      <input
        className="field mono"
        autoComplete="off"
        spellCheck={false}
        autoCapitalize="none"
        data-autofocus
        required
        maxLength={40}
        placeholder={hint}
        aria-invalid={wrong}
        aria-describedby={note}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <span id={note} className={wrong ? 'wrong' : 'soft small'}>
        {t('shop.shortName')}
      </span>
    </label>
  );
}

/** A whole number. */
export function Whole({ label, value, onChange, hint, wrong = false }: FieldProps & { wrong?: boolean }) {
  const { t } = useWords();
  const note = useId();
  return (
    <label className="entry">
      <span>{label}</span>
      <input
        className="field figures"
        inputMode="numeric"
        autoComplete="off"
        required
        aria-invalid={wrong}
        aria-describedby={wrong || hint !== undefined ? note : undefined}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {(wrong || hint !== undefined) && (
        <span id={note} className={wrong ? 'wrong' : 'soft small'}>
          {wrong ? t('editor.number') : hint}
        </span>
      )}
    </label>
  );
}
