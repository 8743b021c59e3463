/** What home shows, asked before it is drawn. */
import type { Me } from '../../worker/protocol/http/me.ts';
import type { Reception } from '../ui/reception.ts';
import { favoritesOf } from './favorites.ts';
import { galleryOf } from './gallery.ts';

export async function peopleAhead({ api, queries }: Reception, me: Me): Promise<void> {
  if (location.pathname !== '/' || me.role !== 'member' || !me.comfort.onboarding.finished) return;
  await Promise.all([queries.prefetchQuery(galleryOf(api, 'audio')), queries.prefetchQuery(favoritesOf(api))]);
}
