import { beforeEach, describe, expect, it } from 'vitest';
import { askOutside } from '../asking.ts';
import { oneSignal } from '../desk-keys.ts';
import { Outside } from '../outside.ts';
import { oneSignalKey } from './desk.ts';

let world: Outside;
beforeEach(() => {
  world = new Outside();
});
const [PHONE, OTHER] = ['11111111-2222-4333-8444-555555555555', '11111111-2222-4333-8444-666666666666'];
const KEY = '6f1f4c1e-8a55-8c1d-9d3b-0d8a4a6f2b11';
const good = {
  app_id: oneSignal.appId,
  target_channel: 'push',
  include_subscription_ids: [PHONE],
  idempotency_key: KEY,
  headings: { en: 'Grace' },
  contents: { en: 'Hello' },
  data: { id: 'ntf_1', kind: 'chat.message' },
  ttl: 60,
  priority: 10,
  collapse_id: 'chat:x',
};
const send = (body: unknown, authorization = `Key ${oneSignalKey}`) =>
  askOutside(world, '/notifications', { headers: { authorization }, body });

describe('a notification', () => {
  it('is taken with an id, and seen on the phone', async () => {
    expect(await send(good)).toMatchObject({ status: 200, json: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    expect(world.outbox.list(PHONE)).toMatchObject([
      { subject: 'Grace', text: 'Hello', push: { platform: 'onesignal', shows: 'card', tag: 'chat:x' } },
    ]);
  });

  it('with a key that was there gets the first answer and is not sent again', async () => {
    const first = await send(good);
    expect((await send({ ...good, contents: { en: 'Another' } })).json).toEqual(first.json);
    expect(world.outbox.list(PHONE)).toMatchObject([{ text: 'Hello', times: 1 }]);
    expect((await send({ ...good, idempotency_key: undefined })).json).not.toEqual(first.json);
  });

  it('to nobody who is subscribed is 200 without an id; to some of them it goes', async () => {
    await askOutside(world, '/api/phones', { method: 'PUT', body: { token: PHONE, state: 'gone' } });
    expect(await send(good)).toMatchObject({ status: 200, json: { id: '', errors: [expect.stringContaining('not subscribed')] } });
    await send({ ...good, include_subscription_ids: [PHONE, OTHER], idempotency_key: undefined });
    expect([world.outbox.list(PHONE).length, world.outbox.list(OTHER).length]).toEqual([0, 1]);
  });

  it('without words shows nothing, unless it is a call', async () => {
    const { headings: _, contents: __, ...rest } = { ...good, content_available: true };
    await send({ ...rest, idempotency_key: undefined });
    await send({ ...rest, idempotency_key: undefined, data: { kind: 'call.incoming' } });
    expect(world.outbox.list(PHONE).map(({ push }) => push?.shows)).toEqual(['ring', 'nothing']);
  });

  it.each<[string, object, string]>([
    ['another app', { app_id: KEY }, 'app_id'],
    ['nobody', { include_subscription_ids: [] }, 'which players'],
    ['an id that is none', { include_subscription_ids: ['x'] }, 'not a valid UUID'],
    ['another channel', { target_channel: 'email' }, 'target_channel'],
    ['a key that is no UUID', { idempotency_key: 'ntf_1' }, 'UUID'],
    ['no words', { contents: {} }, 'English'],
    ['too long a wait', { ttl: 2_419_201 }, 'ttl'],
    ['a priority that is none', { priority: 7 }, 'priority'],
    ['a collapse id that is too long', { collapse_id: 'x'.repeat(65) }, 'collapse_id'],
    ['too much data', { data: { x: 'x'.repeat(2048) } }, 'data'],
  ])('is refused with %s', async (_, more, words) => {
    expect(await send({ ...good, ...more })).toMatchObject({ status: 400, json: { errors: [expect.stringContaining(words)] } });
    expect(world.outbox.list()).toEqual([]);
  });

  it('is refused without our key', async () => {
    for (const authorization of ['', `Basic ${oneSignalKey}`, 'Key else']) expect((await send(good, authorization)).status).toBe(403);
    expect((await send('{')).status).toBe(400);
  });
});
