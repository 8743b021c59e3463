/** How many calls were missed and not looked at yet. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { listCalls } from '../../worker/protocol/http/calls.ts';
import { useSession } from '../ui/session.tsx';
import { useStore } from '../ui/use-store.ts';

export function useUnseen(): number {
  const { api, live } = useSession();
  const version = useStore(live.callsVersion);
  const calls = useQuery({
    queryKey: ['unseen', version],
    queryFn: () => api.call(listCalls, { query: { limit: 1 } }),
    placeholderData: (before) => before,
  });
  return calls.data?.unseen ?? 0;
}

export function MissedBadge() {
  const { t } = useTranslation();
  const unseen = useUnseen();
  if (unseen === 0) return null;
  return (
    <span className="badge">
      {unseen} <span className="unseen">{t('calls.missedCount', { count: unseen })}</span>
    </span>
  );
}
