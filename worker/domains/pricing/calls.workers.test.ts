/** Whole calls under each pricing model: the call and its receipt know the port alone. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { balance, codeOf, later, Scene, START } from '../../../tests/calls.ts';
import { contextNow, type Frame, testEnv } from '../../../tests/devices.ts';
import type { Receipt } from '../../protocol/call/call.ts';
import { credit, type Owner, postOne, sourceOf } from '../balance/service.ts';
import { subscribe } from '../subscriptions/service.ts';
import { payBy } from './checkpoint.ts';
import { voidMessage } from './messages.ts';
import type { PricingModel } from './port.ts';
import { models } from './service.ts';
import { byCoins, byHouse } from './ways.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: START }));
afterEach(() => void vi.useRealTimers());

/** Two people of whom the member pays by this model. */
async function sceneUnder(version: string, coins = 0): Promise<Scene> {
  const scene = await Scene.open(coins);
  await testEnv.DB.prepare('UPDATE user SET monetization_version = ?1 WHERE id = ?2').bind(version, scene.member.userId).run();
  return scene;
}

const ownerOf = (scene: Scene): Owner => ({ userId: scene.member.userId, shard: 0 });

async function give(scene: Scene, amount: number): Promise<void> {
  const key = `seed:${crypto.randomUUID()}`;
  const moves = [credit(ownerOf(scene), 'MOMENT', sourceOf('MOMENT'), amount)];
  const fact = {
    owner: ownerOf(scene),
    key,
    kind: 'seed',
    ref: key,
    actor: 'system',
    eventAt: Date.now(),
    moves,
    intent: { amount },
  } as const;
  expect(await postOne(contextNow(), fact)).toMatchObject({ outcome: 'posted' });
}

async function talked(scene: Scene, seconds: number): Promise<Receipt> {
  await scene.connect();
  await scene.talk(seconds);
  scene.device('caller').send({ type: 'end' });
  return receiptIn(await scene.device('caller').nextOf('call.ended'));
}

const receiptIn = (frame: Frame): Receipt => frame.receipt as Receipt;

describe('a call under a plan', () => {
  it('takes nothing from the member while the day lasts, and the companion earns as ever', async () => {
    const scene = await sceneUnder('subscription', 100);
    const receipt = await talked(scene, 70);
    expect(receipt.totals).toEqual({ payer: [], payee: [{ unit: 'EARN', amount: 60 }] });
    const mine = receipt.checkpoints.filter(({ party }) => party === 'payer');
    expect(mine.map(({ paidBy, amount, took }) => [paidBy, amount, took])).toEqual([
      ['allowance', 9, null],
      ['allowance', 60, null],
      ['allowance', 60, null],
    ]);
    expect([await balance(scene.member, 'COIN'), await balance(scene.companion, 'EARN')]).toEqual([100, 60]);
  });

  it('is warned before the day is used up, and ends there', async () => {
    // What is free: five minutes a day and nothing beyond.
    await testEnv.DB.prepare(`UPDATE plan SET daily_seconds = 120, overage = 'stop' WHERE id = 'free'`).run();
    const scene = await sceneUnder('subscription', 500);
    const placed = await scene.place();
    expect(placed.quote).toMatchObject({ includedSeconds: 120, secondsAffordable: 120 });
    await scene.accept();
    for (const party of ['caller', 'callee'] as const) {
      await scene.socket(party);
      scene.device(party).send({ type: 'media.connected' });
    }
    await scene.talk(65);
    expect(await scene.frames('caller', 'billing.low')).toMatchObject([{ secondsLeft: 60 }]);
    await scene.talk(60);
    expect(await scene.device('caller').nextOf('call.ended')).toMatchObject({
      reason: 'balance_exhausted',
      receipt: { connectedMs: 120_000 },
    });
    later(1);
    expect(await codeOf(scene.place())).toBe('insufficient_funds');
  });
});

describe('a call whose plan ends in the middle of it', () => {
  it('[WA4] asks what there is now, and warns of the end that this brings', async () => {
    await testEnv.DB.prepare(`UPDATE plan SET daily_seconds = 120, overage = 'stop' WHERE id = 'free'`).run();
    const scene = await sceneUnder('subscription');
    await subscribe(contextNow(), { userId: scene.member.userId, plan: 'plus', state: 'cancelled', until: Date.now() + 50_000 });
    await scene.connect();
    await scene.talk(65);
    expect(await scene.frames('caller', 'billing.low')).toMatchObject([{ secondsLeft: 60 }]);
    await scene.talk(60);
    expect(await scene.frames('caller', 'call.ended')).toMatchObject([{ reason: 'balance_exhausted', receipt: { connectedMs: 120_000 } }]);
  });
});

describe('a call under moments', () => {
  it('takes one moment for ten minutes by voice, and what is left serves the next call', async () => {
    const scene = await sceneUnder('moments');
    await give(scene, 1);
    const placed = await scene.place(crypto.randomUUID(), 'audio');
    expect(placed.quote).toMatchObject({ includedSeconds: 600 });
    await scene.accept();
    for (const party of ['caller', 'callee'] as const) {
      await scene.socket(party);
      scene.device(party).send({ type: 'media.connected' });
    }
    await scene.talk(70);
    scene.device('caller').send({ type: 'end' });
    const receipt = receiptIn(await scene.device('caller').nextOf('call.ended'));
    expect(receipt.totals.payer).toEqual([{ unit: 'MOMENT', amount: 1 }]);
    expect(receipt.checkpoints.filter(({ party }) => party === 'payer').every(({ paidBy }) => paidBy === 'piece')).toBe(true);
    // Its checkpoints covered 20, 40 and 60 seconds; the second call takes none.
    await scene.object.reconcile(Date.now());
    const next = await scene.place(crypto.randomUUID(), 'audio');
    expect(next.quote).toMatchObject({ includedSeconds: 480 });
  });
});

describe('a model that nobody has thought of yet', () => {
  const built = models.moments as PricingModel;
  /** The first minute is a present; then coins. Written as any module would be, and known by one line in the router. */
  const welcome: PricingModel = {
    version: 'moments',
    means: async () => ({ seconds: 60, amount: 1_000, until: null, told: [] }),
    describe: async () => ({ model: 'tokens', means: [] }),
    charge(ctx, order) {
      const due = order.payerCheckpoint;
      if (!due) return payBy(ctx, order, []);
      const present = { kind: 'allowance', moves: [] } as const;
      return payBy(ctx, order, order.atSeconds < 60 ? [present] : [byCoins(order, due), ...byHouse(order, due)]);
    },
    chargeMessage: async () => ({ outcome: 'posted' }),
    voidMessage,
  };

  it('is one module and one line, and a call runs on it', async () => {
    models.moments = welcome;
    try {
      const scene = await sceneUnder('moments', 500);
      const receipt = await talked(scene, 70);
      expect(receipt.totals).toEqual({ payer: [{ unit: 'COIN', amount: 60 }], payee: [{ unit: 'EARN', amount: 60 }] });
      expect(await balance(scene.member, 'COIN')).toBe(440);
    } finally {
      models.moments = built;
    }
  });

  it('without its line places no call', async () => {
    delete models.moments;
    try {
      const scene = await sceneUnder('moments', 500);
      expect(await codeOf(scene.place())).toBe('pricing_model_unavailable');
    } finally {
      models.moments = built;
    }
  });
});
