/** Photos of oneself: kept clean in the bucket MEDIA, shown to others when public and approved. */
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { Photo, PhotoVisibility } from '../../protocol/http/photos.ts';
import { type PhotoId, photoId, type UserId } from '../../protocol/ids.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { readPicture } from './image.ts';
import { deletePhoto, insertPhoto, type PhotoRow, photoRow, photosOf, updatePhoto } from './photo-store.ts';
import { ensureProfile } from './service.ts';

/** Where a photo can be read, on the API's origin. */
export const mediaPath = (id: string): string => `/api/v1/media/${id}`;

const keyOf = ({ userId, id }: Pick<PhotoRow, 'userId' | 'id'>): string => `photo/${userId}/${id}`;

/**
 * Keeps a photo.
 * @param autoPass approved at once; else it waits for a moderator
 * @throws Problem `validation_failed` for what is no picture or too small or large, `too_many` where there is no room
 */
export async function addPhoto(
  ctx: Context,
  order: { userId: UserId; bytes: Uint8Array; visibility: PhotoVisibility; portrait: boolean; autoPass: boolean },
): Promise<Photo> {
  const picture = readPicture(order.bytes);
  if (!picture.ok)
    throw new Problem('validation_failed', 'This picture can’t be used.', { fields: [{ path: 'body', message: picture.message }] });
  const { bytes, type, width, height } = picture.value;
  await ensureProfile(ctx, order.userId);
  const row: PhotoRow = {
    id: newId('pho'),
    userId: order.userId,
    visibility: order.portrait ? 'public' : order.visibility,
    state: order.autoPass ? 'approved' : 'pending',
    portrait: order.portrait,
    type,
    width,
    height,
    hash: await sha256(bytes),
    createdAt: ctx.now,
  };
  // The bytes first: a row without them would be a picture that can't be shown.
  await ctx.env.MEDIA.put(keyOf(row), bytes, { httpMetadata: { contentType: type } });
  try {
    await insertPhoto(ctx.env.DB, row);
  } catch (thrown) {
    await ctx.env.MEDIA.delete(keyOf(row));
    if (refusedWith(thrown, 'too_many_photos')) throw new Problem('too_many', 'There is room for twenty photos. Take one away first.');
    throw thrown;
  }
  return toWire(row);
}

const DEFAULT_PAGE = 20;

/** Own photos, newest first. */
export async function listPhotos(
  ctx: Context,
  userId: UserId,
  asked: { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: Photo[]; nextCursor: string | null }> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const before = fromCursor(asked.cursor, photoId) ?? undefined;
  const rows = await photosOf(ctx.env.DB, { userId, before, limit: limit + 1 });
  const items = rows.slice(0, limit).map(toWire);
  return { items, nextCursor: rows.length > limit ? toCursor(items.at(-1)?.id) : null };
}

/**
 * Shows or hides a photo, or makes it the portrait. A portrait is public; hiding it makes it none.
 * @throws Problem `not_found` for a photo that is not there or not theirs
 */
export async function changePhoto(
  ctx: Context,
  order: { userId: UserId; id: PhotoId; visibility?: PhotoVisibility | undefined; portrait?: boolean | undefined },
): Promise<Photo> {
  const row = await ownPhoto(ctx, order.userId, order.id);
  const portrait = order.portrait ?? (row.portrait && order.visibility !== 'private');
  if (order.portrait && order.visibility === 'private')
    throw new Problem('validation_failed', 'A portrait is public.', {
      fields: [{ path: 'visibility', message: 'must be public for a portrait' }],
    });
  const visibility = portrait ? 'public' : (order.visibility ?? row.visibility);
  await updatePhoto(ctx.env.DB, { id: row.id, userId: row.userId, visibility, portrait });
  return toWire({ ...row, visibility, portrait });
}

/** Takes a photo away, bytes first: a crash in between leaves nothing that can be seen. */
export async function removePhoto(ctx: Context, userId: UserId, id: PhotoId): Promise<void> {
  const row = await ownPhoto(ctx, userId, id);
  await ctx.env.MEDIA.delete(keyOf(row));
  await deletePhoto(ctx.env.DB, row);
}

export interface ShownPicture {
  readonly type: string;
  readonly hash: string;
  /** True for a picture that only its owner sees. */
  readonly ownOnly: boolean;
  readonly body: ReadableStream | null;
}

/**
 * A picture as this viewer may see it.
 * @param known the hash that the viewer has already; then there is no body
 * @throws Problem `not_found` for anything but one's own photos and the public, approved ones of others
 */
export async function pictureFor(ctx: Context, viewer: UserId | null, id: PhotoId, known: string | null): Promise<ShownPicture> {
  const row = await photoRow(ctx.env.DB, id);
  const open = row?.visibility === 'public' && row.state === 'approved';
  if (!row || !(open || row.userId === viewer)) throw new Problem('not_found', 'There is no such picture.');
  const shown = { type: row.type, hash: row.hash, ownOnly: !open };
  if (known === row.hash) return { ...shown, body: null };
  const object = await ctx.env.MEDIA.get(keyOf(row));
  if (!object) throw new Problem('not_found', 'There is no such picture.');
  return { ...shown, body: object.body };
}

async function ownPhoto(ctx: Context, userId: UserId, id: PhotoId): Promise<PhotoRow> {
  const row = await photoRow(ctx.env.DB, id);
  if (row?.userId === userId) return row;
  throw new Problem('not_found', 'There is no such photo.');
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

const toWire = (row: PhotoRow): Photo => ({
  id: row.id as PhotoId,
  url: mediaPath(row.id),
  width: row.width,
  height: row.height,
  visibility: row.visibility,
  state: row.state,
  portrait: row.portrait,
  createdAt: toTimestamp(row.createdAt),
});
