/** A companion's day at the desk, by keyboard where a companion would. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { portalScreens } from '../shots/portal.ts';
import { connected, hangUp, over, quickTariff, ring, settledCall, talkedFor } from './call-steps.ts';
import { eventually, journey } from './harness.ts';
import { fair } from './screens.ts';
import type { World } from './world.ts';

/** Earnings of the quick tariff, which other journeys may have put in force already. */
async function quickly(world: World): Promise<void> {
  const staff = await world.person('alex@demo.test');
  const { items } = await staff.ask('GET', '/admin/tariffs?state=published&limit=100');
  if (!items.some(({ name }: { name: string }) => name === quickTariff.name)) await staff.putTariffInForce(quickTariff);
}

/** A ring takes no key for so long, ms (`web/portal/call/ring.tsx`). */
const STRAY_MS = 700;

const pressed = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

export const portal = [
  journey('a companion’s day: work, break, a call of somebody known, wrap-up, and earnings that explain themselves', async (world) => {
    await quickly(world);
    const hugo = await world.person('hugo@demo.test');
    const { email, member: guest } = await world.newMember(300);
    await guest.ask('PATCH', '/me', {
      public: { displayName: 'Maggie', languages: ['en', 'de'], ageBand: '75+', skills: ['Music and singing'] },
    });
    const desk = await world.companion('hugo@demo.test');

    // End, start, break and back by keyboard; the member sees each within a moment.
    await pressed(desk, 'w', 'w');
    await desk.getByRole('heading', { name: 'You are not at work' }).waitFor();
    await pressed(desk, 'w', 'w');
    await desk.getByRole('heading', { name: 'You are at work' }).waitFor();
    const availability = async (): Promise<{ presence: string; available: boolean }> =>
      (await guest.ask('GET', `/people/${hugo.id}`)).person;
    await eventually('Hugo can be called', async () => (await availability()).available);
    await pressed(desk, 'b');
    await desk.getByRole('heading', { name: 'You are on a break' }).waitFor();
    await eventually('Hugo is shown on a break', async () => {
      const { presence, available } = await availability();
      return presence === 'on_break' && !available;
    });
    await pressed(desk, 'b');
    await desk.getByRole('heading', { name: 'You are at work' }).waitFor();
    await eventually('Hugo can be called again', async () => (await availability()).available);

    // The first call is answered with Space and leaves a note.
    const member = await world.signIn('app', email);
    const before = await hugo.balance('EARN');
    await ring(member, 'Hugo');
    const rings = desk.getByRole('alertdialog', { name: 'Maggie is calling' });
    await rings.getByText('Your first talk together').waitFor();
    await rings.getByText('English and German').waitFor();
    // A key that comes at once may have been meant for a word.
    await desk.waitForTimeout(STRAY_MS + 100);
    await pressed(desk, ' ');
    await connected(desk, member);
    await talkedFor(desk, 4);
    await desk.keyboard.press('n');
    await desk.keyboard.type('Plays the organ; b is her bad ear.');
    await desk.getByRole('button', { name: 'Mute', exact: true }).waitFor();
    await pressed(desk, 'Escape', 'h', 'h');
    await over(desk, 'The call was ended.');
    assert.equal(await desk.getByLabel('Note').inputValue(), 'Plays the organ; b is her bad ear.', 'the note waits for the wrap-up');
    await desk.getByLabel('To come back to').fill('The concert on Sunday');
    await desk.keyboard.press('Control+Enter');
    await desk.getByRole('heading', { name: 'Kept of this call' }).waitFor();

    // The slip, the books and the explanation of every line say the same.
    const call = await settledCall(hugo);
    const receipt = await hugo.receipt(call.id);
    const earned = receipt.totals.payee.reduce((sum, { amount }) => sum + amount, 0);
    assert.ok(earned >= 4, `two checkpoints were passed: ${earned}`);
    await desk.getByTestId('receipt-total').getByText(`You earned ${earned} earning coins.`).waitFor();
    const lines = desk.locator('.earn-line');
    await eventually('a line for every checkpoint', async () => (await lines.count()) === earned / 2);
    await lines.first().click();
    await desk.getByTestId('formula').getByText('2 × 1.00 = 2 earning coins').waitFor();
    await desk.getByText('Voice in seconds, version').waitFor();
    await desk.getByText('After 2 seconds').waitFor();
    const { items } = await hugo.ask('GET', `/me/earnings/items?callId=${call.id}&limit=100`);
    let explained = 0;
    for (const { id } of items) {
      const { earning } = await hugo.ask('GET', `/me/earnings/${id}`);
      assert.equal(earning.formula.tariffAmount * Number(earning.formula.multiplier), earning.amount);
      assert.ok(
        receipt.checkpoints.some(
          ({ party, n, atSeconds }) =>
            party === 'payee' && n === earning.formula.checkpoint.n && atSeconds === earning.formula.checkpoint.atSeconds,
        ),
      );
      explained += earning.amount;
    }
    assert.equal(explained, earned, 'every coin of the receipt is explained');
    assert.equal((await hugo.balance('EARN')) - before, earned);

    // The same member again: what was kept stands beside the ring, at once.
    await member.goto(`${world.stack.origins.app}/`);
    await ring(member, 'Hugo');
    await rings.waitFor();
    await rings.getByText('Plays the organ').waitFor();
    await rings.getByText('The concert on Sunday').waitFor();
    await rings.getByText('1 talk together').waitFor();
    await rings.getByRole('button', { name: 'Not now' }).click();
    await over(member, 'Hugo can’t talk right now.');
    await desk
      .locator('.side')
      .getByTestId('balance-EARN')
      .getByText(String(before + earned), { exact: true })
      .waitFor();
  }),

  journey('one desk of two tabs: a take-over takes the running call along', async (world) => {
    await quickly(world);
    const { email } = await world.newMember(300);
    const first = await world.companion('iris@demo.test');
    const member = await world.signIn('app', email);
    await ring(member, 'Iris');
    await first.getByRole('alertdialog').getByRole('button', { name: 'Answer' }).click();
    await connected(first, member);
    const second = await first.context().newPage();
    await second.goto(`${world.stack.origins.app}/portal/`);
    await second.getByRole('button', { name: 'Use the desk here' }).click();
    await first.getByText('Your desk is open in another tab').waitFor();
    await connected(second, member);
    await hangUp(second);
    await over(member, 'The call was ended.');
  }),

  journey('screens of the portal are accessible (phone, light, German)', (world) =>
    portalScreens(world, { width: 360, language: 'de' }, (screen, page) => fair(page, screen)),
  ),

  journey('200 % text on a phone: the portal loses nothing', async (world) => {
    const hugo = await world.person('hugo@demo.test');
    await hugo.ask('PATCH', '/me', { comfort: { textSize: 200 } });
    try {
      const desk = await world.companion('hugo@demo.test', { width: 360 });
      for (const place of ['', 'calls', 'earnings', 'hours', 'me']) {
        await desk.goto(`${world.stack.origins.app}/portal/${place}`);
        await desk.locator('.frame main h1').waitFor();
        await fair(desk, `${place} at 200 %`);
      }
    } finally {
      await hugo.ask('PATCH', '/me', { comfort: { textSize: null } });
    }
  }),
];
