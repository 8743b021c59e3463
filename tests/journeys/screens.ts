/** The accessibility rules (axe, WCAG 2.2 AA) and the doors of all apps against them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, Result, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import type { Window } from './devices.ts';
import { journey } from './harness.ts';
import type { World } from './world.ts';

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

// Put into a page once and asked there: Playwright's builder puts it in for every question, which takes five times as long.
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What breaks a rule on the page as it stands. */
async function violationsOn(page: Page): Promise<readonly Result[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(`${axe};0`);
  return page.evaluate(async (runOnly) => {
    const { axe } = window as unknown as { axe: { run(on: Document, options: RunOptions): Promise<AxeResults> } };
    // No rule of ours reads style sheets or listens to media (`preload`).
    return (await axe.run(document, { runOnly, resultTypes: ['violations'], preload: false })).violations;
  }, tags);
}

export async function fair(page: Page, screen: string): Promise<void> {
  const violations = await violationsOn(page);
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  assert.deepEqual(told, [], `${screen} is accessible`);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(wider <= 0, `${screen} does not scroll sideways (${wider} px too wide)`);
}

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

export const screens = [journey('doors are accessible (phone, light)', (world) => doors(world, { width: 360 }))];
