import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appAs } from '../../../tests/app-as.ts';
import { principalOf, Scene, START } from '../../../tests/calls.ts';
import { contextNow } from '../../../tests/devices.ts';
import type { Env } from '../../env.ts';
import { newId } from '../../platform/ids.ts';
import type { Principal } from '../../platform/principal.ts';
import { credit, postOne, sourceOf } from '../balance/service.ts';
import { changeProfile } from '../profile/service.ts';
import { endCall } from '../video/service.ts';
import { mountEarnings } from './routes.ts';
import { earnedSince } from './service.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => void vi.useRealTimers());

const ask = (who: Principal | undefined, path: string) => appAs(env as unknown as Env, mountEarnings, Date.now())(who, 'GET', path);

/** A companion who earned 60 in a call of 65 seconds. */
async function earner() {
  const scene = await (await Scene.open(500)).connect();
  await scene.talk(65);
  await endCall(contextNow(), await principalOf(scene.member), scene.id);
  await scene.alarm();
  return { grace: await principalOf(scene.companion), ada: await principalOf(scene.member), callId: scene.id };
}

async function adjust(who: Principal, amount: number): Promise<void> {
  const owner = { userId: who.userId, shard: who.ledgerShard };
  const key = `adjust:${newId('adj')}`;
  const moves = [credit(owner, 'EARN', sourceOf('EARN'), amount)];
  await postOne(contextNow(), {
    owner,
    key,
    kind: 'adjustment',
    ref: key.slice(7),
    actor: 'system',
    eventAt: Date.now(),
    moves,
    intent: { amount },
  });
}

const DAY = 86_400_000;

describe('earnings', () => {
  it('are summed by day where the companion lives', async () => {
    // START is noon of Sunday, the 1st of January 2040, in UTC.
    const { grace, ada, callId } = await earner();
    expect((await ask(grace, '/me/earnings')).body).toMatchObject({
      unit: 'EARN',
      today: 60,
      week: 60,
      total: 60,
      days: [{ date: '2040-01-01', amount: 60, calls: 1 }],
      timeZone: 'UTC',
    });
    vi.setSystemTime(START + DAY);
    await adjust(grace, 5);
    expect((await ask(grace, '/me/earnings')).body).toMatchObject({
      today: 5,
      week: 5,
      total: 65,
      days: [
        { date: '2040-01-02', amount: 5, calls: 0 },
        { date: '2040-01-01', amount: 60, calls: 1 },
      ],
    });
    expect(await earnedSince(contextNow(), grace, START)).toBe(65);
    expect(await earnedSince(contextNow(), grace, START + DAY)).toBe(5);
    await changeProfile(contextNow(), grace.userId, { private: { timeZone: 'Pacific/Auckland' } });
    expect((await ask(grace, '/me/earnings')).body.days.map(({ date }: { date: string }) => date)).toEqual(['2040-01-03', '2040-01-02']);
    expect((await ask(grace, `/me/earnings/items?callId=${callId}`)).body.items).toHaveLength(2);
    expect((await ask(ada, '/me/earnings')).status).toBe(403);
  });

  it('are listed one by one, newest first, page by page, of a day where asked', async () => {
    const { grace, callId } = await earner();
    await adjust(grace, 7);
    const { body: first } = await ask(grace, '/me/earnings/items?limit=2');
    const { body: second } = await ask(grace, `/me/earnings/items?limit=2&cursor=${first.nextCursor}`);
    const all = [...first.items, ...second.items];
    expect(all.map(({ amount, callId: of }: { amount: number; callId: string | null }) => [amount, of])).toEqual([
      [7, null],
      [30, callId],
      [30, callId],
    ]);
    expect([second.nextCursor, (await ask(grace, '/me/earnings/items?date=2039-12-31')).body.items]).toEqual([null, []]);
    expect((await ask(grace, '/me/earnings/items?date=2040-01-01')).body.items).toHaveLength(3);
    expect((await ask(grace, '/me/earnings/items?cursor=x')).status).toBe(400);
  });
});

describe('one number', () => {
  it('is explained by what it was made of', async () => {
    const { grace, callId } = await earner();
    const { items } = (await ask(grace, '/me/earnings/items')).body;
    expect((await ask(grace, `/me/earnings/${items[0].id}`)).body.earning).toMatchObject({
      id: items[0].id,
      amount: 30,
      unit: 'EARN',
      kind: 'earning',
      callId,
      formula: {
        tariff: { version: 1, id: expect.stringMatching(/^tar_/), name: expect.any(String) },
        checkpoint: { n: 1, atSeconds: 60 },
        tariffAmount: 30,
        multiplier: '1.00',
        parts: [],
      },
    });
    await adjust(grace, 3);
    const [adjusted] = (await ask(grace, '/me/earnings/items?limit=1')).body.items;
    expect((await ask(grace, `/me/earnings/${adjusted.id}`)).body.earning).toMatchObject({ amount: 3, kind: 'adjustment', formula: null });
  });

  it('of somebody else is not there', async () => {
    const [{ grace, ada }, other] = [await earner(), await earner()];
    const [{ id }] = (await ask(grace, '/me/earnings/items?limit=1')).body.items;
    expect((await ask(other.grace, `/me/earnings/${id}`)).status).toBe(404);
    expect((await ask(grace, `/me/earnings/${newId('pst')}`)).status).toBe(404);
    expect((await ask(grace, '/me/earnings/nonsense')).status).toBe(404);
    expect((await ask(ada, `/me/earnings/${id}`)).status).toBe(403);
    expect((await ask(undefined, `/me/earnings/${id}`)).status).toBe(401);
  });
});
