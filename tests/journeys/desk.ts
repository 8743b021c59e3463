/** The desk of conversations, by keyboard alone: members write, companions answer side by side, hand on and take over. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { deskScreens } from '../shots/desk.ts';
import { sayIn, wordsIn, writer } from './desk-steps.ts';
import { eventually, journey } from './harness.ts';
import { fair } from './screens.ts';

const pressed = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
const pane = (page: Page, place: number, name: string) => page.getByRole('region', { name: `Conversation ${place}: ${name}` });

/** Goes up the list to its first row, then down until the row of somebody has the focus. */
async function toRow(page: Page, name: string): Promise<void> {
  await page.locator('.talk-row', { hasText: name }).first().waitFor();
  const passed: string[] = [];
  for (const key of ['k', 'j'])
    for (let before: string | undefined; ; ) {
      await pressed(page, key);
      const row = await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.row);
      const words = await page.evaluate(() => document.activeElement?.textContent ?? '');
      if (row !== undefined && words.includes(name)) return;
      passed.push(words);
      // The end of the list: a key more changes nothing.
      if (row === before) break;
      before = row;
    }
  throw new Error(`no key led to ${name}; they led to ${passed.join(', ')}`);
}

/** Goes round the lists until this one is shown. */
async function toList(page: Page, name: RegExp): Promise<void> {
  const shown = page.locator('.list-name[aria-pressed="true"]');
  for (let step = 0; step < 4; step += 1) {
    const words = (await shown.locator('span').first().textContent()) ?? '';
    if (name.test(words)) return;
    await pressed(page, 'Escape', 'l');
    await shown.filter({ hasNotText: words }).waitFor();
  }
  throw new Error(`no key led to the list ${name}`);
}

/** Opens a conversation from the list and waits until it can be written in. */
async function openRow(page: Page, place: number, name: string): Promise<void> {
  await toRow(page, name);
  await pressed(page, 'Enter');
  await pane(page, place, name).getByRole('textbox', { name: 'Your message' }).waitFor();
}

/** Writes in the conversation that has the focus. */
async function answer(page: Page, words: string): Promise<void> {
  await pressed(page, 'r');
  await page.locator('.pane.focused textarea:focus').waitFor();
  await page.keyboard.type(words);
  await pressed(page, 'Enter');
  await page.locator('.pane.focused .said.mine', { hasText: words }).waitFor();
}

