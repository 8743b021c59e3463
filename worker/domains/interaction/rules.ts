/** When something may be said of a talk, and what counts of it to a day. */

const DAY_MS = 86_400_000;
/** The first word is taken this long after the talk, ms. */
export const FIRST_WORD_MS = 7 * DAY_MS;
/** What was said may be changed this long after it was first said, ms. */
export const CHANGE_MS = DAY_MS;

/** Until when (ms) a word on a talk that ended at `endedAt` is taken, first said at `saidAt` (null: not yet). */
export const openUntil = (endedAt: number, saidAt: number | null): number =>
  saidAt === null ? endedAt + FIRST_WORD_MS : saidAt + CHANGE_MS;

/** How much of the talks lies behind `from` (ms), in ms: a talk that began before counts with what came after. */
export const talkedSince = (talks: readonly { readonly endedAt: number; readonly connectedMs: number }[], from: number): number =>
  talks.reduce((sum, { endedAt, connectedMs }) => sum + Math.max(0, Math.min(connectedMs, endedAt - from)), 0);
