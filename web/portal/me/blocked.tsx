/** People the companion has blocked, and taking it back. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listBlocks } from '../../../worker/protocol/http/me.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';

export function Blocked() {
  const { api, undos } = useSession();
  const { t } = useTranslation();
  const blocks = useQuery({ queryKey: ['blocks'], queryFn: () => api.call(listBlocks, { query: { limit: 100 } }) });
  const [error, setError] = useState<unknown>(null);
  return (
    <section className="sheet stack-tight" aria-label={t('desk.me.blocked')}>
      <h2>{t('desk.me.blocked')}</h2>
      {blocks.isPending ? (
        <Waiting />
      ) : blocks.isError ? (
        <ProblemNote error={blocks.error} onRetry={() => void blocks.refetch()} />
      ) : blocks.data.items.length === 0 ? (
        <p className="soft">{t('desk.me.noBlocked')}</p>
      ) : (
        <ul className="rows">
          {blocks.data.items.map(({ userId, displayName, reason }) => (
            <li key={userId}>
              <div className="line">
                <span className="grow">
                  <strong>{displayName}</strong>
                  <br />
                  <span className="soft">{t(`block.reason.${reason}`)}</span>
                </span>
                <Button
                  size="md"
                  variant="default"
                  aria-label={t('desk.me.unblockLong', { name: displayName })}
                  onClick={() => {
                    setError(null);
                    undos.do({ kind: 'unblock', userId, name: displayName, reason }).catch(setError);
                  }}
                >
                  {t('desk.me.unblock')}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {error !== null && <ProblemNote error={error} />}
    </section>
  );
}
