/** One tap in the middle of a call: the next checkpoint can be paid. Real call, real library, real pipeline. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { settle } from '../../../tests/access/town.ts';
import { balance, principalOf, Scene } from '../../../tests/calls.ts';
import { contextNow } from '../../../tests/devices.ts';
import { eventually } from '../../../tests/eventually.ts';
import { shopFor } from './catalogue.ts';
import { customerOf } from './intents.ts';
import { topUp } from './top-up.ts';

// A little ahead of the outside world, whose clock is the real one: alarms wait for the test to fire them.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 120_000 }));
afterEach(() => void vi.useRealTimers());

async function saveCard(customer: string): Promise<void> {
  const body = new URLSearchParams({ customer, payment_method: 'pm_card_visa', confirm: 'true', usage: 'off_session' });
  const headers = { Authorization: 'Bearer sk_test_not-a-secret' };
  const saved = await fetch('http://127.0.0.1:8799/v1/setup_intents', { method: 'POST', body, headers });
  expect(saved.status, await saved.text()).toBe(200);
}

it('a top-up at the warning carries the call on, and is paid for once', async () => {
  await settle();
  const scene = await Scene.open(129);
  const payer = await principalOf(scene.member);
  await saveCard(await customerOf(contextNow(), payer));
  await scene.connect();
  await scene.talk(100);
  expect(await balance(scene.member, 'COIN')).toBe(0);
  const { offers } = await shopFor(contextNow(), payer, 'web');
  const priceId = offers.find(({ product }) => product === 'coins-300')?.priceId;
  if (!priceId) throw new Error('no coins are sold');
  const wish = { priceId, card: null, idempotencyKey: crypto.randomUUID() };
  const [first, again] = [await topUp(contextNow(), payer, wish), await topUp(contextNow(), payer, wish)];
  expect([first.state, again.id]).toEqual(['succeeded', first.id]);
  expect(await balance(scene.member, 'COIN')).toBe(300);
  // The call has heard of it: it warns no more of its end at two minutes.
  await eventually(async () =>
    expect((await scene.frames('caller', 'billing.low')).map(({ secondsLeft }) => secondsLeft).at(-1)).toBeGreaterThan(60),
  );
  await scene.talk(30);
  expect((await scene.call()).state).toBe('active');
  expect(await balance(scene.member, 'COIN')).toBe(240);
  await scene.object.end({ userId: scene.member.userId, now: Date.now() });
  await scene.object.reconcile(Date.now());
});
