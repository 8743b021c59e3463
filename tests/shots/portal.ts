/** The way through every screen of the companions' portal; whoever walks it says what is done at each. */
import type { Page } from 'playwright-core';
import { connected, ring, talkedFor } from '../journeys/call-steps.ts';
import type { Window } from '../journeys/devices.ts';
import type { World } from '../journeys/world.ts';
import { still, type Take } from './screens.ts';

/** A desk at which this companion is signed in, without the way through the door. */
export async function atDesk(world: World, email: string, window: Window): Promise<Page> {
  const page = await world.page(email, window);
  const origin = world.stack.origins.app;
  const ask = async (path: string, data: object) => {
    const answer = await page.request.post(`${origin}/api/v1${path}`, { data, headers: { Origin: origin, 'X-Hearthline-App': 'portal' } });
    return answer.json();
  };
  const { challengeId, devCode } = await ask('/auth/otp/start', { email });
  await ask('/auth/otp/verify', { challengeId, code: devCode, app: 'portal' });
  await page.goto(`${origin}/portal/`);
  await page.locator('.work').waitFor();
  return page;
}

const places = { calls: 'calls', earnings: 'earnings', hours: 'hours', you: 'me' } as const;

export async function portalScreens(world: World, window: Window, take: Take): Promise<void> {
  const { app } = world.stack.origins;
  const iris = await world.person('iris@demo.test');
  const { email, member: guest } = await world.newMember(500);
  await guest.ask('PATCH', '/me', {
    public: {
      displayName: 'Wilma',
      about: 'I used to play the organ.',
      languages: ['en', 'de'],
      skills: ['Music and singing'],
      ageBand: '75+',
    },
  });
  const member = await world.signIn('app', email);
  const desk = await atDesk(world, 'iris@demo.test', window);
  await still(desk);
  await take('portal, today', desk);

  await ring(member, 'Iris', 'video');
  await desk.locator('.ring').waitFor();
  await take('portal, ring', desk);
  await desk.locator('.ring .control.go').click();
  await connected(member);
  // Both have proved by then that they were there; what nobody proved is no talk, and has no wrap-up.
  await talkedFor(desk, 7);
  await take('call, portal', desk);
  await desk.locator('.control.stop').click();
  await desk.getByTestId('receipt-total').waitFor();
  await desk.locator('.flags .chip').first().click();
  await still(desk);
  await take('portal, after the call', desk);
  await desk.locator('textarea').fill('Her granddaughter starts school on Monday.');
  await desk.keyboard.press('Control+Enter');
  await desk.locator('.written').waitFor();
  await take('portal, wrapped up', desk);

  for (const [screen, path] of Object.entries(places)) {
    await desk.goto(`${app}/portal/${path}`);
    await desk.locator('.frame main h1').first().waitFor();
    await still(desk);
    const line = desk.locator('.earn-line').first();
    if (screen === 'earnings' && (await line.isVisible())) await line.click();
    await take(`portal, ${screen}`, desk);
  }
  await desk.goto(`${app}/portal/`);
  await iris.ask('POST', '/me/shift/break', {});
  await desk.reload();
  await desk.locator('.work.break').waitFor();
  await take('portal, break', desk);
  await iris.ask('POST', '/me/shift/end', {});
  await desk.reload();
  await desk.locator('.work.off').waitFor();
  await take('portal, not at work', desk);
  await iris.ask('POST', '/me/shift/start', {});
  await desk.keyboard.press('?');
  await desk.getByRole('dialog').waitFor();
  await take('portal, shortcuts', desk);
  await desk.keyboard.press('Escape');
  await desk.context().setOffline(true);
  await desk.locator('.desk-notes .note').waitFor();
  await take('portal, no network', desk);
  await desk.context().setOffline(false);
  const second = await desk.context().newPage();
  await second.goto(`${app}/portal/`);
  await second.locator('.door h1').waitFor();
  await take('portal, another tab', second);
  await second.close();
  await member.context().close();
  await desk.context().close();
}
