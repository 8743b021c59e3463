/** One's own favourite messages: which they are, and marking them; shown at once, and taken back where it fails. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { favouriteMessage, listFavouriteMessages, unfavouriteMessage } from '../../../worker/protocol/http/chats.ts';
import type { ChatId, MessageId } from '../../../worker/protocol/ids.ts';
import { useSession } from '../session.tsx';

const KEY = ['favourite-messages', 'ids'];
/** Pages that are read to know which messages are marked. */
const PAGES = 5;

export function useFavourites(chatId: ChatId, onError: (error: unknown) => void) {
  const { api } = useSession();
  const queries = useQueryClient();
  const ask = (cursor: string | null) => api.call(listFavouriteMessages, { query: { limit: 100, ...(cursor === null ? {} : { cursor }) } });
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: async () => {
      const ids: MessageId[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < PAGES; page += 1) {
        const answer: Awaited<ReturnType<typeof ask>> = await ask(cursor);
        ids.push(...answer.items.map(({ message }) => message.id));
        cursor = answer.nextCursor;
        if (cursor === null) break;
      }
      return new Set(ids);
    },
  });
  const show = (id: MessageId, favourite: boolean): void => {
    queries.setQueryData<ReadonlySet<MessageId>>(KEY, (before) => {
      const after = new Set(before);
      if (favourite) after.add(id);
      else after.delete(id);
      return after;
    });
  };
  return {
    isFavourite: (id: MessageId): boolean => data?.has(id) ?? false,
    mark: (id: MessageId, favourite: boolean): void => {
      show(id, favourite);
      api
        .call(favourite ? favouriteMessage : unfavouriteMessage, { params: { id: chatId, messageId: id } })
        .then(() => queries.invalidateQueries({ queryKey: ['favourite-messages', 'list'] }))
        .catch((thrown) => {
          show(id, !favourite);
          onError(thrown);
        });
    },
  };
}
