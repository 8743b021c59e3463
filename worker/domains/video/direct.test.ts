import { describe, expect, it } from 'vitest';
import type { Env } from '../../env.ts';
import { direct } from './direct.ts';

const env = (change: Partial<Env>) => ({ ENVIRONMENT: 'local', TURN_URLS: '', TURN_SECRET: '', ...change }) as Env;
const order = { callId: 'call_01hzzzzzzzzzzzzzzzzzzzzzzz', maxSeconds: 60, now: 1_800_000_000_000 } as const;

describe('direct', () => {
  it('needs nothing on a desk, and connects as it can', async () => {
    expect(direct.missing(env({}))).toBeNull();
    expect(await direct.issue(env({}), order)).toEqual({ provider: 'direct', credentials: { iceServers: [], iceTransportPolicy: 'all' } });
  });

  it('refuses to work outside local without a relay', async () => {
    for (const lacking of [
      {},
      { TURN_URLS: 'turn:turn.test' },
      { TURN_SECRET: 'staging_s' },
      { TURN_URLS: ' , ', TURN_SECRET: 'staging_s' },
    ]) {
      const staging = env({ ENVIRONMENT: 'staging', ...lacking });
      expect(direct.missing(staging)).not.toBeNull();
      await expect(direct.issue(staging, order)).rejects.toThrow('TURN');
    }
  });

  it('outside local goes through the relay only, with a credential coturn can check', async () => {
    const production = env({ ENVIRONMENT: 'production', TURN_URLS: 'turns:a.test:443, turn:b.test', TURN_SECRET: 'production_secret' });
    const { credentials } = await direct.issue(production, order);
    const [server] = credentials.iceServers;
    expect(credentials.iceTransportPolicy).toBe('relay');
    expect(server?.urls).toEqual(['turns:a.test:443', 'turn:b.test']);
    const username = `${1_800_000_000 + 60 + 3_600}:${order.callId}`;
    expect(server?.username).toBe(username);
    const bytes = new TextEncoder();
    const key = await crypto.subtle.importKey('raw', bytes.encode('secret'), { name: 'HMAC', hash: 'SHA-1' }, false, ['verify']);
    const signature = Uint8Array.from(atob(server?.credential ?? ''), (char) => char.charCodeAt(0));
    expect(await crypto.subtle.verify('HMAC', key, signature, bytes.encode(username))).toBe(true);
  });
});
