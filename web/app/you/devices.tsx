/** Where one is signed in; any of it can be ended. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listSessions, revokeSession } from '../../../worker/protocol/http/auth.ts';
import { Icon } from '../../ui/call/icons.tsx';
import { whenWords } from '../../ui/format.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useNow } from '../../ui/use-store.ts';
import { SubPage } from './sub-page.tsx';

export function DevicesPage() {
  const { api } = useSession();
  const { t } = useTranslation();
  const now = useNow(60_000);
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: () => api.call(listSessions) });
  const [error, setError] = useState<unknown>(null);
  const end = async (id: NonNullable<typeof sessions.data>['items'][number]['id']): Promise<void> => {
    setError(null);
    try {
      await api.call(revokeSession, { params: { id } });
      await sessions.refetch();
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <SubPage title={t('you.devices')} lead={t('devices.lead')}>
      <div className="sheet">
        {sessions.isPending && <Waiting />}
        {sessions.isError && <ProblemNote error={sessions.error} onRetry={() => void sessions.refetch()} />}
        {error !== null && <ProblemNote error={error} />}
        <ul className="rows">
          {sessions.data?.items.map(({ id, device, lastSeenAt, current }) => (
            <li key={id} className="line wrap">
              <Icon name="device" />
              <span className="grow">
                <strong>{current ? t('devices.here') : (device ?? t('devices.unknown'))}</strong>
                <br />
                <span className="soft">{t('devices.seen', { when: whenWords(lastSeenAt, now) })}</span>
              </span>
              {!current && (
                <Button variant="default" onClick={() => void end(id)}>
                  {t('devices.end')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </SubPage>
  );
}
