/** The way through every screen of the members' app; whoever walks it says what is done at each. */
import type { Page } from 'playwright-core';
import { onboardingStep } from '../../worker/protocol/http/comfort.ts';
import { talkedFor } from '../journeys/call-steps.ts';
import type { Window } from '../journeys/devices.ts';
import type { Person } from '../journeys/person.ts';
import type { World } from '../journeys/world.ts';

export type Take = (screen: string, page: Page) => Promise<void>;

/** Everything on the screen has come: nothing waits, no letters are missing. */
export async function still(page: Page): Promise<void> {
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** A member as nobody has met: with coins and a language, and their first visit open or over. */
async function guest(world: World, window: Window, firstVisit = false): Promise<{ page: Page; member: Person; email: string }> {
  const { email, member } = await world.newMember(500);
  if (firstVisit)
    await member.ask('PATCH', '/me', {
      comfort: { onboarding: Object.fromEntries(onboardingStep.options.map((step) => [step, 'open'])) },
    });
  await member.ask('PATCH', '/me', { public: { displayName: 'Wilma' } });
  return { page: await world.signIn('app', email, window), member, email };
}

const places = {
  calls: '/calls',
  coins: '/wallet',
  you: '/you',
  profile: '/you/profile',
  comfort: '/you/comfort',
  'one tap, choosing': '/you/one-tap',
  'check of the devices': '/you/check',
  blocked: '/you/blocked',
  devices: '/you/devices',
  help: '/help',
  nowhere: '/nowhere',
} as const;

export async function screens(world: World, window: Window, take: Take): Promise<void> {
  const { app } = world.stack.origins;
  const door = await world.page('door', window);
  await door.goto(`${app}/`);
  await door.locator('input[type=email]').waitFor();
  await still(door);
  await take('welcome', door);

  const newcomer = await guest(world, window, true);
  for (const step of onboardingStep.options) {
    await still(newcomer.page);
    await take(`first visit, ${step}`, newcomer.page);
    await newcomer.page.locator('.onboarding .button[data-variant="default"]').last().click();
    if (step !== 'device')
      await newcomer.page.locator(`.progress [data-past="true"]:nth-child(${onboardingStep.options.indexOf(step) + 2})`).waitFor();
  }
  await newcomer.page.locator('.people').waitFor();

  const { page, member } = await guest(world, window);
  await page.locator('.person').first().waitFor();
  await take('home, simple', page);
  for (const [screen, path] of Object.entries(places)) {
    await page.goto(`${app}${path}`);
    await page.locator('.frame main h1, .frame main h2').first().waitFor();
    await still(page);
    await take(screen, page);
  }
  await page.goto(`${app}/you/check`);
  await page.locator('main .button').last().click();
  await page.locator('.loudness').waitFor();
  await take('check of the devices, running', page);

  await member.ask('PATCH', '/me', { comfort: { view: 'full' } });
  await page.goto(`${app}/`);
  await page.locator('.filters').waitFor();
  await still(page);
  await take('home, full', page);

  const { items } = await member.ask('GET', '/gallery');
  await page.goto(`${app}/people/${items[0].person.id}`);
  await page.locator('.person-page').waitFor();
  await still(page);
  await take('person', page);
  await page.locator('main .button[data-variant="subtle"]').last().click();
  await page.getByRole('dialog').waitFor();
  await take('person, blocking', page);
  await page.getByRole('dialog').locator('.button').first().click();
  await page.locator('.undo-notes .note').waitFor();
  await still(page);
  await take('person, blocked', page);
  await page.locator('.undo-notes .button').first().click();
  await page.locator('.person-page').waitFor();
  await page.locator('.undo-notes .button').last().click();

  await page.route('**/api/v1/gallery?*', (route) => route.fulfill({ json: { items: [], nextCursor: null } }));
  await page.goto(`${app}/`);
  await page.locator('.picture').waitFor();
  await still(page);
  await take('home, nobody', page);
  await page.unroute('**/api/v1/gallery?*');
  await page.route('**/api/v1/gallery?*', (route) => route.fulfill({ status: 502, body: 'x' }));
  await page.goto(`${app}/`);
  await page.locator('.note.bad').waitFor();
  await take('home, error', page);
  await page.unroute('**/api/v1/gallery?*');
  await page.route('**/api/v1/gallery?*', () => undefined);
  await page.goto(`${app}/`);
  await page.locator('.frame .skeleton').waitFor();
  await take('home, loading', page);
  await page.unroute('**/api/v1/gallery?*');

  await member.ask('PATCH', '/me', { comfort: { oneTap: { on: true, companions: items.slice(0, 2).map(idOf) } } });
  await page.goto(`${app}/`);
  await page.locator('.big-face').first().waitFor();
  await take('one tap', page);

  await member.ask('PATCH', '/me', { comfort: { oneTap: { on: false }, textSize: 200, view: 'simple' } });
  await page.goto(`${app}/`);
  await page.locator('.person').first().waitFor();
  await take('home, 200 per cent', page);
  await member.ask('PATCH', '/me', { comfort: { textSize: 125, contrast: 'high' } });
  await page.goto(`${app}/you/comfort`);
  await page.locator('.choice-row').first().waitFor();
  await take('comfort, strong contrast', page);

  await page.route('**/api/v1/**', (route) => route.abort());
  await page.goto(`${app}/`);
  await page.locator('.door .picture').waitFor();
  await take('offline', page);
}

const idOf = ({ person }: { person: { id: string } }): string => person.id;

export async function callScreens(world: World, window: Window, take: Take): Promise<void> {
  const { app } = world.stack.origins;
  const companion = await world.companion('grace@demo.test');
  const { page, member } = await guest(world, window);
  const grace = await world.person('grace@demo.test');
  await page.goto(`${app}/people/${grace.id}`);
  await page.locator('.choice button').first().click();
  await page.locator('.room').waitFor();
  await take('call, ringing', page);
  await companion.getByRole('alertdialog').getByRole('button', { name: 'Answer' }).click();
  await page.getByTestId('call-time').waitFor();
  await talkedFor(page, 6);
  await take('call, voice', page);
  await page.locator('.controls .control').first().click();
  await page.locator('.controls .control[aria-pressed="true"]').waitFor();
  await take('call, muted', page);
  await page.locator('.controls .control').first().click();
  await page.locator('.controls .control').nth(4).click();
  await page.locator('.caption-note').waitFor();
  await take('call, captions', page);
  await page.locator('.controls .control').nth(2).click();
  await page.getByRole('dialog').waitFor();
  await take('call, adding coins', page);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.locator('.controls .control').nth(1).click();
  await page.locator('.banners .note').first().waitFor();
  await take('call, asking for video', page);
  await page.locator('.banners .note button').first().click();
  await page.locator('.controls .stop').click();
  await page.getByTestId('receipt-plain').waitFor();
  await page.locator('.stars').waitFor();
  await still(page);
  await take('after the call', page);

  const { email } = await world.newMember(300);
  const second = await world.signIn('app', email, window);
  await second.goto(`${app}/people/${grace.id}`);
  await second.locator('.choice button').nth(1).click();
  await companion.getByRole('alertdialog').getByRole('button', { name: 'Answer' }).click();
  await second.locator('video.remote').waitFor();
  await take('call, video', second);
  await second.locator('.controls .stop').click();
  await second.getByTestId('receipt-plain').waitFor();

  const rung = grace.ask('POST', '/calls', { calleeId: member.id, media: 'audio' });
  await page.locator('.ring').waitFor();
  await take('call, incoming', page);
  const { call } = await rung;
  await grace.ask('POST', `/calls/${call.id}/end`, {});
  await page.locator('.ring').waitFor({ state: 'detached' });
  await page.goto(`${app}/calls`);
  await page.locator('.gone').waitFor();
  await take('calls, one missed', page);
  await page.locator('a[href^="/calls/"]').last().click();
  await page.getByTestId('receipt-total').waitFor();
  await still(page);
  await take('receipt', page);
}
