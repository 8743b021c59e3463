/** The list of one's own calls, newest first. */
import { useInfiniteQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type * as z from 'zod/mini';
import { type callListItem, listCalls } from '../../../worker/protocol/http/calls.ts';
import type { CallId, UserId } from '../../../worker/protocol/ids.ts';
import { Button } from '../button.tsx';
import { durationWords, whenWords } from '../format.ts';
import { Portrait } from '../portrait.tsx';
import { ProblemNote, Waiting } from '../problem-note.tsx';
import { useSession } from '../session.tsx';
import { Picture } from '../states.tsx';
import { useNow, useStore } from '../use-store.ts';
import { Icon } from './icons.tsx';

type Item = z.infer<typeof callListItem>;

export interface HistoryProps {
  readonly empty: string;
  readonly link: (callId: CallId, running: boolean, children: ReactNode) => ReactNode;
  /** Only calls that came and were not answered. */
  readonly missed?: boolean;
  /** One tap back to who was missed. */
  readonly callBack?: (userId: UserId, name: string) => ReactNode;
}

export function History({ empty, link, missed = false, callBack }: HistoryProps) {
  const { api, live } = useSession();
  const { t } = useTranslation();
  const now = useNow(60_000);
  const version = useStore(live.callsVersion);
  const calls = useInfiniteQuery({
    queryKey: ['history', missed, version],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.call(listCalls, {
        query: { limit: 20, ...(missed ? { missed: 'true' } : {}), ...(pageParam === null ? {} : { cursor: pageParam }) },
      }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
  });
  if (calls.isPending) return <Waiting />;
  if (calls.isError) return <ProblemNote error={calls.error} onRetry={() => void calls.refetch()} />;
  const items = calls.data.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return (
      <div className="empty">
        <Picture name="cup" />
        <p>{empty}</p>
      </div>
    );
  return (
    <>
      <ul className="rows">
        {items.map((item) => {
          const mine = item.call.callerId === live.me.id;
          const peer = mine ? item.callee : item.caller;
          const gone = isMissed(item, mine);
          return (
            <li key={item.call.id} className={gone ? 'gone' : undefined}>
              {link(
                item.call.id,
                item.call.state !== 'ended',
                <>
                  <Portrait name="" seed={peer.portrait ?? peer.displayName} size={56} />
                  <span className="grow">
                    <strong>
                      {gone && <Icon name="missed" size={22} />} {t(mine ? 'calls.to' : 'calls.from', { name: peer.displayName })}
                    </strong>
                    <br />
                    <span className="soft">
                      {whenWords(item.call.createdAt, now)} · {outcome(t, item, mine)}
                    </span>
                  </span>
                </>,
              )}
              {gone && callBack?.(peer.id, peer.displayName)}
            </li>
          );
        })}
      </ul>
      {calls.hasNextPage && (
        <Button variant="default" loading={calls.isFetchingNextPage} onClick={() => void calls.fetchNextPage()}>
          {t('calls.more')}
        </Button>
      )}
    </>
  );
}

const isMissed = ({ call }: Item, mine: boolean): boolean =>
  !mine && call.state === 'ended' && (call.endReason === 'no_answer' || call.endReason === 'cancelled');

function outcome(t: TFunction, item: Item, mine: boolean): string {
  const { call } = item;
  if (call.state !== 'ended') return t('calls.running');
  if (call.connectedMs > 0) return durationWords(t, call.connectedMs / 1000);
  if (isMissed(item, mine)) return t('calls.missed');
  return t(call.endReason === 'no_answer' ? 'calls.noAnswer' : 'calls.notConnected');
}
