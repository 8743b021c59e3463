/** What was just done here, with the way to take it back where there is one. It stays as long as the page does. */
import { useState } from 'react';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../words.ts';

export interface Done {
  readonly said: string;
  /** Does the opposite, and says so by what is done next. */
  readonly undo?: () => Promise<void>;
}

export function DoneNote({ done }: { done: Done | null }) {
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<{ done: Done; error: unknown } | null>(null);
  const takeBack = async (undo: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setFailed(null);
    try {
      await undo();
    } catch (error) {
      if (done) setFailed({ done, error });
    } finally {
      setBusy(false);
    }
  };
  const undo = done?.undo;
  return (
    <>
      <div className="done">
        <p role="status" className="said">
          {done?.said}
        </p>
        {undo && (
          <button type="button" className="act" disabled={busy} onClick={() => void takeBack(undo)}>
            {t('undo')}
          </button>
        )}
      </div>
      {failed && failed.done === done && <ProblemNote error={failed.error} />}
    </>
  );
}
