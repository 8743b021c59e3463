/**
 * Moments: one buys a piece of company with one companion, so much time by voice, so much by video, so many messages
 * (money.md, "Three pricing models at once"). A piece is cut into parts, so that one that began by voice goes on by video
 * or in writing without a loss.
 */
import type { CallMedia } from '../../protocol/call/call.ts';

/** How much of each a whole piece buys. */
export interface PieceTerms {
  readonly audioSeconds: number;
  readonly videoSeconds: number;
  readonly messages: number;
  /** How long a rest waits for the next time with the same companion, ms. */
  readonly restMs: number;
}

/** Parts of a whole piece: divisible by what pieces are usually made of. */
export const PIECE = 3_600_000;

/** Parts that a stretch of a call takes; a started part counts. */
export const partsOfCall = (terms: PieceTerms, media: CallMedia, seconds: number): number =>
  Math.max(1, Math.ceil((PIECE * seconds) / secondsOf(terms, media)));

/** Parts that one message takes. */
export const partsOfMessage = (terms: PieceTerms): number => Math.ceil(PIECE / terms.messages);

/** Whole seconds that so many parts last. */
export const secondsFrom = (terms: PieceTerms, media: CallMedia, parts: number): number =>
  Math.floor((parts * secondsOf(terms, media)) / PIECE);

/** Whole messages that so many parts carry. */
export const messagesFrom = (terms: PieceTerms, parts: number): number => Math.floor((parts * terms.messages) / PIECE);

/** How a payer's checkpoints come. */
export interface Pace {
  /** Seconds until the first that is to be paid. */
  readonly wait: number;
  /** The most that one of them covers, in seconds: a piece pays its last one whole, so the next is opened that much later. */
  readonly longest: number;
}

/**
 * Seconds of a call that begins at `now` (ms) which moments pay: rests of pieces that run, then pieces that moments would
 * open, each as far as it lives until its turn comes.
 * @param of.after seconds of the call that something else pays first
 */
export function companyAhead(of: {
  readonly pieces: readonly { readonly parts: number; readonly used: number; readonly usedAt: number }[];
  readonly lots: readonly { readonly amount: number; readonly used: number; readonly expiresAt: number }[];
  readonly terms: PieceTerms;
  readonly media: CallMedia;
  readonly now: number;
  readonly pace?: Pace | undefined;
  readonly after: number;
}): { readonly seconds: number; readonly restSeconds: number; readonly secondsEach: number } {
  const { terms, media, now } = of;
  const secondsEach = secondsFrom(terms, media, PIECE);
  const { wait, longest } = of.pace ?? { wait: 0, longest: 0 };
  let seconds = 0;
  let restSeconds = 0;
  // When the next piece is needed at the latest.
  let turn = now + (wait + of.after) * 1000;
  for (const { parts, used, usedAt } of of.pieces) {
    if (usedAt + terms.restMs <= turn) continue;
    const rest = secondsFrom(terms, media, parts - used);
    restSeconds += rest;
    seconds += rest;
    turn += (rest + longest) * 1000;
  }
  for (const { amount, used, expiresAt } of of.lots) {
    const lasts = (secondsEach + longest) * 1000;
    const inTime = Math.min(amount - used, Math.max(0, Math.ceil((expiresAt - turn) / lasts)));
    seconds += inTime * secondsEach;
    turn += inTime * lasts;
  }
  return { seconds, restSeconds, secondsEach };
}

const secondsOf = (terms: PieceTerms, media: CallMedia): number => (media === 'video' ? terms.videoSeconds : terms.audioSeconds);
