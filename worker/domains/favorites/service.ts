/** Favourite people: one follows, the other does not learn of it. */
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { fromCursor, toCursor } from '../../platform/cursor.ts';
import { refusedWith } from '../../platform/database.ts';
import { Problem } from '../../platform/errors.ts';
import { type UserId, userId as userIdShape } from '../../protocol/ids.ts';
import { eventStatement } from '../event_log/service.ts';
import { deleteFavorite, favoriteRow, favoriteRows, insertFavorite } from './store.ts';

interface Pair {
  readonly userId: UserId;
  readonly favoriteId: UserId;
}

/** Whether the first has made the second a favourite. */
export const isFavorite = async (ctx: Context, pair: Pair): Promise<boolean> => (await favoriteRow(ctx.env.DB, pair)) !== undefined;

/**
 * Makes somebody a favourite, and says so in the event log (`follow.made`) the first time. Again: as it is, with its
 * first moment (ms).
 * @throws Problem `blocked`, `too_many`
 */
export async function keep(ctx: Context, pair: Pair): Promise<{ at: number }> {
  const there = await favoriteRow(ctx.env.DB, pair);
  if (there) return there;
  try {
    await ctx.env.DB.batch([
      insertFavorite(ctx.env.DB, { ...pair, at: ctx.now }),
      eventStatement(ctx, { type: 'follow.made', subject: pair.favoriteId, actor: pair.userId, payload: {} }),
    ]);
    return { at: ctx.now };
  } catch (thrown) {
    if (refusedWith(thrown, 'favorite_is_blocked')) throw new Problem('blocked', 'One of you has blocked the other.');
    if (refusedWith(thrown, 'too_many_favorites')) throw new Problem('too_many', 'There is room for 200. Take one away first.');
    // From another device at the same moment.
    if (refusedWith(thrown, 'UNIQUE constraint failed')) return (await favoriteRow(ctx.env.DB, pair)) ?? { at: ctx.now };
    throw thrown;
  }
}

/** No favourite any more; what was none stays so. */
export async function drop(ctx: Context, pair: Pair): Promise<void> {
  if (!(await favoriteRow(ctx.env.DB, pair))) return;
  await ctx.env.DB.batch([
    deleteFavorite(ctx.env.DB, pair),
    eventStatement(ctx, { type: 'follow.ended', subject: pair.favoriteId, actor: pair.userId, payload: {} }),
  ]);
}

const DEFAULT_PAGE = 50;
const position = z.tuple([z.int(), userIdShape]);

/** Own favourites, newest first; `at` in ms. */
export async function listFavorites(
  ctx: Context,
  userId: UserId,
  asked: { cursor?: string | undefined; limit?: number | undefined },
): Promise<{ items: { id: UserId; at: number }[]; nextCursor: string | null }> {
  const limit = asked.limit ?? DEFAULT_PAGE;
  const rows = await favoriteRows(ctx.env.DB, userId, { before: fromCursor(asked.cursor, position), limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(({ favoriteId, at }) => ({ id: favoriteId as UserId, at })),
    nextCursor: rows.length > limit && last ? toCursor([last.at, last.favoriteId]) : null,
  };
}
