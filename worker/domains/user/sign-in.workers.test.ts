import { afterEach, describe, expect, it, vi } from 'vitest';
import { staging } from '../../../tests/staging.ts';
import type { Env } from '../../env.ts';
import { newId } from '../../platform/ids.ts';
import { forgetOldAttempts } from './jobs.ts';
import { contextAt, env, freshEmail, json, otherThan, PAGE, send, signIn, start } from './testing.workers.ts';

afterEach(() => vi.useRealTimers());

const verify = (challengeId: string, code: string) => send('POST', '/auth/otp/verify', { body: { challengeId, code } });
const outcome = async (answer: Response) => `${answer.status} ${(await json<{ code?: string }>(answer)).code ?? 'ok'}`;

describe('a one-time code', () => {
  it('signs in exactly as the contract says, and makes the account the first time only', async () => {
    const email = freshEmail();
    const first = await signIn(email);
    expect(first).toEqual({
      accessToken: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      refreshToken: expect.stringMatching(/^[\w-]{43}$/),
      user: { id: expect.stringMatching(/^usr_/), role: 'member', monetizationVersion: 'tokens' },
    });
    const second = await signIn(email.toUpperCase());
    expect(second.user).toEqual(first.user);
    const { results } = await env.DB.prepare('SELECT type FROM event WHERE subject = ?').bind(first.user.id).all();
    expect(results).toEqual([{ type: 'user.signed_up' }]);
  });

  it('works by phone', async () => {
    const { challengeId, devCode } = await start({ phone: '+441632960123' });
    expect((await verify(challengeId, devCode)).status).toBe(200);
  });

  it('answers 202, and tells the code only to this machine, only in local', async () => {
    const at = (host: string, over: Partial<Env> = {}) => send('POST', '/auth/otp/start', { host, body: { email: freshEmail() }, over });
    const local = await at('http://localhost:8787');
    expect(local.status).toBe(202);
    expect(await local.json()).toEqual({
      challengeId: expect.stringMatching(/^otp_/),
      expiresAt: expect.any(String),
      devCode: expect.stringMatching(/^\d{6}$/),
    });
    expect(await json(at('http://192.168.1.5:8787'))).not.toHaveProperty('devCode');
    const deployed = await at('http://127.0.0.1:8787', staging);
    expect(deployed.status).toBe(202);
    expect(await deployed.json()).not.toHaveProperty('devCode');
  });

  it('works once', async () => {
    const { challengeId, devCode } = await start({ email: freshEmail() });
    const both = await Promise.all([verify(challengeId, devCode), verify(challengeId, devCode)]);
    expect((await Promise.all(both.map(outcome))).sort()).toEqual(['200 ok', '400 code_invalid']);
    expect(await outcome(await verify(challengeId, devCode))).toBe('400 code_invalid');
  });

  it('works for ten minutes', async () => {
    const { challengeId, devCode } = await start({ email: freshEmail() });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 10 * 60_000 });
    expect(await outcome(await verify(challengeId, devCode))).toBe('400 code_invalid');
  });

  it('survives four wrong tries, and is dead after the fifth', async () => {
    const good = await start({ email: freshEmail() });
    for (let tries = 0; tries < 4; tries++)
      expect(await outcome(await verify(good.challengeId, otherThan(good.devCode)))).toBe('400 code_invalid');
    expect(await outcome(await verify(good.challengeId, good.devCode))).toBe('200 ok');

    const dead = await start({ email: freshEmail() });
    for (let tries = 0; tries < 5; tries++) await verify(dead.challengeId, otherThan(dead.devCode));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
    expect(await outcome(await verify(dead.challengeId, dead.devCode))).toBe('400 code_invalid');
  });

  it('gives guesses that come all at once no more than five tries', async () => {
    const { challengeId, devCode } = await start({ email: freshEmail() });
    await Promise.all(Array.from({ length: 20 }, () => verify(challengeId, otherThan(devCode))));
    const row = await env.DB.prepare('SELECT tries FROM otp_challenge WHERE id = ?').bind(challengeId).first('tries');
    expect(row).toBe(5);
    const wrong = await env.DB.prepare("SELECT count(*) AS n FROM login_attempt WHERE challenge_id = ? AND result = 'wrong_code'");
    expect(await wrong.bind(challengeId).first('n')).toBe(5);
  });

  it('is stored nowhere in the clear', async () => {
    const { challengeId, devCode } = await start({ email: freshEmail() });
    const row = await env.DB.prepare('SELECT * FROM otp_challenge WHERE id = ?').bind(challengeId).first();
    expect(Object.values(row ?? {}).join(' ')).not.toContain(devCode);
  });

  it('says 400 for one that was never sent', async () => {
    expect(await outcome(await verify(newId('otp'), '123456'))).toBe('400 code_invalid');
    expect(await outcome(await verify('otp_x', '123456'))).toBe('400 validation_failed');
  });
});

