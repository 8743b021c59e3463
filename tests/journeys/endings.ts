/** All the ways a ring or a call comes to its end, at a tariff of seconds. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answer, booksAgree, connected, hangUp, over, proofHolds, quickTariff, ring, settledCall, talkedFor } from './call-steps.ts';
import { eventually, journey } from './harness.ts';
import type { Person } from './person.ts';
import { patience, type World } from './world.ts';

interface Scene {
  readonly member: Page;
  readonly companion: Page;
  readonly payer: Person;
  readonly payee: Person;
  readonly staff: Person;
  readonly before: { payer: number; payee: number };
  readonly email: string;
}

/** A new member with so many coins and a companion, each at their own device, under the quick tariff. */
async function scene(world: World, coins: number, companionName = 'grace'): Promise<Scene> {
  const staff = await world.person('alex@demo.test');
  const { items } = await staff.ask('GET', '/admin/tariffs?state=published&limit=100');
  if (!items.some(({ name }: { name: string }) => name === quickTariff.name)) await staff.putTariffInForce(quickTariff);
  const { email, member: payer } = await world.newMember(coins);
  const payee = await world.person(`${companionName}@demo.test`);
  const companion = await world.companion(`${companionName}@demo.test`);
  const member = await world.signIn('app', email);
  return { member, companion, payer, payee, staff, email, before: { payer: coins, payee: await payee.balance('EARN') } };
}

/** Coins paid and earned for so many connected seconds of the quick tariff. */
const priceOf = (seconds: number) => ({ paid: 5 * (1 + Math.floor(seconds / 2)), earned: 2 * Math.floor(seconds / 2) });

/** The clock and the price that stand on the screen of a call at one moment. */
const soFar = (page: Page): Promise<{ seconds: number; coins: number }> =>
  page.evaluate(() => {
    const read = (id: string): string => document.querySelector(`[data-testid="${id}"]`)?.textContent ?? '';
    const seconds = read('call-time')
      .split(':')
      .reduce((sum, part) => sum * 60 + Number(part), 0);
    return { seconds, coins: Number.parseInt(read('call-so-far'), 10) };
  });

/** What the server proved decides; the tariff says what that costs. */
async function costsWhatWasProved({ payer, payee, staff, before }: Scene): Promise<number> {
  const call = await settledCall(payer);
  const seconds = call.connectedMs / 1000;
  await booksAgree({ payer, payee, staff }, before, priceOf(seconds));
  return seconds;
}

const warned = (member: Page): Promise<void> =>
  member
    .getByText(/Your balance lasts about/)
    .first()
    .waitFor();

