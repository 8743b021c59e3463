/** Says when the server can't be reached, and how old what stands on the page is. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NoAnswer } from '../../client/problem.ts';
import { durationWords } from '../../ui/format.ts';
import { useNow } from '../../ui/use-store.ts';
import { useWords } from '../words.ts';

/** When the page's oldest data came (ms; null: there is none) while something on it could not be renewed; undefined: all is well. */
function useStaleSince(): number | null | undefined {
  const queries = useQueryClient();
  const [since, setSince] = useState<number | null | undefined>(undefined);
  useEffect(() => {
    const cache = queries.getQueryCache();
    const look = (): void => {
      const shown = cache.getAll().filter((query) => query.getObserversCount() > 0);
      const failing = shown.filter(
        ({ state }) => (state.fetchFailureReason ?? state.error) instanceof NoAnswer || state.fetchStatus === 'paused',
      );
      if (failing.length === 0 && navigator.onLine) setSince(undefined);
      else {
        const times = (failing.length > 0 ? failing : shown).map(({ state }) => state.dataUpdatedAt).filter((time) => time > 0);
        setSince(times.length > 0 ? Math.min(...times) : null);
      }
    };
    const stop = cache.subscribe(look);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      stop();
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, [queries]);
  return since;
}

export function Freshness() {
  const since = useStaleSince();
  const { t } = useWords();
  const { t: words } = useTranslation();
  const now = useNow(1_000, since !== undefined);
  if (since === undefined) return null;
  return (
    <p className="banner" role="status">
      <strong>{t('link.lost')}</strong>{' '}
      {since === null ? t('link.nothing') : t('link.age', { time: durationWords(words, Math.max(1, (now - since) / 1000)) })}
    </p>
  );
}
