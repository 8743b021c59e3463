/** What an owner has beside coins, as their shard holds it. Tells and plans; the database decides when it is used. */
import type { Context } from '../../platform/context.ts';
import { ledgerShard } from '../../platform/shards.ts';
import type { UserId } from '../../protocol/ids.ts';
import { type AllowanceDay, type Lot, lastDay, openLots, openPieces, overdueLots, type Piece } from './means-store.ts';
import type { Owner } from './rules.ts';

/** The newest day of allowance, or null before the first. */
export const lastDayOf = (ctx: Context, owner: Owner): Promise<AllowanceDay | null> =>
  lastDay(ledgerShard(ctx.env, owner.shard), owner.userId);

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
