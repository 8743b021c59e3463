import { expect, test } from 'vitest';
import { placeCall } from '../../worker/protocol/http/calls.ts';
import { readGallery } from '../../worker/protocol/http/gallery.ts';
import { readHealth } from '../../worker/protocol/http/health.ts';
import { unblockPerson } from '../../worker/protocol/http/me.ts';
import { FakeServer, problemOf } from './fake-server.ts';
import { isProblem, NoAnswer } from './problem.ts';

const person = 'usr_01m7xz2gcdfvm8xwv1ha7afe0s';
const health = { status: 'ok', version: '1', environment: 'local', checks: {} };
const empty = { items: [], nextCursor: null };

test('params go into the path, the query is left out where it is undefined, the app is named', async () => {
  const server = new FakeServer(({ method }) => (method === 'DELETE' ? { status: 204 } : { body: empty }));
  expect(await server.api.call(unblockPerson, { params: { userId: person } })).toBeNull();
  await server.api.call(readGallery, { query: { media: 'video', limit: 5, language: undefined } as never });
  expect(server.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
    `DELETE /me/blocks/${person}`,
    'GET /gallery?media=video&limit=5',
  ]);
  expect(server.asked[0]?.headers['X-Hearthline-App']).toBe('app');
});

test('a 401 is refreshed once for all who wait, and the same wish keeps its key', async () => {
  let fresh = false;
  const server = new FakeServer(({ path }) => {
    if (path === '/auth/refresh') {
      fresh = true;
      return { body: { accessToken: 'a', refreshToken: 'r', user: { id: person, role: 'member', monetizationVersion: 'tokens' } } };
    }
    if (!fresh) return problemOf(401, 'unauthenticated');
    return path === '/calls' ? problemOf(409, 'callee_busy') : { body: empty };
  });
  const calls = [
    server.api.call(placeCall, { body: { calleeId: person, media: 'audio' } }),
    server.api.call(readGallery),
    server.api.call(readGallery),
  ];
  const outcomes = await Promise.allSettled(calls);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(server.asked.filter(({ path }) => path === '/auth/refresh')).toHaveLength(1);
  const keys = server.asked.filter(({ path }) => path === '/calls').map(({ headers }) => headers['Idempotency-Key']);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toBeTruthy();
  expect(keys[0]).toBe(keys[1]);
});

test('where the refresh is refused the sign-in is over; a public endpoint never refreshes', async () => {
  const server = new FakeServer(() => problemOf(401, 'unauthenticated'));
  await expect(server.api.call(readGallery)).rejects.toSatisfy((thrown) => isProblem(thrown, 'unauthenticated'));
  expect(server.signedOut).toBe(1);
  await expect(server.api.call(readHealth)).rejects.toSatisfy((thrown) => isProblem(thrown, 'unauthenticated'));
  expect(server.asked.filter(({ path }) => path === '/auth/refresh')).toHaveLength(1);
});

test('a server that can’t refresh right now does not sign anybody out', async () => {
  const server = new FakeServer(({ path }) =>
    path === '/auth/refresh' ? problemOf(503, 'overloaded') : problemOf(401, 'unauthenticated'),
  );
  await expect(server.api.call(readGallery)).rejects.toSatisfy((thrown) => isProblem(thrown, 'overloaded'));
  expect(server.signedOut).toBe(0);
});

test('problems are typed, with the wait the server asks for; anything else is no answer', async () => {
  const server = new FakeServer(() => ({ ...problemOf(429, 'rate_limited'), headers: { 'Retry-After': '7' } }));
  await expect(server.api.call(readHealth)).rejects.toMatchObject({ code: 'rate_limited', retryAfter: 7, status: 429 });
  server.answerWith(() => ({ status: 502, body: 'a proxy speaks' }));
  await expect(server.api.call(readHealth)).rejects.toBeInstanceOf(NoAnswer);
});

test('a newer server’s answer, with words this page does not know yet, is taken', async () => {
  const newer = { ...health, environment: 'preview', since: 'today' };
  const server = new FakeServer(() => ({ body: newer }));
  expect(await server.api.call(readHealth)).toEqual(newer);
});
