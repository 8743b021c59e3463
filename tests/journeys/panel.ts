/** What staff do in the panel, and what members then find. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import type { TariffTerms } from '../../worker/protocol/http/tariffs.ts';
import { panelScreens } from '../shots/panel.ts';
import { answer, connected, hangUp, over, quickTariff, ring, settledCall, talkedFor } from './call-steps.ts';
import { eventually, journey } from './harness.ts';
import type { Person } from './person.ts';
import { fair } from './screens.ts';
import type { World } from './world.ts';

/** More exact than the other journeys' tariffs, so that it holds for its own calls whatever else is in force. */
const terms: TariffTerms = {
  ...quickTariff,
  name: 'Tariff of the panel journey',
  match: { kind: 'direct', media: 'audio', payerRole: 'member', payeeRole: 'companion', direction: 'member_to_companion' },
};

const go = (page: Page, section: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: section }).click();

async function paidAmounts(person: Person): Promise<number[]> {
  const { id } = await settledCall(person);
  const { checkpoints } = await person.receipt(id);
  return [...new Set(checkpoints.filter(({ party }) => party === 'payer').map(({ amount }) => amount))];
}

async function publishing(world: World): Promise<void> {
  const alex = await world.person('alex@demo.test');
  const { tariff } = await alex.ask('POST', '/admin/tariffs', terms);
  await alex.ask('POST', `/admin/tariffs/${tariff.id}/publish`, {});
  // The call goes on for as long as staff take.
  const { email, member } = await world.newMember(3_000);
  const companion = await world.companion('grace@demo.test');
  const first = await world.signIn('app', email);
  await ring(first, 'Grace');
  await answer(companion);
  await connected(first, companion);

  const staff = await world.signIn('panel', 'alex@demo.test');
  await staff.getByRole('heading', { name: 'Calls now' }).waitFor();
  await staff.getByRole('row', { name: /Talking.*Grace/ }).waitFor();
  await go(staff, 'Tariffs');
  await staff.getByRole('link', { name: terms.name }).click();
  await staff.getByRole('link', { name: /Draft the next version/ }).click();
  await staff.getByLabel('Payer, checkpoint 1: amount').fill('7');
  await staff.getByLabel('… this many coins').fill('7');
  await staff.getByRole('row', { name: /Payer, then 5 coins every 2 seconds 7 coins every 2 seconds/ }).waitFor();
  // 0, 2, …, 20 s: eleven checkpoints of 7 instead of 5.
  await staff.getByRole('row', { name: '0:20 77 (+22)' }).waitFor();
  await staff.getByRole('button', { name: 'Save the draft' }).click();
  await staff.getByRole('heading', { name: /version 2 Draft/ }).waitFor();
  await staff.getByRole('button', { name: 'Replay' }).click();
  await staff.getByText(/connected calls; the tariff would apply/).waitFor();
  await staff.getByRole('button', { name: 'Publish' }).click();
  const dialog = staff.getByRole('dialog');
  await dialog.getByText('7 coins every 2 seconds').waitFor();
  await dialog.getByRole('button', { name: 'Publish' }).click();
  await staff.getByText('version 2, is in force for new calls.').waitFor();
  await staff.getByRole('heading', { name: /version 2 In force/ }).waitFor();

  const before = (await first.getByTestId('call-time').textContent()) ?? '0:00';
  const [minutes = 0, seconds = 0] = before.split(':').map(Number);
  await talkedFor(first, minutes * 60 + seconds + 5);
  await hangUp(first);
  await over(first, 'The call was ended.');
  await over(companion, 'The call was ended.');
  assert.deepEqual(await paidAmounts(member), [5], 'the running call kept its tariff');

  const next = await world.newMember(300);
  const second = await world.signIn('app', next.email);
  const other = await world.companion('hugo@demo.test');
  await ring(second, 'Hugo');
  await answer(other);
  await connected(second, other);
  await talkedFor(second, 3);
  await hangUp(second);
  await over(second, 'The call was ended.');
  assert.deepEqual(await paidAmounts(next.member), [7], 'the next call follows the new version');

  await staff.getByRole('button', { name: 'Retire' }).click();
  assert.ok(await dialog.getByRole('button', { name: 'Retire' }).isDisabled(), 'a tariff is not retired by one click');
  await dialog.getByLabel(/Type the name/).fill(terms.name);
  await dialog.getByRole('button', { name: 'Retire' }).click();
  await staff.getByText('version 2, is out of force.').waitFor();
  await staff.getByRole('button', { name: 'Undo' }).click();
  await staff.getByText('in force again as version 3.').waitFor();
  await staff.getByRole('heading', { name: /version 3 In force/ }).waitFor();
  await staff.getByRole('button', { name: 'Retire' }).click();
  await dialog.getByLabel(/Type the name/).fill(terms.name);
  await dialog.getByRole('button', { name: 'Retire' }).click();
  await staff.getByText('version 3, is out of force.').waitFor();
}

