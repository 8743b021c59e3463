/** The catalogue as it stands, and what is to be read again after a change. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type CatalogPlan,
  type CatalogProduct,
  type DeskPaywall,
  listPaywalls,
  listPlans,
  listProducts,
} from '../../../../worker/protocol/http/shop-desk.ts';
import { useSession } from '../../../ui/session.tsx';

export function useProducts() {
  const { api } = useSession();
  return useQuery({
    queryKey: ['shop', 'products'],
    queryFn: async ({ signal }): Promise<readonly CatalogProduct[]> => (await api.call(listProducts, { signal })).items,
  });
}

export function usePlans() {
  const { api } = useSession();
  return useQuery({
    queryKey: ['shop', 'plans'],
    queryFn: async ({ signal }): Promise<readonly CatalogPlan[]> => (await api.call(listPlans, { signal })).items,
  });
}

export function usePaywalls() {
  const { api } = useSession();
  return useQuery({
    queryKey: ['shop', 'paywalls'],
    queryFn: async ({ signal }): Promise<readonly DeskPaywall[]> => (await api.call(listPaywalls, { signal })).items,
  });
}

/** Reads all of it again: a paywall shows products, a product its plan. */
export function useRenew(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['shop'] });
}
