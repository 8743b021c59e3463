/** Where the companion is signed in, and signing a device out. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { listSessions } from '../../../worker/protocol/http/auth.ts';
import { Button } from '../../ui/button.tsx';
import { comingWords } from '../../ui/format.ts';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useLeaving } from '../../ui/undo-notes.tsx';
import { useNow } from '../../ui/use-store.ts';

export function Devices() {
  const { api, undos } = useSession();
  const { t } = useTranslation();
  const now = useNow(60_000);
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: () => api.call(listSessions) });
  const leaving = useLeaving(undos);
  return (
    <section className="sheet stack-tight" aria-label={t('desk.me.devices')}>
      <h2>{t('desk.me.devices')}</h2>
      {sessions.isPending ? (
        <Waiting />
      ) : sessions.isError ? (
        <ProblemNote error={sessions.error} onRetry={() => void sessions.refetch()} />
      ) : (
        <ul className="rows">
          {sessions.data.items.map(({ id, device, lastSeenAt, current }) => (
            <li key={id}>
              <div className="line">
                <span className="grow">
                  <strong>{current ? t('desk.me.thisDevice') : (device ?? t('desk.me.someDevice'))}</strong>
                  <br />
                  <span className="soft">{t('desk.me.lastSeen', { when: comingWords(t, lastSeenAt, now) })}</span>
                </span>
                {!current && (
                  <Button
                    size="md"
                    variant="default"
                    disabled={leaving.has(id)}
                    onClick={() => void undos.do({ kind: 'sign_out', sessionId: id, device })}
                  >
                    {t('nav.signOut')}
                  </Button>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
