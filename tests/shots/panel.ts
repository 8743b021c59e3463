/** The way through every screen of the staff panel; whoever walks it says what is done at each. */
import type { Page } from 'playwright-core';
import type { TariffTerms } from '../../worker/protocol/http/tariffs.ts';
import type { Window } from '../journeys/devices.ts';
import type { Person } from '../journeys/person.ts';
import type { World } from '../journeys/world.ts';
import { mailScreens, noticeScreens } from './notices.ts';
import { still, type Take } from './screens.ts';

/** The panel with this person signed in, without the way through the door. */
export async function atPanel(world: World, email: string, window: Window): Promise<Page> {
  const page = await world.page(email, window);
  const origin = world.stack.origins.panel;
  const ask = async (path: string, data: object) => {
    const answer = await page.request.post(`${origin}/api/v1${path}`, { data, headers: { Origin: origin, 'X-Hearthline-App': 'panel' } });
    return answer.json();
  };
  const { challengeId, devCode } = await ask('/auth/otp/start', { email });
  await ask('/auth/otp/verify', { challengeId, code: devCode, app: 'panel' });
  await page.goto(`${origin}/`);
  await page.locator('.frame').waitFor();
  return page;
}

/** Rings somebody over HTTP: for the board a call is a call. The answer ends it. */
async function rung(world: World, companion: string, name: string): Promise<() => Promise<void>> {
  const { member } = await world.newMember(100);
  await member.ask('PATCH', '/me', { public: { displayName: name } });
  const { id: calleeId } = await world.person(companion);
  const { call } = await member.ask('POST', '/calls', { calleeId, media: 'video' });
  return () => member.ask('POST', `/calls/${call.id}/end`, {});
}

const terms: TariffTerms = {
  name: 'Evening talks',
  match: { kind: 'direct', cohort: 'evening', direction: 'member_to_companion' },
  parties: [
    {
      party: 'payer',
      unit: 'COIN',
      direction: 'debit',
      checkpoints: [
        { atSeconds: 0, amount: 9 },
        { atSeconds: 20, amount: 60 },
      ],
      then: { everySeconds: 60, amount: 60 },
    },
    {
      party: 'payee',
      unit: 'EARN',
      direction: 'credit',
      checkpoints: [{ atSeconds: 20, amount: 30 }],
      then: { everySeconds: 60, amount: 30 },
    },
  ],
  grace: { seconds: 60, perDay: 3 },
  maxSeconds: null,
};

/** A version in force and a dearer draft of the next. */
async function twoVersions(alex: Person): Promise<{ published: string; draft: string }> {
  const { tariff } = await alex.ask('POST', '/admin/tariffs', terms);
  await alex.ask('POST', `/admin/tariffs/${tariff.id}/publish`, {});
  const [payer, payee] = terms.parties;
  const dearer = { ...terms, parties: [{ ...payer, then: { everySeconds: 60, amount: 75 } }, payee], replaces: tariff.id };
  const { tariff: next } = await alex.ask('POST', '/admin/tariffs', dearer);
  return { published: tariff.id, draft: next.id };
}

interface Ways {
  readonly open: (path: string, shows?: string) => Promise<void>;
  readonly shown: (screen: string, path: string, shows?: string) => Promise<void>;
  readonly take: Take;
}

