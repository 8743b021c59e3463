/** The way through the panel's shop and payments: what is sold, what sources told, refunds, and days against the stores. */
import type { Page } from 'playwright-core';
import type { Window, World } from '../journeys/world.ts';
import { atPanel } from './panel.ts';
import { still, type Take } from './screens.ts';

export async function shopDeskScreens(world: World, window: Window, take: Take): Promise<void> {
  const { panel } = world.stack.origins;
  const page = await atPanel(world, 'root@demo.test', window);
  const open = async (path: string, shows = 'main h1'): Promise<void> => {
    await page.goto(`${panel}${path}`);
    await page.locator(shows).first().waitFor();
    await still(page);
  };
  const shown = async (screen: string, path: string, shows?: string): Promise<void> => {
    await open(path, shows);
    await take(`panel, ${screen}`, page);
  };
  await shopScreens(world, page, { open, shown, take });
  await page.context().close();
}

interface Ways {
  readonly open: (path: string, shows?: string) => Promise<void>;
  readonly shown: (screen: string, path: string, shows?: string) => Promise<void>;
  readonly take: Take;
}

let walked = 0;

async function shopScreens(world: World, page: Page, { open, shown, take }: Ways): Promise<void> {
  const root = await world.person('root@demo.test');
  const dialog = page.getByRole('dialog');
  walked += 1;
  const [product, paywall] = [`coins-2000-${walked}`, `autumn-${walked}`];
  await shown('shop', '/shop', 'tbody tr');
  await page.locator('.where-plans input').nth(1).click();
  await page.locator('.where-plans .done button').waitFor();
  await take('panel, shop, plans off a platform', page);
  await page.locator('.where-plans .done button').click();
  await page.locator('.where-plans .done button').waitFor({ state: 'detached' });
  await page.keyboard.press('n');
  await dialog.locator('input').first().fill(product);
  await dialog.locator('input').nth(1).fill('2000');
  await take('panel, shop, new product', page);
  await dialog.locator('button[type=submit]').click();
  await page.locator('h1 .draft').waitFor();
  await dialog.waitFor({ state: 'detached' });
  await take('panel, product, draft', page);
  await page.keyboard.press('n');
  await dialog.locator('input').first().fill('14.99');
  await dialog.locator('input').nth(2).fill('price_2000');
  await take('panel, product, new price', page);
  await dialog.locator('button[type=submit]').click();
  await page.locator('tbody tr').first().waitFor();
  await dialog.waitFor({ state: 'detached' });
  await page.locator('.head .go').click();
  await dialog.waitFor();
  await take('panel, product, putting on sale', page);
  await dialog.locator('button[type=submit]').click();
  await page.locator('h1 .published').waitFor();
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('e');
  await dialog.locator('input').fill('7');
  await root.ask('PATCH', `/admin/products/${product}`, { rank: 9 });
  await dialog.locator('button[type=submit]').click();
  await dialog.locator('.diff').waitFor();
  await take('panel, product, crossed', page);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.locator('.head .stop').click();
  await dialog.locator('input').waitFor();
  await take('panel, product, retiring', page);
  await page.keyboard.press('Escape');
  await shown('plans', '/shop/plans', 'tbody tr');
  await page.locator('tbody button').nth(1).click();
  await dialog.locator('input').nth(1).fill('45');
  await dialog.locator('.diff').waitFor();
  await take('panel, plan, changing', page);
  await page.keyboard.press('Escape');
  await root.ask('POST', '/admin/paywalls', {
    id: paywall,
    placement: 'balance_low',
    layout: 'cards',
    offers: [
      { product: 'coins-100', highlighted: false },
      { product, highlighted: true },
      { product: 'plus-month', highlighted: false },
    ],
  });
  await shown('paywalls', '/shop/paywalls', 'tbody tr');
  await shown('paywall', `/shop/paywalls/${paywall}`, '.seen-offers .card');
  await page.keyboard.press('e');
  await dialog.locator('.offers .act').nth(2).click();
  await dialog.locator('.diff').waitFor();
  await take('panel, paywall, changing', page);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.locator('.head .go').click();
  await dialog.waitFor();
  await take('panel, paywall, putting in force', page);
  await page.keyboard.press('Escape');
  await open('/shop/paywalls?placement=link');
  await take('panel, paywalls, none fits', page);
  await root.ask('PATCH', `/admin/products/${product}`, { state: 'retired' });
  await root.ask('PATCH', `/admin/paywalls/${paywall}`, { state: 'retired' });
}
