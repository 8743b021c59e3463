import { useWords } from '../words.ts';

/** For what can't be taken back: its name is typed before it is done. */
export function Typed({ name, value, onChange }: { name: string; value: string; onChange: (value: string) => void }) {
  const { t } = useWords();
  return (
    <label className="entry">
      <span>{t('retire.type', { name })}</span>
      <input
        className="field wide"
        autoComplete="off"
        data-autofocus
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
