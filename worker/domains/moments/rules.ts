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

const secondsOf = (terms: PieceTerms, media: CallMedia): number => (media === 'video' ? terms.videoSeconds : terms.audioSeconds);
