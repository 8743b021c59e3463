/** Asks every question of the matrix at the Worker's front door. */
import { beforeAll, describe, expect, it } from 'vitest';
import { API_BASE, createApp } from '../../worker/app.ts';
import { endpoints } from '../../worker/protocol/http/index.ts';
import { askers, matrix, personOf, type Whose } from './matrix.ts';
import { ask, type Device, forgetDevices, newDevice, newKey, settle, signIn, verdictOf } from './town.ts';

/** Routes that are no endpoint of the contract, each open to anyone: documents, keys, and the doors of the sockets (a ticket opens them). */
const beside = [
  'GET /.well-known/jwks.json',
  'GET /api/v1/.well-known/jwks.json',
  'GET /api/v1/openapi.json',
  'GET /api/v1/asyncapi.json',
  'GET /docs',
  'GET /api/v1/hub/socket',
  'GET /api/v1/calls/:id/socket',
  'GET /api/v1/chats/:id/socket',
];

/** Signed out: its session is revoked, its access token has not run out. */
let revoked: Device;

beforeAll(async () => {
  await settle();
  revoked = await newDevice('alex');
  await ask({ method: 'POST', path: '/auth/logout', by: revoked });
});

describe('the contract, the app and the matrix', () => {
  const mounted = new Set(
    createApp()
      .routes.filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path}`),
  );
  const declared = endpoints.map(({ method, path }) => `${method} ${API_BASE}${path}`);

  it('have a row for every endpoint, and none for others', () => {
    expect(Object.keys(matrix).sort()).toEqual(endpoints.map(({ name }) => name).sort());
  });
  it('serve every endpoint', () => {
    expect(declared.filter((route) => !mounted.has(route))).toEqual([]);
  });
  it('serve nothing that is not declared', () => {
    expect([...mounted].filter((route) => !declared.includes(route)).sort()).toEqual([...beside].sort());
  });
});

for (const endpoint of endpoints) {
  const row = matrix[endpoint.name];
  if (!row) continue;
  const verdicts = Array.isArray(row.verdicts) ? { foreign: row.verdicts } : row.verdicts;
  const about = Array.isArray(row.verdicts) ? '' : ' ';
  describe(`${endpoint.name}: ${endpoint.method} ${endpoint.path}`, () => {
    for (const [whose, byAsker] of Object.entries(verdicts))
      for (const [n, verdict] of byAsker.entries()) {
        const asker = askers[n] ?? 'anonymous';
        if (verdict === '-') continue;
        it(`${asker}${about && ` ${whose}`}: ${verdict}`, async () => {
          const by = asker === 'anonymous' ? undefined : await signIn(personOf[asker]);
          const wish = (await row.make?.(by, whose as Whose)) ?? {};
          const path = endpoint.path.replace(/:(\w+)/g, (_, name) => wish.params?.[name] ?? `missing-${name}`);
          const answer = await ask({
            method: endpoint.method,
            path: `${path}${wish.query ?? ''}`,
            by,
            body: wish.body,
            headers: { ...(endpoint.idempotencyKey ? newKey() : {}), ...wish.headers },
          });
          await wish.tidy?.();
          if (endpoint.path.startsWith('/auth/')) forgetDevices();
          expect(verdictOf(answer)).toBe(String(verdict));
        });
      }

    if (endpoint.access !== 'public')
      it('a revoked session: 401 unauthenticated', async () => {
        const by = revoked;
        const path = endpoint.path.replace(/:(\w+)/g, 'x');
        expect(verdictOf(await ask({ method: endpoint.method, path, by, headers: newKey() }))).toBe('401 unauthenticated');
      });

    if (endpoint.localOnly)
      it('from another host: not there', async () => {
        const by = await signIn('ada');
        const answer = await ask({
          method: endpoint.method,
          path: endpoint.path,
          by,
          body: {},
          base: 'https://api.hearthline.example/api/v1',
        });
        expect(verdictOf(answer)).toBe('404 not_found');
      });
  });
}
