/** Jobs that fail again and again: nobody else mends them. */
import { useQuery } from '@tanstack/react-query';
import { listJobs } from '../../../../worker/protocol/http/timetable.ts';
import { useSession } from '../../../ui/session.tsx';
import { healthOf } from './words.ts';

const RENEW_MS = 30_000;

/** Apart from the table's own reading, which asks every few seconds. */
export function useFailingJobs(): number {
  const { api } = useSession();
  const failing = useQuery({
    queryKey: ['failing-jobs'],
    queryFn: async ({ signal }) => (await api.call(listJobs, { signal })).items.filter((job) => healthOf(job) === 'failing').length,
    refetchInterval: RENEW_MS,
  });
  return failing.data ?? 0;
}
