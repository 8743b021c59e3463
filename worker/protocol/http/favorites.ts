/** Favourite people: whom a member likes to come back to. Nobody sees whose favourite they are. */
import * as z from 'zod/mini';
import { userId } from '../ids.ts';
import { page, pageQuery } from '../paging.ts';
import { personCard } from '../people.ts';
import { timestamp } from '../time.ts';
import { endpoint } from './endpoint.ts';

const params = z.strictObject({ userId });

export const favorite = z.object({ person: personCard, at: timestamp });
export type Favorite = z.infer<typeof favorite>;

export const keepFavorite = endpoint({
  name: 'keepFavorite',
  method: 'PUT',
  path: '/favorites/:userId',
  tag: 'favorites',
  summary: 'Make a companion a favourite; again changes nothing',
  access: 'favorite.keep',
  params,
  status: 200,
  answer: z.object({ favorite }),
  errors: ['blocked', 'too_many'],
});

export const dropFavorite = endpoint({
  name: 'dropFavorite',
  method: 'DELETE',
  path: '/favorites/:userId',
  tag: 'favorites',
  summary: 'No favourite any more; again, or for who was none, changes nothing',
  access: 'favorite.keep',
  params,
  status: 204,
  answer: z.null(),
});

export const listFavorites = endpoint({
  name: 'listFavorites',
  method: 'GET',
  path: '/favorites',
  tag: 'favorites',
  summary: 'Own favourites, the newest first',
  access: 'favorite.keep',
  query: z.strictObject(pageQuery),
  status: 200,
  answer: page(favorite),
});
