import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readCerts } from './firebase.ts';
import { env, freshEmail, json, type SignedIn, send, signIn } from './testing.workers.ts';

const PROJECT = 'hearthline-test';
let certsUrl = '';
let served = 0;
let visits = 0;
const pair = await generateKeyPair('RS256', { extractable: true });
const other = await generateKeyPair('RS256', { extractable: true });
let certs: { keys: object[] } | Response;

beforeEach(async () => {
  certsUrl = `https://certs.test/${served++}`;
  visits = 0;
  certs = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'RS256' }] };
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
    expect(String(input)).toBe(certsUrl);
    visits++;
    return certs instanceof Response ? certs : Response.json(certs, { headers: { 'Cache-Control': 'public, max-age=600' } });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const seconds = () => Math.floor(Date.now() / 1000);
interface Over {
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
  key?: CryptoKey;
}
let people = 0;
const idToken = ({ claims = {}, header = {}, key = pair.privateKey }: Over = {}) =>
  new SignJWT({
    iss: `https://securetoken.google.com/${PROJECT}`,
    aud: PROJECT,
    sub: `firebase-${people++}`,
    iat: seconds() - 5,
    auth_time: seconds() - 10,
    exp: seconds() + 3600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'one', ...header })
    .sign(key);
const over = () => ({ FIREBASE_PROJECT_ID: PROJECT, FIREBASE_CERTS_URL: certsUrl });
const give = (token: string) => send('POST', '/auth/firebase', { body: { idToken: token }, over: over() });

describe('a Firebase ID token', () => {
  it('signs in, and the same subject is the same user', async () => {
    const claims = { sub: `person-${Date.now()}` };
    const first = await json<SignedIn>(give(await idToken({ claims })));
    expect(first).toMatchObject({ accessToken: expect.stringContaining('.'), user: { role: 'member' } });
    const second = await json<SignedIn>(give(await idToken({ claims })));
    expect(second.user.id).toBe(first.user.id);
    expect((await send('GET', '/auth/sessions', { token: first.accessToken })).status).toBe(200);
  });

  it('finds the user of a verified e-mail, and never of an unverified one', async () => {
    const email = freshEmail();
    const { user } = await signIn(email);
    const unverified = await json<SignedIn>(give(await idToken({ claims: { email, email_verified: false } })));
    expect(unverified.user.id).not.toBe(user.id);
    const verified = await json<SignedIn>(give(await idToken({ claims: { email: email.toUpperCase(), email_verified: true } })));
    expect(verified.user.id).toBe(user.id);
  });

  const now = seconds();
  it.each<[string, Over]>([
    ['of another project', { claims: { aud: 'another' } }],
    ['of another issuer', { claims: { iss: 'https://securetoken.google.com/another' } }],
    ['without a subject', { claims: { sub: '' } }],
    ['that is over', { claims: { exp: now - 1 } }],
    ['without an end', { claims: { exp: undefined } }],
    ['from the future', { claims: { iat: now + 600 } }],
    ['whose person signs in in the future', { claims: { auth_time: now + 600 } }],
    ['without auth_time', { claims: { auth_time: undefined } }],
    ['with a kid that Google does not have', { header: { kid: 'two' } }],
    ['without a kid', { header: { kid: undefined } }],
    ['signed by somebody else', { key: other.privateKey }],
  ])('%s is refused', async (_, wrong) => {
    const answer = await give(await idToken(wrong));
    expect(answer.status).toBe(401);
    expect(await json(answer)).toMatchObject({ code: 'unauthenticated' });
  });

  it('of another algorithm is refused', async () => {
    const claims = { sub: 'x', iss: `https://securetoken.google.com/${PROJECT}`, aud: PROJECT, iat: now, auth_time: now, exp: now + 60 };
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(pair.publicKey)));
    const forged = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret);
    expect((await give(forged)).status).toBe(401);
    const unsigned = `${btoa('{"alg":"none","kid":"one"}')}.${btoa(JSON.stringify(claims))}.`.replaceAll('=', '');
    expect((await give(unsigned)).status).toBe(401);
    for (const nonsense of ['x', '', 'a.b.c']) expect((await give(nonsense)).status).toBe(401);
  });

  it('is 404 where no project is set', async () => {
    expect(env.FIREBASE_PROJECT_ID).toBe('');
    expect((await send('POST', '/auth/firebase', { body: { idToken: await idToken() } })).status).toBe(404);
  });
});

describe('certificates', () => {
  it('are kept as long as they say, and asked for again after', async () => {
    await give(await idToken());
    await give(await idToken());
    expect(visits).toBe(1);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 });
    await give(await idToken());
    expect(visits).toBe(2);
  });

  it('are asked for again for a new kid, at most once a minute', async () => {
    await give(await idToken());
    for (let forged = 0; forged < 5; forged++) await give(await idToken({ header: { kid: `forged-${forged}` } }));
    expect(visits).toBe(1);
    certs = { keys: [{ ...(await exportJWK(other.publicKey)), kid: 'two', alg: 'RS256' }] };
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect((await give(await idToken({ header: { kid: 'two' }, key: other.privateKey }))).status).toBe(200);
    expect(visits).toBe(2);
  });

  it('that can’t be read are 503 and say when to come back', async () => {
    certs = new Response('no', { status: 500 });
    const answer = await give(await idToken());
    expect(answer.status).toBe(503);
    expect(answer.headers.get('Retry-After')).toBe('10');
  });

  it('are also read as X.509, the form that Google documents', async () => {
    const keys = await readCerts({ one: await selfSigned(pair.publicKey) });
    const certKey = keys.get('one');
    expect(certKey && (await exportJWK(certKey)).n).toBe((await exportJWK(pair.publicKey)).n);
    await expect(readCerts({ keys: 5 })).rejects.toThrow();
  });
});

/** A certificate around a public key; its signature is made up, as nobody reads it. */
async function selfSigned(key: CryptoKey): Promise<string> {
  const spki = new Uint8Array((await crypto.subtle.exportKey('spki', key)) as ArrayBuffer);
  const der = (tag: number, ...parts: Uint8Array[]): Uint8Array => {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
    const out = new Uint8Array(1 + size.length + length);
    out.set([tag, ...size]);
    let at = 1 + size.length;
    for (const part of parts) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  };
  const bytes = (...values: number[]) => new Uint8Array(values);
  const text = (value: string) => new TextEncoder().encode(value);
  const algorithm = der(0x30, der(6, bytes(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11)), der(5));
  const name = der(0x30, der(0x31, der(0x30, der(6, bytes(0x55, 4, 3)), der(0x0c, text('test')))));
  const validity = der(0x30, der(0x17, text('260101000000Z')), der(0x17, text('360101000000Z')));
  const body = der(0x30, der(0xa0, der(2, bytes(2))), der(2, bytes(1)), algorithm, name, validity, name, spki);
  const certificate = der(0x30, body, algorithm, der(3, bytes(0, 1, 2, 3)));
  return `-----BEGIN CERTIFICATE-----\n${btoa(String.fromCharCode(...certificate))}\n-----END CERTIFICATE-----\n`;
}