export const desk = [
  journey('the desk with three chats by keyboard: answers side by side, a ready reply, a note, handing on, and a queue', async (world) => {
    const [grace, hugo, alex] = await Promise.all(['grace', 'hugo', 'alex'].map((name) => world.person(`${name}@demo.test`)));
    assert.ok(grace && hugo && alex);
    await alex.setSetting('chat.answerWithinMs', 600_000);
    await hugo.ask('POST', '/me/shift/start', {});
    for (const { id, own } of (await grace.ask('GET', '/desk-replies')).items) if (own) await grace.ask('DELETE', `/desk-replies/${id}`);
    await grace.ask('POST', '/desk-replies', { word: 'welcome', text: 'How lovely to hear from you, {name}!' });
    const [agnes, bruno, clara] = await Promise.all(
      ['Agnes', 'Bruno', 'Clara'].map((displayName) => writer(world, { displayName, languages: ['en'], ageBand: '75+' }, grace)),
    );
    assert.ok(agnes && bruno && clara);
    for (const [one, words] of [
      [agnes, 'My roses are out.'],
      [bruno, 'When does the bus go?'],
      [clara, 'Shall we sing tomorrow?'],
    ] as const)
      await one.says(words);

    // Who waits is counted in the title and beside the way there, before the desk is open.
    const page = await world.companion('grace@demo.test');
    await eventually('the title counts who waits', async () => /^\(\d+\) /.test(await page.title()));
    await pressed(page, 'g', 'm');
    await page.getByRole('heading', { name: 'Chats', exact: true }).waitFor();

    // Three side by side, each answered without a mouse.
    await openRow(page, 1, 'Agnes');
    await openRow(page, 2, 'Bruno');
    await openRow(page, 3, 'Clara');
    assert.equal(await page.locator('.pane').count(), 3);
    await pressed(page, 'Alt+1');
    await page.keyboard.type('/wel');
    await page.getByText('How lovely to hear from you, Agnes!').waitFor();
    await pressed(page, 'Enter');
    await eventually('the reply is in the field, and nothing was sent', async () => {
      const text = await page.locator('.pane.focused textarea').inputValue();
      return text === 'How lovely to hear from you, Agnes!';
    });
    assert.deepEqual(await wordsIn(agnes.member, agnes.chatId), ['My roses are out.']);
    await page.keyboard.type(' Which colour?');
    await pressed(page, 'Enter');
    await pane(page, 1, 'Agnes').locator('.said.mine', { hasText: 'Which colour?' }).waitFor();
    await pressed(page, 'Alt+2', 'Escape');
    await answer(page, 'At ten past nine, from the church.');
    await pressed(page, 'Alt+3');
    await page.keyboard.type('Yes, with pleasure.');
    await pressed(page, 'Enter');
    for (const [one, words] of [
      [agnes, 'How lovely to hear from you, Agnes! Which colour?'],
      [bruno, 'At ten past nine, from the church.'],
      [clara, 'Yes, with pleasure.'],
    ] as const)
      await eventually(`${words} has arrived`, async () => (await wordsIn(one.member, one.chatId)).includes(words));
    await eventually('who was answered waits no more', async () => {
      const { items } = await grace.ask('GET', '/desk?list=mine&limit=50');
      return items.find(({ chatId }: { chatId: string }) => chatId === agnes.chatId)?.waiting === null;
    });

    // A note: what is never kept is refused in a plain sentence, the rest is kept with its history.
    await pressed(page, 'Alt+1', 'Escape', 'n');
    await page.locator('.note-form textarea:focus').first().waitFor();
    await page.keyboard.type('Pays with 4111 1111 1111 1111');
    await pressed(page, 'Control+Enter');
    await page.getByText('This has what looks like a card number').waitFor();
    await pressed(page, 'Control+a');
    await page.keyboard.type('Grows roses, the yellow ones smell best.');
    await pressed(page, 'Control+Enter');
    await page.locator('.kept', { hasText: 'the yellow ones smell best' }).waitFor();
    const kept = (await grace.ask('GET', `/members/${agnes.member.id}/notes`)).items;
    assert.deepEqual(
      kept.map(({ kind, text }: { kind: string; text: string }) => [kind, text]),
      [['fact', 'Grows roses, the yellow ones smell best.']],
    );

    // Handed on with a note, by keyboard.
    await bruno.says('And back again?');
    await eventually('Bruno waits again', async () => {
      const { items } = await grace.ask('GET', '/desk?list=waiting&limit=50');
      return items.some(({ chatId }: { chatId: string }) => chatId === bruno.chatId);
    });
    await pressed(page, 'Alt+2', 'Escape', 't');
    const dialog = page.getByRole('dialog', { name: 'Hand on the conversation with Bruno' });
    const choice = dialog.getByRole('radio', { name: /Hugo/ });
    await choice.waitFor();
    await dialog.locator('input[type=radio]:focus').waitFor();
    const count = await dialog.getByRole('radio').count();
    for (let step = 0; step < count && !(await choice.isChecked()); step += 1) await pressed(page, 'ArrowDown');
    assert.ok(await choice.isChecked(), 'the arrows lead to Hugo');
    await pressed(page, 'Tab');
    await page.keyboard.type('He takes the bus back at noon.');
    await pressed(page, 'Control+Enter');
    await page.getByText('Hugo answers Bruno now.').waitFor();
    await eventually('two are left side by side', async () => (await page.locator('.pane').count()) === 2);

    // Hugo finds the note, answers, and Bruno reads it.
    const other = await world.companion('hugo@demo.test');
    await pressed(other, 'g', 'm');
    await openRow(other, 1, 'Bruno');
    await other.locator('.pane').getByText('He takes the bus back at noon.').waitFor();
    assert.equal(await other.getByText('When does the bus go?').count(), 0, 'a stand-in reads from the unanswered message on');
    await answer(other, 'At a quarter past twelve.');
    await eventually('Bruno has it', async () => (await wordsIn(bruno.member, bruno.chatId)).includes('At a quarter past twelve.'));

    // Into the queue: whoever takes it first has it, and the other is told who.
    await clara.says('Which song?');
    await eventually('Clara waits again', async () => {
      const { items } = await grace.ask('GET', '/desk?list=waiting&limit=50');
      return items.some(({ chatId }: { chatId: string }) => chatId === clara.chatId);
    });
    await grace.ask('POST', `/desk/${clara.chatId}/transfer`, { to: null, note: 'She would like to sing.' });
    for (const desk of [page, other]) {
      await toList(desk, /^Nobody’s/);
      await toRow(desk, 'Clara');
    }
    await pressed(other, 'a');
    await pane(other, 2, 'Clara').getByRole('textbox', { name: 'Your message' }).waitFor();
    await pressed(page, 'a');
    await page.getByText('Taken by Hugo.').waitFor();
    await answer(other, 'The one of the linden tree.');
    await eventually('Clara has it', async () => (await wordsIn(clara.member, clara.chatId)).includes('The one of the linden tree.'));

    // Overdue, in words, by the clock that staff set.
    await alex.setSetting('chat.answerWithinMs', 1_000);
    await agnes.says('The yellow ones!');
    await pressed(page, 'Escape', 'l', 'l');
    await page.getByRole('button', { name: /^Overdue/, pressed: true }).waitFor();
    await page
      .locator('.pane', { hasText: 'Agnes' })
      .getByText(/^Overdue by/)
      .waitFor();
    // While the focus is in the list no row moves: what is new waits until it is let in.
    const letIn = page.getByRole('button', { name: /^Show \d+ new/ });
    const row = page.locator('.talk-row', { hasText: 'Agnes' });
    await row.or(letIn).first().waitFor();
    for (let step = 0; step < 8 && (await letIn.isVisible()); step += 1) {
      const onIt = await letIn.evaluate((button) => button === document.activeElement);
      await pressed(page, onIt ? 'Enter' : 'Shift+Tab');
    }
    await row.getByText(/^Overdue by/).waitFor();
    await alex.setSetting('chat.answerWithinMs', 600_000);
    await sayIn(grace, agnes.chatId, 'I thought so!');
  }),

  journey('screens of the desk are accessible (desk, dark)', (world) =>
    deskScreens(world, { width: 1280, dark: true }, (screen, page) => fair(page, screen)),
  ),
];