/** Jobs that went well, one that is changed and switched off, and one that fails. */
async function timetableScreens(world: World, page: Page, { open, shown, take }: Ways): Promise<void> {
  const root = await world.person('root@demo.test');
  const name = 'balance.prove';
  const dialog = page.getByRole('dialog');
  await world.stack.tick();
  for (let run = 0; run < 3; run++) await root.ask('POST', `/admin/jobs/${name}/run`, {});
  await shown('jobs', '/jobs', 'tbody tr:nth-child(9)');
  await shown('job', `/jobs/${name}`, '.entries summary');
  await page.locator('.entries summary').first().click();
  await page.keyboard.press('e');
  await dialog.locator('.turns li').first().waitFor();
  await take('panel, job, changing', page);
  await dialog.locator('input').first().fill('61 * * * *');
  await dialog.locator('.wrong').waitFor();
  await take('panel, job, refused', page);
  await dialog.locator('input').first().fill('30 2 * * 1-5');
  await dialog.locator('input').nth(1).fill('Europe/Berlin');
  await dialog.locator('.turns li').first().waitFor();
  // Somebody else is quicker.
  await root.ask('PATCH', `/admin/jobs/${name}`, { enabled: false });
  await dialog.locator('button[type=submit]').click();
  await dialog.locator('.diff').waitFor();
  await take('panel, job, crossed', page);
  await dialog.locator('button[type=submit]').click();
  await dialog.waitFor({ state: 'detached' });
  await page.locator('.done button').waitFor();
  await take('panel, job, changed', page);
  await page.keyboard.press('r');
  await dialog.waitFor();
  await take('panel, job, running it', page);
  await dialog.locator('button[type=submit]').click();
  await page.locator('.note[role=status] p').waitFor();
  await page.route('**/api/v1/admin/jobs', async (route) => {
    const answer = await route.fetch();
    const { items } = await answer.json();
    for (const job of items) {
      if (job.name !== 'video.sweep') continue;
      job.failures = 4;
      job.lastRun = { ...job.lastRun, outcome: 'failed', error: 'D1_ERROR: no answer in time' };
    }
    await route.fulfill({ response: answer, json: { items, nextCursor: null } });
  });
  await shown('jobs, one fails', '/jobs', 'main .note.bad');
  await open('/jobs/video.sweep', 'h1 .job-failing');
  await take('panel, job, fails', page);
  await page.unroute('**/api/v1/admin/jobs');
  const { items } = await root.ask('GET', '/admin/jobs');
  const { usually } = items.find((job: { name: string }) => job.name === name);
  await root.ask('PATCH', `/admin/jobs/${name}`, { ...usually, enabled: true });
}

