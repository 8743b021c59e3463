/** What was done can be taken back: blocking, unblocking, signing another device out. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { eventually, journey } from './harness.ts';

const undo = (page: Page) => page.getByRole('region', { name: 'What you just did' }).getByRole('button', { name: 'Undo' });

export const takingBack = [
  journey('a block and an unblock are taken back, each from the note that stays on every screen', async (world) => {
    const { email, member } = await world.newMember(0);
    const page = await world.signIn('app', email);
    const blocked = async () =>
      (await member.ask('GET', '/me/blocks')).items.map(({ displayName }: { displayName: string }) => displayName);
    await page.getByRole('link', { name: 'Talk to Hugo' }).click();
    await page.getByRole('button', { name: 'Block Hugo' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click();
    await undo(page).waitFor();
    assert.deepEqual(await blocked(), ['Hugo']);
    await page.getByRole('link', { name: 'See who is here' }).click();
    await page.getByRole('link', { name: 'Talk to Grace' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Talk to Hugo' }).count(), 0);
    await undo(page).click();
    await page.getByRole('link', { name: 'Talk to Hugo' }).waitFor();
    assert.deepEqual(await blocked(), []);

    const { id } = await world.person('hugo@demo.test');
    await member.ask('PUT', `/me/blocks/${id}`, { reason: 'spam' });
    await page.goto(`${world.stack.origins.app}/you/blocked`);
    await page.getByRole('button', { name: 'Unblock Hugo' }).click();
    await page.getByText('You have blocked nobody').waitFor();
    await undo(page).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Unblock Hugo' }).waitFor();
    const { items } = await member.ask('GET', '/me/blocks');
    assert.equal(items[0].reason, 'spam', 'blocked again for the same reason');
  }),

  journey(
    'another device is signed out after its ten seconds, at once when the page goes, and not when that is taken back',
    async (world) => {
      const { email, member } = await world.newMember(0);
      const page = await world.signIn('app', email);
      await world.signIn('app', email);
      const signedIn = async () => (await member.ask('GET', '/auth/sessions')).items.length;
      const before = await signedIn();
      await page.goto(`${world.stack.origins.app}/you/devices`);
      const end = page.getByRole('button', { name: 'Sign out there' });
      await end.last().waitFor();
      const listed = await end.count();
      await end.first().click();
      await page.getByText('Being signed out').waitFor();
      await undo(page).click();
      await page.getByText('Being signed out').waitFor({ state: 'detached' });
      assert.equal(await signedIn(), before);
      assert.equal(await end.count(), listed);

      await end.first().click();
      await page.getByText('Being signed out').waitFor();
      // While somebody is at the note, its ten seconds do not pass.
      await undo(page).focus();
      assert.equal(await signedIn(), before, 'it waits');
      await page.reload();
      await eventually('the device is signed out', async () => (await signedIn()) === before - 1);
      await page.getByRole('heading', { name: 'Your devices' }).waitFor();
      await eventually('the list is right', async () => (await end.count()) === listed - 1);
    },
  ),
];
