/** Messages somebody wants to find again, of all conversations. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { listFavouriteMessages } from '../../../worker/protocol/http/chats.ts';
import { Button } from '../../ui/button.tsx';
import { chatWords } from '../../ui/chat/words.ts';
import { Page } from '../../ui/frame.tsx';
import { ButtonLink } from '../../ui/links.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { Empty } from '../../ui/states.tsx';
import { Hit } from './hit.tsx';

await chatWords;

export function FavouritesPage() {
  const { api } = useSession();
  const { t } = useTranslation();
  const kept = useInfiniteQuery({
    queryKey: ['favourite-messages', 'list'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.call(listFavouriteMessages, { query: { limit: 30, ...(pageParam === null ? {} : { cursor: pageParam }) } }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const items = kept.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page>
      <div className="narrow stack">
        <div className="back-line">
          <ButtonLink to="/chats" quiet>
            {t('chats.back')}
          </ButtonLink>
        </div>
        <div className="stack-tight">
          <h1>{t('chats.favourites')}</h1>
          <p className="soft">{t('chats.favouritesLead')}</p>
        </div>
        {kept.isPending && <Waiting />}
        {kept.isError && <ProblemNote error={kept.error} onRetry={() => void kept.refetch()} />}
        {kept.data && items.length === 0 && (
          <Empty title={t('chats.favouritesNone')} picture="cup">
            <p>{t('chats.favouritesNoneLead')}</p>
          </Empty>
        )}
        {items.length > 0 && (
          <ul className="sheet rows">
            {items.map((hit) => (
              <li key={hit.message.id}>
                <Hit {...hit} />
              </li>
            ))}
          </ul>
        )}
        {kept.hasNextPage && (
          <Button variant="default" loading={kept.isFetchingNextPage} onClick={() => void kept.fetchNextPage()}>
            {t('chat.moreFound')}
          </Button>
        )}
      </div>
    </Page>
  );
}
