import { useQuery } from '@tanstack/react-query';
import { listTariffs, readTariff } from '../../../../worker/protocol/http/tariffs.ts';
import type { TariffId } from '../../../../worker/protocol/ids.ts';
import { useSession } from '../../../ui/session.tsx';

/** One version; none is asked for without an id. */
export function useTariff(id: TariffId | undefined) {
  const { api } = useSession();
  return useQuery({
    queryKey: ['tariff', id],
    enabled: id !== undefined,
    queryFn: async ({ signal }) => {
      if (!id) throw new Error('no version was asked for');
      return (await api.call(readTariff, { params: { id }, signal })).tariff;
    },
  });
}

/** The newest versions of the same tariff. */
export function useLine(line: TariffId | undefined) {
  const { api } = useSession();
  return useQuery({
    queryKey: ['tariff-line', line],
    enabled: line !== undefined,
    queryFn: ({ signal }) => api.call(listTariffs, { query: { limit: 50, ...(line ? { line } : {}) }, signal }),
  });
}
