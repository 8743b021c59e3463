import { type App, serve } from '../../platform/serve.ts';
import { readGallery, readOpening, readPerson } from '../../protocol/http/gallery.ts';
import { acquaintanceOf } from '../interaction/service.ts';
import { priceFor } from './price.ts';
import { galleryPage, openings, personFor } from './service.ts';

export function mountGallery(app: App): void {
  serve(app, readGallery, ({ ctx, principal, query }) => galleryPage(ctx, principal, query));
  serve(app, readOpening, ({ ctx, principal }) => openings(ctx, principal));
  serve(app, readPerson, async ({ ctx, principal, params }) => {
    const person = await personFor(ctx, principal, params.id);
    const [videoPrice, known] = await Promise.all([
      person.media.includes('video') ? priceFor(ctx, principal, 'video', params.id) : null,
      acquaintanceOf(ctx, principal, params.id),
    ]);
    return { person, videoPrice, known };
  });
}
