/** Where one is signed in; any of it can be ended. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { listSessions } from '../../../worker/protocol/http/auth.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/call/icons.tsx';
import { whenWords } from '../../ui/format.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { TellSection } from '../../ui/push/tell-here.tsx';
import { useSession } from '../../ui/session.tsx';
import { useLeaving } from '../../ui/undo-notes.tsx';
import { useNow } from '../../ui/use-store.ts';
import { SubPage } from './sub-page.tsx';

export function DevicesPage() {
  const { api, undos } = useSession();
  const { t } = useTranslation();
  const now = useNow(60_000);
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: () => api.call(listSessions) });
  const leaving = useLeaving(undos);
  return (
    <SubPage title={t('you.devices')} lead={t('devices.lead')}>
      <div className="sheet">
        {sessions.isPending && <Waiting />}
        {sessions.isError && <ProblemNote error={sessions.error} onRetry={() => void sessions.refetch()} />}
        <ul className="rows">
          {sessions.data?.items.map(({ id, device, lastSeenAt, current }) => (
            <li key={id} className="line wrap">
              <Icon name="device" />
              <span className="grow">
                <strong>{current ? t('devices.here') : (device ?? t('devices.unknown'))}</strong>
                <br />
                <span className="soft">{t('devices.seen', { when: whenWords(lastSeenAt, now) })}</span>
              </span>
              {!current &&
                (leaving.has(id) ? (
                  <span className="soft">{t('devices.ending')}</span>
                ) : (
                  <Button variant="default" onClick={() => void undos.do({ kind: 'sign_out', sessionId: id, device })}>
                    {t('devices.end')}
                  </Button>
                ))}
            </li>
          ))}
        </ul>
      </div>
      <TellSection />
    </SubPage>
  );
}
