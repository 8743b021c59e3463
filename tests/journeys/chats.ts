/** What members do with messages: writing in every way, finding it again, without a network, and telling that something is wrong. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answer, connected, hangUp, over, talkedFor } from './call-steps.ts';
import { eventually, journey } from './harness.ts';

/** From home to the conversation with somebody, as it is found. */
async function writeTo(page: Page, name: string): Promise<string> {
  await page.getByRole('link', { name: new RegExp(`(Talk to|About) ${name}`) }).click();
  await page.getByRole('link', { name: `Write to ${name}` }).click();
  await page.getByRole('heading', { name, level: 1 }).waitFor();
  await page.getByRole('textbox', { name: 'Your message' }).waitFor();
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

async function write(page: Page, words: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your message' }).fill(words);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
}

const bubble = (page: Page, words: string) => page.locator('.said', { hasText: words });
const state = (page: Page, words: string) => bubble(page, words).locator('.said-state');

export const chats = [
  journey('two people chat with a photo, a voice note, a reaction and an edit; a search finds it', async (world) => {
    const { email } = await world.newMember(100);
    const grace = await world.person('grace@demo.test');
    const page = await world.signIn('app', email, { width: 360 });
    const chatId = await writeTo(page, 'Grace');
    await page.getByText('Nothing here yet. Say hello!').waitFor();
    await write(page, 'The roses in my garden are out');
    await state(page, 'The roses').getByText('Sent').waitFor();

    const device = await grace.enterChat(chatId);
    const roses = await device.message('the first message arrives', ({ kind }) => kind === 'text');
    device.send({ type: 'delivered', seq: roses.seq });
    await state(page, 'The roses').getByText('Delivered').waitFor();
    device.send({ type: 'read', seq: roses.seq });
    await state(page, 'The roses').getByText('Read').waitFor();
    device.send({ type: 'typing', typing: true });
    await page.getByText('Grace is writing…').waitFor();
    device.write('How lovely! Which colour?');
    await bubble(page, 'Which colour?').waitFor();
    await device.event('it was seen', (event) => event.type === 'read' && event.by !== grace.id);

    await bubble(page, 'Which colour?').getByRole('button', { name: 'More about this message' }).click();
    await page.getByRole('button', { name: 'Lovely' }).click();
    await page.getByText('You: Lovely').waitFor();
    await device.event('the reaction arrives', (event) => event.type === 'reaction' && event.emoji === '❤️');
    device.send({ type: 'reaction.set', messageId: roses.id, emoji: '👍' });
    await page.getByText('Grace: Good').waitFor();

    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.locator('input[type=file]').first().setInputFiles('web/app/public/icons/512.png');
    await page.getByLabel(/What is to be seen/).fill('A lamp in a window');
    await page.getByLabel(/A few words with it/).fill('Red ones');
    await page.getByRole('button', { name: 'Send the photo' }).click();
    const photo = page.getByRole('img', { name: 'A lamp in a window' });
    await photo.waitFor();
    await eventually('the photo is shown', () =>
      photo.evaluate((image) => image instanceof HTMLImageElement && image.complete && image.naturalWidth > 0),
    );
    const sent = await device.message('the photo arrives', ({ kind }) => kind === 'image');
    assert.deepEqual(sent.kind === 'image' && [sent.body?.alt, sent.body?.caption], ['A lamp in a window', 'Red ones']);

    await page.getByRole('button', { name: 'Voice note' }).click();
    await page.getByText('We are listening. Speak now.').waitFor();
    await page.getByTestId('recording-time').getByText('0:01').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Send the voice note' }).click();
    const note = await device.message('the voice note arrives', ({ kind }) => kind === 'voice');
    assert.ok((note.media?.durationMs ?? 0) >= 1_000, 'it lasts as long as was spoken');
    const player = page.getByRole('group', { name: /^Voice note, / });
    await player.getByLabel('Speed').selectOption('2');
    await player.getByRole('button', { name: 'Play' }).click();
    await eventually('it is heard, twice as fast', () =>
      page.evaluate(() => {
        const audio = document.querySelector('.timeline audio');
        return audio instanceof HTMLAudioElement && audio.playbackRate === 2 && audio.currentTime > 0;
      }),
    );

    await bubble(page, 'The roses').getByRole('button', { name: 'More about this message' }).click();
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    const field = page.getByRole('textbox', { name: 'Your message' });
    await eventually('its words are in the field', async () => (await field.inputValue()) === 'The roses in my garden are out');
    await field.fill('The tulips in my garden are out');
    await page.getByRole('button', { name: 'Save the change' }).click();
    await state(page, 'The tulips').getByText('changed').waitFor();
    await device.event('the edit arrives', (event) => event.type === 'edited' && event.body.text.startsWith('The tulips'));

    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('searchbox').fill('tul');
    await eventually('what was changed is found by its new words', async () => {
      await page.getByRole('searchbox').press('Enter');
      return page
        .getByText('1 message found')
        .waitFor({ timeout: 5_000 })
        .then(
          () => true,
          () =>
            page
              .getByRole('searchbox')
              .fill('tuli')
              .then(() => false),
        );
    });
    await page.locator('.hit').click();
    await page.locator('li.found', { hasText: 'The tulips' }).waitFor();

    device.write('See you tomorrow');
    await page.getByRole('link', { name: 'All messages' }).click();
    await page.locator('.chat-line', { hasText: 'See you tomorrow' }).waitFor();
    device.close();
  }),

  journey('a draft, a favourite and a pin are where they were left; unread messages are counted on every screen', async (world) => {
    const { email } = await world.newMember(0);
    const grace = await world.person('grace@demo.test');
    const page = await world.signIn('app', email, { width: 360 });
    const chatId = await writeTo(page, 'Grace');
    await page.getByRole('textbox', { name: 'Your message' }).fill('Dear Grace, I wanted to');
    await page.reload();
    await page.getByRole('textbox', { name: 'Your message' }).waitFor();
    assert.equal(await page.getByRole('textbox', { name: 'Your message' }).inputValue(), 'Dear Grace, I wanted to');
    await page.goto(`${world.stack.origins.app}/wallet`);
    const device = await grace.enterChat(chatId);
    device.write('Are you well?');
    device.write('I think of you.');
    await page.locator('.nav .badge', { hasText: '2' }).waitFor();
    await page.getByRole('link', { name: /Messages/ }).click();
    const line = page.locator('.chat-line', { hasText: 'Grace' });
    await line.getByText('2 new messages').waitFor();
    await line.getByText('You began to write: Dear Grace, I wanted to').waitFor();
    await line.getByRole('button', { name: /Keep at the top/ }).click();
    await line.getByText(/· At the top/).waitFor();
    await line.getByRole('link').click();
    await page.getByText('New messages', { exact: true }).waitFor();
    await bubble(page, 'I think of you.').getByRole('button', { name: 'More about this message' }).click();
    await page.getByRole('button', { name: 'Add to favourites' }).click();
    await state(page, 'I think of you.').getByText('Favourite').waitFor();
    await device.event('both were seen', (event) => event.type === 'read' && event.upTo >= (device.messages.at(-1)?.seq ?? 0));
    await page.getByRole('link', { name: 'All messages' }).click();
    await page.locator('.nav .badge').waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Favourite messages' }).click();
    await page.getByText('Only you see which ones they are.').waitFor();
    await page.getByRole('link', { name: /I think of you\./ }).click();
    await page.locator('li.found', { hasText: 'I think of you.' }).waitFor();
    device.close();
  }),

  journey(
    'a while without a network: what was written then arrives once, also through a reload, and what was said meanwhile is there',
    async (world) => {
      const { email } = await world.newMember(0);
      const grace = await world.person('grace@demo.test');
      const page = await world.signIn('app', email, { width: 360, keepsApp: true });
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      const chatId = await writeTo(page, 'Grace');
      const device = await grace.enterChat(chatId);
      await write(page, 'Before');
      await device.message('it is connected', ({ body }) => body !== null && 'text' in body && body.text === 'Before');

      await page.context().setOffline(true);
      await page.getByText('No connection. What you write is kept').waitFor();
      await write(page, 'Written in between');
      await state(page, 'Written in between').getByText('Waiting for a connection').waitFor();
      device.write('Said meanwhile');
      await device.message('it is stored', ({ body }) => body !== null && 'text' in body && body.text === 'Said meanwhile');
      assert.equal(await bubble(page, 'Said meanwhile').count(), 0);
      await page.context().setOffline(false);
      await page.reload();
      await state(page, 'Written in between').getByText('Sent').waitFor();
      await bubble(page, 'Said meanwhile').waitFor();

      await page.context().setOffline(true);
      await page.getByText('No connection. What you write is kept').waitFor();
      await write(page, 'And once more');
      await page.context().setOffline(false);
      await state(page, 'And once more').getByText('Sent').waitFor();
      const words = (await page.locator('.said .words').allTextContents()).map((text) => text.trim());
      assert.deepEqual(words, ['Before', 'Said meanwhile', 'Written in between', 'And once more']);
      assert.deepEqual(
        device.messages.map(({ body }) => body && 'text' in body && body.text),
        words,
        'both have the same, each once',
      );
      device.close();
    },
  ),

  journey('a call stands as a card in the conversation, and one tap on it calls again', async (world) => {
    const companion = await world.companion('grace@demo.test');
    const { email } = await world.newMember(200);
    const page = await world.signIn('app', email, { width: 360 });
    await writeTo(page, 'Grace');
    const chat = page.url();
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await companion.getByRole('alertdialog').waitFor();
    await page.getByRole('button', { name: 'Stop calling' }).click();
    await over(page, 'You stopped calling.');
    await page.goto(chat);
    await page.getByText('Grace did not answer').waitFor();
    await page.getByRole('button', { name: 'Call Grace again' }).click();
    await answer(companion);
    await connected(page);
    await talkedFor(page, 6);
    await hangUp(page);
    await over(page, 'The call was ended.');
    await page.goto(chat);
    const card = page.locator('.card', { hasText: 'Voice call' });
    await card.getByText(/It cost you \d+ coins\./).waitFor();
    await card.getByRole('button', { name: 'Call Grace again' }).waitFor();
  }),

  journey('two taps report a conversation; a message is deleted, and kept from it', async (world) => {
    const { email, member } = await world.newMember(0);
    const sam = await world.person('sam@demo.test');
    const page = await world.signIn('app', email, { width: 360 });
    const chatId = await writeTo(page, 'Grace');
    await write(page, 'One too many');
    await state(page, 'One too many').getByText('Sent').waitFor();
    await page.getByRole('button', { name: 'Report' }).click();
    await page.getByRole('button', { name: 'Asked me for money or details' }).click();
    await page.getByText('Thank you. A person of our team looks at it.').waitFor();
    const { items } = await sam.ask('GET', '/admin/cases?source=report');
    const mine = items.filter(
      (each: { chatId: string; raisedBy: { id: string } }) => each.chatId === chatId && each.raisedBy.id === member.id,
    );
    assert.deepEqual(
      mine.map(({ reason }: { reason: string }) => reason),
      ['asked_for_money'],
    );
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();

    const remove = async (): Promise<void> => {
      await bubble(page, 'One too many').getByRole('button', { name: 'More about this message' }).click();
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await page.getByText('This message will be deleted for both of you in ten seconds.').waitFor();
    };
    await remove();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('This message will be deleted').waitFor({ state: 'detached' });
    await remove();
    await page.getByText('This message was deleted.').waitFor();
  }),
];
