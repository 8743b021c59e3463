/**
 * `direct`: peer to peer WebRTC, signalled over the call socket. Outside `local` both sides go through a relay, so that
 * strangers never learn a member's address; without a relay it refuses to work there.
 */
import type { Env } from '../../env.ts';
import { secretOf } from '../../platform/environment.ts';
import type { MediaProvider } from './provider.ts';

/** Credentials outlive the longest call by this, ms. */
const SLACK_MS = 3_600_000;

const turnUrls = (env: Env): string[] =>
  env.TURN_URLS.split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');

export const direct: MediaProvider = {
  name: 'direct',

  missing(env) {
    if (env.ENVIRONMENT === 'local') return null;
    return turnUrls(env).length > 0 && secretOf(env, 'TURN_SECRET') !== ''
      ? null
      : 'direct calls need TURN_URLS and TURN_SECRET outside local';
  },

  async issue(env, { callId, maxSeconds, now }) {
    const lacking = direct.missing(env);
    if (lacking) throw new Error(lacking);
    const urls = turnUrls(env);
    const secret = secretOf(env, 'TURN_SECRET');
    const relayed = urls.length > 0 && secret !== '';
    const iceServers = relayed ? [{ urls, ...(await turnCredential(secret, callId, now + maxSeconds * 1000 + SLACK_MS)) }] : [];
    return { provider: 'direct', credentials: { iceServers, iceTransportPolicy: env.ENVIRONMENT === 'local' ? 'all' : 'relay' } };
  },
};

/**
 * A credential in the manner of coturn's `use-auth-secret` (draft-uberti-behave-turn-rest): the user name says until when
 * it holds, the password is its HMAC.
 */
async function turnCredential(secret: string, id: string, expiresAt: number): Promise<{ username: string; credential: string }> {
  const username = `${Math.ceil(expiresAt / 1000)}:${id}`;
  const bytes = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', bytes.encode(secret), { name: 'HMAC', hash: 'SHA-1' }, false, ['sign']);
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.encode(username)));
  return { username, credential: btoa(String.fromCharCode(...signature)) };
}
