/**
 * Firebase ID tokens, by the rules of Firebase's page "Verify ID tokens using a third-party JWT library": RS256, a `kid`
 * among Google's certificates, `aud` the project, `iss` its secure token address, a `sub`, `exp` ahead, `iat` and
 * `auth_time` behind.
 */
import { decodeProtectedHeader, errors, importJWK, importX509, type JWK, jwtVerify } from 'jose';
import * as z from 'zod/mini';
import type { Context } from '../../platform/context.ts';
import { Problem } from '../../platform/errors.ts';
import { causeOf } from '../../platform/log.ts';
import type { WebApp } from '../../protocol/http/auth.ts';
import { noteAttempt, type Origin } from './attempts.ts';
import { createUser, toUser, type User } from './people.ts';
import { openSession, type Tokens } from './sessions.ts';
import { findUserByIdentity, insertIdentity } from './store.ts';

const GOOGLE_CERTS = 'https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com';
const PROVIDER = 'firebase';
/** Used where the answer names no `max-age`. */
const DEFAULT_MAX_AGE_MS = 60 * 60_000;
const MISS_WINDOW_MS = 60_000;

interface Certs {
  readonly keys: ReadonlyMap<string, CryptoKey>;
  readonly fetchedAt: number;
  readonly freshUntil: number;
}
const cache = new Map<string, Certs>();

const claims = z.object({
  sub: z.string().check(z.minLength(1), z.maxLength(128)),
  iat: z.int(),
  auth_time: z.int(),
  email: z.optional(z.string()),
  email_verified: z.optional(z.boolean()),
  phone_number: z.optional(z.string()),
});
export type FirebaseClaims = z.infer<typeof claims>;

/**
 * Signs in with a Firebase ID token; an address that Firebase verified finds the user who has it already.
 * @throws Problem `not_found` where no project is configured, `unauthenticated`, `overloaded`
 */
export async function signInWithFirebase(
  ctx: Context,
  by: { idToken: string; device: string | undefined; app: WebApp | undefined },
  origin: Origin,
): Promise<Tokens> {
  const project = ctx.env.FIREBASE_PROJECT_ID;
  if (!project) throw new Problem('not_found', 'Sign-in with Firebase is not set up here.');
  const proved = await verifyIdToken(ctx, by.idToken, project);
  if (!proved) {
    await noteAttempt(ctx, { method: 'firebase', result: 'refused', origin });
    throw new Problem('unauthenticated', 'This Firebase token is not valid here. Please sign in again.');
  }
  const user = await userOf(ctx, proved);
  return openSession(ctx, user, { device: by.device, app: by.app, attempt: { method: 'firebase', origin } });
}

async function userOf(ctx: Context, proved: FirebaseClaims): Promise<User> {
  const known = await findUserByIdentity(ctx.env.DB, PROVIDER, proved.sub);
  if (known) return toUser(known);
  const email = proved.email_verified === true ? (proved.email ?? null) : null;
  const user = await createUser(ctx, { email, phone: proved.phone_number ?? null, role: 'member', monetizationVersion: 'tokens' });
  await insertIdentity(ctx.env.DB, { provider: PROVIDER, subject: proved.sub, userId: user.id, createdAt: ctx.now });
  const winner = await findUserByIdentity(ctx.env.DB, PROVIDER, proved.sub);
  return winner ? toUser(winner) : user;
}

/** What a valid token says, or null. */
async function verifyIdToken(ctx: Context, token: string, project: string): Promise<FirebaseClaims | null> {
  const seconds = Math.floor(ctx.now / 1000);
  try {
    const { kid } = decodeProtectedHeader(token);
    const key = kid === undefined ? null : await certKey(ctx, kid);
    if (!key) return null;
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['RS256'],
      audience: project,
      issuer: `https://securetoken.google.com/${project}`,
      currentDate: new Date(ctx.now),
      requiredClaims: ['sub', 'exp', 'iat', 'auth_time'],
    });
    const read = z.safeParse(claims, payload);
    return read.success && read.data.iat <= seconds && read.data.auth_time <= seconds ? read.data : null;
  } catch (thrown) {
    // A header that is not one is a TypeError in jose.
    if (thrown instanceof errors.JOSEError || thrown instanceof TypeError) return null;
    throw thrown;
  }
}

async function certKey(ctx: Context, kid: string): Promise<CryptoKey | null> {
  const url = ctx.env.FIREBASE_CERTS_URL || GOOGLE_CERTS;
  const held = cache.get(url);
  const usable = held && ctx.now < held.freshUntil && ctx.now >= held.fetchedAt;
  if (usable && (held.keys.has(kid) || ctx.now - held.fetchedAt < MISS_WINDOW_MS)) return held.keys.get(kid) ?? null;
  const fresh = await fetchCerts(ctx, url);
  cache.set(url, fresh);
  return fresh.keys.get(kid) ?? null;
}

async function fetchCerts(ctx: Context, url: string): Promise<Certs> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
    if (!answer.ok) throw new Error(`certificates answered ${answer.status}`);
    const keys = await readCerts(await answer.json());
    const maxAge = /max-age=(\d+)/.exec(answer.headers.get('Cache-Control') ?? '')?.[1];
    return { keys, fetchedAt: ctx.now, freshUntil: ctx.now + (maxAge === undefined ? DEFAULT_MAX_AGE_MS : Number(maxAge) * 1000) };
  } catch (thrown) {
    ctx.log.error('Firebase certificates can’t be read', { cause: causeOf(thrown) });
    throw new Problem('overloaded', 'Sign-in with Firebase is not reachable now. Please try again soon.', { retryAfter: 10 });
  }
}

const x509Set = z.record(z.string(), z.string());
const jwkSet = z.object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.literal('RSA') })) });

/** Google publishes the same keys in two forms: `{kid: PEM certificate}`, and a JWK set. */
export async function readCerts(body: unknown): Promise<Map<string, CryptoKey>> {
  const jwks = z.safeParse(jwkSet, body);
  if (jwks.success) {
    const entries = jwks.data.keys.map(async (jwk) => [jwk.kid, (await importJWK(jwk as JWK, 'RS256')) as CryptoKey] as const);
    return new Map(await Promise.all(entries));
  }
  const entries = Object.entries(z.parse(x509Set, body));
  return new Map(await Promise.all(entries.map(async ([kid, pem]) => [kid, await importX509(pem, 'RS256')] as const)));
}
