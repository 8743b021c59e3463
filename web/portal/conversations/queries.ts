/** What the desk of conversations reads. One key each, so that a change shows everywhere at once. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { readChat } from '../../../worker/protocol/http/chats.ts';
import { type DeskList, listColleagues, listReplies, readDesk, readDeskConversation } from '../../../worker/protocol/http/desk.ts';
import { listNotes } from '../../../worker/protocol/http/notes.ts';
import type { ChatId, UserId } from '../../../worker/protocol/ids.ts';
import { isProblem } from '../../client/problem.ts';
import { useSession } from '../../ui/session.tsx';

/** What nobody pushes to this desk is asked for so often, ms: the queue, and what others take from it. */
const RENEW_MS = 10_000;
const LIST = 100;

/** One list, with what all of them count. */
export function useDesk(list: DeskList) {
  const { api } = useSession();
  return useQuery({
    queryKey: ['desk', 'list', list],
    queryFn: () => api.call(readDesk, { query: { list, limit: LIST } }),
    refetchInterval: RENEW_MS,
    refetchIntervalInBackground: true,
    placeholderData: keepPreviousData,
  });
}

/** @param id null: none yet */
export function useDeskConversation(id: ChatId | null) {
  const { api } = useSession();
  return useQuery({
    queryKey: ['desk', 'one', id],
    queryFn: () => api.call(readDeskConversation, { params: { id: id as ChatId } }),
    enabled: id !== null,
    refetchInterval: RENEW_MS,
    retry: (failures, error) => failures < 2 && !isProblem(error, 'not_found'),
  });
}

/** The conversation itself, for who answers it. */
export function useChat(id: ChatId, answers: boolean) {
  const { api } = useSession();
  return useQuery({
    queryKey: ['chat', id, answers],
    queryFn: () => api.call(readChat, { params: { id } }),
    enabled: answers,
    staleTime: Number.POSITIVE_INFINITY,
    retry: 2,
  });
}

export function useColleagues(id: ChatId) {
  const { api } = useSession();
  return useQuery({ queryKey: ['desk', 'colleagues', id], queryFn: () => api.call(listColleagues, { params: { id } }), staleTime: 0 });
}

export function useReplies() {
  const { api } = useSession();
  return useQuery({ queryKey: ['desk', 'replies'], queryFn: () => api.call(listReplies), staleTime: 60_000 });
}

export function useNotes(memberId: UserId) {
  const { api } = useSession();
  return useQuery({
    queryKey: ['notes', memberId],
    queryFn: () => api.call(listNotes, { params: { userId: memberId } }),
    retry: (failures, error) => failures < 2 && !isProblem(error, 'not_found'),
  });
}

/** Reads the lists and the conversations of the desk anew. */
export function useRenewDesk(): () => void {
  const queries = useQueryClient();
  return useCallback(() => {
    void queries.invalidateQueries({ queryKey: ['desk', 'list'] });
    void queries.invalidateQueries({ queryKey: ['desk', 'one'] });
  }, [queries]);
}
