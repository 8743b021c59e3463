/** Paid messages inside workerd, with the real books, killed at every step. Rule ids: SPEC.md. */
import { runInDurableObject } from 'cloudflare:test';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contextNow, type SignedIn, type TestDevice, testEnv } from '../../tests/devices.ts';
import { eventually } from '../../tests/eventually.ts';
import { balancesOf, credit, postOne, sourceOf } from '../../worker/domains/balance/service.ts';
import { block } from '../../worker/domains/blocklist/service.ts';
import { newId } from '../../worker/platform/ids.ts';
import type { TariffId } from '../../worker/protocol/ids.ts';
import {
  alarmAt,
  enter,
  evict,
  killed,
  later,
  must,
  openScene,
  price,
  ring,
  type Scene,
  START,
  sequence,
  textFrame,
  unprice,
  withBindings,
} from './scene.workers.ts';

let tariff: TariffId | null = null;
const priced = async (terms: Parameters<typeof price>[0] = {}): Promise<void> => {
  tariff = await price(terms);
};

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(async () => {
  if (tariff) await unprice(tariff);
  tariff = null;
  vi.useRealTimers();
});

async function give({ userId }: SignedIn, amount: number): Promise<void> {
  const owner = { userId, shard: 0 };
  const key = `seed:${crypto.randomUUID()}`;
  const moves = [credit(owner, 'COIN', sourceOf('COIN'), amount)];
  await postOne(contextNow(), { owner, key, kind: 'seed', ref: key, actor: 'system', eventAt: Date.now(), intent: { amount }, moves });
}

async function balance({ userId }: SignedIn, unit: 'COIN' | 'EARN'): Promise<number> {
  const { balances } = await balancesOf(contextNow(), { userId, shard: 0 });
  return balances.find((one) => one.unit === unit)?.amount ?? 0;
}

/** A priced conversation whose member has so many coins, and her device. */
async function paidScene(coins: number): Promise<{ scene: Scene; device: TestDevice; books: () => Promise<[number, number]> }> {
  const scene = await openScene();
  if (coins > 0) await give(scene.ada, coins);
  const { device } = await enter(scene, scene.ada);
  const books = async (): Promise<[number, number]> => [await balance(scene.ada, 'COIN'), await balance(scene.grace, 'EARN')];
  return { scene, device, books };
}

/** A ledger that breaks: before it is told, after it has done it, or that never answers. */
function broken(when: 'before' | 'after' | 'never'): { ledger: D1Database; told: () => number } {
  let told = 0;
  const ledger = new Proxy(testEnv.LEDGER_0, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (name !== 'batch') return typeof value === 'function' ? value.bind(target) : value;
      return async (statements: D1PreparedStatement[]) => {
        told += 1;
        if (when === 'never') return new Promise(() => {});
        if (when === 'after') await target.batch(statements);
        throw new Error('D1_ERROR: Network connection lost.');
      };
    },
  });
  return { ledger, told: () => told };
}

/** Rings until nothing is due any more, the clock moving on. */
async function settle(scene: Scene): Promise<void> {
  for (let n = 0; n < 3; n++) {
    later(5_000);
    await ring(scene);
  }
}

