/** How the token of each provider is made. */
import { SignJWT } from 'jose';
import * as z from 'zod/mini';
import type { Env } from '../../worker/env.ts';
import { secretOf } from '../../worker/platform/environment.ts';
import { readServiceAccount } from '../../worker/platform/service-account.ts';
import type { TokenProvider } from '../../worker/platform/stubs.ts';
import type { Held, Manners } from './renewal.ts';

const MINUTE = 60_000;

export interface Maker {
  readonly manners: Manners;
  /** Names the key that it would be made with, without saying it. */
  madeWith(env: Env): Promise<string>;
  /** @throws Error where none can be made now; its message holds no token and no key */
  make(env: Env, now: number): Promise<Omit<Held, 'madeWith'>>;
}

/** A private key: PKCS #8 in base64, with or without the lines that PEM puts around it. */
async function privateKey(text: string, algorithm: SubtleCryptoImportKeyAlgorithm): Promise<CryptoKey> {
  const base64 = text.replace(/-----[^-]+-----/g, '').replace(/\\n|\s/g, '');
  const der = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return crypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']);
}

async function fingerprint(...parts: readonly (string | undefined)[]): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(parts.join('\n')));
  return [...new Uint8Array(digest).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Apple's key token: ES256 over the team and the moment; Apple takes it for an hour. */
const apns: Maker = {
  manners: { soonestMs: 20 * MINUTE, beforeMs: 20 * MINUTE },
  madeWith: (env) => fingerprint(env.APNS_KEY, env.APNS_KEY_ID, env.APNS_TEAM_ID),
  async make(env, now) {
    const key = await privateKey(secretOf(env, 'APNS_KEY'), { name: 'ECDSA', namedCurve: 'P-256' });
    const token = await new SignJWT({ iss: env.APNS_TEAM_ID ?? '', iat: Math.floor(now / 1000) })
      .setProtectedHeader({ alg: 'ES256', kid: env.APNS_KEY_ID ?? '' })
      .sign(key);
    return { token, madeAt: now, expiresAt: now + 60 * MINUTE };
  },
};

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ASK_TIMEOUT_MS = 8_000;
const bearer = z.object({ access_token: z.string().check(z.minLength(1)), expires_in: z.int().check(z.gte(120)) });

/** Google's bearer: a statement of a service account, signed with its key, is traded for it ("Server to Server Applications"). */
const googleBearer = (secret: 'FCM_SERVICE_ACCOUNT' | 'PLAY_SERVICE_ACCOUNT', scope: string): Maker => ({
  manners: { soonestMs: MINUTE, beforeMs: 10 * MINUTE },
  madeWith: (env) => fingerprint(env[secret]),
  async make(env, now) {
    const account = readServiceAccount(secretOf(env, secret));
    const seconds = Math.floor(now / 1000);
    const assertion = await new SignJWT({ scope })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: account.private_key_id })
      .setIssuer(account.client_email)
      .setAudience(account.token_uri)
      .setIssuedAt(seconds)
      .setExpirationTime(seconds + 3600)
      .sign(await privateKey(account.private_key, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }));
    const answer = await fetch(env.SANDBOX_ORIGIN ? `${env.SANDBOX_ORIGIN}/token` : account.token_uri, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: GRANT, assertion }),
      redirect: 'manual',
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    });
    if (!answer.ok) {
      await answer.body?.cancel();
      throw new Error(`the token endpoint answered ${answer.status}`);
    }
    const read = z.safeParse(bearer, await answer.json());
    if (!read.success) throw new Error('the token endpoint answered something else');
    return { token: read.data.access_token, madeAt: now, expiresAt: now + read.data.expires_in * 1000 };
  },
});

export const makers: Readonly<Record<TokenProvider, Maker>> = {
  apns,
  fcm: googleBearer('FCM_SERVICE_ACCOUNT', 'https://www.googleapis.com/auth/firebase.messaging'),
  play: googleBearer('PLAY_SERVICE_ACCOUNT', 'https://www.googleapis.com/auth/androidpublisher'),
};
