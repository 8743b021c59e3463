/** What moments are worth: pieces that run with a companion, and those that moments would open. */
import type { Context } from '../../platform/context.ts';
import type { OwnMeans } from '../../protocol/means.ts';
import { toTimestamp } from '../../protocol/time.ts';
import type { Owner } from '../balance/service.ts';
import { companyAhead, messagesFrom, secondsFrom } from '../moments/rules.ts';
import { pieceTerms, runningPieces, spendableLots } from '../moments/service.ts';
import type { CompanyAhead } from './having.ts';
import type { MeansOrder } from './port.ts';

/**
 * What moments pay of a call that begins now: rests with this companion, and what each further moment would open before it
 * expires.
 * @param after seconds of the call that something else pays first
 */
export async function companyFor(ctx: Context, { payer, payeeId, media, pace }: MeansOrder, after: number): Promise<CompanyAhead> {
  const terms = await pieceTerms(ctx);
  const [pieces, lots] = await Promise.all([
    payeeId ? runningPieces(ctx, payer, terms, ctx.now, payeeId) : [],
    spendableLots(ctx, payer, ctx.now),
  ]);
  return { ...companyAhead({ pieces, lots, terms, media, now: ctx.now, pace, after }), momentsLeft: momentsIn(lots) };
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