export const endings = [
  journey('a companion declines', async (world) => {
    const { member, companion, payer, before } = await scene(world, 100);
    await ring(member, 'Grace');
    await companion.getByRole('alertdialog').getByRole('button', { name: 'Not now' }).click();
    await over(member, 'Grace can’t talk right now.');
    assert.equal((await settledCall(payer)).endReason, 'declined');
    assert.equal(await payer.balance('COIN'), before.payer);
    await companion.getByRole('alertdialog').waitFor({ state: 'detached' });
  }),

  journey('nobody answers', async (world) => {
    const { member, companion, payer, staff, before } = await scene(world, 100);
    await staff.setSetting('call.ringMs', 6_000);
    try {
      // Both look from the beginning: it does not ring for long.
      await Promise.all([companion.getByRole('alertdialog').waitFor(), ring(member, 'Grace')]);
      await over(member, 'Grace did not answer.');
      // The note that says so goes as soon as the card of the missed call has come, which says more.
      await companion.getByText('called and is no longer waiting').or(companion.getByText('Missed call')).first().waitFor();
      await companion.getByRole('alertdialog').waitFor({ state: 'detached' });
    } finally {
      await staff.setSetting('call.ringMs', patience['call.ringMs']);
    }
    assert.equal((await settledCall(payer)).endReason, 'no_answer');
    assert.equal(await payer.balance('COIN'), before.payer);
  }),

  journey('the caller stops calling', async (world) => {
    const { member, companion, payer } = await scene(world, 100);
    await ring(member, 'Grace');
    await companion.getByRole('alertdialog').waitFor();
    await member.getByRole('button', { name: 'Stop calling' }).click();
    await over(member, 'You stopped calling.');
    await companion.getByRole('alertdialog').waitFor({ state: 'detached' });
    assert.equal((await settledCall(payer)).endReason, 'cancelled');
  }),

  journey('the member hangs up', async (world) => {
    const all = await scene(world, 100);
    await ring(all.member, 'Grace');
    await answer(all.companion);
    await connected(all.member, all.companion);
    await talkedFor(all.member, 5);
    await hangUp(all.member);
    for (const page of [all.member, all.companion]) await over(page, 'The call was ended.');
    assert.ok((await costsWhatWasProved(all)) >= 4);
  }),

  journey('the companion hangs up', async (world) => {
    const all = await scene(world, 100);
    await ring(all.member, 'Grace');
    await answer(all.companion);
    await connected(all.member, all.companion);
    await talkedFor(all.companion, 5);
    await hangUp(all.companion);
    for (const page of [all.member, all.companion]) await over(page, 'The call was ended.');
    assert.ok((await costsWhatWasProved(all)) >= 4);
  }),

  journey('a reload in mid-call returns to the call, and nothing is charged twice', async (world) => {
    const all = await scene(world, 200);
    const { member, companion } = all;
    await ring(member, 'Grace');
    await answer(companion);
    await connected(member, companion);
    await talkedFor(member, 3);
    await member.reload();
    await connected(member);
    await talkedFor(member, 9);
    await companion.reload();
    await connected(companion, member);
    await talkedFor(companion, 15);
    const shown = await soFar(member);
    assert.ok(shown.coins >= 30, `what was paid before the reload is not forgotten: ${shown.coins}`);
    assert.ok(shown.coins <= priceOf(shown.seconds + 2).paid, `nothing counts twice: ${shown.coins} after ${shown.seconds} s`);
    await hangUp(member);
    await over(member, 'The call was ended.');
    const seconds = await costsWhatWasProved(all);
    assert.ok(seconds >= 12, `${seconds} s were proved`);
    const { checkpoints } = await all.payer.receipt((await all.payer.lastCall()).id);
    const keys = checkpoints.map(({ party, n }) => `${party} ${n}`);
    assert.equal(new Set(keys).size, keys.length, 'each checkpoint once');
  }),

  journey('the server dies in mid-call and comes back: the call goes on, and only proved time is paid', async (world) => {
    const all = await scene(world, 200, 'iris');
    const { member, companion } = all;
    await ring(member, 'Iris');
    await answer(companion);
    await connected(member, companion);
    await talkedFor(member, 5);
    await world.stack.kill9();
    for (const page of [member, companion]) await page.getByText('Reconnecting…', { exact: true }).waitFor();
    await world.stack.restartWorker();
    await connected(member, companion);
    await talkedFor(member, 11);
    await hangUp(companion);
    for (const page of [member, companion]) await over(page, 'The call was ended.');
    assert.ok((await costsWhatWasProved(all)) >= 8);
  }),

  journey('the balance runs out inside the grace: the house carries it, the companion is paid', async (world) => {
    const all = await scene(world, 7, 'hugo');
    await ring(all.member, 'Hugo');
    await answer(all.companion);
    await connected(all.member, all.companion);
    for (const page of [all.member, all.companion]) await over(page, 'The balance was used up.');
    const call = await settledCall(all.payer);
    assert.equal(call.endReason, 'balance_exhausted');
    assert.equal(call.connectedMs, 3_000, 'it ends where the grace ends');
    await booksAgree(all, all.before, { paid: 5, earned: 2 });
    const { checkpoints } = await all.payer.receipt(call.id);
    assert.deepEqual(
      checkpoints.filter(({ party }) => party === 'payer').map(({ atSeconds, paidBy }) => [atSeconds, paidBy]),
      [
        [0, 'coins'],
        [2, 'grace'],
      ],
    );
    await all.member.getByText('Carried by Hearthline').waitFor();
  }),

  journey('the balance runs out after the grace; coins are added and the call goes on where it stopped', async (world) => {
    const all = await scene(world, 12, 'iris');
    const { member, companion } = all;
    await ring(member, 'Iris');
    await answer(companion);
    // It lasts four seconds: both look for everything from the beginning.
    await Promise.all([connected(member, companion), warned(member)]);
    for (const page of [member, companion]) await over(page, 'The balance was used up.');
    const first = await settledCall(all.payer);
    assert.deepEqual([first.endReason, first.connectedMs], ['balance_exhausted', 4_000]);
    await booksAgree(all, all.before, { paid: 10, earned: 2 });

    await member.getByRole('button', { name: 'Add 100 coins' }).click();
    await member.getByText('100 coins added.').waitFor();
    await member.getByRole('button', { name: 'Go on with Iris' }).click();
    await answer(companion);
    await connected(member, companion);
    await talkedFor(member, 7);
    await hangUp(companion);
    await over(member, 'The call was ended.');
    const second = await settledCall(all.payer);
    assert.equal(second.resumes, first.id);
    assert.ok(second.connectedMs >= 6_000, `connected time goes on: ${second.connectedMs}`);
    const { paid, earned } = priceOf(second.connectedMs / 1000);
    await eventually(
      'the companion has what both parts earned',
      async () => (await all.payee.balance('EARN')) - all.before.payee === earned,
    );
    assert.equal(112 - (await all.payer.balance('COIN')), paid, 'both parts together cost what the tariff says');
    await proofHolds(all.staff);
  }),

  journey('a warning, coins added in the call, and the call goes on', async (world) => {
    // Warned at once, and time enough to do something about it.
    const all = await scene(world, 100, 'iris');
    const { member, companion } = all;
    await ring(member, 'Iris');
    await answer(companion);
    await connected(member, companion);
    await warned(member);
    await member.getByRole('button', { name: 'Add coins' }).first().click();
    await member.getByRole('dialog').getByRole('button', { name: 'Add 300 coins' }).click();
    await member.getByText('300 coins added.').waitFor();
    await member.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await talkedFor(member, 9);
    await member.getByText(/Your balance lasts about/).waitFor({ state: 'detached' });
    await hangUp(member);
    await over(member, 'The call was ended.');
    await costsWhatWasProved({ ...all, before: { ...all.before, payer: 400 } });
  }),

  journey('a block in mid-call ends it at once, and the two don’t see each other again', async (world) => {
    const all = await scene(world, 100, 'hugo');
    const { member, companion } = all;
    await ring(member, 'Hugo');
    await answer(companion);
    await connected(member, companion);
    await talkedFor(member, 3);
    await member.getByRole('button', { name: 'Block Hugo' }).click();
    await member.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click();
    for (const page of [member, companion]) await over(page, 'because of a block');
    assert.equal((await settledCall(all.payer)).endReason, 'blocked');
    await costsWhatWasProved(all);
    await member.getByRole('link', { name: 'Back to people' }).click();
    await member
      .getByRole('link', { name: 'Talk to Grace' })
      .or(member.getByRole('link', { name: 'About Grace' }))
      .first()
      .waitFor();
    assert.equal(await member.getByRole('article', { name: 'Hugo' }).count(), 0);
  }),

  journey('a second device: the first to answer has the call, the other stops ringing', async (world) => {
    const all = await scene(world, 100);
    const second = await world.companion('grace@demo.test');
    await ring(all.member, 'Grace');
    await second.getByRole('alertdialog').waitFor();
    await answer(all.companion);
    await second.getByRole('alertdialog').waitFor({ state: 'detached' });
    await second
      .getByText(/on another device/)
      .first()
      .waitFor();
    await connected(all.member, all.companion);
    assert.equal(await all.companion.getByText(/on another device/).count(), 0);
    await hangUp(all.member);
    await over(all.companion, 'The call was ended.');
    await costsWhatWasProved(all);
  }),
];
