import { beforeAll, describe, expect, it } from 'vitest';
import { ask, bindings, contextNow, type Device, settle, signInAs } from '../../../tests/access/town.ts';
import { newId } from '../../platform/ids.ts';
import type { UserId } from '../../protocol/ids.ts';
import { enrol } from '../companions/service.ts';
import { keep } from './service.ts';

beforeAll(settle);

const member = (): Promise<Device> => signInAs(`${crypto.randomUUID()}@demo.test`, 'member');
async function companion(): Promise<Device> {
  const device = await signInAs(`${crypto.randomUUID()}@demo.test`, 'companion');
  await enrol(contextNow(), { userId: device.userId, media: ['audio'], tier: 'standard', approved: true });
  return device;
}
const mark = (by: Device, method: 'PUT' | 'DELETE', id: UserId) => ask({ method, path: `/favorites/${id}`, by });
async function listed(by: Device, query = ''): Promise<{ ids: string[]; nextCursor: string | null }> {
  const { json } = await ask({ method: 'GET', path: `/favorites${query}`, by });
  const { items, nextCursor } = json as { items: { person: { id: string } }[]; nextCursor: string | null };
  return { ids: items.map(({ person }) => person.id), nextCursor };
}
const eventsOf = async (type: string, a: Device, g: Device): Promise<number> =>
  (await bindings.DB.prepare('SELECT count(*) AS n FROM event WHERE type = ? AND actor = ? AND subject = ?')
    .bind(type, a.userId, g.userId)
    .first<number>('n')) ?? -1;

describe('a favourite', () => {
  it('is made once and taken away once, and the log says so once', async () => {
    const [a, g] = [await member(), await companion()];
    const first = await mark(a, 'PUT', g.userId);
    expect([first.status, (await mark(a, 'PUT', g.userId)).json]).toEqual([200, first.json]);
    expect(first.json).toMatchObject({ favorite: { person: { id: g.userId } } });
    expect((await listed(a)).ids).toEqual([g.userId]);
    for (const _ of [1, 2]) expect((await mark(a, 'DELETE', g.userId)).status).toBe(204);
    expect((await listed(a)).ids).toEqual([]);
    expect([await eventsOf('follow.made', a, g), await eventsOf('follow.ended', a, g)]).toEqual([1, 1]);
  });

  it('is made once from two devices at once', async () => {
    const [a, g] = [await member(), await companion()];
    const both = await Promise.all([1, 2, 3].map(() => mark(a, 'PUT', g.userId)));
    expect(both.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await eventsOf('follow.made', a, g)).toBe(1);
  });

  it('is an approved companion', async () => {
    const [a, b] = [await member(), await member()];
    const waiting = await signInAs(`${crypto.randomUUID()}@demo.test`, 'companion');
    for (const id of [b.userId, a.userId, waiting.userId, newId('usr')]) expect((await mark(a, 'PUT', id)).status).toBe(404);
  });

  it('is listed newest first, page by page, for oneself alone', async () => {
    const [a, b] = [await member(), await member()];
    const people = [await companion(), await companion(), await companion()];
    for (const [n, { userId }] of people.entries())
      await keep({ ...contextNow(), now: 1_000 + n }, { userId: a.userId, favoriteId: userId });
    const first = await listed(a, '?limit=2');
    const second = await listed(a, `?limit=2&cursor=${first.nextCursor}`);
    expect([...first.ids, ...second.ids]).toEqual(people.map(({ userId }) => userId).toReversed());
    expect([second.nextCursor, (await listed(b)).ids]).toEqual([null, []]);
  });

  it('ends with a block, whoever makes it, and can’t be made behind one', async () => {
    const [a, g, h] = [await member(), await companion(), await companion()];
    for (const { userId } of [g, h]) await mark(a, 'PUT', userId);
    const block = (by: Device, id: UserId) => ask({ method: 'PUT', path: `/me/blocks/${id}`, by, body: { reason: 'other' } });
    await block(a, g.userId);
    await block(h, a.userId);
    expect((await listed(a)).ids).toEqual([]);
    for (const { userId } of [g, h]) expect((await mark(a, 'PUT', userId)).json?.code).toBe('blocked');
    await ask({ method: 'DELETE', path: `/me/blocks/${g.userId}`, by: a });
    expect((await mark(a, 'PUT', g.userId)).status).toBe(200);
  });

  it('is one of two hundred at most', async () => {
    const [a, g] = [await member(), await companion()];
    await bindings.DB.batch(
      Array.from({ length: 199 }, () =>
        bindings.DB.prepare('INSERT INTO favorite (user_id, favorite_id, at) VALUES (?, ?, 1)').bind(a.userId, newId('usr')),
      ),
    );
    expect((await mark(a, 'PUT', g.userId)).status).toBe(200);
    expect((await mark(a, 'PUT', (await companion()).userId)).json?.code).toBe('too_many');
    expect((await mark(a, 'PUT', g.userId)).status).toBe(200);
  });
});
