/**
 * The keys that sign and check tokens, cached per isolate. A key is published a day before it signs, so a cache of
 * minutes always knows it; a `kid` it does not know makes it look again, at most once in a window, so that forged
 * tokens can't turn into queries.
 */
import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { Env } from '../../env.ts';
import { type KeyTimes, keyTimes, nextKeyFrom, signerAt } from './rules.ts';
import { seal, unseal } from './secrets.ts';
import { insertKey, type KeyRow, publishedKeys, retireKeys } from './store.ts';

export const SIGNING_ALGORITHM = 'ES256';
const CACHE_MS = 5 * 60_000;
const MISS_WINDOW_MS = 10_000;

type KeyEnv = Pick<Env, 'DB' | 'KEY_SEALING_SECRET'>;

interface PublicKey extends KeyTimes {
  readonly kid: string;
  readonly key: CryptoKey;
}
export interface Signer extends KeyTimes {
  readonly kid: string;
  readonly key: CryptoKey;
}
interface Ring {
  readonly loadedAt: number;
  readonly keys: ReadonlyMap<string, PublicKey>;
  readonly signer: Signer | null;
  missedAt: number | null;
}

const rings = new WeakMap<D1Database, Ring>();

/** The public key of a `kid`, or null where no published key has it. */
export async function publicKey(env: KeyEnv, kid: string, now: number): Promise<CryptoKey | null> {
  let ring = await current(env, now);
  if (!ring.keys.has(kid) && mayLookAgain(ring, now)) {
    ring = await load(env, now);
    ring.missedAt = now;
  }
  const found = ring.keys.get(kid);
  return found && now < found.publishedUntil ? found.key : null;
}

/** The key that signs now; makes the first one of an environment, and one in place of keys it can't unseal. */
export async function signer(env: KeyEnv, now: number): Promise<Signer> {
  let ring = await current(env, now);
  if (!signs(ring.signer, now)) ring = await load(env, now);
  if (!signs(ring.signer, now)) {
    await addKey(env, now, now);
    ring = await load(env, now);
  }
  if (!ring.signer) throw new Error('no signing key after one was made');
  return ring.signer;
}

/** What `/.well-known/jwks.json` says: every published key, those to come included. */
export async function jwks(env: KeyEnv, now: number): Promise<{ keys: JWK[] }> {
  await signer(env, now);
  const rows = await publishedKeys(env.DB, now);
  return { keys: rows.map((row) => JSON.parse(row.publicJwk) as JWK) };
}

/** Publishes the next key when it is time, and retires those whose time is over. Safe to repeat. */
export async function rotateKeys(env: KeyEnv, now: number): Promise<void> {
  const from = nextKeyFrom(await publishedKeys(env.DB, now), now);
  if (from !== null) await addKey(env, from, now);
  await retireKeys(env.DB, now);
  rings.delete(env.DB);
}

const signs = (candidate: Signer | null, now: number): boolean =>
  candidate !== null && candidate.signsFrom <= now && now < candidate.signsUntil;

const mayLookAgain = (ring: Ring, now: number): boolean => ring.missedAt === null || Math.abs(now - ring.missedAt) >= MISS_WINDOW_MS;

async function current(env: KeyEnv, now: number): Promise<Ring> {
  const ring = rings.get(env.DB);
  return ring && Math.abs(now - ring.loadedAt) < CACHE_MS ? ring : load(env, now);
}

async function load(env: KeyEnv, now: number): Promise<Ring> {
  const rows = await publishedKeys(env.DB, now);
  const keys = new Map<string, PublicKey>();
  const signers: Signer[] = [];
  for (const row of rows) {
    const { kid, signsFrom, signsUntil, publishedUntil } = row;
    const times = { signsFrom, signsUntil, publishedUntil };
    keys.set(kid, { kid, key: await keyOf(JSON.parse(row.publicJwk) as JWK), ...times });
    const secret = signs({ ...times } as Signer, now) ? await privateJwk(env, row) : null;
    if (secret) signers.push({ kid, key: await keyOf(secret), ...times });
  }
  const missedAt = rings.get(env.DB)?.missedAt ?? null;
  const ring: Ring = { loadedAt: now, keys, signer: signerAt(signers, now), missedAt };
  rings.set(env.DB, ring);
  return ring;
}

async function privateJwk(env: KeyEnv, row: KeyRow): Promise<JWK | null> {
  if (row.sealedPrivateJwk === null) return null;
  const plain = await unseal(env.KEY_SEALING_SECRET, row.kid, row.sealedPrivateJwk);
  return plain === null ? null : (JSON.parse(plain) as JWK);
}

async function keyOf(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, SIGNING_ALGORITHM);
  if (key instanceof Uint8Array) throw new Error('a signing key must be an elliptic curve key');
  return key;
}

async function addKey(env: KeyEnv, from: number, now: number): Promise<void> {
  const pair = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true });
  const kid = crypto.randomUUID();
  const publicJwk = { ...(await exportJWK(pair.publicKey)), kid, alg: SIGNING_ALGORITHM, use: 'sig' };
  const sealedPrivateJwk = await seal(env.KEY_SEALING_SECRET, kid, JSON.stringify(await exportJWK(pair.privateKey)));
  await insertKey(env.DB, { kid, publicJwk: JSON.stringify(publicJwk), sealedPrivateJwk, createdAt: now, ...keyTimes(from) });
}
