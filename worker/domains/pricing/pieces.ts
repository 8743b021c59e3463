/** How moments pay: by a piece that runs with this companion, or by opening one. */
import type { Context } from '../../platform/context.ts';
import type { CallMedia } from '../../protocol/call/call.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { OwnMeans } from '../../protocol/means.ts';
import { toTimestamp } from '../../protocol/time.ts';
import { debit, incomeOf, type Owner } from '../balance/service.ts';
import { messagesFrom, PIECE, secondsFrom } from '../moments/rules.ts';
import { pieceTerms, runningPieces, spendableLots } from '../moments/service.ts';
import type { Way } from './checkpoint.ts';

/**
 * The ways of moments to pay what takes `parts`: each piece that runs, the oldest first, then a new one. Which pieces run
 * is read here; whether one still has a rest the ledger decides.
 */
export async function byMoments(
  ctx: Context,
  { payer, payeeId, parts, at }: { payer: Owner; payeeId: UserId; parts: number; at: number },
): Promise<Way[]> {
  const running = await runningPieces(ctx, payer, await pieceTerms(ctx), at, payeeId);
  return [
    ...running.map(({ key }): Way => ({ kind: 'piece', moves: [], use: { means: 'piece', piece: key, parts } })),
    {
      kind: 'piece',
      moves: [debit(payer, 'MOMENT', incomeOf('MOMENT'), 1)],
      use: { means: 'new_piece', peer: payeeId, size: PIECE, parts: Math.min(parts, PIECE) },
    },
  ];
}

/** Seconds of a call that moments pay for: rests with this companion, and what all moments would open. */
export async function secondsByMoments(
  ctx: Context,
  { payer, payeeId, media }: { payer: Owner; payeeId: UserId | null; media: CallMedia },
): Promise<number> {
  const terms = await pieceTerms(ctx);
  const [pieces, lots] = await Promise.all([
    payeeId ? runningPieces(ctx, payer, terms, ctx.now, payeeId) : [],
    spendableLots(ctx, payer, ctx.now),
  ]);
  const parts = pieces.reduce((sum, piece) => sum + piece.parts - piece.used, 0) + PIECE * momentsIn(lots);
  return secondsFrom(terms, media, parts);
}

/** Pieces that run and moments that are left, for the member's own eyes. */
export async function describeMoments(ctx: Context, payer: Owner): Promise<OwnMeans['means']> {
  const terms = await pieceTerms(ctx);
  const [pieces, lots] = await Promise.all([runningPieces(ctx, payer, terms, ctx.now), spendableLots(ctx, payer, ctx.now)]);
  return [
    ...pieces.map((piece) => {
      const rest = piece.parts - piece.used;
      return {
        is: 'piece' as const,
        peerId: piece.peer,
        audioSecondsLeft: secondsFrom(terms, 'audio', rest),
        videoSecondsLeft: secondsFrom(terms, 'video', rest),
        messagesLeft: messagesFrom(terms, rest),
        until: toTimestamp(piece.usedAt + terms.restMs),
      };
    }),
    {
      is: 'moments' as const,
      left: momentsIn(lots),
      lots: lots.map(({ amount, used, expiresAt }) => ({ left: amount - used, expiresAt: toTimestamp(expiresAt) })),
    },
  ];
}

const momentsIn = (lots: readonly { readonly amount: number; readonly used: number }[]): number =>
  lots.reduce((sum, { amount, used }) => sum + amount - used, 0);
