/** People one has blocked; taking it back can itself be taken back. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type * as z from 'zod/mini';
import { type block, listBlocks } from '../../../worker/protocol/http/me.ts';
import { Button } from '../../ui/button.tsx';
import { whenWords } from '../../ui/format.ts';
import { Portrait } from '../../ui/portrait.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { Empty } from '../../ui/states.tsx';
import { useNow } from '../../ui/use-store.ts';
import { SubPage } from './sub-page.tsx';

type Block = z.infer<typeof block>;

export function BlockedPage() {
  const { api, undos } = useSession();
  const { t } = useTranslation();
  const now = useNow(60_000);
  const blocks = useQuery({ queryKey: ['blocks'], queryFn: () => api.call(listBlocks, { query: { limit: 100 } }) });
  const [error, setError] = useState<unknown>(null);
  const unblock = ({ userId, displayName: name, reason }: Block): void => {
    setError(null);
    undos.do({ kind: 'unblock', userId, name, reason }).catch(setError);
  };
  return (
    <SubPage title={t('you.blocked')} lead={t('blocked.lead')}>
      {error !== null && <ProblemNote error={error} />}
      {blocks.isPending && <Waiting />}
      {blocks.isError && <ProblemNote error={blocks.error} onRetry={() => void blocks.refetch()} />}
      {blocks.data?.items.length === 0 && (
        <Empty title={t('blocked.none')} picture="cup">
          <p>{t('blocked.noneLead')}</p>
        </Empty>
      )}
      {(blocks.data?.items.length ?? 0) > 0 && (
        <ul className="sheet rows">
          {blocks.data?.items.map((each) => (
            <li key={each.userId} className="line wrap">
              <Portrait name="" seed={each.displayName} size={56} />
              <span className="grow">
                <strong>{each.displayName}</strong>
                <br />
                <span className="soft">{whenWords(each.at, now)}</span>
              </span>
              <Button variant="default" onClick={() => unblock(each)}>
                {t('blocked.unblock', { name: each.displayName })}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </SubPage>
  );
}
