/**
 * Bad input at every route: a clear 4xx with a code, never 5xx, and nothing stored. The good input that it is made from
 * is the access matrix's.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { safeParse } from 'zod/mini';
import { API_BASE } from '../../worker/app.ts';
import { permissionsOf } from '../../worker/domains/user/permissions.ts';
import { MAX_BODY_BYTES } from '../../worker/platform/serve.ts';
import { problem } from '../../worker/protocol/errors.ts';
import type { Endpoint } from '../../worker/protocol/http/endpoint.ts';
import { endpoints } from '../../worker/protocol/http/index.ts';
import type { Permission } from '../../worker/protocol/permissions.ts';
import { askers, matrix, openConversations, personOf, type Whose, type Wish } from '../access/matrix.ts';
import { type Answer, ask, countRows, type Device, forgetDevices, type Name, newKey, settle, signIn } from '../access/town.ts';
import { mutationsOf } from './mutations.ts';

/** A refusal as the contract wants it: 4xx, problem+json, a code of the list, nothing of our insides. */
function expectRefusal(answer: Answer, what: string, allowed: readonly string[] = []): void {
  const told = `${what}: ${answer.status} ${answer.text.slice(0, 200)}`;
  expect(answer.status, told).toBeGreaterThanOrEqual(400);
  expect(answer.status, told).toBeLessThan(500);
  expect(answer.headers.get('Content-Type'), told).toBe('application/problem+json');
  const body = safeParse(problem, answer.json);
  expect(body.success, told).toBe(true);
  expect(answer.text, told).not.toMatch(/SQLITE|D1_ERROR|\bat \w+ \(|\.ts:\d+|undefined is not/);
  if (allowed.length > 0) expect(allowed, told).toContain(answer.json?.code);
}

/** Somebody whom the endpoint lets in. */
function welcome({ name, access }: Endpoint): Name | undefined {
  if (access === 'public') return undefined;
  const row = matrix[name]?.verdicts ?? [];
  const verdicts = Array.isArray(row) ? row : Object.values(row).flat();
  const n = verdicts.findIndex((verdict) => verdict !== '-' && !/^40[13]/.test(String(verdict)));
  // Where everybody's is refused, whoever may ask at all is let as far as what they send.
  const asker =
    n < 0 ? askers.find((one) => one !== 'anonymous' && permissionsOf(one).has(access as Permission)) : askers[n % askers.length];
  return asker === undefined || asker === 'anonymous' ? undefined : personOf[asker];
}

const fill = (path: string, params: Wish['params'] = {}): string => path.replace(/:(\w+)/g, (_, name) => params[name] ?? 'x');

/** What a ring before leads to by alarms, whenever they come. */
const climbing = ['notification_climb', 'notification_deferral', 'notification_delivery', 'notification_send'];

let tokens: Readonly<Record<string, string>> = {};
beforeAll(async () => {
  await settle();
  await openConversations();
  tokens = await badTokens();
});

for (const endpoint of endpoints) {
  describe(`${endpoint.method} ${endpoint.path}`, () => {
    let by: Device | undefined;
    let wish: Wish = {};
    let rows: Record<string, number> = {};
    const key = (): Record<string, string> => ({ ...(endpoint.idempotencyKey ? newKey() : {}), ...wish.headers });
    const send = (more: { body?: unknown; path?: string; headers?: Record<string, string> }): Promise<Answer> =>
      ask({
        method: endpoint.method,
        path: more.path ?? `${fill(endpoint.path, wish.params)}${wish.query ?? ''}`,
        by,
        body: 'body' in more ? more.body : wish.body,
        headers: more.headers ?? key(),
      });

    beforeAll(async () => {
      const name = welcome(endpoint);
      by = name && (await signIn(name));
      // An object that is there, so that only what is bad about the question can be the reason of a refusal.
      const whose: Whose = 'foreign';
      wish = (await matrix[endpoint.name]?.make?.(by, /(calls|chats)\/:id|mail\/stop/.test(endpoint.path) ? 'own' : whose)) ?? {};
      rows = await countRows(climbing);
    });
    afterAll(async () => {
      await wish.tidy?.();
      if (endpoint.path.startsWith('/auth/')) forgetDevices();
    });

    if (endpoint.body) {
      const schema = endpoint.body;
      it('refuses what is no JSON', async () => {
        for (const body of ['{', '{"a":', 'nul', "{'a': 1}", '{"a": NaN}', '[1,]', '\u0000', '<xml/>', `${'['.repeat(50_000)}`])
          expectRefusal(await send({ body }), body.slice(0, 20), ['malformed_json']);
      });
      it('refuses wrong types, missing keys and keys too many', async () => {
        for (const { what, value } of mutationsOf(wish.body)) {
          const text = JSON.stringify(value);
          if (safeParse(schema, JSON.parse(text)).success || text.length > MAX_BODY_BYTES) continue;
          const answer = await send({ body: text });
          expectRefusal(answer, what, ['validation_failed']);
          expect(answer.json?.fields, what).not.toEqual([]);
        }
      });
      it('refuses a body of a megabyte', async () => {
        expectRefusal(await send({ body: JSON.stringify({ filling: 'x'.repeat(1024 * 1024) }) }), '1 MB', ['body_too_large']);
      });
    }

    if (endpoint.bytes)
      it('refuses bytes that are not what they should be, and too many of them', async () => {
        const good = wish.body as Uint8Array;
        const bad = [
          new Uint8Array(),
          new Uint8Array(64),
          good.slice(0, Math.min(40, good.length >> 1)),
          crypto.getRandomValues(new Uint8Array(Math.min(9_000, endpoint.bytes?.max ?? 0))),
        ];
        // What is signed is refused for its signature before anybody looks at it.
        const codes = endpoint.path.startsWith('/webhooks/') ? ['forbidden', 'not_found'] : ['validation_failed'];
        for (const body of bad) expectRefusal(await send({ body }), `${body.length} bytes`, codes);
        for (const body of ['{}', '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>'])
          expectRefusal(await send({ body }), body, codes);
        expectRefusal(await send({ body: new Uint8Array((endpoint.bytes?.max ?? 0) + 1) }), 'too many', ['body_too_large']);
      });

    if (endpoint.params)
      it('finds nothing under made-up ids', async () => {
        const made = ['x', '0', '-1', 'null', '%00', '%', '%ff%fe', '..%2f..%2fme', 'call_', `call_${'z'.repeat(26)}`];
        for (const id of [...made, 'y'.repeat(4_000), "'%20OR%201=1", '__proto__', '💥'])
          expectRefusal(await send({ path: endpoint.path.replace(/:\w+/g, id) }), id.slice(0, 30), ['not_found', 'validation_failed']);
      });

    if (endpoint.query)
      it('refuses a query that it does not know', async () => {
        const path = fill(endpoint.path, wish.params);
        const bad = [
          'limit=0',
          'limit=-1',
          'limit=1e9',
          'limit=abc',
          'limit=1.5',
          'surplus=1',
          'cursor=%00',
          'cursor=nonsense',
          'after=nonsense',
        ];
        for (const query of [...bad, 'state=__proto__', 'media=smoke', `cursor=${'x'.repeat(5_000)}`]) {
          const params = Object.fromEntries(new URLSearchParams(query));
          const answer = await send({ path: `${path}?${query}` });
          // A cursor is opaque: its shape is right, so only reading it tells that it is not ours.
          const opaque = endpoint.query !== undefined && safeParse(endpoint.query, params).success;
          if (!opaque || answer.status !== 200) expectRefusal(answer, query, ['validation_failed']);
        }
      });

    if (endpoint.idempotencyKey)
      it('asks for an Idempotency-Key', async () => {
        expectRefusal(await send({ headers: {} }), 'no key', ['idempotency_key_required']);
        expectRefusal(await send({ headers: { 'Idempotency-Key': ' ' } }), 'an empty key', ['idempotency_key_required']);
        expectRefusal(await send({ headers: { 'Idempotency-Key': 'k'.repeat(5_000) } }), 'a long key', ['validation_failed']);
      });

    if (endpoint.access !== 'public')
      it('refuses tokens that are not good', async () => {
        for (const [what, token] of Object.entries(tokens)) {
          const answer = await ask({
            method: endpoint.method,
            path: fill(endpoint.path, wish.params),
            body: wish.body,
            headers: { ...key(), Authorization: token },
          });
          expectRefusal(answer, what, ['unauthenticated']);
        }
      });

    it('has stored nothing of all that', async () => {
      expect(await countRows(climbing)).toEqual(rows);
    });
  });
}

/** Tokens by what is wrong with them, as the `Authorization` header's value. */
async function badTokens(): Promise<Record<string, string>> {
  const device = await signIn('alex');
  const [head = '', claims = '', signature = ''] = device.accessToken.split('.');
  const encode = (value: object): string => btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const read = (part: string): Record<string, unknown> => JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')));
  const ticket = await ask({ method: 'POST', path: '/tickets', by: device, body: { scope: 'hub' } });
  const signed = await foreignlySigned(head, claims);
  return {
    nonsense: 'Bearer nonsense',
    empty: 'Bearer ',
    'another scheme': `Basic ${device.accessToken}`,
    unsigned: `Bearer ${encode({ ...read(head), alg: 'none' })}.${claims}.`,
    'another algorithm': `Bearer ${encode({ ...read(head), alg: 'HS256' })}.${claims}.${signature}`,
    'other claims': `Bearer ${head}.${encode({ ...read(claims), role: 'superadmin', exp: 9_999_999_999 })}.${signature}`,
    'another key': `Bearer ${signed}`,
    'an unknown key': `Bearer ${encode({ ...read(head), kid: 'unknown' })}.${claims}.${signature}`,
    'a refresh token': `Bearer ${device.refreshToken}`,
    'a ticket': `Bearer ${ticket.json?.ticket}`,
    'cut off': `Bearer ${device.accessToken.slice(0, -8)}`,
    'a long one': `Bearer ${'x'.repeat(8_000)}`,
  };
}

/** The same token signed by a key of the sender's own. */
async function foreignlySigned(head: string, claims: string): Promise<string> {
  const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])) as CryptoKeyPair;
  const text = new TextEncoder().encode(`${head}.${claims}`);
  const signature = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, text));
  return `${head}.${claims}.${btoa(String.fromCharCode(...signature))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')}`;
}

