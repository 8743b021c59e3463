import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { appAs, principal } from '../../../tests/app-as.ts';
import type { Env } from '../../env.ts';
import { newId } from '../../platform/ids.ts';
import { mountBlocklist } from './routes.ts';

const { DB } = env as unknown as Env;
const quiet = { getByName: () => ({ busyWith: async () => null, personChanged: async () => {} }) };
const changed: string[][] = [];
const [hugo, stranger] = [newId('usr'), newId('usr')];
const ask = appAs({ DB, USER_HUB: quiet } as unknown as Env, (app) =>
  mountBlocklist(app, {
    userById: async (_, id) => (id === stranger ? null : { id }),
    cardsOf: async (_, ids) => new Map(ids.map((id) => [id, { id, displayName: 'Hugo', portrait: null }])),
    blockChanged: async (_, a, b) => void changed.push([a, b]),
  }),
);

describe('/me/blocks', () => {
  it('blocks, lists and takes back, each as often as asked', async () => {
    const ada = principal();
    const made = { userId: hugo, displayName: 'Hugo', reason: 'spam', at: '2027-01-15T08:00:00.000Z' };
    for (const _ of [1, 2])
      expect(await ask(ada, 'PUT', `/me/blocks/${hugo}`, { reason: 'spam', text: 'x' })).toMatchObject({
        status: 200,
        body: { block: made },
      });
    expect(await ask(ada, 'GET', '/me/blocks')).toMatchObject({ status: 200, body: { items: [made], nextCursor: null } });
    for (const _ of [1, 2]) expect(await ask(ada, 'DELETE', `/me/blocks/${hugo}`)).toMatchObject({ status: 204, body: null });
    expect((await ask(ada, 'GET', '/me/blocks')).body.items).toEqual([]);
    // Each time, so that repeating it reaches a conversation that the first time did not.
    expect(changed).toEqual(Array.from({ length: 4 }, () => [ada.userId, hugo]));
  });

  it('knows neither nobody nor oneself', async () => {
    const ada = principal();
    expect((await ask(ada, 'PUT', `/me/blocks/${stranger}`, { reason: 'spam' })).status).toBe(404);
    expect((await ask(ada, 'PUT', '/me/blocks/hugo', { reason: 'spam' })).status).toBe(404);
    expect((await ask(ada, 'PUT', `/me/blocks/${ada.userId}`, { reason: 'spam' })).status).toBe(400);
    expect((await ask(ada, 'PUT', `/me/blocks/${hugo}`, { reason: 'dislike' })).status).toBe(400);
    expect((await ask(undefined, 'GET', '/me/blocks')).status).toBe(401);
  });
});
