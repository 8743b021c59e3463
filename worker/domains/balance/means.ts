/** What an owner has beside coins, as their shard holds it. Tells and plans; the database decides when it is used. */
import type { Context } from '../../platform/context.ts';
import { ledgerShard } from '../../platform/shards.ts';
import type { UserId } from '../../protocol/ids.ts';
import { type AllowanceDaysAround, type Lot, openLots, openPieces, overdueLots, type Piece, readDaysAround } from './means-store.ts';
import type { Owner } from './rules.ts';

/** The newest day of allowance that began by `at` (ms), and the oldest that began later. */
export const daysAround = (ctx: Context, owner: Owner, at: number): Promise<AllowanceDaysAround> =>
  readDaysAround(ledgerShard(ctx.env, owner.shard), owner.userId, at);

/** Pieces of company with something left that were last used after `since` (ms); with one companion, or all. */
export const piecesOf = (ctx: Context, owner: Owner, asked: { peer?: UserId; since: number }): Promise<Piece[]> =>
  openPieces(ledgerShard(ctx.env, owner.shard), owner.userId, asked);

/** Lots of moments with something left, the first to expire first. */
export const lotsOf = (ctx: Context, owner: Owner): Promise<Lot[]> => openLots(ledgerShard(ctx.env, owner.shard), owner.userId);

/** Lots of one shard whose time is over at `ctx.now`, oldest first. */
export async function overdueLotsOf(ctx: Context, shard: number, limit: number): Promise<(Lot & { readonly holder: Owner })[]> {
  const lots = await overdueLots(ledgerShard(ctx.env, shard), ctx.now, limit);
  return lots.map(({ owner, ...lot }) => ({ ...lot, holder: { userId: owner, shard } }));
}
