/** What went wrong with buying, in words of its own: whether money moved, and what to do. */
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../client/problem.ts';
import { ProblemNote } from '../../ui/problem-note.tsx';
import en from './locales/en.json';

type Code = keyof typeof en.shop.problem;
const isOurs = (code: string): code is Code => code in en.shop.problem;

export function BuyingProblem({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof ApiProblem) || !isOurs(error.code)) return <ProblemNote error={error} />;
  return (
    <div className="note bad" role="alert">
      <p className="note-text">{t(`shop.problem.${error.code}`)}</p>
    </div>
  );
}
