/** What went wrong, whether money moved, and what to do: for a person, not for a log. */
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem, NoAnswer } from '../client/problem.ts';
import { Button } from './button.tsx';
import { durationWords } from './format.ts';
import en from './locales/en.json';
import { Skeleton } from './states.tsx';

type Words = keyof typeof en.problem;
const known = (code: string): code is Words => code in en.problem;

export function problemWords(t: TFunction, error: unknown): string {
  if (error instanceof ApiProblem) {
    if (error.code === 'rate_limited' && error.retryAfter !== null)
      return t('problem.rate_limitedIn', { time: durationWords(t, error.retryAfter) });
    return known(error.code) ? (t(`problem.${error.code}`) as string) : t('problem.other', { detail: error.message });
  }
  return error instanceof NoAnswer ? t('problem.noAnswer') : t('problem.internal');
}

export function ProblemNote({ error, onRetry, children }: { error: unknown; onRetry?: () => void; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="note bad" role="alert">
      <p className="note-text">{problemWords(t, error)}</p>
      {children}
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          {t('tryAgain')}
        </Button>
      )}
    </div>
  );
}

/** What is on its way; lines in the place of a list, or the shape that comes. */
export function Waiting({ shape = 'lines' }: { shape?: 'lines' | 'faces' }) {
  return <Skeleton shape={shape} />;
}
