import { useQuery } from '@tanstack/react-query';
import { listTariffs, type Tariff } from '../../../../worker/protocol/http/tariffs.ts';
import type { TariffId } from '../../../../worker/protocol/ids.ts';
import { useSession } from '../../../ui/session.tsx';

/** One version, found by walking the list; there are as many as were ever drafted, so a few pages at most. */
export function useTariff(id: TariffId | undefined) {
  const { api } = useSession();
  return useQuery({
    queryKey: ['tariff', id],
    enabled: id !== undefined,
    queryFn: async ({ signal }): Promise<Tariff | null> => {
      let cursor: string | null | undefined;
      do {
        const page = await api.call(listTariffs, { query: { limit: 100, ...(cursor ? { cursor } : {}) }, signal });
        const found = page.items.find((tariff) => tariff.id === id);
        if (found) return found;
        cursor = page.nextCursor;
      } while (cursor);
      return null;
    },
  });
}
