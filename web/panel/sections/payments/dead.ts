/** Events that can't be processed: they stand still until somebody mends what is wrong. */
import { useQuery } from '@tanstack/react-query';
import { listPaymentEvents } from '../../../../worker/protocol/http/payment-events.ts';
import { useSession } from '../../../ui/session.tsx';

const RENEW_MS = 30_000;
const MOST = 100;

/** How many there are; a hundred are enough to know. */
export function useDeadPayments(): number {
  const { api } = useSession();
  const dead = useQuery({
    queryKey: ['dead-payments'],
    queryFn: async ({ signal }) => (await api.call(listPaymentEvents, { query: { state: 'dead', limit: MOST }, signal })).items.length,
    refetchInterval: RENEW_MS,
  });
  return dead.data ?? 0;
}
