/** What staff do in the panel's shop and payments, by keyboard alone, and what members have of it. */
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { shopDeskScreens } from '../shots/shop-desk.ts';
import { eventually, journey } from './harness.ts';
import { fair } from './screens.ts';
import { buysOnPhone } from './shopping.ts';
import type { World } from './world.ts';

const pressed = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

/** Tabs on until the focus is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let step = 0; step < 40; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await pressed(page, 'Tab');
  }
  throw new Error(`no Tab led to ${target}`);
}

/** Presses the button that does it, and waits until the question is gone. */
async function confirm(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await tabTo(page, dialog.getByRole('button', { name }));
  await pressed(page, 'Enter');
  await dialog.waitFor({ state: 'detached' });
}

async function byKeyboard(world: World): Promise<void> {
  const [alex, { member }] = await Promise.all([world.person('alex@demo.test'), world.newMember(0)]);
  const page = await world.signIn('panel', 'alex@demo.test');
  const dialog = page.getByRole('dialog');
  const focused = (label: string) => tabTo(page, dialog.getByLabel(label, { exact: true }));

  // A product, drafted, priced and put on sale.
  await pressed(page, 'g', 'h');
  await page.getByRole('heading', { name: 'Shop', exact: true }).waitFor();
  await pressed(page, 'n');
  await dialog.waitFor();
  await page.keyboard.type('coins-777');
  await focused('How many coins');
  await page.keyboard.type('777');
  await confirm(page, 'Keep as a draft');
  await page.getByRole('heading', { name: /777 coins.*Draft/ }).waitFor();
  const offers = async () =>
    (await member.ask('GET', '/shop?platform=web')).shop.offers as { product: string; price: { amount: number } }[];
  assert.ok(!(await offers()).some(({ product }) => product === 'coins-777'), 'nobody sees a draft');
  await pressed(page, 'n');
  await dialog.waitFor();
  await focused('Price');
  await page.keyboard.type('7,77');
  await focused('Its price at Stripe (price_…)');
  await page.keyboard.type('price_777');
  await dialog.getByText('€7.77, the first there').waitFor();
  await confirm(page, 'Add the price');
  await page.getByText('€7.77 on Web is added.').waitFor();
  await pressed(page, 'p');
  await dialog.waitFor();
  await confirm(page, 'Put on sale');
  await page.getByRole('heading', { name: /777 coins.*Live/ }).waitFor();
  const offer = (await offers()).find(({ product }) => product === 'coins-777');
  assert.equal(offer?.price.amount, 777, 'a member sees it at its price');

  // Somebody bought it on a phone before it had a price there: the money waits for staff.
  await buysOnPhone(world, { product: 'com.hearthline.coins777', user: member.id });
  await eventually('it can’t be processed', async () => (await alex.ask('GET', '/admin/payment-events?state=dead')).items.length > 0);
  await page.reload();
  await page.getByRole('link', { name: /Payments\s*Look at this: 1/ }).waitFor();
  await page.getByRole('heading', { name: /777 coins.*Live/ }).waitFor();
  await pressed(page, 'n');
  await dialog.waitFor();
  await tabTo(page, dialog.getByLabel('Platform'));
  await page.keyboard.type('iP');
  await focused('Price');
  await page.keyboard.type('7.77');
  await focused('Its product id at Apple');
  await page.keyboard.type('com.hearthline.coins777');
  await confirm(page, 'Add the price');
  await pressed(page, 'g', 'y');
  await page.getByRole('heading', { name: 'Payments', exact: true }).waitFor();
  const row = page.getByRole('row', { name: /No product has this name at its store/ });
  await row.waitFor();
  for (let step = 0; step < 20 && !(await row.locator('[data-row]:focus').count()); step += 1) await pressed(page, 'j');
  await pressed(page, 'Enter');
  await page.getByRole('heading', { name: /Purchase.*Dead letter/ }).waitFor();
  await pressed(page, 'r');
  await dialog.waitFor();
  await confirm(page, 'Take up again');
  await page.getByRole('heading', { name: /Purchase.*Applied/ }).waitFor();
  await page.getByText('777 coins').waitFor();
  const { balances } = await member.ask('GET', '/me/balance');
  assert.deepEqual(balances, [{ unit: 'COIN', amount: 777 }], 'it is theirs, once');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Payments', exact: true }).waitFor();
}

export const shopDesk = [
  journey('a product is drafted, priced and put on sale by keyboard; a dead letter is mended and taken up again', byKeyboard),
  journey('screens of the panel’s shop and payments are accessible (360, dark)', (world) =>
    shopDeskScreens(world, { width: 360, dark: true }, (screen, page) => fair(page, screen)),
  ),
];
