/** The way through what somebody was told and how they are told, in both apps; whoever walks it says what is done at each. */
import type { Page, WebSocket } from 'playwright-core';
import type { Window } from '../journeys/devices.ts';
import { eventually } from '../journeys/harness.ts';
import type { Person } from '../journeys/person.ts';
import type { World } from '../journeys/world.ts';
import { atDesk } from './portal.ts';
import { still, type Take } from './screens.ts';

/** A call that this person did not hear: it rang and was given up. */
export async function miss(caller: Person, calleeId: string): Promise<void> {
  const { call } = await eventually('both are free', () => caller.ask('POST', '/calls', { calleeId, media: 'audio' }).catch(() => null));
  await caller.ask('POST', `/calls/${call.id}/end`, {});
}

/** Tells all of an audience. */
export async function announce(world: World, audience: 'members' | 'companions', words: { title: string; body: string; link?: string }) {
  const staff = await world.person('alex@demo.test');
  await staff.ask('POST', '/admin/announcements', { audience, ...words });
}

/** Goes there, and waits until the hub has greeted the page: what comes from now on comes as it happens. */
export async function listening(page: Page, address: string): Promise<void> {
  let greeted = false;
  // Heard from the moment the socket is made: the greeting may come before the page has loaded.
  const hear = (socket: WebSocket): void => {
    if (!socket.url().includes('/hub/')) return;
    socket.on('framereceived', ({ payload }) => {
      greeted ||= String(payload).includes('"type":"hello"');
    });
  };
  page.on('websocket', hear);
  await page.goto(address);
  await eventually('the hub greets the page', async () => greeted);
  page.off('websocket', hear);
}

/** So many things stand in the inbox. */
export const toldOf = (person: Person, count: number): Promise<unknown> =>
  eventually(`${count} things are told`, async () => (await person.ask('GET', '/me/notifications')).items.length >= count, 30_000);

const words = {
  title: 'Reading together on Sundays',
  body: 'From next Sunday at three Iris reads aloud, and whoever likes listens and asks. It costs nothing.',
  link: '/go/help',
};

export async function inboxScreens(world: World, window: Window, take: Take): Promise<void> {
  const { app } = world.stack.origins;
  const [grace, hugo] = [await world.person('grace@demo.test'), await world.person('hugo@demo.test')];
  const { email, member } = await world.newMember(100);
  const page = await world.signIn('app', email, window);
  const open = async (path: string, ready: string): Promise<void> => {
    await page.goto(`${app}${path}`);
    await page.locator(ready).first().waitFor();
    await still(page);
  };
  await open('/inbox', '.frame main .empty');
  await take('inbox, empty', page);

  await listening(page, `${app}/`);
  await page.locator('.person').first().waitFor();
  await miss(grace, member.id);
  await page.locator('.told-card').waitFor();
  await still(page);
  await take('home, a missed call as a card', page);
  await miss(hugo, member.id);
  await announce(world, 'members', words);
  await toldOf(member, 3);
  const root = await world.person('root@demo.test');
  await world.person(email);
  await root.ask('POST', '/admin/jobs/notification.sign_ins/run', {});
  await toldOf(member, 4);
  await open('/inbox', '.told');
  await take('inbox', page);
  await page.locator('.told-acts > button').last().click();
  await page.locator('main .row.apart button').click();
  await page.locator('.undo-notes .note').waitFor();
  await still(page);
  await take('inbox, all read', page);
  await page.locator('.undo-notes .button').first().click();
  await page.locator('.undo-notes .button').last().click();

  await open('/you/notifications', '.told-how');
  await take('how one is told', page);
  await page.locator('main input[type=checkbox]').last().click();
  await page.locator('input[type=time]').first().waitFor();
  await take('how one is told, quiet at night', page);
  await unusual(page, open, take);

  const desk = await atDesk(world, 'hugo@demo.test', window);
  await listening(desk, `${app}/portal/`);
  const news = { ...words, title: 'New hours for the desk' };
  // On a busy machine the card of one may not come: what was told while the page opened is in the list, and no card.
  await eventually('news comes as a card', async () => {
    await announce(world, 'companions', news);
    return desk
      .locator('.told-card')
      .waitFor({ timeout: 15_000 })
      .then(
        () => true,
        () => false,
      );
  });
  await take('portal, news as a card', desk);
  await desk.goto(`${app}/portal/inbox`);
  await desk.locator('.told').first().waitFor();
  await still(desk);
  await take('portal, inbox', desk);
  await desk.goto(`${app}/portal/me/notifications`);
  await desk.locator('.told-how').first().waitFor();
  await still(desk);
  await take('portal, how one is told', desk);
  await desk.context().close();
}

/** Waiting, refused, and a mailbox that is not there. */
async function unusual(page: Page, open: (path: string, ready: string) => Promise<void>, take: Take): Promise<void> {
  const list = '**/api/v1/me/notifications?*';
  await page.route(list, () => undefined);
  await page.goto(`${new URL(page.url()).origin}/inbox`);
  await page.locator('main .skeleton').waitFor();
  await take('inbox, loading', page);
  await page.unroute(list);
  await page.route(list, (route) => route.fulfill({ status: 502, body: 'x' }));
  await open('/inbox', '.note.bad');
  await take('inbox, error', page);
  await page.unroute(list);
  await page.route('**/api/v1/me/notification-settings', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...(await answer.json()), mail: { reaches: false, reported: false } } });
  });
  await open('/you/notifications', '.note.warn');
  await take('how one is told, no mailbox', page);
}