async function secondPerson(world: World): Promise<void> {
  const { email, member } = await world.newMember(120);
  const alex = await world.signIn('panel', 'alex@demo.test');
  await go(alex, 'People');
  await alex.getByLabel('Search').fill(email);
  await alex
    .getByRole('row', { name: new RegExp(email) })
    .getByRole('link')
    .click();
  await alex.getByRole('link', { name: 'Money' }).click();
  await alex.getByRole('button', { name: 'Adjust' }).click();
  const dialog = alex.getByRole('dialog');
  await dialog.getByLabel(/Change, with/).fill('30');
  await dialog.getByLabel('Reason').fill('For the wrong person');
  await dialog.getByRole('button', { name: 'Adjust now' }).click();
  await alex.getByText('Done: +30 Coins.').waitFor();
  await eventually('30 more', async () => (await member.balance('COIN')) === 150);
  await alex.getByRole('button', { name: 'Undo' }).click();
  await alex.getByText('Taken back: −30 Coins.').waitFor();
  await eventually('the opposite was posted', async () => (await member.balance('COIN')) === 120);
  await alex.getByRole('row', { name: /Adjusted by staff −30 120/ }).waitFor();
  await alex.getByRole('button', { name: 'Adjust' }).click();
  await dialog.getByLabel(/Change, with/).fill('-500');
  await dialog.getByText('The balance does not have that much.').waitFor();
  await dialog.getByLabel(/Change, with/).fill('5000');
  await dialog.getByText('Coins: 120 → 5,120').waitFor();
  await dialog.getByLabel('Reason').fill('Prize of the summer raffle');
  const ask = dialog.getByRole('button', { name: 'Ask a second person' });
  assert.ok(await ask.isDisabled(), 'above the limit the amount is typed again');
  await fair(alex, 'adjustment above the limit');
  await dialog.getByLabel('Type 5000 again').fill('5000');
  await ask.click();
  await alex.getByText('It waits for a second person').waitFor();
  assert.equal(await member.balance('COIN'), 120, 'nothing has moved');

  await go(alex, 'Approvals');
  await alex.getByRole('row', { name: /Prize of the summer raffle.*Yours: somebody else decides/ }).waitFor();
  assert.equal(await alex.getByRole('button', { name: /^Approve/ }).count(), 0, 'no button that the server would refuse');

  const root = await world.signIn('panel', 'root@demo.test');
  await go(root, 'Approvals');
  await root.getByRole('button', { name: /^Approve \+5,000/ }).click();
  await root.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
  await root.getByText('Nothing waits for a second person.').waitFor();
  await eventually('the coins are there', async () => (await member.balance('COIN')) === 5120);
  await go(root, 'Audit');
  await root.getByText('decided an adjustment').first().click();
  await root.getByRole('row', { name: /state waiting approved/ }).waitFor();
  await fair(root, 'audit, opened');
}

/** Rings somebody over HTTP: for the board a call is a call. */
async function placed(world: World, companion: string): Promise<{ by: Person; id: string }> {
  const { member: by } = await world.newMember(100);
  const { id: calleeId } = await world.person(companion);
  const { call } = await by.ask('POST', '/calls', { calleeId, media: 'video' });
  return { by, id: call.id };
}

async function onTheBoard(world: World): Promise<void> {
  const sam = await world.signIn('panel', 'sam@demo.test');
  await sam.getByText('Nobody is calling anybody right now.').waitFor();
  const first = await placed(world, 'grace@demo.test');
  const rows = sam.locator('tbody tr');
  await rows.filter({ hasText: 'Grace' }).waitFor();
  await rows.first().hover();
  const second = await placed(world, 'hugo@demo.test');
  await sam.getByRole('button', { name: '1 new: show' }).waitFor();
  assert.equal(await rows.count(), 1, 'nothing moves under the pointer');
  assert.match(await sam.title(), /^\(1\)/, 'the tab tells of it');
  await sam.getByRole('heading', { name: 'Calls now' }).hover();
  await sam.getByRole('button', { name: '1 new: show' }).click();
  await rows.filter({ hasText: 'Hugo' }).waitFor();
  await sam.getByRole('link', { name: /with Grace/ }).click();
  await sam.getByRole('heading', { name: /Grace/ }).waitFor();
  await sam.getByText('Ringing').first().waitFor();
  await sam.keyboard.press('ArrowLeft');
  await sam.getByRole('slider', { name: 'Moment of the call' }).waitFor();
  await sam.keyboard.press('e');
  const dialog = sam.getByRole('dialog');
  const stop = dialog.getByRole('button', { name: 'Stop this call' });
  assert.ok(await stop.isDisabled(), 'not without a reason');
  await dialog.getByLabel('Reason').fill('Asked for by the police');
  await fair(sam, 'stopping a call');
  await stop.click();
  await sam.getByText('Stopped by staff').waitFor();
  assert.equal((await settledCall(first.by)).endReason, 'moderated');
  await second.by.ask('POST', `/calls/${second.id}/end`, {});
}

