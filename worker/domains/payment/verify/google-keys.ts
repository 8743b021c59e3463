/** The keys that Google signs its OIDC tokens with, read once and again when they are old or a token names another. */
import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod/mini';
import type { Context } from '../../../platform/context.ts';
import { causeOf } from '../../../platform/log.ts';

const KEYS_URL = 'https://www.googleapis.com/oauth2/v3/certs';
/** Used where the answer names no `max-age`. */
const DEFAULT_MAX_AGE_MS = 60 * 60_000;
/** An unknown key asks for them again no sooner than this. */
const MISS_WINDOW_MS = 60_000;
const ASK_TIMEOUT_MS = 5_000;

interface Keys {
  readonly ids: ReadonlySet<string>;
  readonly resolve: JWTVerifyGetKey;
  readonly fetchedAt: number;
  readonly freshUntil: number;
}
const cache = new Map<string, Keys>();

const keySet = z.object({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.literal('RSA') })) });

/** Null where they can't be had: whoever sends tries again. */
export async function googleKeys(ctx: Context, kid: string): Promise<JWTVerifyGetKey | null> {
  const url = ctx.env.SANDBOX_ORIGIN ? `${ctx.env.SANDBOX_ORIGIN}/oauth2/v3/certs` : KEYS_URL;
  const held = cache.get(url);
  const usable = held && ctx.now < held.freshUntil && ctx.now >= held.fetchedAt;
  if (usable && (held.ids.has(kid) || ctx.now - held.fetchedAt < MISS_WINDOW_MS)) return held.resolve;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    if (!answer.ok) throw new Error(`the keys answered ${answer.status}`);
    const set = z.parse(keySet, await answer.json());
    const maxAge = /max-age=(\d+)/.exec(answer.headers.get('Cache-Control') ?? '')?.[1];
    const keys: Keys = {
      ids: new Set(set.keys.map((key) => key.kid)),
      resolve: createLocalJWKSet(set as JSONWebKeySet),
      fetchedAt: ctx.now,
      freshUntil: ctx.now + (maxAge === undefined ? DEFAULT_MAX_AGE_MS : Number(maxAge) * 1000),
    };
    cache.set(url, keys);
    return keys.resolve;
  } catch (thrown) {
    ctx.log.error('Google’s keys can’t be read', { cause: causeOf(thrown) });
    return usable ? held.resolve : null;
  }
}
