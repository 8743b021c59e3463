/** One's own calls, newest first, each with its way back to the member. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type * as z from 'zod/mini';
import { type callListItem, listCalls } from '../../../worker/protocol/http/calls.ts';
import { Button } from '../../ui/button.tsx';
import { comingWords, durationWords } from '../../ui/format.ts';
import { LineLink } from '../../ui/links.tsx';
import { Portrait } from '../../ui/portrait.tsx';
import { ProblemNote, Waiting } from '../../ui/problem-note.tsx';
import { useSession } from '../../ui/session.tsx';
import { useNow, useStore } from '../../ui/use-store.ts';
import { CallButton } from '../call/call-button.tsx';

type Item = z.infer<typeof callListItem>;
export const callFilters = ['all', 'missed', 'incoming', 'outgoing'] as const;
export type CallFilter = (typeof callFilters)[number];

const queryOf = (filter: CallFilter) => (filter === 'all' ? {} : filter === 'missed' ? { missed: 'true' as const } : { direction: filter });

/** @param limit shows so many and no more */
export function CallList({ filter = 'all', limit }: { filter?: CallFilter; limit?: number }) {
  const { api, live } = useSession();
  const { t } = useTranslation();
  const now = useNow(60_000);
  const version = useStore(live.callsVersion);
  const calls = useInfiniteQuery({
    queryKey: ['calls', 'list', filter, limit, version],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.call(listCalls, { query: { limit: limit ?? 20, ...queryOf(filter), ...(pageParam === null ? {} : { cursor: pageParam }) } }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });
  if (calls.isPending) return <Waiting />;
  if (calls.isError) return <ProblemNote error={calls.error} onRetry={() => void calls.refetch()} />;
  const items = calls.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <p className="soft quiet">{t(filter === 'all' ? 'calls.emptyPortal' : 'desk.calls.none')}</p>;
  return (
    <>
      <ul className="rows">
        {items.map((item) => {
          const mine = item.call.callerId === live.me.id;
          const peer = mine ? item.callee : item.caller;
          const running = item.call.state !== 'ended';
          return (
            <li key={item.call.id} className="call-row">
              <LineLink to={running ? '/call/$id' : '/calls/$id'} params={{ id: item.call.id }}>
                <Portrait name="" seed={peer.portrait ?? peer.displayName} size={44} />
                <span className="grow">
                  <strong>{t(mine ? 'calls.to' : 'calls.from', { name: peer.displayName })}</strong>
                  <br />
                  <span className="soft">
                    {comingWords(t, item.call.createdAt, now)} · {outcome(t, item)}
                  </span>
                </span>
              </LineLink>
              {!running && <CallButton userId={peer.id} name={peer.displayName} media={item.call.media} />}
            </li>
          );
        })}
      </ul>
      {limit === undefined && calls.hasNextPage && (
        <div>
          <Button size="md" variant="default" loading={calls.isFetchingNextPage} onClick={() => void calls.fetchNextPage()}>
            {t('calls.more')}
          </Button>
        </div>
      )}
    </>
  );
}

function outcome(t: TFunction, { call }: Item): string {
  if (call.state !== 'ended') return t('calls.running');
  return call.connectedMs > 0
    ? durationWords(t, call.connectedMs / 1000)
    : t(call.endReason === 'no_answer' ? 'calls.missed' : 'calls.notConnected');
}
