/** What home shows, asked before it is drawn. */
import type { Me } from '../../worker/protocol/http/me.ts';
import { breath } from '../ui/breath.ts';
import { languageWords } from '../ui/format.ts';
import type { Reception } from '../ui/reception.ts';
import { favoritesOf } from './favorites.ts';
import { galleryOf } from './gallery.ts';

export async function peopleAhead({ api, queries }: Reception, me: Me): Promise<void> {
  if (location.pathname !== '/' || me.role !== 'member' || !me.comfort.onboarding.finished) return;
  const asked = Promise.all([queries.prefetchQuery(galleryOf(api, 'audio')), queries.prefetchQuery(favoritesOf(api))]);
  // A browser looks long for its first name of a language; it does so while the answers are on their way.
  await breath();
  languageWords(me.public.languages);
  await asked;
}
