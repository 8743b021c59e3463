/**
 * Google's token endpoint, `POST /token`: a statement that the service account has signed (RS256, for an hour at most, for
 * this endpoint and this scope) is traded for a bearer.
 */
import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader, errors, importJWK, jwtVerify } from 'jose';
import type { Answer, Ask, StandIn } from '../answer.ts';
import { google } from '../desk-keys.ts';
import type { Fault } from '../faults.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const SCOPE = 'https://www.googleapis.com/auth/firebase.messaging';
const LIFE_SECONDS = 3599;
const HOUR = 3_600;

const refuse = (error: string, description: string): Answer => ({ status: 400, json: { error, error_description: description } });

export class GoogleTokens implements StandIn {
  readonly service = 'google_token';
  /** Bearer → when it ends, ms since the epoch. */
  readonly #bearers = new Map<string, number>();

  serves(path: string): boolean {
    return path === '/token';
  }

  recipientOf(): null {
    return null;
  }

  refuse({ status, retryAfter, reason }: Fault): Answer {
    const answer = { status: Number(status), json: { error: reason ?? 'internal_failure', error_description: 'A fault on demand.' } };
    return retryAfter === null ? answer : { ...answer, headers: { 'Retry-After': String(retryAfter) } };
  }

  /** Whether an `Authorization` holds a bearer from here that has not ended. */
  isGood(authorization: string | undefined, at: number): boolean {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
    return at < (this.#bearers.get(token) ?? 0);
  }

  async answer(ask: Ask): Promise<Answer> {
    if (ask.method !== 'POST') return { status: 405, json: { error: 'invalid_request' } };
    if (!/^application\/x-www-form-urlencoded\b/i.test(ask.headers['content-type'] ?? ''))
      return refuse('invalid_request', 'A form is asked for');
    const form = new URLSearchParams(ask.body);
    if (form.get('grant_type') !== GRANT) return refuse('unsupported_grant_type', 'Invalid grant_type');
    const wrong = await wrongWith(form.get('assertion') ?? '', ask.at);
    if (wrong) return wrong;
    const access_token = `ya29.${randomBytes(48).toString('base64url')}`;
    this.#bearers.set(access_token, ask.at + LIFE_SECONDS * 1000);
    return { status: 200, json: { access_token, expires_in: LIFE_SECONDS, token_type: 'Bearer' } };
  }
}

async function wrongWith(assertion: string, at: number): Promise<Answer | null> {
  try {
    if (decodeProtectedHeader(assertion).kid !== google.keyId) return refuse('invalid_grant', 'Invalid JWT Signature.');
    const { payload } = await jwtVerify(assertion, await importJWK(google.publicKey, 'RS256'), {
      algorithms: ['RS256'],
      issuer: google.clientEmail,
      audience: google.tokenUri,
      requiredClaims: ['iat', 'exp'],
      currentDate: new Date(at),
    });
    const { iat = 0, exp = 0, scope } = payload;
    if (iat > at / 1000 + 60 || exp - iat > HOUR)
      return refuse('invalid_grant', 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.');
    return typeof scope === 'string' && scope.split(' ').includes(SCOPE) ? null : refuse('invalid_scope', 'Invalid OAuth scope.');
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError || thrown instanceof TypeError) return refuse('invalid_grant', thrown.message);
    throw thrown;
  }
}
