/** The way through the panel's shop and payments: what is sold, what sources told, refunds, and days against the stores. */
import type { Page } from 'playwright-core';
import type { ReconciledDay } from '../../worker/protocol/http/shop-desk.ts';
import type { Window } from '../journeys/devices.ts';
import { eventually } from '../journeys/harness.ts';
import { buysAtCheckout, buysOnPhone } from '../journeys/shopping.ts';
import type { World } from '../journeys/world.ts';
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
  await paymentScreens(world, page, { open, shown, take });
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
  await dialog.locator('input').nth(2).fill(`price_2000_${walked}`);
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

const sums = [{ currency: 'EUR', paid: 5_797, back: 499, count: 5 }];
/** What a night's comparing finds only where the books were tampered with. */
const days: readonly ReconciledDay[] = [
  {
    ...{ day: '2026-11-25', store: 'stripe', state: 'differs', checkedAt: '2026-11-26T03:10:00.000Z' },
    theirs: [{ currency: 'EUR', paid: 7_096, back: 499, count: 6 }],
    ours: sums,
    differences: [
      { kind: 'missing_here', what: 'payment', id: 'pi_3QabcdEFGH', theirs: { amount: 1_299, currency: 'EUR' }, ours: null },
      { kind: 'not_taken_up', what: 'event', id: 'pev_01h2xcejqtf2nbrexx3vqjhp41', theirs: null, ours: null },
    ],
  },
  {
    ...{ day: '2026-11-25', store: 'apple', state: 'agrees', checkedAt: '2026-11-26T03:10:00.000Z' },
    theirs: null,
    ours: sums,
    differences: [],
  },
];

async function paymentScreens(world: World, page: Page, { open, shown, take }: Ways): Promise<void> {
  const [root, alex] = await Promise.all([world.person('root@demo.test'), world.person('alex@demo.test')]);
  const { member } = await world.newMember(0);
  await member.ask('PATCH', '/me', { public: { displayName: 'Agathe' } });
  const dialog = page.getByRole('dialog');
  const lost = `lost_${walked}_${Date.now()}`;
  await buysAtCheckout(member, 'coins-1000');
  await buysOnPhone(world, { product: lost, user: member.id });
  await buysOnPhone(world, { product: 'hearthline.coins_100', user: null, email: 'somebody@example.test' });
  const events = async (query: string) => (await root.ask('GET', `/admin/payment-events?${query}`)).items;
  await eventually('one can’t be processed', async () =>
    (await events('state=dead')).some(({ fact }: { fact: { productRef: string } | null }) => fact?.productRef === lost),
  );
  const payments = async () => (await root.ask('GET', `/admin/payments?userId=${member.id}`)).items;
  await eventually('the other one is paid', async () => (await payments()).length > 0);
  await shown('payments', '/payments', 'tbody tr');
  await shown('payments, dead', '/payments?state=dead', 'tbody tr');
  await page.locator('tbody .act').first().click();
  await dialog.waitFor();
  await take('panel, payments, taking up again', page);
  await page.keyboard.press('Escape');
  const [payment] = await payments();
  await shown('payment event', `/payments/events/${payment.eventId}`, '.terms');
  await page.getByRole('button', { expanded: false }).filter({ hasText: /[a-z]/ }).last().click();
  await page.locator('.raw').waitFor();
  await take('panel, payment event, revealed', page);
  await shown('payment', `/payments/paid/${payment.id}`, '.terms');
  await page.keyboard.press('b');
  await dialog.locator('.effect p').first().waitFor();
  await dialog.locator('input').first().fill('12.34');
  await dialog.locator('.effect', { hasText: /12[.,]34/ }).waitFor();
  await take('panel, refund', page);
  await page.keyboard.press('Escape');
  await root.ask('PUT', '/admin/settings/shop.refundLimit', { value: 1_000 });
  const order = { amount: 2_000, reason: 'They never meant to buy it' };
  await alex.ask('POST', `/admin/payments/${payment.id}/refund`, order, `of the pictures ${payment.id}`);
  await open(`/payments/paid/${payment.id}`, '.terms');
  await page.keyboard.press('b');
  await dialog.locator('.note.warn').waitFor();
  await take('panel, refund above the limit', page);
  await page.keyboard.press('Escape');
  await root.ask('PUT', '/admin/settings/shop.refundLimit', { value: 5_000 });
  await shown('refunds', '/payments/refunds', 'tbody tr');
  await page.locator('tbody .act.go').first().click();
  await dialog.waitFor();
  await take('panel, refunds, approving', page);
  await page.keyboard.press('Escape');
  await shown('names, nothing asked', '/payments/names');
  await shown('names', `/payments/names?of=${member.id}`, 'tbody tr');
  await page.locator('tbody .act').first().click();
  await dialog.locator('input').first().fill(alex.id);
  await dialog.locator('input').nth(1).waitFor();
  await take('panel, names, moving', page);
  await page.keyboard.press('Escape');
  await shown('days, none', '/payments/days');
  await page.route('**/api/v1/admin/reconciliation*', (route) => route.fulfill({ json: { items: days, nextCursor: null } }));
  await open('/payments/days', '.entries summary');
  await page.locator('.entries summary').first().click();
  await take('panel, days', page);
  await page.unroute('**/api/v1/admin/reconciliation*');
  await shown('person, wallet', `/people/${member.id}?part=wallet`, 'tbody tr');
  await page.keyboard.press('m');
  await dialog.locator('select').selectOption('moments');
  await dialog.locator('.diff').waitFor();
  await take('panel, person, moving', page);
  await page.keyboard.press('Escape');
}
