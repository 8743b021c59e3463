/**
 * Told while nobody looks: a real browser subscribes, its pages are closed, and what is pushed stands on its desktop. One
 * browser is signed in to the members' app and to the portal, as one may be.
 */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { connected, hangUp, over, ring, talkedFor } from './call-steps.ts';
import { eventually, journey } from './harness.ts';
import type { OwnBrowser } from './own-browser.ts';
import { fair } from './screens.ts';

const allSet = 'This device tells you of calls and messages.';

/** From the settings, by a tap; what it says then is true. */
async function tellHere(browser: OwnBrowser, page: Page, address: string): Promise<void> {
  await page.goto(address);
  const section = page.getByRole('region', { name: 'Calls and messages while Hearthline is closed' });
  const button = section.getByRole('button', { name: 'Tell me on this device' });
  await button.waitFor();
  await fair(page, 'a device that does not tell yet');
  await browser.allowNotices();
  await button.click();
  await section.getByText(allSet).waitFor();
  await fair(page, 'a device that tells');
}

const noticeOf = (browser: OwnBrowser, title: string) =>
  eventually(`a notice says “${title}”`, async () => browser.desktop.shown().find((notice) => notice.title === title));

export const push = [
  journey('a call finds a companion whose desk is closed: a tap answers it, another device silences it, or it is missed', async (world) => {
    const { app } = world.stack.origins;
    const hugo = await world.person('hugo@demo.test');
    const browser = await world.ownBrowser('desk');
    const [first] = browser.context.pages();
    assert.ok(first);
    await world.enter(first, 'portal', 'hugo@demo.test');
    await first.getByRole('heading', { name: 'You are at work' }).waitFor();
    await tellHere(browser, first, `${app}/portal/me`);
    await browser.closePages();

    const { email, member } = await world.newMember(300);
    await member.ask('PATCH', '/me', { public: { displayName: 'Wilma' } });
    const caller = await world.signIn('app', email);
    await ring(caller, 'Hugo');
    const notice = await noticeOf(browser, 'Wilma is calling');
    assert.deepEqual(notice.buttons, ['Answer', 'Not now']);
    assert.match(notice.body, /Voice call\. Tap here to answer\./);
    assert.equal(notice.stays, true, 'it stands until somebody does something about it');
    assert.deepEqual(await browser.noticesOf('/portal/'), ['Wilma is calling']);
    const desk = await browser.openBy('Wilma is calling', 'Answer');
    await connected(caller, desk);
    await talkedFor(caller, 1);
    await hangUp(caller);
    await over(caller, /./);
    assert.deepEqual(browser.desktop.shown(), [], 'nothing is left of the ring');

    await browser.closePages();
    await caller.goto(app);
    await ring(caller, 'Hugo');
    await noticeOf(browser, 'Wilma is calling');
    const { id } = await hugo.lastCall();
    await hugo.ask('POST', `/calls/${id}/accept`);
    await eventually('the ring is gone', async () => browser.desktop.shown().length === 0);
    assert.equal(browser.desktop.told().at(-1)?.title, 'No longer ringing', 'and the desk has said why');
    await hugo.ask('POST', `/calls/${id}/end`);
    await over(caller, /./);

    await caller.goto(app);
    await ring(caller, 'Hugo');
    await noticeOf(browser, 'Wilma is calling');
    await caller.getByRole('button', { name: 'Stop calling' }).click();
    // Told by the ring's end and by the missed call's own push, whichever comes first, under one tag.
    const missed = await eventually('a missed call stands in place of the ring', async () => {
      const [only, ...more] = browser.desktop.shown();
      return more.length === 0 && only?.title !== 'Wilma is calling' && only;
    });
    assert.match(`${missed.title} ${missed.body}`, /Wilma/);
    assert.deepEqual(missed.buttons, []);
    const rings = browser.desktop.told().filter(({ title }) => title === 'Wilma is calling');
    assert.equal(rings.length, 3, 'each call has rung once');
  }),

  journey('a message reaches a member whose app is closed, and a tap opens the conversation', async (world) => {
    const { email, member } = await world.newMember(100);
    const grace = await world.person('grace@demo.test');
    const browser = await world.ownBrowser('member');
    const [page] = browser.context.pages();
    assert.ok(page);
    await world.enter(page, 'app', email);
    await tellHere(browser, page, `${world.stack.origins.app}/you/devices`);
    await page.goto(`${world.stack.origins.app}/chats/with/${grace.id}`);
    await page.getByRole('textbox', { name: 'Your message' }).waitFor();
    const chatId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await browser.closePages();

    const device = await grace.enterChat(chatId);
    device.write('The kettle is on');
    const [notice] = await eventually('a notice', async () => browser.desktop.shown().length > 0 && browser.desktop.shown());
    assert.match(`${notice?.title} ${notice?.body}`, /Grace/);
    assert.equal((await browser.noticesOf('/')).length, 1);
    const opened = await browser.openBy(notice?.title ?? '');
    await opened.locator('.said', { hasText: 'The kettle is on' }).waitFor();
    assert.equal(new URL(opened.url()).pathname, `/chats/${chatId}`);
    device.close();

    // Whoever signs out is told nothing there any more, nor is the next person of them.
    const devices = async () => (await member.ask('GET', '/me/push-devices')).items.length;
    assert.equal(await devices(), 1);
    await opened.getByRole('link', { name: 'You', exact: true }).click();
    await opened.getByRole('button', { name: 'Sign out', exact: true }).click();
    await opened.getByLabel('Your e-mail address').waitFor();
    assert.equal(await devices(), 0);
    const subscribed = () => navigator.serviceWorker.ready.then(async (worker) => (await worker.pushManager.getSubscription()) !== null);
    assert.equal(await opened.evaluate(subscribed), false);
  }),
];