describe('a paid message', () => {
  it('[RP1] [RP3] is pending, paid once, and then in its place with its price', async () => {
    await priced();
    const { scene, device, books } = await paidScene(12);
    device.send(textFrame('one', 'first-name'));
    expect(await device.next()).toEqual({ type: 'message.pending', clientId: 'first-name' });
    expect(await device.next()).toMatchObject({ type: 'message.ack', clientId: 'first-name', seq: 1 });
    expect(await device.next()).toMatchObject({ items: [{ seq: 1, message: { price: { unit: 'COIN', amount: 5 } } }] });
    expect(await books()).toEqual([7, 3]);
    device.send(textFrame('one', 'first-name'));
    expect(await device.next()).toMatchObject({ type: 'message.ack', seq: 1 });
    expect(await books()).toEqual([7, 3]);
    // What she is told at the next hello.
    expect((await enter(scene, scene.ada)).welcome.price).toEqual({ unit: 'COIN', amount: 5, freeLeft: 0 });
    expect((await enter(scene, scene.grace)).welcome.price).toBeNull();
  });

  it('[RP1] costs nothing at first where some are free, and answers never cost', async () => {
    await priced({ free: 2 });
    const { scene, device, books } = await paidScene(5);
    expect((await enter(scene, scene.ada)).welcome.price).toEqual({ unit: 'COIN', amount: 5, freeLeft: 2 });
    for (const seq of [1, 2]) {
      device.send(textFrame(`${seq}`));
      expect(await device.nextOf('message.ack')).toMatchObject({ seq });
    }
    expect(await books()).toEqual([5, 0]);
    must(
      await scene.room.send({ by: scene.grace.userId, message: { kind: 'text', clientId: 'an-answer', body: { text: 'hi' } }, now: START }),
    );
    device.send(textFrame('three'));
    expect(await device.nextOf('message.pending')).toBeDefined();
    expect(await device.nextOf('message.ack')).toMatchObject({ seq: 4 });
    expect(await books()).toEqual([0, 3]);
  });

  it('[RP4] that can’t be paid is dropped, and may be sent again under its name', async () => {
    await priced();
    const { scene, device, books } = await paidScene(4);
    device.send(textFrame('one', 'first-name'));
    expect(await device.nextOf('error')).toMatchObject({ code: 'insufficient_funds', id: 'first-name' });
    expect(await sequence(scene)).toEqual([]);
    expect(await books()).toEqual([4, 0]);
    await give(scene.ada, 1);
    device.send(textFrame('one', 'first-name'));
    expect(await device.nextOf('message.ack')).toMatchObject({ clientId: 'first-name', seq: 1 });
    expect(await books()).toEqual([0, 3]);
  });

  it('[RP3] keeps the order of its sender: what is free waits behind what is not, and others don’t wait', async () => {
    await priced();
    const { scene, device } = await paidScene(100);
    const { ledger } = broken('before');
    await withBindings(scene, { LEDGER_0: ledger });
    device.send(textFrame('one'));
    await device.nextOf('message.pending');
    await unprice(tariff as TariffId);
    tariff = null;
    // From here on messages cost nothing; this one was sent after one that does.
    later(400_000);
    device.send(textFrame('two'));
    await device.nextOf('message.pending');
    must(
      await scene.room.send({
        by: scene.grace.userId,
        message: { kind: 'text', clientId: 'an-answer', body: { text: 'hi' } },
        now: Date.now(),
      }),
    );
    expect(await sequence(scene)).toMatchObject([{ message: { body: { text: 'hi' } } }]);
    await evict(scene);
    await settle(scene);
    expect((await sequence(scene)).map((event) => event.type === 'message' && event.message.body)).toEqual([
      { text: 'hi' },
      { text: 'one' },
      { text: 'two' },
    ]);
    expect(await balance(scene.ada, 'COIN')).toBe(95);
  });

  it('[RP2] over HTTP answers with the message once it is paid, or says that it is pending', async () => {
    await priced();
    const { scene } = await paidScene(10);
    const send = (clientId: string) =>
      scene.room.send({ by: scene.ada.userId, message: { kind: 'text', clientId, body: { text: clientId } }, now: Date.now() });
    expect(must(await send('first-name'))).toMatchObject({ message: { seq: 1, price: { amount: 5 } } });
    await withBindings(scene, { LEDGER_0: broken('before').ledger });
    expect(must(await send('second-name'))).toEqual({ pending: true });
    await evict(scene);
    await settle(scene);
    expect(must(await send('second-name'))).toMatchObject({ message: { seq: 2 } });
    expect(await send('third-name')).toMatchObject({ ok: false, code: 'insufficient_funds' });
    expect(await balance(scene.ada, 'COIN')).toBe(0);
  });
});

