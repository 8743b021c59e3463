/** What a superadmin does with jobs, by keyboard, and what an admin may only look at. */
import assert from 'node:assert/strict';
import { eventually, journey } from './harness.ts';
import type { World } from './world.ts';

const name = 'timetable.forget_old';

async function aJob(world: World): Promise<void> {
  const root = await world.person('root@demo.test');
  const jobNow = async () => {
    const { items } = await root.ask('GET', '/admin/jobs');
    return items.find((job: { name: string }) => job.name === name);
  };
  const page = await world.signIn('panel', 'root@demo.test');
  await page.getByRole('link', { name: 'Timetable' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('j');
  await page.getByRole('heading', { name: 'Timetable' }).waitFor();
  await page.getByLabel('Search').fill('forgets old runs');
  await page.getByText('1 job', { exact: true }).waitFor();
  await page.getByLabel('Search').blur();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name }).waitFor();

  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Run now' }).click();
  await page.getByText(/It went well/).waitFor();
  await page.getByText('asked for by Root').waitFor();

  await page.keyboard.press('e');
  const cron = dialog.getByLabel('Cron expression');
  const save = dialog.getByRole('button', { name: 'Save' });
  await cron.fill('61 * * * *');
  await dialog.getByText('Invalid value for minute: 61').waitFor();
  assert.ok(await save.isDisabled(), 'what can’t be read is not kept');
  await cron.fill('30 2 * * 0');
  await dialog.getByLabel('Time zone').fill('Europe/Berlin');
  await dialog.getByText('At 02:30, only on Sunday').waitFor();
  await dialog
    .getByText(/Sun, .*02:30/)
    .first()
    .waitFor();
  await save.click();
  await page.getByText(`${name} runs by its new times from now on.`).waitFor();
  assert.equal((await jobNow()).cron, '30 2 * * 0');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText(`${name} is as it was before.`).waitFor();
  assert.deepEqual((({ cron, zone }) => ({ cron, zone }))(await jobNow()), { cron: '37 * * * *', zone: 'UTC' });

  await page.getByRole('button', { name: 'Switch off' }).click();
  await dialog.getByRole('button', { name: 'Switch off' }).click();
  await page.getByText(`${name} is switched off.`).waitFor();
  assert.equal((await jobNow()).nextAt, null);
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByText(`${name} is switched on.`).waitFor();

  await page.keyboard.press('g');
  await page.keyboard.press('a');
  await page.getByText('ran a job').first().waitFor();

  const admin = await world.signIn('panel', 'alex@demo.test');
  await admin.getByRole('link', { name: 'Timetable' }).click();
  await admin.getByRole('link', { name }).click();
  await admin.getByRole('heading', { name }).waitFor();
  for (const button of ['Run now', 'Change', 'Switch off'])
    assert.equal(await admin.getByRole('button', { name: button }).count(), 0, 'no button that the server would refuse');
}

/** What a firing of cron does stands in the panel, where a mail's link leads. */
async function byTheClock(world: World): Promise<void> {
  const page = await world.signIn('panel', 'alex@demo.test');
  await world.stack.tick();
  // As the mail about a job that fails leads there.
  await page.goto(`${world.stack.origins.panel}/go/jobs`);
  const row = page.getByRole('row', { name: /video\.sweep/ });
  await eventually('the sweeper has run', async () => (await row.getByText('Went well').count()) > 0);
}

export const timetable = [
  journey('a job is run, changed, taken back and switched off by keyboard; an admin only looks', aJob),
  journey('jobs run by the clock of this desk, and the panel says how they went', byTheClock),
];
