/**
 * Access tokens and socket tickets: ES256 JWTs told apart by their audience, so that one never passes for the other.
 * What a token says about rights is only a hint to clients; the server reads the session's user instead.
 */
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod/mini';
import type { Env } from '../../env.ts';
import { newId } from '../../platform/ids.ts';
import { idOf, type SessionId, sessionId, type UserId, userId } from '../../protocol/ids.ts';
import { type Role, role } from '../../protocol/people.ts';
import { TICKET_TTL_MS } from '../../protocol/sockets.ts';
import { publicKey, SIGNING_ALGORITHM, signer } from './keyring.ts';
import { ACCESS_TTL_MS } from './rules.ts';

type TokenEnv = Pick<Env, 'DB' | 'KEY_SEALING_SECRET' | 'API_ORIGIN'>;

const AUDIENCE = { access: 'hearthline-api', ticket: 'hearthline-socket' } as const;

interface Bearer {
  readonly userId: UserId;
  readonly sessionId: SessionId;
  readonly role: Role;
}

const accessClaims = z.object({ sub: userId, sid: sessionId, role });
const ticketClaims = z.object({ sub: userId, sid: sessionId, scope: z.string(), jti: idOf('tkt'), exp: z.int() });

/** An access token for fifteen minutes. */
export async function mintAccess(env: TokenEnv, bearer: Bearer, now: number): Promise<string> {
  return sign(env, AUDIENCE.access, { sub: bearer.userId, sid: bearer.sessionId, role: bearer.role }, now, now + ACCESS_TTL_MS);
}

/** Who an access token names, or null where it is not one of ours, or over. Says nothing about the session. */
export async function readAccess(env: TokenEnv, token: string, now: number): Promise<Bearer | null> {
  const claims = z.safeParse(accessClaims, await verified(env, AUDIENCE.access, token, now));
  return claims.success ? { userId: claims.data.sub, sessionId: claims.data.sid, role: claims.data.role } : null;
}

/** A ticket for one socket of `scope`, for thirty seconds. */
export async function mintTicket(
  env: TokenEnv,
  bearer: Omit<Bearer, 'role'>,
  scope: string,
  now: number,
): Promise<{ ticket: string; expiresAt: number }> {
  const expiresAt = Math.ceil((now + TICKET_TTL_MS) / 1000) * 1000;
  const claims = { sub: bearer.userId, sid: bearer.sessionId, scope, jti: newId('tkt') };
  return { ticket: await sign(env, AUDIENCE.ticket, claims, now, expiresAt), expiresAt };
}

export interface Ticket {
  readonly userId: UserId;
  readonly sessionId: SessionId;
  readonly scope: string;
  readonly jti: string;
  readonly expiresAt: number;
}

/** What a ticket says, or null where it is not one of ours, or over. Says nothing about the session. */
export async function readTicket(env: TokenEnv, ticket: string, now: number): Promise<Ticket | null> {
  const claims = z.safeParse(ticketClaims, await verified(env, AUDIENCE.ticket, ticket, now));
  if (!claims.success) return null;
  const { sub, sid, scope, jti, exp } = claims.data;
  return { userId: sub, sessionId: sid, scope, jti, expiresAt: exp * 1000 };
}

async function sign(env: TokenEnv, audience: string, claims: JWTPayload, now: number, until: number): Promise<string> {
  const { kid, key } = await signer(env, now);
  return new SignJWT(claims)
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid, typ: 'JWT' })
    .setIssuer(env.API_ORIGIN)
    .setAudience(audience)
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor(until / 1000))
    .sign(key);
}

/** The claims of a token that passes every check, else null; a failing database still throws. */
async function verified(env: TokenEnv, audience: string, token: string, now: number): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? null : await publicKey(env, kid, now);
        if (key === null) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      { algorithms: [SIGNING_ALGORITHM], issuer: env.API_ORIGIN, audience, currentDate: new Date(now), requiredClaims: ['exp', 'iat'] },
    );
    return payload;
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError) return null;
    throw thrown;
  }
}