describe('killed', () => {
  it('[RP2] before the charge: it is charged once and gets its place by itself', async () => {
    await priced();
    const { scene: alive, device, books } = await paidScene(20);
    const { ledger, told } = broken('never');
    await withBindings(alive, { LEDGER_0: ledger });
    device.send(textFrame('one', 'first-name'));
    await device.nextOf('message.pending');
    await eventually(() => expect(told()).toBeGreaterThan(0));
    // It wakes by itself.
    expect(await alarmAt(alive)).toBe(START + 5_000);
    const scene = await killed(alive);
    const { device: again } = await enter(scene, scene.ada);
    expect(await books()).toEqual([20, 0]);
    await settle(scene);
    expect(await sequence(scene)).toMatchObject([{ seq: 1, message: { clientId: 'first-name', price: { amount: 5 } } }]);
    expect(await books()).toEqual([15, 3]);
    // Nobody in the room remembers who asked: all her devices are told.
    expect(await again.nextOf('message.ack')).toMatchObject({ clientId: 'first-name', seq: 1 });
  });

  it('[RP2] after the charge, before its place: it is not charged again, and gets its place', async () => {
    await priced();
    const { scene, device, books } = await paidScene(20);
    const { ledger, told } = broken('after');
    await withBindings(scene, { LEDGER_0: ledger });
    device.send(textFrame('one', 'first-name'));
    await device.nextOf('message.pending');
    await eventually(() => expect(told()).toBeGreaterThan(0));
    await eventually(async () => expect(await books()).toEqual([15, 3]));
    expect(await sequence(scene)).toEqual([]);
    await evict(scene);
    await settle(scene);
    expect(await sequence(scene)).toMatchObject([{ seq: 1, message: { clientId: 'first-name' } }]);
    expect(await books()).toEqual([15, 3]);
  });

  it('[RM2] after its place, before the acknowledgement: the repeat is acknowledged, and nothing is charged', async () => {
    await priced();
    const { scene, device, books } = await paidScene(20);
    device.send(textFrame('one', 'first-name'));
    await eventually(async () => expect((await sequence(scene)).length).toBe(1));
    device.close();
    await evict(scene);
    const { device: again } = await enter(scene, scene.ada);
    again.send(textFrame('one', 'first-name'));
    expect(await again.next()).toMatchObject({ type: 'message.ack', clientId: 'first-name', seq: 1 });
    await settle(scene);
    expect((await sequence(scene)).length).toBe(1);
    expect(await books()).toEqual([15, 3]);
  });

  it('[RP2] while nobody knows: a repeat is pending still, and it goes on until the books answer', async () => {
    await priced();
    const { scene, device, books } = await paidScene(20);
    await withBindings(scene, { LEDGER_0: broken('after').ledger });
    device.send(textFrame('one', 'first-name'));
    await device.nextOf('message.pending');
    for (let n = 0; n < 3; n++) {
      later(60_000);
      await ring(scene);
    }
    device.send(textFrame('one', 'first-name'));
    expect(await device.nextOf('message.pending')).toMatchObject({ clientId: 'first-name' });
    device.send(textFrame('another', 'first-name'));
    expect(await device.nextOf('error')).toMatchObject({ code: 'idempotency_conflict' });
    expect(await sequence(scene)).toEqual([]);
    await withBindings(scene, { LEDGER_0: testEnv.LEDGER_0 });
    later(120_000);
    await ring(scene);
    expect(await sequence(scene)).toMatchObject([{ seq: 1 }]);
    expect(await books()).toEqual([15, 3]);
    expect(await device.nextOf('message.ack')).toMatchObject({ clientId: 'first-name', seq: 1 });
  });
});

