/** Photos of oneself, and the pictures that stand at `/media/:id`. */
import * as z from 'zod/mini';
import { photoId } from '../ids.ts';
import { page, pageQuery } from '../paging.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

export const photoVisibility = z.enum(['public', 'private']);
export type PhotoVisibility = z.infer<typeof photoVisibility>;
/** Others see a public photo once it is approved. */
export const photoState = z.enum(['pending', 'approved', 'rejected']);

export const imageTypes = ['image/jpeg', 'image/png', 'image/webp'] as const;
export const MAX_PHOTO_BYTES = 5 * 1024 * 1024;
/** The shorter side at least, the longer side at most, in px. */
export const PHOTO_SIDE = { min: 200, max: 6000 } as const;
/** So many photos a person keeps at once. */
export const MAX_PHOTOS = 20;

export const photo = z.object({
  id: photoId,
  /** A path on the API's origin. */
  url: z.string(),
  /** As it is shown, in px. */
  width: z.int(),
  height: z.int(),
  visibility: photoVisibility,
  state: photoState,
  /** True for the one that others see as the person's portrait (as soon as it is approved). */
  portrait: z.boolean(),
  createdAt: timestamp,
});
export type Photo = z.infer<typeof photo>;

const params = z.strictObject({ id: photoId });

export const addPhoto = endpoint({
  name: 'addPhoto',
  method: 'POST',
  path: '/me/photos',
  tag: 'photos',
  summary: 'Add a photo: the bytes of a JPEG, PNG or WebP picture. Where it was taken and by what is removed',
  access: 'signed_in',
  query: z.strictObject({ visibility: z.optional(photoVisibility), portrait: z.optional(z.enum(['true', 'false'])) }),
  bytes: { types: imageTypes, max: MAX_PHOTO_BYTES },
  status: 201,
  answer: z.object({ photo }),
  errors: ['too_many'],
});

export const listPhotos = endpoint({
  name: 'listPhotos',
  method: 'GET',
  path: '/me/photos',
  tag: 'photos',
  summary: 'Own photos, newest first, public and private',
  access: 'signed_in',
  query: z.strictObject(pageQuery),
  status: 200,
  answer: page(photo),
});

export const changePhoto = endpoint({
  name: 'changePhoto',
  method: 'PATCH',
  path: '/me/photos/:id',
  tag: 'photos',
  summary: 'Show or hide a photo, or make it the portrait, which makes it public',
  access: 'signed_in',
  params,
  body: z.strictObject({ visibility: z.optional(photoVisibility), portrait: z.optional(z.boolean()) }),
  status: 200,
  answer: z.object({ photo }),
});

export const removePhoto = endpoint({
  name: 'removePhoto',
  method: 'DELETE',
  path: '/me/photos/:id',
  tag: 'photos',
  summary: 'Take a photo away for good',
  access: 'signed_in',
  params,
  status: 204,
  answer: z.null(),
});

export const readMedia = endpoint({
  name: 'readMedia',
  method: 'GET',
  path: '/media/:id',
  tag: 'photos',
  summary: 'A picture: one’s own always, of others only what is public and approved',
  access: 'public',
  params,
  status: 200,
  answer: z.unknown(),
  answersBytes: imageTypes,
});
