/** Jobs as they stand, renewed while somebody looks. */
import { useQuery } from '@tanstack/react-query';
import { listJobs } from '../../../../worker/protocol/http/timetable.ts';
import { useSession } from '../../../ui/session.tsx';

const RENEW_MS = 5_000;
/** While a run is not over. */
const RENEW_LIVE_MS = 1_000;

export const jobsKey = ['jobs'] as const;

export function useJobs() {
  const { api } = useSession();
  return useQuery({
    queryKey: jobsKey,
    queryFn: async ({ signal }) => (await api.call(listJobs, { signal })).items,
    refetchInterval: ({ state }) => (state.data?.some(({ lastRun }) => lastRun?.outcome === null) ? RENEW_LIVE_MS : RENEW_MS),
  });
}
