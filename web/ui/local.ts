import { useQuery } from '@tanstack/react-query';
import { readHealth } from '../../worker/protocol/http/health.ts';
import { useSession } from './session.tsx';

/** True on a developer's desk, where coins come from a play shop; null until it is known. */
export function useLocal(): boolean | null {
  const { api } = useSession();
  const health = useQuery({ queryKey: ['health'], staleTime: Number.POSITIVE_INFINITY, queryFn: () => api.call(readHealth) });
  return health.isPending ? null : health.data?.environment === 'local';
}
