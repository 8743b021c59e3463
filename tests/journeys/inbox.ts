/** What somebody was told: in step on two devices, caught up after a time away, and how they want to be told. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { announce, listening, miss, toldOf } from '../shots/inbox.ts';
import { eventually, journey } from './harness.ts';
import { fair } from './screens.ts';
import type { World } from './world.ts';

/** Signed in on two devices, which both listen. */
async function twoDevices(world: World) {
  const { app } = world.stack.origins;
  const { email, member } = await world.newMember(100);
  const phone = await world.signIn('app', email, { width: 360 });
  const desk = await world.signIn('app', email);
  await listening(phone, `${app}/inbox`);
  await listening(desk, `${app}/inbox`);
  return { member, phone, desk };
}

const unread = (page: Page) => page.getByRole('link', { name: /^News/ }).locator('.badge > [aria-hidden]');
/** What the inbox says of itself; the number beside its link says it too. */
const told = (page: Page, words: string) => page.locator('#content').getByText(words);
const within = async (ms: number, what: string, holds: () => Promise<unknown>): Promise<void> => {
  const began = performance.now();
  await holds();
  const took = performance.now() - began;
  assert.ok(took <= ms, `${what}: ${Math.round(took)} ms`);
};

export const inbox = [
  journey('the inbox is in step on two devices: read on one, read on the other; caught up after a time away', async (world) => {
    const { member, phone, desk } = await twoDevices(world);
    const [grace, hugo] = [await world.person('grace@demo.test'), await world.person('hugo@demo.test')];
    await miss(grace, member.id);
    await miss(hugo, member.id);
    for (const page of [phone, desk]) {
      await page.getByRole('heading', { name: '2 missed calls' }).waitFor();
      await told(page, '2 things you have not read').waitFor();
    }
    const ofHugo = (page: Page) => page.getByRole('listitem').filter({ hasText: 'Hugo rang you' });
    await ofHugo(phone).getByRole('button', { name: 'Got it' }).click();
    await within(2_000, 'it is read on the other device', async () => {
      await told(desk, '1 thing you have not read').waitFor();
      await ofHugo(desk).getByText('New', { exact: true }).waitFor({ state: 'detached' });
    });
    await unread(desk).getByText('1', { exact: true }).waitFor();

    // Away: what comes and what is read meanwhile is there afterwards.
    await desk.context().setOffline(true);
    await desk.getByText('No internet right now.').waitFor();
    await miss(hugo, member.id);
    await phone.getByRole('heading', { name: '3 missed calls' }).waitFor();
    await phone.getByRole('listitem').filter({ hasText: 'Grace rang you' }).getByRole('button', { name: 'Got it' }).click();
    await told(phone, '1 thing you have not read').waitFor();
    assert.equal(await desk.getByRole('heading', { name: '2 missed calls' }).count(), 1, 'what was there stays readable');
    await desk.context().setOffline(false);
    await desk.getByRole('heading', { name: '3 missed calls' }).waitFor();
    await told(desk, '1 thing you have not read').waitFor();
    await eventually('one is new', async () => (await desk.getByText('New', { exact: true }).count()) === 1);
  }),

  journey('all of the inbox can be marked as read, and taken back; a tap opens what a thing is about', async (world) => {
    const { member, phone, desk } = await twoDevices(world);
    const grace = await world.person('grace@demo.test');
    await miss(grace, member.id);
    await announce(world, 'members', { title: 'Singing on Sundays', body: 'Iris sings, all may join.', link: '/go/help' });
    await toldOf(member, 2);
    await told(phone, '2 things you have not read').waitFor();
    await phone.getByRole('button', { name: 'Mark all as read' }).click();
    await phone.getByText('New', { exact: true }).first().waitFor({ state: 'detached' });
    await phone.getByRole('button', { name: 'Undo' }).click();
    await told(phone, '2 things you have not read').waitFor();
    assert.equal((await member.ask('GET', '/me/notifications')).unread, 2, 'nothing was marked');
    await phone.getByRole('button', { name: 'Close' }).last().click();

    await phone.getByRole('link', { name: /Singing on Sundays/ }).click();
    await phone.waitForURL(`${world.stack.origins.app}/help`);
    await told(desk, '1 thing you have not read').waitFor();
    await desk.getByRole('link', { name: 'Call Grace back' }).click();
    await desk.waitForURL(`${world.stack.origins.app}/people/${grace.id}`);
    await unread(phone).waitFor({ state: 'detached' });

    await miss(grace, member.id);
    await phone.getByText('Grace rang you').waitFor();
    await phone.goto(`${world.stack.origins.app}/calls`);
    await phone.getByRole('heading', { name: 'Calls' }).waitFor();
    // Seen among the calls, it is no news any more: on no device.
    await eventually('it was seen', async () => (await member.ask('GET', '/me/notifications')).unread === 0);
    await unread(desk).waitFor({ state: 'detached' });
  }),

  journey('how one is told, beside the inbox: switches, quiet hours by one’s own clock, kept on all devices', async (world) => {
    const { member, phone, desk } = await twoDevices(world);
    const { app } = world.stack.origins;
    for (const page of [phone, desk]) {
      await page.goto(`${app}/you`);
      await page.getByRole('link', { name: /How we tell you/ }).click();
      await page.getByRole('heading', { name: 'What we tell you, and how' }).waitFor();
    }
    const missed = phone.getByRole('group', { name: 'You missed a call' });
    await missed.getByRole('switch', { name: 'By e-mail' }).click();
    await phone.getByRole('switch', { name: 'Keep quiet at night' }).click();
    await phone.getByLabel('From').fill('21:30');
    await phone.getByLabel('To').fill('21:30');
    await phone.getByText('Please choose two different times.').waitFor();
    await phone.getByLabel('To').fill('08:15');
    await phone.getByRole('switch', { name: /^Calls may ring at night/ }).click();
    await fair(phone, 'how one is told');
    const settings = await eventually('all is kept', async () => {
      const answer = await member.ask('GET', '/me/notification-settings');
      return answer.quiet.to === '08:15' && !answer.ringsAtNight ? answer : null;
    });
    assert.deepEqual(settings.quiet, { on: true, from: '21:30', to: '08:15' });
    const zone = await phone.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
    assert.equal(settings.timeZone, zone);
    const kind = (name: string) => settings.kinds.find((each: { kind: string }) => each.kind === name);
    assert.deepEqual([kind('call.missed').mail.on, kind('call.missed').push.on], [false, true]);
    // What can't be switched off has no switch.
    assert.equal(await phone.getByRole('group', { name: 'A sign-in on a new device' }).getByRole('switch').count(), 0);
    await desk.reload();
    assert.equal(await desk.getByLabel('From').inputValue(), '21:30');
  }),
];
