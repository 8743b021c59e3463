/** What several screens of the desk read. One key each, so that a change shows everywhere at once. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { readEarnings } from '../../worker/protocol/http/earnings.ts';
import { type GalleryItem, readGallery, readPerson } from '../../worker/protocol/http/gallery.ts';
import { readShift } from '../../worker/protocol/http/me.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import { useSession } from '../ui/session.tsx';
import { useStore } from '../ui/use-store.ts';

/** Shift, presence and the day's figures; renewed when something was earned or a call changed. */
export function useShift() {
  const { api, live } = useSession();
  const queries = useQueryClient();
  const earned = useStore(live.balance.amounts)?.EARN;
  const calls = useStore(live.callsVersion);
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['shift'] });
    void queries.invalidateQueries({ queryKey: ['earnings'] });
  }, [queries, earned, calls]);
  return useQuery({ queryKey: ['shift'], queryFn: () => api.call(readShift), refetchInterval: 60_000 });
}

export function useEarnings() {
  const { api } = useSession();
  return useQuery({ queryKey: ['earnings', 'sums'], queryFn: () => api.call(readEarnings) });
}

/** Members who are online. They are not pushed to companions, so the list asks again by itself. */
export function useOnline() {
  const { api } = useSession();
  return useQuery({ queryKey: ['online'], queryFn: () => api.call(readGallery, { query: { limit: 30 } }), refetchInterval: 20_000 });
}

const KNOWN_FRESH_MS = 5 * 60_000;

/** What is known of a member. Members who are online were asked for ahead, so that it stands there when they ring. */
export function useKnown(userId: UserId | null) {
  const { api } = useSession();
  return useQuery({
    queryKey: ['known', userId],
    queryFn: () => api.call(readPerson, { params: { id: userId as UserId } }),
    enabled: userId !== null,
    staleTime: KNOWN_FRESH_MS,
    retry: false,
  });
}

const AHEAD = 12;

/** Asks ahead for what is known of those who are online, one after the other, and again after every call. */
export function useKnownAhead(): void {
  const { api, live } = useSession();
  const queries = useQueryClient();
  const online = useOnline().data?.items;
  const calls = useStore(live.callsVersion);
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['known'] });
  }, [queries, calls]);
  useEffect(() => {
    let gone = false;
    void (async () => {
      for (const { person } of (online ?? []).slice(0, AHEAD)) {
        if (gone) return;
        await queries.prefetchQuery({
          queryKey: ['known', person.id],
          queryFn: () => api.call(readPerson, { params: { id: person.id } }),
          staleTime: KNOWN_FRESH_MS,
          retry: false,
        });
      }
    })();
    return () => {
      gone = true;
    };
  }, [api, queries, online]);
}

/** The part of the answer that stands in the list already. */
export function useListed(userId: UserId | null): GalleryItem | null {
  return useOnline().data?.items.find(({ person }) => person.id === userId) ?? null;
}
