/**
 * Google's token endpoint, `POST /token`: a statement that the service account has signed (RS256, for an hour at most, for
 * this endpoint and this scope) is traded for a bearer.
 */
import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader, errors, importJWK, jwtVerify } from 'jose';
import type { Answer, Ask, StandIn } from '../answer.ts';
import { google, play } from '../desk-keys.ts';
import type { Fault } from '../faults.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** The accounts that there are, and what each may ask for. */
const accounts = [
  { ...google, scope: 'https://www.googleapis.com/auth/firebase.messaging' },
  { ...play, tokenUri: google.tokenUri, scope: 'https://www.googleapis.com/auth/androidpublisher' },
];
const LIFE_SECONDS = 3599;
const HOUR = 3_600;

const refuse = (error: string, description: string): Answer => ({ status: 400, json: { error, error_description: description } });

export class GoogleTokens implements StandIn {
  readonly service = 'google_token';
  /** Bearer → what it is good for and when it ends, ms since the epoch. */
  readonly #bearers = new Map<string, { readonly scope: string; readonly until: number }>();

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

  /** Whether an `Authorization` holds a bearer from here that is good for this scope and has not ended. */
  isGood(authorization: string | undefined, at: number, scope: string): boolean {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
    const bearer = this.#bearers.get(token);
    return bearer !== undefined && bearer.scope === scope && at < bearer.until;
  }

  async answer(ask: Ask): Promise<Answer> {
    if (ask.method !== 'POST') return { status: 405, json: { error: 'invalid_request' } };
    if (!/^application\/x-www-form-urlencoded\b/i.test(ask.headers['content-type'] ?? ''))
      return refuse('invalid_request', 'A form is asked for');
    const form = new URLSearchParams(ask.body);
    if (form.get('grant_type') !== GRANT) return refuse('unsupported_grant_type', 'Invalid grant_type');
    const granted = await grantedTo(form.get('assertion') ?? '', ask.at);
    if (typeof granted !== 'string') return granted;
    const access_token = `ya29.${randomBytes(48).toString('base64url')}`;
    this.#bearers.set(access_token, { scope: granted, until: ask.at + LIFE_SECONDS * 1000 });
    return { status: 200, json: { access_token, expires_in: LIFE_SECONDS, token_type: 'Bearer' } };
  }
}

/** The scope that an account's statement gets, or why it gets none. */
async function grantedTo(assertion: string, at: number): Promise<string | Answer> {
  try {
    const { kid } = decodeProtectedHeader(assertion);
    const account = accounts.find(({ keyId }) => keyId === kid);
    if (!account) return refuse('invalid_grant', 'Invalid JWT Signature.');
    const { payload } = await jwtVerify(assertion, await importJWK(account.publicKey, 'RS256'), {
      algorithms: ['RS256'],
      issuer: account.clientEmail,
      audience: account.tokenUri,
      requiredClaims: ['iat', 'exp'],
      currentDate: new Date(at),
    });
    const { iat = 0, exp = 0, scope } = payload;
    if (iat > at / 1000 + 60 || exp - iat > HOUR)
      return refuse('invalid_grant', 'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.');
    return typeof scope === 'string' && scope.split(' ').includes(account.scope)
      ? account.scope
      : refuse('invalid_scope', 'Invalid OAuth scope.');
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError || thrown instanceof TypeError) return refuse('invalid_grant', thrown.message);
    throw thrown;
  }
}
