import { useQuery } from '@tanstack/react-query';
import { listTemplates, listTemplateVersions, type TemplateLine } from '../../../../worker/protocol/http/templates.ts';
import { useSession } from '../../../ui/session.tsx';
import type { Place } from './said.ts';

export function useLines() {
  const { api } = useSession();
  return useQuery({
    queryKey: ['template-lines'],
    queryFn: async ({ signal }) => (await api.call(listTemplates, { signal })).items,
  });
}

export const lineAt = (lines: readonly TemplateLine[] | undefined, place: Place | null): TemplateLine | undefined =>
  lines?.find(({ kind, channel }) => kind === place?.kind && channel === place.channel);

/** The newest versions of what is said at a place, the built-in one among them where there are not too many. */
export function useVersions(place: Place | null) {
  const { api } = useSession();
  return useQuery({
    queryKey: ['template-versions', place?.kind, place?.channel],
    enabled: place !== null,
    queryFn: async ({ signal }) => {
      if (!place) throw new Error('no place was asked for');
      const { kind, channel } = place;
      return (await api.call(listTemplateVersions, { params: { kind, channel }, query: { limit: 100 }, signal })).items;
    },
  });
}

/** What is to be read again after a version was drafted, published or retired. */
export const templateKeys = ['template-lines', 'template-versions'] as const;
