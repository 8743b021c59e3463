/** Google's OIDC tokens, as Pub/Sub pushes with them, and where their keys are read. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Answer, Ask, StandIn } from '../answer.ts';
import { play } from '../desk-keys.ts';
import type { Fault } from '../faults.ts';

const KEY_ID = 'desk-oidc-key';

let made: { privateKey: KeyObject; publicKey: KeyObject } | undefined;
/** Made at the first use, anew at every start. */
const keys = () => {
  made ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return made;
};

export interface Claims {
  readonly issuer?: string;
  readonly audience?: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  /** Seconds from now, when it ends. */
  readonly life?: number;
  readonly keyId?: string;
}

/** A token that Pub/Sub would push with at this moment (ms). */
export function pushToken(now: number, claims: Claims = {}): Promise<string> {
  const seconds = Math.floor(now / 1000);
  const life = claims.life ?? 3_600;
  return new SignJWT({ email: claims.email ?? play.pushEmail, email_verified: claims.email_verified ?? true, azp: '113774264463038321964' })
    .setProtectedHeader({ alg: 'RS256', kid: claims.keyId ?? KEY_ID, typ: 'JWT' })
    .setIssuer(claims.issuer ?? 'https://accounts.google.com')
    .setAudience(claims.audience ?? play.pushAudience)
    .setSubject('113774264463038321964')
    .setIssuedAt(seconds + Math.min(0, life - 3_600))
    .setExpirationTime(seconds + life)
    .sign(keys().privateKey);
}

export const oidcKeys: StandIn = {
  service: 'google_keys',
  serves: (path: string) => path === '/oauth2/v3/certs',
  recipientOf: () => null,
  answer: (ask: Ask): Answer =>
    ask.method === 'GET'
      ? {
          status: 200,
          headers: { 'Cache-Control': 'public, max-age=21600' },
          json: { keys: [{ ...keys().publicKey.export({ format: 'jwk' }), kid: KEY_ID, alg: 'RS256', use: 'sig' }] },
        }
      : { status: 405, json: { error: 'method not allowed' } },
  refuse: ({ status }: Fault): Answer => ({ status: Number(status), json: { error: 'a fault on demand' } }),
};
