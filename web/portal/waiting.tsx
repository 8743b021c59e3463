/** Members who wait for an answer, counted wherever the companion is: at the side, in the title, and once by a sound. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { readDesk } from '../../worker/protocol/http/desk.ts';
import { useSession } from '../ui/session.tsx';
import { ring } from '../ui/sound.ts';
import { useShift } from './queries.ts';

const RENEW_MS = 15_000;

/** How many wait: one's own, and those that nobody answers. Null while it is not known. */
function useWaiting(): number | null {
  const { api } = useSession();
  const { data } = useQuery({
    // Beside the lists, so that what renews them renews this.
    queryKey: ['desk', 'list', 'counts'],
    queryFn: () => api.call(readDesk, { query: { list: 'waiting', limit: 1 } }),
    refetchInterval: RENEW_MS,
    refetchIntervalInBackground: true,
  });
  return data ? data.counts.waiting + data.counts.unassigned : null;
}

/** The number beside the way to the conversations. */
export function WaitingCount() {
  const { t } = useTranslation();
  const count = useWaiting();
  useAnnounced(count);
  if (!count) return null;
  return (
    <span className="nav-count">
      <span aria-hidden="true">{count}</span>
      <span className="unseen">{t('desk.nav.chatsWaiting', { count })}</span>
    </span>
  );
}

const withoutCount = (title: string): string => title.replace(/^\(\d+\) /, '');

/** In the title always; by a sound when there are more than before, while one is at work. */
function useAnnounced(count: number | null): void {
  const atWork = useShift().data?.shift?.endedAt === null;
  const before = useRef<number | null>(null);
  useEffect(() => {
    if (count === null) return;
    const rose = before.current !== null && count > before.current;
    before.current = count;
    if (!rose || !atWork) return;
    const sound = ring('waiting');
    // Left alone it would keep the loudspeaker.
    const timer = setTimeout(() => sound.stop(), 2_000);
    return () => {
      clearTimeout(timer);
      sound.stop();
    };
  }, [count, atWork]);
  useEffect(() => {
    if (!count) return;
    document.title = `(${count}) ${withoutCount(document.title)}`;
    return () => {
      document.title = withoutCount(document.title);
    };
  }, [count]);
}