export async function panelScreens(world: World, window: Window, take: Take): Promise<void> {
  const { panel } = world.stack.origins;
  const door = await world.page('door of the panel', window);
  await door.goto(`${panel}/`);
  await door.locator('input[type=email]').waitFor();
  await still(door);
  await take('panel, door', door);
  await door.context().close();

  const alex = await world.person('alex@demo.test');
  const root = await world.person('root@demo.test');
  const page = await atPanel(world, 'root@demo.test', window);
  const open = async (path: string, shows = 'main h1'): Promise<void> => {
    await page.goto(`${panel}${path}`);
    await page.locator(shows).first().waitFor();
    await still(page);
  };
  const shown = async (screen: string, path: string, shows?: string): Promise<void> => {
    await open(path, shows);
    await take(`panel, ${screen}`, page);
  };

  await shown('board, nobody calls', '/', '.above-rows');
  const over = [await rung(world, 'grace@demo.test', 'Wilma'), await rung(world, 'hugo@demo.test', 'Bartholomew Featherstone-Haugh')];
  await shown('board', '/calls', 'tbody tr:nth-child(2)');
  await page.locator('tbody tr').first().hover();
  over.push(await rung(world, 'iris@demo.test', 'Otto'));
  await page.locator('.pill').waitFor();
  await take('panel, board, held', page);
  for (const end of over) await end();
  await page.mouse.move(0, 0);
  await shown('calls', '/calls?state=all', 'tbody tr');
  const { items: calls } = await alex.ask('GET', '/admin/calls?limit=100');
  const told = calls.find(({ call }: { call: { connectedMs: number } }) => call.connectedMs > 0) ?? calls[0];
  await shown('call', `/calls/${told.call.id}`, '.moments');

  await shown('people', '/people', 'tbody tr');
  await page.locator('.table-tools summary').click();
  await take('panel, columns', page);
  await page.keyboard.press('Escape');
  const { items: people } = await alex.ask('GET', '/admin/people?search=Grace');
  const person = `/people/${people[0].id}`;
  // Grace has work, the other has coins.
  const payer = `/people/${told.caller.id}`;
  await shown('person, summary', person);
  await mailScreens(world, 'grace@demo.test', person, page, shown, take);
  for (const part of ['calls', 'money', 'sessions', 'audit', 'raw']) await shown(`person, ${part}`, `${payer}?part=${part}`);
  await open(`${payer}?part=money`);
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog');
  await dialog.locator('input').first().fill('5000');
  await dialog.locator('.note.warn').waitFor();
  await take('panel, adjustment', page);

  await shown('tariffs', '/tariffs', 'tbody tr');
  const { published, draft } = await twoVersions(alex);
  await shown('tariff', `/tariffs/${published}`, '.chart path.payer');
  await open(`/tariffs/${draft}`, '.chart path.payer');
  await page.locator('section[aria-labelledby="replay-title"] button').click();
  await page.locator('section[aria-labelledby="replay-title"] p[role="status"]').waitFor();
  await take('panel, tariff, draft', page);
  await page.locator('.head .go').click();
  await dialog.locator('.diff').waitFor();
  await take('panel, tariff, publishing', page);
  await open(`/tariffs/new?from=${published}`, '.chart path.payer');
  await page.locator('.checkpoints input').nth(1).fill('12');
  await page.locator('.diff').waitFor();
  await take('panel, tariff, editor', page);
  await page.locator('.checkpoints input').nth(1).fill('soon');
  await page.locator('.line-end.sticky button').click();
  await page.locator('[aria-invalid="true"]').first().waitFor();
  await take('panel, tariff, editor, refused', page);
  for (const id of [draft, published]) await alex.ask('POST', `/admin/tariffs/${id}/retire`, {});

  await noticeScreens(alex, page, shown, take);

  const order = { userId: people[0].id, unit: 'EARN', amount: 5_000, reason: 'Thanks for ten years at the organ of Saint Mary' };
  const { approvalId } = await alex.ask('POST', '/admin/adjustments', order);
  await shown('approvals', '/approvals', 'tbody tr');
  await page.locator('tbody .act').first().click();
  await dialog.waitFor();
  await take('panel, approving', page);
  await root.ask('POST', `/admin/approvals/${approvalId}/decide`, { approve: false });
  await shown('approvals, nothing waits', '/approvals');
  await shown('approvals, rejected', '/approvals?state=rejected', 'tbody tr');

  await shown('books', '/ledger', 'main table');
  await shown('settings', '/settings', '.setting');
  const first = page.locator('.setting').first();
  await first.locator('input').fill('31000');
  await first.locator('.go').click();
  await page.locator('.setting .note button').waitFor();
  await take('panel, settings, with the way back', page);
  await page.locator('.setting .note button').click();
  await page.locator('.setting .note').waitFor({ state: 'detached' });
  await timetableScreens(world, page, { open, shown, take });
  await shown('audit', '/audit', '.entries summary');
  await page.locator('.entries summary').first().click();
  await page.locator('.entries .diff').first().waitFor();
  await take('panel, audit, opened', page);

  await page.keyboard.press('Control+k');
  await dialog.locator('input').fill('gr');
  await dialog.getByRole('option').filter({ hasText: 'Grace' }).waitFor();
  await take('panel, palette', page);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await dialog.waitFor();
  await take('panel, shortcuts', page);
  await page.keyboard.press('Escape');
  await page.locator('.bar .menu summary').click();
  await take('panel, own menu', page);

  await shown('nowhere', '/nowhere');
  await shown('no such call', '/calls/call_01h2xcejqtf2nbrexx3vqjhp41');
  await page.route('**/api/v1/admin/people?*', () => undefined);
  await page.goto(`${panel}/people`);
  await page.locator('.frame main .skeleton').first().waitFor();
  await take('panel, loading', page);
  await page.unroute('**/api/v1/admin/people?*');
  await page.route('**/api/v1/admin/people?*', (route) => route.fulfill({ status: 502, body: 'x' }));
  await shown('error', '/people', 'main .note.bad');
  await page.unroute('**/api/v1/admin/people?*');
  await shown('board, nobody calls', '/', '.above-rows');
  await page.context().setOffline(true);
  await page.locator('.banner').waitFor();
  await take('panel, out of reach', page);
  await page.context().close();

  const sam = await atPanel(world, 'sam@demo.test', window);
  await sam.goto(`${panel}/audit`);
  await sam.locator('.empty h1').waitFor();
  await take('panel, not for this account', sam);
  await sam.goto(`${panel}${person}`);
  await sam.locator('.cards').waitFor();
  await still(sam);
  await take('panel, person, for a supervisor', sam);
  await sam.context().close();
}
