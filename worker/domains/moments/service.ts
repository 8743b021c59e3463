/** A member's pieces of company and moments, as the ledger holds them and the settings read them. */
import type { Context } from '../../platform/context.ts';
import type { UserId } from '../../protocol/ids.ts';
import { type Lot, lotsOf, type Owner, type Piece, piecesOf } from '../balance/service.ts';
import { setting } from '../settings/service.ts';
import type { PieceTerms } from './rules.ts';

export type { Lot, Piece };

export async function pieceTerms(ctx: Context): Promise<PieceTerms> {
  const { restHours, ...terms } = await setting(ctx, 'moments.piece');
  return { ...terms, restMs: restHours * 3_600_000 };
}

/** Pieces that run at `at` (ms), the oldest first; with one companion, or all. */
export const runningPieces = (ctx: Context, owner: Owner, terms: PieceTerms, at: number, peer?: UserId): Promise<Piece[]> =>
  piecesOf(ctx, owner, { ...(peer ? { peer } : {}), since: at - terms.restMs });

/** Lots that can be spent at `at` (ms), the first to expire first. */
export const spendableLots = async (ctx: Context, owner: Owner, at: number): Promise<Lot[]> =>
  (await lotsOf(ctx, owner)).filter(({ expiresAt }) => expiresAt > at);
