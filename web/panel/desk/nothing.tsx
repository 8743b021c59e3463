import { isProblem } from '../../client/problem.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../words.ts';

/** In the place of a page that is not there, or not for this account. */
export function Nothing() {
  const { t } = useWords();
  return (
    <div className="empty">
      <h1>{t('nothing.title')}</h1>
      <p className="soft">{t('nothing.lead')}</p>
    </div>
  );
}

/** In the place of a page that could not be read. */
export function Unread({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return isProblem(error, 'not_found') ? <Nothing /> : <ProblemNote error={error} onRetry={onRetry} />;
}
