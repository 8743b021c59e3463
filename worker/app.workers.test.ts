import { exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { API_BASE, createApp } from './app.ts';
import { stopUrlOf } from './domains/notification/words.ts';
import { cookieName } from './domains/user/cookies.ts';
import { env, freshEmail, json, PAGE, send, signIn } from './domains/user/testing.workers.ts';
import { asyncapi } from './platform/documents/asyncapi.ts';
import { openapi } from './platform/documents/openapi.ts';
import { docsPage } from './platform/documents/page.ts';
import { problem } from './protocol/errors.ts';
import { endpoints } from './protocol/http/index.ts';

const code = async (answer: Response) => `${answer.status} ${(await json<{ code: string }>(answer)).code}`;

describe('the routes', () => {
  it('serve every endpoint of the contract, each exactly once', () => {
    const served = createApp()
      .routes.filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path}`);
    const contract = endpoints.map(({ method, path }) => `${method} ${API_BASE}${path}`);
    expect(new Set(contract).size).toBe(contract.length);
    expect(served.filter((route) => contract.includes(route)).sort()).toEqual([...contract].sort());
  });

  it('say what is wrong with an address or a method', async () => {
    expect(await code(await send('GET', '/nothing'))).toBe('404 not_found');
    expect(await code(await send('GET', '//'))).toBe('404 not_found');
    const wrong = await send('PATCH', '/calls');
    expect(wrong.headers.get('Allow')).toBe('GET, HEAD, POST');
    expect(await code(wrong)).toBe('405 method_not_allowed');
    expect((await send('DELETE', '/calls/call_x/receipt')).headers.get('Allow')).toBe('GET, HEAD');
    expect(await code(await send('POST', '/hub/socket'))).toBe('405 method_not_allowed');
    expect(await code(await send('OPTIONS', '/me', { origin: 'https://evil.example' }))).toBe('405 method_not_allowed');
  });

  it('answer every error as the problem of the contract, with the id of the request', async () => {
    const answer = await send('GET', '/nothing');
    expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
    const body = await json<{ requestId: string }>(answer);
    expect(problem.parse(body)).toEqual(body);
    expect(body.requestId).toBe(answer.headers.get('X-Request-Id'));
  });
});

describe('bodies', () => {
  const start = (body: unknown) => send('POST', '/auth/otp/start', { body });
  it.each([
    ['{', '400 malformed_json'],
    ['{"email":', '400 malformed_json'],
    ['null', '400 validation_failed'],
    ['[1]', '400 validation_failed'],
    ['"x"', '400 validation_failed'],
    ['', '400 validation_failed'],
    ['{"email":"ada@demo.test","__proto__":{"x":1}}', '400 validation_failed'],
    [`{"email":"${'a'.repeat(300)}@demo.test"}`, '400 validation_failed'],
  ])('%s: %s', async (body, expected) => expect(await code(await start(body))).toBe(expected));

  it('of a megabyte are too large, whatever length they claim', async () => {
    const large = JSON.stringify({ email: `${'a'.repeat(1024 * 1024)}@demo.test` });
    expect(await code(await start(large))).toBe('413 body_too_large');
    const claimed = await send('POST', '/auth/otp/start', { body: large, headers: { 'Content-Length': '10' } });
    expect(await code(claimed)).toBe('413 body_too_large');
  });

  it('that nobody asked for are no trouble', async () => {
    const { accessToken: token } = await signIn();
    expect((await send('POST', '/auth/logout', { token, body: 'x'.repeat(1024 * 1024) })).status).toBe(204);
  });

  it('name unknown keys', async () => {
    const answer = await start({ email: freshEmail(), admin: true });
    expect(await json(answer)).toMatchObject({ code: 'validation_failed' });
  });
});

describe('manners', () => {
  it('keep answers out of caches, frames and other sites', async () => {
    const { headers } = await send('GET', '/health');
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Content-Security-Policy')).toContain("frame-ancestors 'none'");
    for (const [name] of (await send('GET', '/health', { origin: PAGE })).headers) expect(name).not.toMatch(/^access-control/);
  });

  it('let no unlisted page write, signed in or not', async () => {
    const { accessToken: token } = await signIn();
    const origin = 'https://evil.example';
    expect(await code(await send('POST', '/tickets', { token, origin, body: { scope: 'hub' } }))).toBe('403 forbidden');
    expect(await code(await send('POST', '/auth/otp/start', { origin, body: { email: freshEmail() } }))).toBe('403 forbidden');
    expect((await send('GET', '/health', { origin })).status).toBe(200);
  });

  it('stop mails from wherever the link was opened, signed in or not', async () => {
    const url = await stopUrlOf(env, { address: freshEmail(), group: 'news', language: 'en' });
    const path = new URL(url ?? '').pathname.replace(API_BASE, '') + new URL(url ?? '').search;
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const cookie = `${cookieName(env.ENVIRONMENT, 'panel', 'access')}=x`;
    for (const origin of [undefined, 'null', env.API_ORIGIN, 'https://webmail.example']) {
      const answer = await send('POST', path, { headers, cookie, body: 'List-Unsubscribe=One-Click', ...(origin ? { origin } : {}) });
      expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('We have stopped them')]);
    }
  });
});

describe('health', () => {
  it('asks every database', async () => {
    expect(await json(send('GET', '/health'))).toEqual({
      status: 'ok',
      version: expect.any(String),
      environment: 'local',
      checks: { DB: 'ok', LEDGER_0: 'ok', LEDGER_1: 'ok' },
    });
  });

  it('is degraded where one does not answer', async () => {
    const broken = { prepare: () => ({ first: () => Promise.reject(new Error('gone')) }) } as unknown as D1Database;
    expect(await json(send('GET', '/health', { over: { LEDGER_1: broken } }))).toMatchObject({
      status: 'degraded',
      checks: { DB: 'ok', LEDGER_0: 'ok', LEDGER_1: 'failed' },
    });
  });
});

describe('a wrong environment', () => {
  it('is not served, says which variable, and never what is in it', async () => {
    const answer = await send('GET', '/health', { over: { KEY_SEALING_SECRET: 'staging_top-secret' } });
    expect(answer.status).toBe(500);
    const text = await answer.text();
    expect(text).toContain('KEY_SEALING_SECRET');
    expect(text).not.toContain('top-secret');
  });
});

describe('the published contract', () => {
  it('has every endpoint with its schemas', async () => {
    const document = await json<{ paths: Record<string, Record<string, { responses: object; requestBody?: object }>> }>(
      send('GET', '/openapi.json'),
    );
    for (const { method, path, status, body, bytes } of endpoints) {
      const operation = document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      expect(operation?.responses, path).toHaveProperty(String(status));
      expect(operation?.requestBody !== undefined, path).toBe(body !== undefined || bytes !== undefined);
    }
    expect(document.paths['/me/photos']?.post?.requestBody).toMatchObject({ content: { 'image/webp': {} } });
    expect(document.paths['/media/{id}']?.get?.responses).toMatchObject({ 200: { content: { 'image/jpeg': {} } } });
    expect(document).toMatchObject({ openapi: '3.1.0' });
    expect(JSON.stringify(openapi(endpoints, API_BASE))).toBe(JSON.stringify(document));
  });

  it('has every socket message', async () => {
    const document = await json<{ channels: Record<string, { messages: object }> }>(send('GET', '/asyncapi.json'));
    expect(document).toEqual(asyncapi(API_BASE));
    for (const type of ['up.hello', 'up.ack', 'down.hello', 'down.call.incoming', 'down.balance.changed'])
      expect(Object.keys(document.channels.hub?.messages ?? {})).toContain(type);
    for (const type of ['up.signal', 'up.end', 'down.call.state', 'down.billing.checkpoint', 'down.call.ended'])
      expect(Object.keys(document.channels.call?.messages ?? {})).toContain(type);
  });

  it('is a page without anything from elsewhere', async () => {
    const answer = await send('GET', '//docs');
    expect(answer.headers.get('Content-Type')).toContain('text/html');
    const html = await answer.text();
    for (const { name } of endpoints) expect(html).toContain(`<article id="${name}">`);
    expect(html).not.toMatch(/<script|src=|@import|url\(/);
    expect(docsPage([], API_BASE)).toContain('insufficient_funds');
  });
});

describe('the Worker itself', () => {
  it('answers at its entry', async () => {
    const { default: worker } = exports as unknown as { default: Fetcher };
    expect((await worker.fetch('http://127.0.0.1:8787/api/v1/health')).status).toBe(200);
    expect(env.ENVIRONMENT).toBe('local');
  });
});
