/** The way through the desk of conversations; whoever walks it says what is done at each screen. */
import { writer } from '../journeys/desk-steps.ts';
import type { Window } from '../journeys/devices.ts';
import type { World } from '../journeys/world.ts';
import { atDesk } from './portal.ts';
import { still, type Take } from './screens.ts';

const people = [
  {
    displayName: 'Wilma',
    pronunciation: 'VIL-ma',
    about: 'I used to play the organ.',
    languages: ['en', 'de'],
    skills: ['Music and singing'],
    ageBand: '75+',
  },
  { displayName: 'Karl-Heinz', languages: ['de'], skills: ['Travel and languages'], ageBand: '60-74' },
  { displayName: 'Rosa', languages: ['en'], skills: ['Nature, gardening and pets'], ageBand: '75+' },
  { displayName: 'Theodora', languages: ['en', 'fr'], ageBand: '60-74' },
];

export async function deskScreens(world: World, window: Window, take: Take): Promise<void> {
  const { app } = world.stack.origins;
  const [iris, hugo, sam, alex] = await Promise.all(['iris', 'hugo', 'sam', 'alex'].map((name) => world.person(`${name}@demo.test`)));
  if (!iris || !hugo || !sam || !alex) throw new Error('the demo people are there');
  const german = window.language === 'de';
  await alex.setSetting('chat.answerWithinMs', 600_000);
  for (const companion of [iris, hugo]) await companion.ask('POST', '/me/shift/start', {});
  const [wilma, karl, rosa, theodora] = await Promise.all(people.map((profile) => writer(world, profile, iris)));
  if (!wilma || !karl || !rosa || !theodora) throw new Error('four people write');
  await wilma.says(german ? 'Guten Morgen! Haben Sie gut geschlafen?' : 'Good morning! Did you sleep well?');
  await karl.says('Gestern waren wir am See. Das Wasser war noch kalt.');
  await rosa.says('The robins are back in my garden. Shall I tell you about them?');
  await theodora.says('Bonjour! Do you have a minute?');
  const { items } = await iris.ask('GET', '/desk-replies');
  for (const { id, own } of items) if (own) await iris.ask('DELETE', `/desk-replies/${id}`);
  await iris.ask('POST', '/desk-replies', { word: 'morning', text: 'Good morning, {name}! How did you sleep?', language: 'en' });
  await iris.ask('POST', '/desk-replies', { word: 'morgen', text: 'Guten Morgen, {name}! Haben Sie gut geschlafen?', language: 'de' });
  await iris.ask('POST', '/desk-replies', { word: 'moment', text: 'One moment please, {name}, I am right back.' });
  const notes = `/members/${wilma.member.id}/notes`;
  await iris.ask('POST', notes, { kind: 'preference', text: 'Slowly, and a little louder: her left ear is the better one.' });
  const { note } = await iris.ask('POST', notes, { kind: 'fact', text: 'Her cat is called Miro.' });
  await iris.ask('PATCH', `/notes/${note.id}`, { version: 1, text: 'Her cat is called Mirko, and is 14 years old.' });
  await iris.ask('POST', notes, { kind: 'sensitive', text: 'Lost her husband in May.' });
  await iris.ask('POST', notes, { kind: 'follow_up', text: 'How was the visit of her granddaughter?', followUpOn: '2026-11-20' });
  await iris.ask('PUT', `/members/${wilma.member.id}/handover`, {
    version: 0,
    text: 'Begin with the weather, then the garden. She likes to be asked about the organ.',
  });

  const desk = await atDesk(world, 'iris@demo.test', window);
  await desk.goto(`${app}/portal/conversations`);
  const row = (name: string) => desk.locator('.talk-row', { hasText: name }).first();
  await row('Wilma').waitFor();
  await row('Theodora').waitFor();
  await still(desk);
  await take('portal, chats', desk);

  await row('Wilma').click();
  await desk.locator('.pane .bubble').first().waitFor();
  await still(desk);
  await take('portal, chat', desk);
  const field = desk.locator('.pane textarea').first();
  await field.fill('/mo');
  await desk.locator('.slash-preview').waitFor();
  await take('portal, chat with ready replies', desk);
  await field.fill('');
  await desk.keyboard.press('Escape');

  if (window.width === undefined || window.width >= 1000) {
    for (const name of ['Karl-Heinz', 'Rosa']) await row(name).click();
    await desk.locator('.pane').nth(2).locator('.bubble').first().waitFor();
    await still(desk);
    await take('portal, three chats', desk);
    await desk.keyboard.press('Escape');
    await row('Theodora').click();
    await desk.locator('.pane').nth(3).locator('.bubble').first().waitFor();
    await still(desk);
    await take('portal, four chats', desk);
    await desk.keyboard.press('Alt+1');
    await desk.keyboard.press('Escape');
    await desk.locator('.pane.focused:focus').waitFor();
  }
  await desk.keyboard.press('i');
  await desk.locator('.member-card .kept').first().waitFor();
  await still(desk);
  await take('portal, card of a member', desk);
  const newNote = desk.locator('.note-form textarea').first();
  await newNote.fill('Card 4111 1111 1111 1111');
  await desk.keyboard.press('Control+Enter');
  await desk.locator('.note-form [class*=error]').first().waitFor();
  await take('portal, a note that is refused', desk);
  await newNote.fill('');
  await desk
    .locator('.kept-acts button', { hasText: /History|Verlauf/ })
    .first()
    .click();
  await desk.locator('.note-history li').nth(1).waitFor();
  await take('portal, history of a note', desk);
  await desk.keyboard.press('Escape');
  await desk.keyboard.press('Escape');

  await desk.goto(`${app}/portal/conversations?list=waiting&open=${wilma.chatId}*`);
  await desk.locator('.pane .bubble').first().waitFor();
  await desk.keyboard.press('t');
  await desk.locator('.colleague').nth(1).waitFor();
  await still(desk);
  await take('portal, handing on', desk);
  await desk.keyboard.press('Escape');
  await desk.getByRole('button', { name: /^(Replies|Antworten): / }).click();
  await desk.locator('.reply-row').first().waitFor();
  await take('portal, ready replies', desk);
  await desk.keyboard.press('Escape');

  await iris.ask('POST', `/desk/${rosa.chatId}/transfer`, { to: null, note: 'She wants to tell of her robins.' });
  await iris.ask('POST', `/desk/${karl.chatId}/transfer`, { to: hugo.id, note: 'Er spricht am liebsten Deutsch.' });
  await desk.goto(`${app}/portal/conversations?list=unassigned&open=${rosa.chatId}*`);
  await desk.locator('.pane-else').waitFor();
  await still(desk);
  await take('portal, a chat that nobody answers', desk);
  const hugos = await atDesk(world, 'hugo@demo.test', window);
  await hugos.goto(`${app}/portal/conversations?list=mine&open=${karl.chatId}*`);
  await hugos.locator('.pane .bubble').first().waitFor();
  await still(hugos);
  await take('portal, a chat that was handed on', hugos);
  await hugos.context().close();

  await alex.setSetting('chat.answerWithinMs', 30_000);
  await theodora.says('Are you there?');
  await desk.goto(`${app}/portal/conversations?list=overdue`);
  await desk.locator('.wait.late').first().waitFor();
  await still(desk);
  await take('portal, overdue chats', desk);
  await desk.goto(`${app}/portal/conversations?list=mine`);
  await alex.setSetting('chat.answerWithinMs', 600_000);
  await desk.context().close();
  // The next walk finds an empty desk.
  for (const { member } of [wilma, karl, rosa, theodora]) {
    await member.ask('PUT', `/me/blocks/${iris.id}`, { reason: 'other' });
    await member.ask('PUT', `/me/blocks/${hugo.id}`, { reason: 'other' });
  }
}
