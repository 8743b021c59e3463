/** The way through the pages of notices in the staff panel: words, what left the app, and what was given up. */
import type { Page } from 'playwright-core';
import type { DeadLetter } from '../../worker/protocol/http/notifications.ts';
import type { UserId } from '../../worker/protocol/ids.ts';
import { eventually } from '../journeys/harness.ts';
import type { Person } from '../journeys/person.ts';
import type { World } from '../journeys/world.ts';
import type { Take } from './screens.ts';

const base = '/admin/notification-templates';
const texts = {
  en: { title: '{{name}} rang you', body: 'It was {{at}}. Tap to call back.' },
  de: { title: '{{name}} hat angerufen', body: 'Das war {{at}}. Tippen Sie, um zurückzurufen.' },
};

/** What a queue gives up only after a quarter of an hour of vain attempts. */
const givenUp = (userId: string): DeadLetter[] => {
  const at = '2026-11-25T14:10:00.000Z';
  const letter = { at, userId: userId as UserId, notificationId: null, reason: 'sendgrid_503', replays: 0, replayedAt: null };
  return [
    { ...letter, id: 'one', kind: 'climb', replayable: true, replays: 1, replayedAt: at },
    { ...letter, id: 'two', kind: 'otp', replayable: false, userId: null, reason: 'given_up' },
  ];
};

/** Shows a page at an address, once what it names stands there. */
type Shown = (screen: string, path: string, shows?: string) => Promise<void>;

/** A person whose code came back as a mail, and who left all lists: what staff can take back, and what not. */
export async function mailScreens(world: World, address: string, path: string, page: Page, shown: Shown, take: Take): Promise<void> {
  const sandbox = `${world.stack.origins.sandbox}/api`;
  await world.person(address);
  const mails = async (): Promise<readonly { id: string }[]> => {
    const answer = await fetch(`${sandbox}/messages?to=${encodeURIComponent(address)}`);
    return ((await answer.json()) as { items: { id: string }[] }).items;
  };
  await eventually('the code of their sign-in is sent', async () => (await mails()).length > 0);
  const [mail] = await mails();
  for (const event of ['unsubscribe', 'bounce'])
    await fetch(`${sandbox}/mail-events`, { method: 'POST', body: JSON.stringify({ message: mail?.id, event }) });
  const lift = page.locator('.card .act');
  await shown('person, mail came back', path, '.card .act');
  await lift.click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('textarea').fill('They have a mailbox again, says their call of today.');
  await take('panel, person, lifting', page);
  await dialog.locator('.go').click();
  await lift.waitFor({ state: 'detached' });
  await take('panel, person, lifted', page);
}

export async function noticeScreens(alex: Person, page: Page, shown: Shown, take: Take): Promise<void> {
  const dialog = page.getByRole('dialog');
  await shown('words', '/notices', 'tbody tr');
  const { template } = await alex.ask('POST', base, { kind: 'call.missed', channel: 'push', texts });
  await shown('words, one', '/notices/words/call.missed_digest.mail', 'iframe.mail-body');
  await page.locator('.mail-seen figcaption .act').first().click();
  await page.locator('pre.mail-body').waitFor();
  await take('panel, words, as text', page);
  await shown('words, code by SMS', '/notices/words/otp.sms', '.bubble');
  await shown('words, draft', `/notices/words/call.missed.push?version=${template.version}`, '.notice-card');
  await page.locator('.head .go').click();
  await dialog.locator('.diff').waitFor();
  await take('panel, words, publishing', page);
  await dialog.locator('.go').click();
  await page.locator('.done button').waitFor();
  await take('panel, words, published', page);
  await page.locator('.done button').click();
  await page.getByRole('heading', { level: 1 }).locator('.published').waitFor();
  await shown('words, editor', '/notices/words/call.missed_digest.mail/edit', 'iframe.mail-body');
  await page.locator('fieldset input.field').first().fill('You missed {{nmae}}');
  await page.locator('[aria-invalid="true"]').first().waitFor();
  await take('panel, words, editor, refused', page);
  await shown('words, in the app', '/notices/words/security.sign_in.in_app', '.notice-card');
  const news = { audience: 'companions', title: 'A piano', body: 'On Monday at three, Iris plays the piano.' };
  await alex.ask('POST', '/admin/announcements', news, 'of the pictures');
  await eventually('the news have left the app', async () => (await alex.ask('GET', '/admin/notifications?limit=5')).items.length >= 3);
  await shown('deliveries', '/notices/deliveries', 'tbody tr');
  await shown('given up, nothing', '/notices/dead');
  await page.route('**/api/v1/admin/notifications/dead*', (route) =>
    route.fulfill({ json: { items: givenUp(alex.id), nextCursor: null } }),
  );
  await shown('given up', '/notices/dead', 'tbody tr');
  await page.locator('tbody .act').first().click();
  await dialog.waitFor();
  await take('panel, given up, putting back', page);
  await page.unroute('**/api/v1/admin/notifications/dead*');
}
