/** The people one could talk to, with presence as it is told live. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { CallMedia, Quote } from '../../worker/protocol/call/call.ts';
import { type GalleryItem, readGallery } from '../../worker/protocol/http/gallery.ts';
import type { Api } from '../client/api.ts';
import { useSession } from '../ui/session.tsx';
import { useStore } from '../ui/use-store.ts';

/** Priced for the asked medium; only those who take it. */
export const galleryOf = (api: Api, media: CallMedia) =>
  queryOptions({
    queryKey: ['gallery', media],
    queryFn: async () => (await api.call(readGallery, { query: { media, limit: 100 } })).items,
    refetchInterval: 60_000,
  });

export function useGallery(media: CallMedia) {
  const { api, live } = useSession();
  const queries = useQueryClient();
  const told = useStore(live.presence);
  const gallery = useQuery(galleryOf(api, media));
  const items = gallery.data?.map((item): GalleryItem => ({ ...item, ...told.get(item.person.id) }));
  // Somebody new came into view: ask for the whole list again.
  const seen = useRef(told);
  useEffect(() => {
    if (seen.current === told) return;
    seen.current = told;
    const known = new Set(gallery.data?.map(({ person }) => person.id));
    if ([...told.keys()].some((id) => !known.has(id))) void queries.invalidateQueries({ queryKey: ['gallery'] });
  }, [told, gallery.data, queries]);
  return { ...gallery, items };
}

/** What most talks cost: the price of the first person in the gallery who has one. Null until it is known. */
export function useUsualPrice(): Quote | null {
  return useGallery('audio').items?.find(({ price }) => price !== null)?.price ?? null;
}
