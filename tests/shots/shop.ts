/** The way through what one has and buying it; whoever walks it says what is done at each. */
import type { TariffTerms } from '../../worker/protocol/http/tariffs.ts';
import { haveBought, payThere } from '../journeys/buying.ts';
import type { Window } from '../journeys/devices.ts';
import type { World } from '../journeys/world.ts';
import { still, type Take } from './screens.ts';

/** Every message costs something, so that somebody without means is refused one. */
const letters: TariffTerms = {
  name: 'Letters',
  match: { kind: 'direct', media: 'text' },
  parties: [
    { party: 'payer', unit: 'COIN', direction: 'debit', checkpoints: [], then: null, perMessage: { free: 0, amount: 5 } },
    { party: 'payee', unit: 'EARN', direction: 'credit', checkpoints: [], then: null, perMessage: { free: 0, amount: 2 } },
  ],
};

export async function shopScreens(world: World, window: Window, take: Take): Promise<void> {
  const { app } = world.stack.origins;
  const { email, member } = await world.newMember(0);
  const page = await world.signIn('app', email, window);
  const grace = await world.person('grace@demo.test');

  await page.goto(`${app}/people/${grace.id}`);
  await page.locator('.choice button').first().click();
  await page.locator('.paywall .offer').first().waitFor();
  await still(page);
  await take('paywall, first call', page);
  await page.locator('.paywall .offer .button').nth(1).click();
  await page.locator('.asking').waitFor();
  await take('buying, what is paid', page);
  await page.locator('.asking .button').first().click();
  await page.locator('#number').waitFor();
  await page.getByRole('link').click();
  await page.getByTestId('outcome-stopped').waitFor();
  await still(page);
  await take('payment, stopped', page);
  await page.locator('.sheet a.button').first().click();
  await page.route('**/shop/intents/*', async (route) => {
    const answer = await route.fetch();
    const { intent } = await answer.json();
    await route.fulfill({ response: answer, json: { intent: { ...intent, state: 'created' } } });
  });
  await payThere(page);
  await page.getByTestId('outcome-waiting').waitFor();
  await still(page);
  await take('payment, waiting', page);
  // An answer that is on its way is let through first.
  await page.unrouteAll({ behavior: 'wait' });
  await page.getByTestId('outcome-come').waitFor();
  await take('payment, come', page);

  await haveBought(member, 'coins-100');
  await page.goto(`${app}/wallet`);
  await page.locator('.purchase').nth(1).waitFor();
  await still(page);
  await take('wallet, coins', page);
  await page.locator('.offer .button').first().click();
  await page.locator('.asking').waitFor();
  await page.locator('.purchase .button').first().click();
  await page.locator('.complaint').waitFor();
  const [automatic, limits] = [page.locator('main section.sheet').nth(-2), page.locator('main section.sheet').nth(-1)];
  await automatic.locator('.button').first().click();
  await automatic.locator('.pick').first().waitFor();
  await limits.locator('.pick-row').nth(1).locator('.pick').nth(1).click();
  await limits.locator('.note .button').first().waitFor();
  await take('wallet, everything open', page);
  await page.goto(`${app}/go/paywall/hello-again`);
  await page.locator('.paywall .offer').first().waitFor();
  await still(page);
  await take('paywall, by link', page);

  for (const [screen, who] of [
    ['wallet, plan', 'ben@demo.test'],
    ['wallet, moments', 'cora@demo.test'],
  ] as const) {
    const other = await world.signIn('app', who, window);
    await other.goto(`${app}/wallet`);
    await other.getByTestId('wallet-total').waitFor();
    await still(other);
    await take(screen, other);
  }

  const staff = await world.person('alex@demo.test');
  const { tariff } = await staff.ask('POST', '/admin/tariffs', letters);
  await staff.ask('POST', `/admin/tariffs/${tariff.id}/publish`);
  try {
    const { email } = await world.newMember(0);
    const writer = await world.signIn('app', email, window);
    await writer.goto(`${app}/chats/with/${grace.id}`);
    await writer.locator('.composer textarea').fill('Dear Grace, are you there?');
    await writer.locator('.composer-send').click();
    await writer.locator('.unsent[data-state="refused"]').waitFor();
    await still(writer);
    await take('conversation, without means', writer);
    await writer.locator('.unsent .note .button').first().click();
    await writer.locator('.paywall .offer').first().waitFor();
    await still(writer);
    await take('paywall, in a conversation', writer);
  } finally {
    await staff.ask('POST', `/admin/tariffs/${tariff.id}/retire`);
  }
}