async function byKeyboard(world: World): Promise<void> {
  const page = await world.signIn('panel', 'sam@demo.test');
  await page.getByRole('heading', { name: 'Calls now' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Audit' }).count(), 0, 'no way to what the server would refuse');
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await page.getByRole('heading', { name: 'People' }).waitFor();
  await page.getByRole('row', { name: /Grace/ }).waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Summary' }).waitFor();
  await page.getByText('Your account may not see private data.').waitFor();
  assert.equal(await page.getByRole('link', { name: 'Audit' }).count(), 0, 'a supervisor has no audit');
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { name: 'People' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('g t?');
  assert.equal(await page.getByLabel('Search').inputValue(), 'g t?', 'no shortcut fires while somebody types');
  await page.getByLabel('Search').blur();
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('Next row').waitFor();
  await fair(page, 'cheat sheet');
  await page.getByRole('dialog').getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'A command, a name, an id' }).waitFor();
  assert.match(page.url(), /\/people/, 'switched off, letters do nothing');
  await page.keyboard.type('grace');
  await page.getByRole('option', { name: /Grace/ }).waitFor();
  await fair(page, 'palette');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Grace' }).waitFor();
}

async function tables(world: World): Promise<void> {
  const page = await world.signIn('panel', 'alex@demo.test');
  await go(page, 'People');
  await page.getByLabel('Search').fill('Grace');
  await page.getByRole('button', { name: '1 row as CSV' }).waitFor();
  const columns = page.locator('summary', { hasText: 'Columns' });
  await columns.focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Phone').focus();
  await page.keyboard.press('Space');
  await page.getByLabel('Id', { exact: true }).check();
  await page.getByRole('columnheader', { name: 'Phone' }).waitFor({ state: 'detached' });
  await fair(page, 'columns of a table');
  await page.keyboard.press('Escape');
  await page.getByLabel('Pays by').waitFor({ state: 'hidden' });
  await page.reload();
  await page.getByRole('columnheader', { name: 'Id', exact: true }).waitFor();
  assert.equal(await page.getByRole('columnheader', { name: 'Phone' }).count(), 0, 'kept for who chose it');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '1 row as CSV' }).click()]);
  assert.match(file.suggestedFilename(), /^hearthline-people-\d{4}-\d\d-\d\d\.csv$/);
  const grace = await world.person('grace@demo.test');
  const [titles, row] = (await readFile(await file.path(), 'utf8')).slice(1).split('\r\n');
  assert.equal(titles, 'Name,Id,Role,E-mail,Pays by,Since');
  assert.ok(row?.startsWith(`Grace,${grace.id},Companion,grace@demo.test,,2`), row ?? 'no row');
}

async function outOfReach(world: World): Promise<void> {
  const page = await world.signIn('panel', 'sam@demo.test');
  await page.getByText(/^\d+ calls?$/).waitFor();
  await page.context().setOffline(true);
  await page.getByText(/What you see is \d+ seconds? old/).waitFor();
  await fair(page, 'out of reach');
  await page.context().setOffline(false);
  await page.getByText('The server can’t be reached.').waitFor({ state: 'detached' });
}

export const panel = [
  journey('panel: staff draft, preview and publish a tariff: the running call keeps its own, the next call uses it', publishing),
  journey('panel: an adjustment above the limit waits for a second admin', secondPerson),
  journey('the panel’s board stays still under the pointer; a call is stopped with a reason', onTheBoard),
  journey('the panel by keyboard alone', byKeyboard),
  journey('a table of the panel shows the columns somebody chose, and saves them as CSV', tables),
  journey('the panel says when the server is out of reach, and how old its data is', outOfReach),
  journey('screens of the panel are accessible (desk, dark)', (world) =>
    panelScreens(world, { width: 1280, dark: true }, (screen, page) => fair(page, screen)),
  ),
];
