import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jwks, publicKey, rotateKeys, signer } from './keyring.ts';
import { keyTimes } from './rules.ts';
import { env, json, send } from './testing.workers.ts';
import { mintAccess, readAccess } from './tokens.ts';

const START = 1_900_000_000_000;
const DAY = 86_400_000;
const bearer = { userId: 'usr_01h455vb4pex5vsknk084sn02q', sessionId: 'ses_01h455vb4pex5vsknk084sn02q', role: 'member' } as const;
const kidOf = (token: string) => (JSON.parse(atob(token.split('.')[0] ?? '')) as { kid: string }).kid;
const kids = async (now: number) => (await jwks(env, now)).keys.map(({ kid }) => kid);

beforeEach(async () => {
  await env.DB.prepare('DELETE FROM signing_key').run();
  await rotateKeys(env, START);
});
afterEach(() => vi.restoreAllMocks());

describe('rotation', () => {
  it('publishes the next key a day before it signs, and keeps the old one until its tokens are over', async () => {
    const { signsUntil, publishedUntil } = keyTimes(START);
    const old = (await signer(env, START)).kid;
    await rotateKeys(env, signsUntil - 2 * DAY);
    expect(await kids(signsUntil - 2 * DAY)).toEqual([old]);

    await rotateKeys(env, signsUntil - DAY);
    await rotateKeys(env, signsUntil - DAY + 60_000);
    const published = await kids(signsUntil - DAY);
    expect(published).toHaveLength(2);
    expect(kidOf(await mintAccess(env, bearer, signsUntil - 1000))).toBe(old);

    const last = await mintAccess(env, bearer, signsUntil - 1000);
    expect(kidOf(await mintAccess(env, bearer, signsUntil))).toBe(published[1]);
    expect(await readAccess(env, last, signsUntil + 14 * 60_000)).toEqual(bearer);
    expect(await kids(signsUntil + 60_000)).toContain(old);

    await rotateKeys(env, publishedUntil + 1);
    expect(await kids(publishedUntil + 1)).not.toContain(old);
  });

  it('forgets private keys that no longer sign', async () => {
    const { signsUntil } = keyTimes(START);
    await rotateKeys(env, signsUntil - DAY);
    await rotateKeys(env, signsUntil + 1);
    const { results } = await env.DB.prepare('SELECT sealed_private_jwk IS NULL AS gone FROM signing_key ORDER BY signs_from').all();
    expect(results).toEqual([{ gone: 1 }, { gone: 0 }]);
  });

  it('makes a key when the job never ran', async () => {
    const muchLater = START + 400 * DAY;
    const token = await mintAccess(env, bearer, muchLater);
    expect(await readAccess(env, token, muchLater)).toEqual(bearer);
  });
});

describe('keys at rest', () => {
  it('are sealed', async () => {
    const rows = await env.DB.prepare('SELECT * FROM signing_key').all();
    expect(JSON.stringify(rows.results)).not.toMatch(/"d\\?":/);
  });

  it('that another secret sealed are passed over, and their tokens still hold', async () => {
    const token = await mintAccess(env, bearer, START);
    const changed = { ...env, KEY_SEALING_SECRET: 'local_another-secret-for-the-same-database' };
    await rotateKeys(env, START);
    const fresh = await mintAccess(changed, bearer, START + 1);
    expect(kidOf(fresh)).not.toBe(kidOf(token));
    expect(await readAccess(changed, token, START + 1)).toEqual(bearer);
  });
});

describe('the cache', () => {
  it('asks the database for an unknown kid once in ten seconds, however many come', async () => {
    await signer(env, START);
    const asked = vi.spyOn(env.DB, 'prepare');
    for (let forged = 0; forged < 20; forged++) expect(await publicKey(env, `made-up-${forged}`, START + 100)).toBeNull();
    expect(asked).toHaveBeenCalledTimes(1);
    await publicKey(env, 'made-up', START + 10_100);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('finds a key that another isolate made', async () => {
    await signer(env, START);
    const elsewhere = new Proxy(env.DB, {
      get: (target, name) => {
        const value = Reflect.get(target, name) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const changed = { ...env, DB: elsewhere, KEY_SEALING_SECRET: 'local_another-secret-for-the-same-database' };
    const token = await mintAccess(changed, bearer, START + 5);
    expect(await readAccess(env, token, START + 5)).toEqual(bearer);
  });

  it('does not trust a kid of another algorithm or a token without exp', async () => {
    const { SignJWT } = await import('jose');
    const { kid, key } = await signer(env, START);
    const base = () =>
      new SignJWT({ sid: bearer.sessionId, role: 'member', sub: bearer.userId })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setIssuer(env.API_ORIGIN)
        .setIssuedAt(START / 1000);
    const exp = START / 1000 + 60;
    expect(await readAccess(env, await base().setAudience('hearthline-api').setExpirationTime(exp).sign(key), START)).toEqual(bearer);
    expect(await readAccess(env, await base().setAudience('hearthline-api').sign(key), START)).toBeNull();
    expect(await readAccess(env, await base().setAudience('else').setExpirationTime(exp).sign(key), START)).toBeNull();
    const alien = base().setAudience('hearthline-api').setExpirationTime(exp).setIssuer('https://evil.example');
    expect(await readAccess(env, await alien.sign(key), START)).toBeNull();
  });
});

describe('jwks.json', () => {
  it.each(['//.well-known/jwks.json', '/.well-known/jwks.json'])('at %s holds public parts only', async (path) => {
    const { keys } = await json<{ keys: Record<string, string>[] }>(send('GET', path));
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
      expect(key).toMatchObject({ alg: 'ES256', use: 'sig', kty: 'EC', crv: 'P-256' });
    }
  });
});
