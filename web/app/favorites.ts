/** The people a member likes to come back to: who they are, and making somebody one; shown at once, taken back where it fails. */
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { dropFavorite, keepFavorite, listFavorites } from '../../worker/protocol/http/favorites.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import type { Api } from '../client/api.ts';
import { useSession } from '../ui/session.tsx';

const KEY = ['favorites'];

export const favoritesOf = (api: Api) =>
  queryOptions({
    queryKey: KEY,
    queryFn: async (): Promise<readonly UserId[]> =>
      (await api.call(listFavorites, { query: { limit: 100 } })).items.map(({ person }) => person.id),
    staleTime: 60_000,
  });

export function useFavorites() {
  const { api } = useSession();
  const queries = useQueryClient();
  const read = useQuery(favoritesOf(api));
  const change = useMutation({
    mutationFn: async ({ userId, keep }: { userId: UserId; keep: boolean }): Promise<void> => {
      if (keep) await api.call(keepFavorite, { params: { userId } });
      else await api.call(dropFavorite, { params: { userId } });
    },
    onMutate: async ({ userId, keep }) => {
      await queries.cancelQueries({ queryKey: KEY });
      const before = queries.getQueryData<readonly UserId[]>(KEY);
      const others = (before ?? []).filter((id) => id !== userId);
      queries.setQueryData(KEY, keep ? [userId, ...others] : others);
      return before;
    },
    onError: (_error, _change, before) => queries.setQueryData(KEY, before),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  return { ids: read.data ?? [], known: !read.isPending, change: change.mutate, error: change.error };
}

/** Favourites before everybody else; among each the order stays. */
export const favoritesFirst = <T extends { readonly person: { readonly id: UserId } }>(
  items: readonly T[],
  ids: readonly UserId[],
): T[] => {
  const kept = new Set(ids);
  return [...items.filter(({ person }) => kept.has(person.id)), ...items.filter(({ person }) => !kept.has(person.id))];
};
