/** The way through every screen of members' conversations; whoever walks it says what is done at each. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { Window } from '../journeys/devices.ts';
import type { Person } from '../journeys/person.ts';
import type { World } from '../journeys/world.ts';
import { still, type Take } from './screens.ts';

const picture = 'web/app/public/icons/512.png';

/** Somebody sends a photo over HTTP, as an app does. */
async function sendPhoto(world: World, person: Person, chatId: string, alt: string): Promise<void> {
  const bytes = readFileSync(picture);
  const { mediaId, upload } = await person.ask('POST', `/chats/${chatId}/media`, { kind: 'image', type: 'image/png', bytes: bytes.length });
  await fetch(new URL(upload.url, world.stack.origins.api), { method: 'PUT', body: bytes, headers: { 'Content-Type': upload.type } });
  const clientId = crypto.randomUUID();
  await person.ask('POST', `/chats/${chatId}/messages`, { clientId, kind: 'image', body: { mediaId, alt } }, clientId);
}

async function inChat(page: Page): Promise<void> {
  await page.locator('.composer').waitFor();
  await still(page);
}

export async function chatScreens(world: World, window: Window, take: Take): Promise<void> {
  const { app } = world.stack.origins;
  const { email, member } = await world.newMember(500);
  await member.ask('PATCH', '/me', { public: { displayName: 'Wilma' } });
  const [grace, hugo, staff] = await Promise.all(['grace', 'hugo', 'alex'].map((name) => world.person(`${name}@demo.test`)));
  if (!grace || !hugo || !staff) throw new Error('the people of the demo are there');
  const page = await world.signIn('app', email, window);
  await page.goto(`${app}/chats`);
  await page.locator('main .empty').waitFor();
  await still(page);
  await take('messages, none', page);

  await page.goto(`${app}/chats/with/${grace.id}`);
  await inChat(page);
  await take('conversation, empty', page);
  const chatId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  // Elsewhere, so that what is written meanwhile is unread.
  await page.goto(`${app}/help`);

  const mine = await member.enterChat(chatId);
  mine.write('Dear Grace, the roses in my garden are out at last.');
  const roses = await mine.message('the roses', ({ kind }) => kind === 'text');
  const theirs = await grace.enterChat(chatId);
  const reply = {
    clientId: crypto.randomUUID(),
    kind: 'text',
    body: { text: 'How lovely! Which colour are they?' },
    replyTo: roses.id,
  } as const;
  theirs.send({ type: 'message.send', message: reply });
  theirs.send({ type: 'reaction.set', messageId: roses.id, emoji: '❤️' });
  theirs.send({ type: 'read', seq: roses.seq });
  await sendPhoto(world, member, chatId, 'A lamp in a window');
  await staff.setSetting('media.autoPass', false);
  await sendPhoto(world, grace, chatId, 'The same lamp');
  await staff.setSetting('media.autoPass', true);
  theirs.write('This is my lamp. Do you like it?');
  await mine.message('the question', ({ body }) => body !== null && 'text' in body && body.text.startsWith('This is my lamp'));

  const { chat } = await member.ask('POST', '/chats', { peerId: hugo.id });
  const atHugos = await hugo.enterChat(chat.id);
  atHugos.write('Good evening! Shall we go on with our game?');
  await atHugos.message('it is stored', () => true);
  await member.ask('PATCH', `/chats/${chatId}`, { pinned: true });
  await member.ask('PATCH', `/chats/${chat.id}`, { draft: 'Dear Hugo, I would love to' });
  await member.ask('PUT', `/chats/${chatId}/messages/${roses.id}/favourite`);
  await page.goto(`${app}/chats`);
  await page.locator('.chat-unread').nth(1).waitFor();
  await still(page);
  await take('messages', page);
  await page.goto(`${app}/chats/favourites`);
  await page.locator('main .rows').waitFor();
  await still(page);
  await take('favourite messages', page);

  await page.goto(`${app}/chats/${chatId}`);
  await inChat(page);
  await page.locator('.unread-line').waitFor();
  await take('conversation', page);
  await page.locator('.timeline').evaluate((timeline) => {
    timeline.scrollTop = -timeline.scrollHeight;
  });
  await page.locator('.quote').waitFor();
  await take('conversation, its beginning', page);
  await page.locator('.said-more').first().click();
  await page.locator('.said-acts').waitFor();
  await take('conversation, a message opened', page);
  await page.locator('.said-acts .acts button').first().click();
  await page.locator('.composing').waitFor();
  await take('conversation, replying', page);
  await page.locator('.composing button').click();

  await page.locator('.chat-ways button').nth(1).click();
  await page.locator('input[type=search]').fill('lam');
  await page.locator('input[type=search]').press('Enter');
  await page.locator('.hit').first().waitFor();
  await still(page);
  await take('conversation, searching', page);
  await page.locator('.chat-ways button').nth(1).click();
  await page.locator('.chat-ways button').nth(2).click();
  await page.getByRole('dialog').waitFor();
  await take('conversation, reporting', page);
  await page.getByRole('dialog').locator('.acts button').last().click();
  await page.getByRole('dialog').locator('strong').waitFor();
  await take('conversation, reported', page);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.locator('.composer-acts button').nth(1).click();
  await page.getByTestId('recording-time').getByText('0:01').waitFor();
  await take('conversation, speaking', page);
  await page.locator('.attached button').first().click();
  await page.locator('.attached .voice').waitFor();
  await take('conversation, what was spoken', page);
  await page.locator('.attached .row button').first().click();
  await page.locator('.timeline .voice').waitFor();
  await take('conversation, a voice note', page);
  await page.locator('.composer-acts button').first().click();
  await page.locator('.attached button').first().waitFor();
  await take('conversation, adding something', page);
  await page.locator('input[type=file]').first().setInputFiles(picture);
  await page.locator('.attached-picture').waitFor();
  await still(page);
  await take('conversation, a photo chosen', page);
  await page.locator('.attached .row button').last().click();

  await page.context().setOffline(true);
  await page.locator('.conversation-notes .note').waitFor();
  await page.locator('.composer textarea').fill('This goes out later');
  await page.locator('.composer-send').click();
  await page.locator('.unsent').waitFor();
  await take('conversation, no network', page);
  await page.context().setOffline(false);
  await page.locator('.unsent').waitFor({ state: 'detached' });

  await member.ask('PATCH', '/me', { comfort: { textSize: 200 } });
  await page.reload();
  await inChat(page);
  await take('conversation, 200 per cent', page);
  await page.goto(`${app}/chats?q=lamp`);
  await page.locator('main .rows').first().waitFor();
  await still(page);
  await take('messages, found, 200 per cent', page);
  await member.ask('PATCH', '/me', { comfort: { textSize: 125, contrast: 'high' } });
  await page.goto(`${app}/chats/${chatId}`);
  await inChat(page);
  await take('conversation, strong contrast', page);

  await grace.ask('PUT', `/me/blocks/${member.id}`, { reason: 'other' });
  await page.locator('.composer').waitFor({ state: 'detached' });
  await take('conversation, closed', page);
  await grace.ask('DELETE', `/me/blocks/${member.id}`);
  for (const device of [mine, theirs, atHugos]) device.close();
  await page.context().close();
}
