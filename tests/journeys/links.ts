/** Links from mails and advertisements: through the door, through the first visit, and kindly to nowhere. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answer, connected, hangUp, over } from './call-steps.ts';
import { eventually, journey } from './harness.ts';
import { fair } from './screens.ts';
import type { World } from './world.ts';

async function passTheDoor(page: Page, email: string): Promise<void> {
  await page.getByLabel('Your e-mail address').fill(email);
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByRole('button', { name: 'Fill it in' }).click();
}

async function withChat(world: World) {
  const { email, member } = await world.newMember(100);
  const grace = await world.person('grace@demo.test');
  const { chat } = await member.ask('POST', '/chats', { peerId: grace.id });
  const clientId = crypto.randomUUID();
  await member.ask('POST', `/chats/${chat.id}/messages`, { clientId, kind: 'text', body: { text: 'Good evening' } }, clientId);
  return { email, member, grace, chatId: chat.id as string };
}

export const links = [
  journey('a link from a mail waits behind the door, through a reload, and leads into the conversation', async (world) => {
    const { app } = world.stack.origins;
    const { email, chatId } = await withChat(world);
    const page = await world.page(email, { width: 360 });
    await page.goto(`${app}/go/chat/${chatId}?utm_source=mail&utm_campaign=missed`);
    await page.getByText('After signing in you go straight to what your link shows.').waitFor();
    await fair(page, 'the door with a link');
    assert.equal(new URL(page.url()).search, '', 'the campaign is taken out of the address');
    await page.reload();
    await passTheDoor(page, email);
    await page.getByRole('heading', { name: 'Grace' }).waitFor();
    await page.waitForURL(`${app}/chats/${chatId}`);
    // It has been opened: going home leads nowhere else, and one step back is not the link.
    await page.goto(`${app}/`);
    await page.getByText('Here now', { exact: true }).first().waitFor();
    assert.equal(await page.evaluate(() => localStorage.getItem('hearthline.link')), null);
  }),

  journey('a newcomer comes by the link of an advertisement, signs up, and lands where it led', async (world) => {
    const { app } = world.stack.origins;
    const iris = await world.person('iris@demo.test');
    const email = `advertised-${Date.now().toString(36)}@demo.test`;
    const page = await world.page(email, { width: 360 });
    await page.goto(`${app}/go/profile/${iris.id}?utm_source=news&utm_content=ada%40demo.test&gclid=Cj0K-x`);
    await page.getByText('After signing in you go straight to what your link shows.').waitFor();
    // Looks around first: the link still waits.
    await page.goto(`${app}/`);
    await passTheDoor(page, email);
    for (let step = 1; step <= 6; step++) {
      await page.getByText(`Step ${step} of 6`).waitFor();
      if (step === 3) await page.reload();
      await page.getByRole('button', { name: 'Skip this' }).click();
    }
    await page.getByRole('heading', { name: 'Iris', level: 1 }).waitFor();
    await page.waitForURL(`${app}/people/${iris.id}`);
    const member = await world.person(email);
    const { campaign } = await eventually('the campaign is kept', async () => {
      const answer = await member.ask('GET', '/me/campaign');
      return answer.campaign.first ? answer : null;
    });
    assert.deepEqual(campaign.first.campaign, { utm_source: 'news', gclid: 'Cj0K-x' });
    assert.equal(campaign.first.landing, 'profile');
    assert.deepEqual(campaign.last, campaign.first);
  }),

  journey('a link to somebody else’s call, and one that is cut off, say so kindly and lead on', async (world) => {
    const { app } = world.stack.origins;
    const { email: otherEmail, member: other } = await world.newMember(100);
    const grace = await world.person('grace@demo.test');
    const { call } = await other.ask('POST', '/calls', { calleeId: grace.id, media: 'audio' });
    await other.ask('POST', `/calls/${call.id}/end`, {});
    const { email } = await world.newMember(0);
    const page = await world.signIn('app', email, { width: 360 });
    await page.goto(`${app}/go/call/${call.id}`);
    await page.getByRole('heading', { name: 'This call is not here' }).waitFor();
    await page.getByText(`You are signed in as ${email}.`).waitFor();
    await fair(page, 'a link that is gone');
    await page.getByRole('link', { name: 'To your calls' }).click();
    await page.getByRole('heading', { name: 'Calls' }).waitFor();
    await page.goto(`${app}/go/chat/chat_01`);
    await page.getByRole('heading', { name: 'This link leads nowhere' }).waitFor();
    await page.goto(`${app}/go/earnings`);
    await page.getByRole('heading', { name: 'This is not part of your account' }).waitFor();
    await page.getByRole('link', { name: 'To the first page' }).click();
    await page.getByText('Here now', { exact: true }).first().waitFor();

    // The right address brings it: out, in again, and there.
    await page.goto(`${app}/go/call/${call.id}`);
    await page.getByRole('button', { name: 'Sign in with another address' }).click();
    await passTheDoor(page, otherEmail);
    await page.waitForURL(`${app}/calls/${call.id}`);
    await page.getByRole('heading', { name: 'Call with Grace' }).waitFor();
  }),

  journey('a link to a call that rings shows who rings; once it is over, its receipt', async (world) => {
    const { app } = world.stack.origins;
    const { email, member } = await world.newMember(100);
    const hugo = await world.person('hugo@demo.test');
    const page = await world.page(email);
    const { call } = await hugo.ask('POST', '/calls', { calleeId: member.id, media: 'audio' });
    await page.goto(`${app}/go/call/${call.id}`);
    await passTheDoor(page, email);
    await page.getByRole('alertdialog', { name: 'Hugo is calling' }).waitFor();
    await page.getByRole('button', { name: 'Not now' }).click();
    await page.goto(`${app}/go/call/${call.id}`);
    await page.waitForURL(`${app}/calls/${call.id}`);
    await page.getByRole('heading', { name: 'Call with Hugo' }).waitFor();
  }),

  journey('a missed call comes by mail, and its link leads through the door to the one who called, who is called back', async (world) => {
    const { app, sandbox } = world.stack.origins;
    const staff = await world.person('alex@demo.test');
    await staff.setSetting('notification.collectMs', 100);
    const { email, member } = await world.newMember(100);
    const hugo = await world.person('hugo@demo.test');
    const desk = await world.companion('hugo@demo.test');
    const { call } = await hugo.ask('POST', '/calls', { calleeId: member.id, media: 'audio' });
    await hugo.ask('POST', `/calls/${call.id}/end`, {});
    const mail = await eventually('the mail has come', async () => {
      // The minute's jobs let go what has waited long enough.
      await world.stack.tick();
      const { items } = (await (await fetch(`${sandbox}/api/messages?to=${encodeURIComponent(email)}`)).json()) as {
        items: { subject: string; html: string }[];
      };
      return items.find(({ html }) => html.includes('Hugo'));
    });
    assert.match(mail.subject, /missed/i);
    const link = mail.html.match(/href="([^"]*\/go\/call-back\/[^"]*)"/)?.[1]?.replaceAll('&amp;', '&');
    assert.ok(link, 'it leads to whoever called');
    assert.equal(new URL(link).origin, app);

    const page = await world.page(email, { width: 360 });
    await page.goto(link);
    await passTheDoor(page, email);
    await page.getByRole('heading', { name: 'Hugo', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Call Hugo', exact: true }).click();
    await answer(desk);
    await connected(page, desk);
    await hangUp(page);
    await over(page, /./);
    await staff.setSetting('notification.collectMs', 1_800_000);
  }),

  journey('a companion’s link leads into the portal, from the members’ address too', async (world) => {
    const { app } = world.stack.origins;
    const { member, chatId } = await withChat(world);
    await member.ask('PATCH', '/me', { public: { displayName: 'Wilma' } });
    const page = await world.companion('grace@demo.test');
    await page.goto(`${app}/go/chat/${chatId}`);
    await page.waitForURL(new RegExp(`/portal/conversations\\?.*${chatId}`));
    await page.getByRole('heading', { name: 'Wilma' }).first().waitFor();
    await page.goto(`${app}/portal/go/call-back/${member.id}`);
    await page.getByRole('button', { name: 'Call Wilma' }).waitFor();
    await fair(page, 'portal, a member');
    await page.goto(`${app}/portal/go/wallet`);
    await page.getByRole('heading', { name: 'This is not part of your account' }).waitFor();
    await fair(page, 'portal, a link that is not theirs');
  }),

  journey('phones find the files that let the apps open links, and no page gets in between', async (world) => {
    const { app } = world.stack.origins;
    for (const name of ['apple-app-site-association', 'assetlinks.json']) {
      const answer = await fetch(`${app}/.well-known/${name}`, { redirect: 'error' });
      assert.deepEqual([answer.status, answer.headers.get('Content-Type')], [200, 'application/json']);
      assert.match(JSON.stringify(await answer.json()), /"\/":"\/go\/\*"/);
    }
  }),
];
