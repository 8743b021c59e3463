import { evictDurableObject } from 'cloudflare:test';
import { env as bound } from 'cloudflare:workers';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Env } from '../../worker/env.ts';
import { type ProviderBearer, type ProviderTokensStub, providerTokens, type TokenProvider } from '../../worker/platform/stubs.ts';

const env = bound as unknown as Env;
const MINUTE = 60_000;
/** The sandbox lives by the real clock: no further from it than its bearer's hour. */
const START = Date.now();
let tokens: ProviderTokensStub;
let made = 0;
const at = (minutes: number): void => void vi.setSystemTime(START + minutes * MINUTE);

/** Production has one object; each test has its own. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
  tokens = env.PROVIDER_TOKENS.getByName(`test-${made++}`);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function bearer(provider: TokenProvider, refused: string | null = null): Promise<ProviderBearer> {
  const answer = await tokens.bearer({ provider, refused });
  if (!answer.ok) throw new Error(answer.detail);
  return answer.value;
}
/** What the token endpoint answers instead; the stand-in is shared with other files, and must stay well. */
const answerWith = (make: () => Response) => vi.spyOn(globalThis, 'fetch').mockImplementation(async () => make());
const evict = () => evictDurableObject(tokens as unknown as DurableObjectStub);

describe('Apple’s key token', () => {
  it('says the key, the team and the moment, and nothing else', async () => {
    const { token, renewAt } = await bearer('apns');
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', kid: env.APNS_KEY_ID });
    expect(decodeJwt(token)).toEqual({ iss: env.APNS_TEAM_ID, iat: Math.floor(START / 1000) });
    expect(renewAt).toBe(START + 40 * MINUTE);
  });

  it('is one for all, also for those who ask at once and after an eviction', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => bearer('apns')));
    await evict();
    at(39);
    all.push(await bearer('apns'));
    expect(new Set(all.map(({ token }) => token)).size).toBe(1);
  });

  it('is another after forty minutes', async () => {
    const { token } = await bearer('apns');
    at(40);
    const next = await bearer('apns');
    expect(next.token).not.toBe(token);
    expect(next.renewAt).toBe(START + 80 * MINUTE);
  });

  it('that Apple refuses is not renewed within twenty minutes, and is after them', async () => {
    const { token } = await bearer('apns');
    at(19);
    expect(await tokens.bearer({ provider: 'apns', refused: token })).toMatchObject({ ok: false, code: 'overloaded' });
    expect((await bearer('apns')).token).toBe(token);
    at(20);
    const next = await bearer('apns', token);
    expect(next.token).not.toBe(token);
    expect((await bearer('apns', token)).token).toBe(next.token);
  });
});

describe('Google’s bearer', () => {
  it('is traded once for all who ask at once', async () => {
    const asked = vi.spyOn(globalThis, 'fetch');
    const all = await Promise.all(Array.from({ length: 10 }, () => bearer('fcm')));
    expect(new Set(all.map(({ token }) => token)).size).toBe(1);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(all[0]?.renewAt).toBe(START + 3_599_000 - 10 * MINUTE);
  });

  it('is renewed ten minutes before its end; where that fails, the old one is used for as long as it lives', async () => {
    const first = await bearer('fcm');
    at(49);
    expect((await bearer('fcm')).token).toBe(first.token);
    at(50);
    const asked = answerWith(() => new Response(null, { status: 500 }));
    expect((await bearer('fcm')).token).toBe(first.token);
    at(58.9);
    expect((await bearer('fcm')).token).toBe(first.token);
    expect(asked).toHaveBeenCalledTimes(2);
    at(59.1);
    expect(await tokens.bearer({ provider: 'fcm', refused: null })).toMatchObject({ ok: false, code: 'overloaded' });
    at(61);
    answerWith(() => Response.json({ access_token: 'ya29.the-next', expires_in: 3599, token_type: 'Bearer' }));
    expect(await bearer('fcm')).toEqual({ token: 'ya29.the-next', renewAt: START + 61 * MINUTE + 3_599_000 - 10 * MINUTE });
  });

  it.each([
    ['no token', { expires_in: 3599 }],
    ['no end', { access_token: 'ya29.x' }],
    ['an end that is near', { access_token: 'ya29.x', expires_in: 60 }],
  ])('with %s is none', async (_, answer) => {
    answerWith(() => Response.json(answer));
    expect(await tokens.bearer({ provider: 'fcm', refused: null })).toMatchObject({ ok: false });
  });

  it('that is refused is renewed, though not every second', async () => {
    const { token } = await bearer('fcm');
    expect(await tokens.bearer({ provider: 'fcm', refused: token })).toMatchObject({ ok: false, code: 'overloaded' });
    vi.setSystemTime(START + MINUTE);
    expect((await bearer('fcm', token)).token).not.toBe(token);
  });

  it('that can’t be had is asked for with growing pauses, and its failure says no secret', async () => {
    const lines: string[] = [];
    vi.spyOn(console, 'error').mockImplementation((line) => void lines.push(String(line)));
    const asked = answerWith(() => new Response(null, { status: 503 }));
    const ask = () => tokens.bearer({ provider: 'fcm', refused: null });
    expect(await ask()).toMatchObject({ ok: false, code: 'overloaded' });
    expect(await ask()).toMatchObject({ ok: false });
    expect(asked).toHaveBeenCalledTimes(1);
    vi.setSystemTime(START + 1_000);
    expect(await ask()).toMatchObject({ ok: false });
    vi.setSystemTime(START + 2_999);
    expect(await ask()).toMatchObject({ ok: false });
    expect(asked).toHaveBeenCalledTimes(2);
    vi.setSystemTime(START + 3_000);
    asked.mockRestore();
    expect(await ask()).toMatchObject({ ok: true });
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { cause: 'Error: the token endpoint answered 503', failures: 1 },
      { failures: 2 },
    ]);
    expect(lines.join('\n')).not.toMatch(/eyJ|ya29/);
  });
});

it('the one that all share is named once', async () => {
  const answer = await providerTokens(env).bearer({ provider: 'apns', refused: null });
  expect(answer.ok && (await env.PROVIDER_TOKENS.getByName('all').bearer({ provider: 'apns', refused: null }))).toEqual(answer);
});
