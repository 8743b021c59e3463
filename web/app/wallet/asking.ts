/** What the screens of the wallet ask the server, and ask again when something was bought. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { readMeans } from '../../../worker/protocol/http/me.ts';
import { listCards, type Placement, readAutomatic, readPaywall, readShop, readSpending } from '../../../worker/protocol/http/shop.ts';
import type { MonetizationVersion } from '../../../worker/protocol/people.ts';
import { useSession } from '../../ui/session.tsx';
import { useStore } from '../../ui/use-store.ts';

export const pricingModelOf = (version: MonetizationVersion): 'tokens' | 'subscription' | 'moments' =>
  version === 'subscription' || version === 'moments' ? version : 'tokens';

/** What can be bought on the web now; prices are looked at again each time a screen opens. */
export function useShop() {
  const { api } = useSession();
  return useQuery({
    queryKey: ['shop'],
    staleTime: 0,
    queryFn: async () => (await api.call(readShop, { query: { platform: 'web' } })).shop,
  });
}

export function usePaywall(placement: Placement, offer?: string) {
  const { api } = useSession();
  return useQuery({
    queryKey: ['shop', 'paywall', placement, offer ?? null],
    staleTime: 0,
    queryFn: async () =>
      (
        await api.call(readPaywall, {
          params: { placement },
          query: { platform: 'web', ...(offer === undefined ? {} : { offer }) },
        })
      ).paywall,
  });
}

export function useCards() {
  const { api } = useSession();
  return useQuery({ queryKey: ['cards'], queryFn: async () => (await api.call(listCards)).items });
}

/** How one pays; what a plan includes moves without the balance, so it is asked for again after each call. */
export function useMeans() {
  const { api, live } = useSession();
  const amounts = useStore(live.balance.amounts);
  const calls = useStore(live.callsVersion);
  return useQuery({
    queryKey: ['means', amounts, calls],
    staleTime: 0,
    placeholderData: (before) => before,
    queryFn: async () => (await api.call(readMeans)).means,
  });
}

export function useSpending() {
  const { api } = useSession();
  return useQuery({ queryKey: ['spending'], queryFn: async () => (await api.call(readSpending)).spending });
}

export function useAutomatic() {
  const { api } = useSession();
  return useQuery({ queryKey: ['automatic'], queryFn: async () => (await api.call(readAutomatic)).automatic });
}

/** Everything that a purchase changes is asked for anew. */
export function useAskAnew(): () => void {
  const { live } = useSession();
  const queries = useQueryClient();
  return () => {
    void live.balance.catchUp();
    for (const key of ['shop', 'cards', 'means', 'plan', 'spending', 'purchases', 'balance-events', 'gallery'])
      void queries.invalidateQueries({ queryKey: [key] });
  };
}
