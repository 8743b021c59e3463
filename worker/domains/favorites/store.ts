/** The only SQL for `favorite`. */
import { and, desc, eq, sql } from 'drizzle-orm';
import { favorite } from '../../../db/schema/favorites.ts';
import { database, statementOf } from '../../platform/database.ts';

export type FavoriteRow = typeof favorite.$inferSelect;
type Key = Pick<FavoriteRow, 'userId' | 'favoriteId'>;

const of = ({ userId, favoriteId }: Key) => and(eq(favorite.userId, userId), eq(favorite.favoriteId, favoriteId));

export const favoriteRow = (binding: D1Database, key: Key): Promise<FavoriteRow | undefined> =>
  database(binding).select().from(favorite).where(of(key)).get();

/** Aborts with `favorite_is_blocked`, `too_many_favorites`, or (UNIQUE) where it is there already. */
export const insertFavorite = (binding: D1Database, row: FavoriteRow): D1PreparedStatement =>
  statementOf(binding, database(binding).insert(favorite).values(row));

export const deleteFavorite = (binding: D1Database, key: Key): D1PreparedStatement =>
  statementOf(binding, database(binding).delete(favorite).where(of(key)));

export type FavoritePosition = readonly [at: number, favoriteId: string];

/** Somebody's favourites, newest first, behind `before`. */
export const favoriteRows = (
  binding: D1Database,
  userId: string,
  { before, limit }: { before: FavoritePosition | null; limit: number },
): Promise<FavoriteRow[]> =>
  database(binding)
    .select()
    .from(favorite)
    .where(
      and(eq(favorite.userId, userId), before ? sql`(${favorite.at}, ${favorite.favoriteId}) < (${before[0]}, ${before[1]})` : undefined),
    )
    .orderBy(desc(favorite.at), desc(favorite.favoriteId))
    .limit(limit);
