/**
 * Apple's check of a provider's key token: ES256 by a key it knows, of that key's team, made within the hour, and not a new
 * one within 20 minutes of the last.
 */
import { decodeProtectedHeader, errors, importJWK, jwtVerify } from 'jose';
import { apple } from '../desk-keys.ts';

const HOUR = 3_600;
const RENEWAL_MS = 20 * 60_000;
/** Clocks differ by so much, seconds. */
const SKEW = 60;

export type Refused = 'MissingProviderToken' | 'InvalidProviderToken' | 'ExpiredProviderToken' | 'TooManyProviderTokenUpdates';

export class AppleTokens {
  readonly #seen = new Set<string>();
  readonly #countsRenewals: boolean;
  #newestAt = Number.NEGATIVE_INFINITY;

  /** @param countsRenewals false where several desks share the key, as tests do */
  constructor(countsRenewals: boolean) {
    this.#countsRenewals = countsRenewals;
  }

  /** Null: it is good. @param at ms since the epoch */
  async refused(authorization: string | undefined, at: number): Promise<Refused | null> {
    const token = /^bearer (\S+)$/i.exec(authorization ?? '')?.[1];
    if (!token) return 'MissingProviderToken';
    const iat = await issuedAt(token);
    if (iat === null || iat > at / 1000 + SKEW) return 'InvalidProviderToken';
    if (iat < at / 1000 - HOUR) return 'ExpiredProviderToken';
    if (this.#seen.has(token)) return null;
    if (this.#countsRenewals && at - this.#newestAt < RENEWAL_MS) return 'TooManyProviderTokenUpdates';
    this.#seen.add(token);
    this.#newestAt = at;
    return null;
  }
}

/** When a token was made, seconds; null where it is none of ours. */
async function issuedAt(token: string): Promise<number | null> {
  try {
    if (decodeProtectedHeader(token).kid !== apple.keyId) return null;
    const key = await importJWK(apple.publicKey, 'ES256');
    const { payload } = await jwtVerify(token, key, { algorithms: ['ES256'], issuer: apple.teamId, requiredClaims: ['iat'] });
    return payload.iat ?? null;
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError || thrown instanceof TypeError) return null;
    throw thrown;
  }
}
