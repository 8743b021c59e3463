/** Every screen against the accessibility rules (axe, WCAG 2.2 AA), on a phone and on a desk, in light and dark. */
import assert from 'node:assert/strict';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { answer, connected, hangUp, over, ring } from './call-steps.ts';
import { journey } from './harness.ts';
import type { Window, World } from './world.ts';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export async function fair(page: Page, screen: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  assert.deepEqual(told, [], `${screen} is accessible`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wider <= 0, `${screen} does not scroll sideways (${wider} px too wide)`);
}

export const windows: readonly (Window & { name: string })[] = [
  { name: 'phone, light', width: 360, dark: false },
  { name: 'desk, dark', width: 1280, dark: true },
];

async function doors(world: World, window: Window): Promise<void> {
  const page = await world.page('door', window);
  for (const url of [`${world.stack.origins.app}/`, `${world.stack.origins.app}/portal/`, `${world.stack.origins.panel}/`]) {
    await page.goto(url);
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByText('Please type your e-mail address').waitFor();
    await fair(page, `door of ${url}`);
  }
  await page.getByText('By text message').click();
  await page.getByLabel('Your mobile number').waitFor();
  await fair(page, 'door by phone');
  await page.getByText('By e-mail').click();
  await page.getByLabel('Your e-mail address').fill('door@demo.test');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('Six-digit code').waitFor();
  await fair(page, 'code');
}

async function pages(world: World, window: Window): Promise<void> {
  const { email } = await world.newMember(200);
  const companion = await world.companion('iris@demo.test', window);
  await fair(companion, 'today');
  const member = await world.signIn('app', email, window);
  await member.getByRole('link', { name: /Iris/ }).first().waitFor();
  await fair(member, 'people');
  await member.getByRole('link', { name: /Your coins/ }).click();
  await member.getByRole('button', { name: 'Add 100 coins' }).waitFor();
  await member.getByText('+200 coins').waitFor();
  await fair(member, 'coins');
  await member.getByRole('link', { name: 'Your calls', exact: true }).click();
  await member.getByText('No calls yet').waitFor();
  await fair(member, 'calls, empty');
  await member.getByRole('link', { name: 'People' }).click();

  await member.getByRole('link', { name: 'Talk to Iris' }).click();
  await member.getByRole('button', { name: 'Block Iris' }).click();
  await member.getByRole('dialog').waitFor();
  await fair(member, 'block');
  await member.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await member.getByRole('dialog').waitFor({ state: 'detached' });
  await fair(member, 'person');
  await member.getByRole('link', { name: 'People' }).click();
  await ring(member, 'Iris', 'video');
  await companion.getByRole('alertdialog').waitFor();
  await fair(member, 'ringing');
  await fair(companion, 'incoming call');
  await answer(companion);
  await connected(member, companion);
  await fair(member, 'call, member');
  await fair(companion, 'call, companion');
  await member.getByRole('button', { name: 'Mute' }).click();
  await member.getByRole('button', { name: 'Camera off' }).click();
  await member.getByRole('button', { name: 'Add coins' }).click();
  await member.getByRole('dialog').waitFor();
  await fair(member, 'coins in the call');
  await member.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await member.getByRole('dialog').waitFor({ state: 'detached' });
  await fair(member, 'call, muted');
  await hangUp(member);
  await over(member, 'The call was ended.');
  await fair(member, 'after the call, member');
  await over(companion, 'The call was ended.');
  await fair(companion, 'after the call, companion');
  await member.getByRole('link', { name: 'Your calls', exact: true }).click();
  await member.getByText('You called Iris').waitFor();
  await fair(member, 'calls');
  await member.getByText('You called Iris').click();
  await member.getByTestId('receipt-total').waitFor();
  await fair(member, 'receipt');
  await companion.getByRole('link', { name: /Your earnings/ }).click();
  await companion.getByText('Day by day').or(companion.getByText('Nothing earned yet')).first().waitFor();
  await fair(companion, 'earnings');
}

export const screens = windows.flatMap((window) => [
  journey(`doors are accessible (${window.name})`, (world) => doors(world, window)),
  journey(`screens of members and companions are accessible (${window.name})`, (world) => pages(world, window), 90),
]);
