/**
 * When a provider's token is used, renewed, or waited for. Pure; times are ms since the epoch.
 *
 * Apple asks for a new key token after 20 minutes at the soonest and refuses one older than 60 ("Establishing a token-based
 * connection to APNs"). Google's bearer says itself how long it lives, an hour as a rule.
 */

/** A token as it is kept. */
export interface Held {
  readonly token: string;
  /** What it was made with: a token of another key is none. */
  readonly madeWith: string;
  readonly madeAt: number;
  readonly expiresAt: number;
}

export interface Kept {
  readonly held: Held | null;
  /** Renewals in vain since the last that worked, and when the last of them was. */
  readonly failures: number;
  readonly failedAt: number;
}
export const nothingKept: Kept = { held: null, failures: 0, failedAt: 0 };

/** The manners of one provider, ms. */
export interface Manners {
  /** Never renewed earlier, whoever refuses it. */
  readonly soonestMs: number;
  /** Renewed so long before its end. */
  readonly beforeMs: number;
}

/** Not used any more so shortly before its end: it has a way to go, and clocks differ. */
export const SPARE_MS = 60_000;

export type Decision =
  | { readonly do: 'use'; readonly held: Held }
  /** `meanwhile` is used where the renewal fails. */
  | { readonly do: 'renew'; readonly meanwhile: Held | null }
  | { readonly do: 'wait'; readonly until: number };

/** When a token should be renewed. */
export const renewAt = ({ expiresAt }: Held, { beforeMs }: Manners): number => expiresAt - beforeMs;

/** The pause after so many renewals in vain: 1, 2, 4 … 60 s. */
const pauseMs = (failures: number): number => (failures === 0 ? 0 : Math.min(1_000 * 2 ** (failures - 1), 60_000));

/** @param refused a token that the provider did not take; null: none */
export function decide(kept: Kept, ask: { madeWith: string; refused: string | null; now: number }, manners: Manners): Decision {
  const { madeWith, refused, now } = ask;
  const held = kept.held?.madeWith === madeWith ? kept.held : null;
  const isRefused = held !== null && held.token === refused;
  if (isRefused && now < held.madeAt + manners.soonestMs) return { do: 'wait', until: held.madeAt + manners.soonestMs };
  const usable = held !== null && !isRefused && now < held.expiresAt - SPARE_MS ? held : null;
  if (usable && now < renewAt(usable, manners)) return { do: 'use', held: usable };
  const until = kept.failedAt + pauseMs(kept.failures);
  if (now >= until) return { do: 'renew', meanwhile: usable };
  return usable ? { do: 'use', held: usable } : { do: 'wait', until };
}