describe('methods and addresses', () => {
  it('refuse a method that an address does not take, and say which it takes', async () => {
    const paths = new Map<string, string[]>();
    for (const { path, method } of endpoints) paths.set(path, [...(paths.get(path) ?? []), method]);
    const by = await signIn('root');
    for (const [path, methods] of paths) {
      // Another endpoint's pattern may take this address too, as `/calls/:id` takes `/calls/x`.
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter((other) => !methods.includes(other))) {
        const answer = await ask({ method, path: fill(path), by, ...(method === 'GET' ? {} : { body: {} }) });
        expectRefusal(answer, `${method} ${path}`, ['method_not_allowed', 'not_found']);
        if (answer.status === 405) expect(answer.headers.get('Allow'), `${method} ${path}`).toContain(methods[0]);
      }
    }
  });

  it('know nothing beside them', async () => {
    for (const path of ['', '/', '//', '/me/', '/%', '/%00', '/me%2fbalance', '/../../me', `/${'x'.repeat(6_000)}`, '/admin', '/__proto__'])
      expectRefusal(await ask({ method: 'GET', path }), path.slice(0, 30));
    expectRefusal(await ask({ method: 'GET', path: '/x', base: `http://127.0.0.1:8787${API_BASE}/v2` }), 'v2', ['not_found']);
  });
});