describe('the delay', () => {
  it('grows after wrong codes, holds for the right one too, says how long, and ends with a sign-in', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const email = freshEmail();
    const { challengeId, devCode } = await start({ email });
    for (let tries = 0; tries < 5; tries++) await verify(challengeId, otherThan(devCode));
    const refused = await verify(challengeId, devCode);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('Retry-After')).toBe('10');
    expect((await send('POST', '/auth/otp/start', { body: { email } })).status).toBe(429);
    expect((await send('POST', '/auth/otp/start', { body: { email: freshEmail() } })).status).toBe(202);

    vi.setSystemTime(Date.now() + 10_000);
    const again = await start({ email });
    await verify(again.challengeId, otherThan(again.devCode));
    const longer = await verify(again.challengeId, again.devCode);
    expect(longer.headers.get('Retry-After')).toBe('20');

    vi.setSystemTime(Date.now() + 20_000);
    expect((await verify(again.challengeId, again.devCode)).status).toBe(200);
    expect((await send('POST', '/auth/otp/start', { body: { email } })).status).toBe(202);
  });

  it('never meets somebody who enters their codes', async () => {
    const email = freshEmail();
    for (let times = 0; times < 25; times++) expect((await signIn(email)).user.role).toBe('member');
  });

  it('meets whoever asks for codes and enters none', async () => {
    const email = freshEmail();
    for (let times = 0; times < 10; times++) await start({ email });
    expect((await send('POST', '/auth/otp/start', { body: { email } })).status).toBe(429);
  });

  it('lets no burst through', async () => {
    const email = freshEmail();
    const answers = await Promise.all(Array.from({ length: 60 }, () => send('POST', '/auth/otp/start', { body: { email } })));
    const stored = await env.DB.prepare('SELECT count(*) AS n FROM otp_challenge WHERE address = ?').bind(email).first<number>('n');
    expect(stored).toBeLessThanOrEqual(30);
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(30);
  });

  it('counts a network that guesses for many', async () => {
    const headers = { 'CF-Connecting-IP': '203.0.113.7' };
    for (let guesses = 0; guesses < 50; guesses++)
      await send('POST', '/auth/otp/verify', { headers, body: { challengeId: newId('otp'), code: '000000' } });
    expect((await send('POST', '/auth/otp/start', { headers, body: { email: freshEmail() } })).status).toBe(429);
    expect((await send('POST', '/auth/otp/start', { body: { email: freshEmail() } })).status).toBe(202);
  });
});

describe('login attempts', () => {
  it('are written down without addresses, and can’t be changed', async () => {
    const email = freshEmail();
    const { user } = await signIn(email);
    const { results } = await env.DB.prepare('SELECT * FROM login_attempt WHERE user_id = ?').bind(user.id).all();
    expect(results).toMatchObject([{ method: 'otp', result: 'signed_in' }]);
    expect(JSON.stringify(results)).not.toContain(email);
    await expect(env.DB.prepare('UPDATE login_attempt SET result = ? WHERE user_id = ?').bind('x', user.id).run()).rejects.toThrow();
    await expect(env.DB.prepare('DELETE FROM login_attempt WHERE user_id = ?').bind(user.id).run()).rejects.toThrow();
  });
});

describe('old login attempts', () => {
  const DAY = 86_400_000;
  /** By ids below all others: the oldest rows have the lowest. */
  const attempt = (id: number, ageDays: number) =>
    env.DB.prepare("INSERT INTO login_attempt (id, at, method, result) VALUES (?, ?, 'otp', 'aged')")
      .bind(id, Date.now() - ageDays * DAY)
      .run();
  const remove = (id: number) => env.DB.prepare('DELETE FROM login_attempt WHERE id = ?').bind(id).run();
  const kept = async () =>
    (await env.DB.prepare("SELECT id FROM login_attempt WHERE result = 'aged' ORDER BY id").all()).results.map(({ id }) => id);

  it('may be deleted after half a year, and not a day before', async () => {
    await attempt(-20, 181);
    await attempt(-19, 179);
    await expect(remove(-19)).rejects.toThrow('login_attempt_is_append_only');
    await expect(env.DB.prepare('UPDATE login_attempt SET at = 0 WHERE id = -20').run()).rejects.toThrow('login_attempt_is_append_only');
    await remove(-20);
    expect(await kept()).toEqual([-19]);
  });

  it('are forgotten by the job, more of them than it takes at once, and nothing younger', async () => {
    for (let id = -107; id <= -103; id++) await attempt(id, 300 + id);
    await attempt(-102, 179);
    await forgetOldAttempts(contextAt(), 2);
    expect(await kept()).toEqual([-102, -19]);
    await forgetOldAttempts(contextAt(), 2);
    expect(await kept()).toEqual([-102, -19]);
  });
});

describe('what is asked of the address', () => {
  it.each([
    [{}],
    [{ email: 'ada' }],
    [{ phone: '0163296' }],
    [{ email: freshEmail(), phone: '+441632960001' }],
    [{ email: 5 }],
    [[]],
    ['x'],
  ])('refuses %j', async (body) =>
    expect(await outcome(await send('POST', '/auth/otp/start', { body }))).toMatch(/^400 (validation_failed|malformed_json)$/),
  );

  it('refuses to put a sign-in into the cookies of a page that is not ours', async () => {
    const { challengeId, devCode } = await start({ email: freshEmail() });
    const from = (origin?: string) =>
      send('POST', '/auth/otp/verify', { body: { challengeId, code: devCode, app: 'app' }, ...(origin ? { origin } : {}) });
    expect(await outcome(await from('https://evil.example'))).toBe('403 forbidden');
    expect(await outcome(await from())).toBe('403 forbidden');
    expect((await from(PAGE)).status).toBe(200);
  });
});
