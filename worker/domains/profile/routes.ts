/** Settings are of the same tier, which this room may not import; `app.ts` hands in the one that photos ask for. */
import type { Context } from '../../platform/context.ts';
import { type App, serve } from '../../platform/serve.ts';
import * as me from '../../protocol/http/me.ts';
import * as photos from '../../protocol/http/photos.ts';
import { addPhoto, changePhoto, listPhotos, pictureFor, removePhoto } from './photos.ts';
import { changeMe, readMe } from './service.ts';

export interface PhotoHouse {
  /** Whether a new photo is approved at once. */
  passesPhotos(ctx: Context): Promise<boolean>;
}

export function mountProfile(app: App, house: PhotoHouse): void {
  serve(app, me.readMe, async ({ ctx, principal }) => ({ user: await readMe(ctx, principal) }));
  serve(app, me.changeMe, async ({ ctx, principal, body }) => ({ user: await changeMe(ctx, principal, body) }));

  serve(app, photos.addPhoto, async ({ ctx, principal, query, bytes }) => {
    const { visibility = 'private', portrait } = query;
    const order = { userId: principal.userId, bytes, visibility, portrait: portrait === 'true', autoPass: await house.passesPhotos(ctx) };
    return { photo: await addPhoto(ctx, order) };
  });
  serve(app, photos.listPhotos, ({ ctx, principal, query }) => listPhotos(ctx, principal.userId, query));
  serve(app, photos.changePhoto, async ({ ctx, principal, params, body }) => ({
    photo: await changePhoto(ctx, { ...body, userId: principal.userId, id: params.id }),
  }));
  serve(app, photos.removePhoto, async ({ ctx, principal, params }) => {
    await removePhoto(ctx, principal.userId, params.id);
    return null;
  });

  serve(app, photos.readMedia, async ({ ctx, params, http }) => {
    const known = /^"([0-9a-f]{64})"$/.exec(http.req.header('If-None-Match') ?? '')?.[1] ?? null;
    const picture = await pictureFor(ctx, http.var.principal?.userId ?? null, params.id, known);
    // Minutes, not days: a photo that is hidden or taken away is gone soon.
    const headers = {
      ETag: `"${picture.hash}"`,
      'Cache-Control': picture.ownOnly ? 'private, no-cache' : 'public, max-age=300',
      Vary: 'Cookie, Authorization',
    };
    if (picture.body === null) return new Response(null, { status: 304, headers });
    return new Response(picture.body, { headers: { ...headers, 'Content-Type': picture.type, 'Content-Disposition': 'inline' } });
  });
}
