/** Decisions of the `user` domain: how long things live, when an attempt must wait, which shard, which key is next. */
import { type AppLanguage, appLanguage } from '../../protocol/http/comfort.ts';
import type { UserId } from '../../protocol/ids.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** One-time codes. */
export const CODE_DIGITS = 6;
export const CODE_TTL_MS = 10 * MINUTE;
export const MAX_TRIES = 5;

/** Tokens. */
export const ACCESS_TTL_MS = 15 * MINUTE;
export const REFRESH_TTL_MS = 30 * DAY;
/**
 * Attempts to sign in are kept so long: half a year, and an hour more, because the database guards the half year by a
 * clock of its own.
 */
export const ATTEMPTS_KEPT_MS = 180 * 86_400_000 + 3_600_000;

/**
 * Two tabs of one browser share their refresh cookie and may send it at the same moment. Within this time the second
 * one gets a new access cookie and no new refresh token, so that there is never a second branch of the family.
 */
export const COOKIE_REUSE_GRACE_MS = 10 * SECOND;

/** An address as it is compared and stored. */
export const normalEmail = (email: string): string => email.trim().toLowerCase();

/** The first language of an `Accept-Language` header that the app is written in; browsers put the dearest first. */
export function languageIn(header: string | undefined): AppLanguage | undefined {
  const tags = (header ?? '')
    .slice(0, 200)
    .split(',')
    .map((part) => part.trim().split(/[-;]/)[0]?.toLowerCase());
  return tags.map((tag) => appLanguage.options.find((known) => known === tag)).find((known) => known !== undefined);
}

/** How far back attempts count. */
export const ATTEMPT_WINDOW_MS = HOUR;
const MAX_DELAY_MS = 15 * MINUTE;

/** What happened lately, since the last time that it went well. */
export interface Attempts {
  readonly wrong: number;
  readonly lastWrongAt: number | null;
  /** Codes asked for and not used. */
  readonly started: number;
  readonly lastStartedAt: number | null;
}

interface Patience {
  /** So many may follow each other freely. */
  readonly wrong: number;
  readonly started: number;
}

/** One address: wrong codes beyond a whole challenge, and codes that nobody enters, slow down. */
export const ADDRESS_PATIENCE: Patience = { wrong: 5, started: 10 };
/** One network, where many people may live. */
export const NETWORK_PATIENCE: Patience = { wrong: 50, started: 200 };

/** ms until the next attempt may be made; 0: now. It doubles with each failure, up to a quarter of an hour. */
export function waitMs(attempts: Attempts, patience: Patience, now: number): number {
  const until = (count: number, free: number, last: number | null, firstDelay: number): number => {
    if (last === null || count < free) return 0;
    return last + Math.min(firstDelay * 2 ** (count - free), MAX_DELAY_MS);
  };
  return Math.max(
    0,
    until(attempts.wrong, patience.wrong, attempts.lastWrongAt, 10 * SECOND) - now,
    until(attempts.started, patience.started, attempts.lastStartedAt, 15 * SECOND) - now,
  );
}

/** Not more unused codes than this for one address in an hour, whatever arrives at the same moment. */
export const MAX_UNUSED_CODES = 30;

/** The ledger shard of a new user: spread evenly, and the same for the same id (FNV-1a). */
export function shardFor(id: UserId, shards: number): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193) >>> 0;
  return hash % shards;
}

/** Signing keys: published a day before they sign, and until the last token they signed is over. */
export const KEY_SIGNS_MS = 30 * DAY;
const KEY_LEAD_MS = DAY;
const KEY_AFTERLIFE_MS = ACCESS_TTL_MS + HOUR;

export interface KeyTimes {
  readonly signsFrom: number;
  readonly signsUntil: number;
  readonly publishedUntil: number;
}

/** The life of a key that begins to sign at `from`. */
export const keyTimes = (from: number): KeyTimes => ({
  signsFrom: from,
  signsUntil: from + KEY_SIGNS_MS,
  publishedUntil: from + KEY_SIGNS_MS + KEY_AFTERLIFE_MS,
});

/** When the next key must begin to sign, if it is time to publish it; null: not yet. */
export function nextKeyFrom(keys: readonly KeyTimes[], now: number): number | null {
  const last = Math.max(now, ...keys.map((key) => key.signsUntil));
  return last - now <= KEY_LEAD_MS ? last : null;
}

/** The key that signs at `now`: of those whose time it is, the one that began last. */
export function signerAt<K extends KeyTimes>(keys: readonly K[], now: number): K | null {
  return keys
    .filter((key) => key.signsFrom <= now && now < key.signsUntil)
    .reduce<K | null>((best, key) => (best === null || key.signsFrom > best.signsFrom ? key : best), null);
}