describe('blocked meanwhile', () => {
  const blockThem = async ({ ada, grace, room }: Scene): Promise<void> => {
    await block(contextNow(), { blockerId: grace.userId, blockedId: ada.userId, reason: 'spam', text: null });
    must(await room.blockChanged({ now: Date.now() }));
  };

  it('[RP4] a message that was not charged is dropped, and can’t be charged any more', async () => {
    await priced();
    const { scene, device, books } = await paidScene(20);
    await withBindings(scene, { LEDGER_0: broken('before').ledger });
    device.send(textFrame('one', 'first-name'));
    await device.nextOf('message.pending');
    await blockThem(scene);
    expect(await device.nextOf('closed')).toEqual({ type: 'closed', closed: 'blocked' });
    await evict(scene);
    await settle(scene);
    expect(await device.nextOf('error')).toMatchObject({ code: 'blocked', id: 'first-name' });
    expect(await sequence(scene)).toEqual([]);
    expect(await books()).toEqual([20, 0]);
    device.send(textFrame('one', 'first-name'));
    expect(await device.nextOf('error')).toMatchObject({ code: 'idempotency_conflict' });
    expect(await books()).toEqual([20, 0]);
  });

  it('[RP4] a message that was charged gets its place: it is paid', async () => {
    await priced();
    const { scene, device, books } = await paidScene(20);
    await withBindings(scene, { LEDGER_0: broken('after').ledger });
    device.send(textFrame('one', 'first-name'));
    await device.nextOf('message.pending');
    await eventually(async () => expect(await books()).toEqual([15, 3]));
    await blockThem(scene);
    await device.nextOf('closed');
    await evict(scene);
    await settle(scene);
    expect(await sequence(scene)).toMatchObject([{ seq: 1, message: { clientId: 'first-name' } }]);
    expect(await device.nextOf('message.ack')).toMatchObject({ clientId: 'first-name' });
    expect(await books()).toEqual([15, 3]);
    device.send(textFrame('two'));
    expect(await device.nextOf('error')).toMatchObject({ code: 'blocked' });
  });
});

describe('[RP2] [RP4] what can’t be finished', () => {
  it('gives the medium of a message back that can’t be paid', async () => {
    await priced();
    const { scene, device } = await paidScene(0);
    const mediaId = newId('cmd');
    await testEnv.DB.prepare(
      `INSERT INTO chat_media (id, chat_id, uploader_id, kind, type, asked_bytes, created_at, uploaded_at, bytes, width, height, hash, state)
       VALUES (?, ?, ?, 'image', 'image/webp', 10, ?, ?, 10, 4, 4, 'hash', 'pending')`,
    )
      .bind(mediaId, scene.chatId, scene.ada.userId, Date.now(), Date.now())
      .run();
    const claimed = () => testEnv.DB.prepare('SELECT claimed_by FROM chat_media WHERE id = ?').bind(mediaId).first('claimed_by');
    const image = { type: 'message.send', message: { clientId: 'a-picture', kind: 'image', body: { mediaId } } };
    device.send(image);
    expect(await device.nextOf('error')).toMatchObject({ code: 'insufficient_funds' });
    await eventually(async () => expect(await claimed()).toBeNull());
    await give(scene.ada, 100);
    device.send(image);
    expect(await device.nextOf('message.ack')).toMatchObject({ seq: 1 });
    expect(await claimed()).toBe('message');
  });

  it('waits longer each time where the paid message can’t be stored, and gets its place once it can', async () => {
    await priced({ amount: 5, earned: 3 });
    const { scene, device, books } = await paidScene(100);
    const inStorage = (sql: string) => runInDurableObject(scene.room, (_room, state) => state.storage.sql.exec(sql).toArray());
    await inStorage("CREATE TRIGGER poison BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'poisoned'); END");
    device.send(textFrame('paid and not stored'));
    await device.nextOf('message.pending');
    const tries = async () => (await inStorage('SELECT tries FROM intent'))[0]?.tries;
    await eventually(async () => expect(await tries()).toBe(1));
    later(60_000);
    await ring(scene);
    await eventually(async () => expect(await tries()).toBe(2));
    expect(await alarmAt(scene)).toBeGreaterThan(Date.now());
    await inStorage('DROP TRIGGER poison');
    later(60_000);
    await ring(scene);
    expect(await device.nextOf('message.ack')).toMatchObject({ seq: 1 });
    expect(await books()).toEqual([95, 3]);
  });
});
