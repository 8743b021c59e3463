/** Calls by plan and by moments: minutes that run out at their limit, a moment that opens, and its rest in the next call. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answer, connected, hangUp, over, proofHolds, quickTariff, ring, settledCall, talkedFor } from './call-steps.ts';
import { journey } from './harness.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

const LIMIT_SECONDS = 6;

/** Staff move a member to another model. */
async function move(staff: Person, userId: string, to: 'subscription' | 'moments'): Promise<void> {
  const { move } = await staff.ask('POST', `/admin/people/${userId}/version-move`, { to, reason: 'a journey' }, crypto.randomUUID());
  assert.equal(move.to, to);
}

/** What stands beside the voice call on somebody's page, and the call itself. */
async function ringAt(member: Page, price: string | RegExp): Promise<void> {
  await member.getByRole('link', { name: 'Talk to Hugo' }).click();
  await member.getByText(price).first().waitFor();
  await member.goBack();
  await ring(member, 'Hugo');
}

const plain = (member: Page, words: string | RegExp): Promise<void> => member.getByTestId('receipt-plain').getByText(words).waitFor();

export const models = [
  journey('minutes of a plan run out at their limit; a moment opens, and its rest serves the next call', async (world: World) => {
    const staff = await world.person('alex@demo.test');
    const { items } = await staff.ask('GET', '/admin/tariffs?state=published&limit=100');
    if (!items.some(({ name }: { name: string }) => name === quickTariff.name)) await staff.putTariffInForce(quickTariff);
    const { email, member: payer } = await world.newMember(0);
    const { user } = await payer.ask('GET', '/me');
    const plans = await staff.ask('GET', '/admin/plans');
    const free = plans.items.find(({ id }: { id: string }) => id === 'free');
    const { id: _free, changedAt: _when, ...terms } = free;
    await staff.ask('PUT', '/admin/plans/free', { ...terms, dailySeconds: LIMIT_SECONDS, overage: 'stop' });
    const companion = await world.companion('hugo@demo.test');
    try {
      await move(staff, user.id, 'subscription');
      const member = await world.signIn('app', email);
      await ringAt(member, `Included, about ${LIMIT_SECONDS} seconds left today`);
      await answer(companion);
      await connected(member, companion);
      await member.getByText(/The minutes of your plan last about/).waitFor();
      await over(member, 'The balance was used up.');
      await plain(member, `${LIMIT_SECONDS} seconds with Hugo, minutes of your plan, nothing else.`);
      assert.equal((await settledCall(payer)).connectedMs, LIMIT_SECONDS * 1000);

      const gift = { userId: user.id, unit: 'MOMENT', amount: 1, reason: 'a journey' };
      await staff.ask('POST', '/admin/adjustments', gift, crypto.randomUUID());
      await move(staff, user.id, 'moments');
      await member.goto(`${world.stack.origins.app}/`);
      await ringAt(member, '1 moment for 10 minutes, 1 left');
      await answer(companion);
      await connected(member, companion);
      await talkedFor(member, 3);
      await hangUp(member);
      await plain(member, /with Hugo, 1 moment, nothing else\./);
      await settledCall(payer);
      assert.equal(await payer.balance('MOMENT'), 0);

      await member.goto(`${world.stack.origins.app}/`);
      await ringAt(member, /Paid for already, about 9 minutes/);
      await answer(companion);
      await connected(member, companion);
      await talkedFor(member, 3);
      await hangUp(member);
      await plain(member, /with Hugo, what was left of a moment, nothing else\./);
      await settledCall(payer);
      await proofHolds(staff);
    } finally {
      await staff.ask('PUT', '/admin/plans/free', terms);
    }
  }),
];
