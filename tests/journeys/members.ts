/** Members' own ways: from the first visit to the first call, a call that answers itself, from voice to video and back. */
import assert from 'node:assert/strict';
import { answer, connected, hangUp, over, ring, talkedFor } from './call-steps.ts';
import { eventually, journey } from './harness.ts';
import { received } from './media-stats.ts';

export const members = [
  journey('a newcomer goes from the welcome to their first call', async (world) => {
    const companion = await world.companion('grace@demo.test');
    const email = `newcomer-${Date.now().toString(36)}@demo.test`;
    const page = await world.page(email, { width: 360 });
    await page.goto(`${world.stack.origins.app}/`);
    await page.getByRole('heading', { name: 'Somebody kind to talk to' }).waitFor();
    await page.getByLabel('Your e-mail address').fill(email);
    await page.getByRole('button', { name: 'Send me a code' }).click();
    await page.getByRole('button', { name: 'Fill it in' }).click();

    await page.getByText('Step 1 of 6').waitFor();
    await page.getByLabel('Your name').fill('Wilma');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Step 2 of 6').waitFor();
    await page.getByText('Large', { exact: true }).click();
    await eventually('letters are larger at once', () =>
      page.evaluate(() => getComputedStyle(document.documentElement).fontSize === '22.5px'),
    );
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Step 3 of 6').waitFor();
    // Nothing is lost on a reload: the name is kept, and the visit goes on at its step.
    await page.reload();
    await page.getByText('Step 3 of 6').waitFor();
    await page.getByRole('button', { name: 'Music and singing' }).click();
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('Step 4 of 6').waitFor();
    await page.getByRole('button', { name: 'Skip this' }).click();
    await page.getByText('Step 5 of 6').waitFor();
    await page.getByRole('button', { name: 'Skip this' }).click();
    await page.getByText('Step 6 of 6').waitFor();
    await page.getByRole('button', { name: 'Try microphone and camera' }).click();
    await page.getByText('We can hear you').waitFor();
    await page.getByRole('button', { name: 'Finished' }).click();
    await page.getByText('Hello, Wilma').waitFor();

    const member = await world.person(email);
    // The screen goes on at once; the server is told meanwhile.
    const user = await eventually('the visit is over for the server too', async () => {
      const me = (await member.ask('GET', '/me')).user;
      return me.comfort.onboarding.finished && me;
    });
    assert.deepEqual(user.public.skills, ['Music and singing']);
    assert.equal(user.comfort.textSize, 125);

    await page.getByRole('link', { name: /Your coins/ }).click();
    await page.getByRole('button', { name: /Add 100 coins/ }).click();
    await page.getByText('100 coins added.').waitFor();
    await page.getByRole('link', { name: 'People' }).click();
    await ring(page, 'Grace');
    await answer(companion);
    await connected(page);
    await talkedFor(page, 6);
    await hangUp(page);
    await over(page, 'The call was ended.');
    await page
      .getByTestId('receipt-plain')
      .getByText(/with Grace, .* coins?, nothing else/)
      .waitFor();
    await page.getByRole('button', { name: 'Lovely' }).click();
    await page.getByRole('button', { name: 'Listened well' }).click();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('Thank you. You gave 5 stars.').waitFor();
    await page.getByRole('button', { name: 'Tell me what happened' }).click();
    await page.getByTestId('story').getByText('Grace answered.').waitFor();
  }),

  journey('in one-tap mode one tap calls, and a known companion’s call answers itself', async (world) => {
    const companion = await world.companion('grace@demo.test');
    const grace = await world.person('grace@demo.test');
    const { email, member } = await world.newMember(200);
    await member.ask('PATCH', '/me', { comfort: { oneTap: { on: true, companions: [grace.id], autoAnswer: true, consent: true } } });
    const page = await world.signIn('app', email, { width: 360 });

    await page.getByRole('button', { name: 'Call Grace' }).click();
    await answer(companion);
    await connected(page);
    await hangUp(page);
    await over(page, 'The call was ended.');
    await page.goto(`${world.stack.origins.app}/`);
    await page.getByRole('button', { name: 'Call Grace' }).waitFor();

    const { call } = await eventually('the companion may call', async () =>
      grace.ask('POST', '/calls', { calleeId: member.id, media: 'audio' }).catch(() => null),
    );
    await page.getByRole('alertdialog', { name: 'Grace is calling' }).waitFor();
    await page.getByRole('button', { name: 'Hang up' }).waitFor();
    await eventually('it was answered by itself', async () => {
      const { id, state } = await member.lastCall();
      return id === call.id && state !== 'ringing';
    });
    await grace.ask('POST', `/calls/${call.id}/end`, {});
    await over(page, /./);
  }),

  journey('from voice to video and back, asked and agreed, in one call', async (world) => {
    const { email } = await world.newMember(500);
    const companion = await world.companion('iris@demo.test');
    const member = await world.signIn('app', email);
    await ring(member, 'Iris');
    await answer(companion);
    await connected(member);
    assert.equal((await received(member)).framesDecoded, 0, 'a voice call has no picture');

    await member.getByRole('button', { name: 'Ask for video' }).click();
    await member.getByText('You asked Iris for video.').waitFor();
    await companion.getByRole('button', { name: /Yes/ }).first().click();
    await member.locator('video.own').waitFor();
    for (const page of [member, companion]) await eventually('pictures arrive', async () => (await received(page)).framesDecoded > 5);

    await member.getByRole('button', { name: 'Voice only' }).click();
    await companion.getByRole('button', { name: /Yes/ }).first().click();
    await member.locator('video.own').waitFor({ state: 'detached' });
    const heard = (await received(member)).samples;
    await eventually('the sound goes on', async () => (await received(member)).samples > heard + 10_000);
    await hangUp(member);
    await over(member, 'The call was ended.');
  }),

  journey('a photo is private first, then the portrait; it can be taken away for good', async (world) => {
    const { email, member } = await world.newMember(0);
    const page = await world.signIn('app', email, { width: 360 });
    await page.goto(`${world.stack.origins.app}/you/profile`);
    await page.getByText('No photos yet.').waitFor();
    await page.locator('input[type=file]').setInputFiles('web/app/public/icons/512.png');
    const photo = page.getByRole('img', { name: 'One of your photos' });
    await photo.waitFor();
    await page.getByText('Only you see it').waitFor();
    await eventually('the private photo is shown to its owner', () =>
      photo.evaluate((image) => image instanceof HTMLImageElement && image.complete && image.naturalWidth > 0),
    );
    await page.getByRole('button', { name: 'Make it my portrait' }).click();
    await page.getByText('Your portrait').waitFor();
    assert.equal((await member.ask('GET', '/me/photos')).items[0].visibility, 'public');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Really remove it for good' }).click();
    await page.getByText('No photos yet.').waitFor();
  }),

  journey('a favourite stands first at home, and only there', async (world) => {
    const { email, member } = await world.newMember(100);
    const page = await world.signIn('app', email, { width: 360 });
    const iris = page.getByRole('article', { name: 'Iris' });
    await iris.getByRole('link').click();
    await page.getByRole('button', { name: 'Make Iris a favourite' }).click();
    await page.getByText('Iris is one of your favourites').waitFor();
    // The screen says so at once; the server is told meanwhile.
    const [kept] = await eventually('she is kept', async () => {
      const { items } = await member.ask('GET', '/favorites');
      return items.length > 0 && items;
    });
    assert.equal(kept.person.displayName, 'Iris');
    await page.getByRole('link', { name: 'People' }).click();
    await iris.getByText('Your favourite').waitFor();
    const beside = page.locator('section').filter({ has: iris }).getByRole('article');
    assert.equal(await beside.first().getAttribute('aria-label'), 'Iris', 'first among those who are as reachable');
    await iris.getByRole('link').click();
    await page.getByRole('button', { name: 'Take Iris from your favourites' }).click();
    await page.getByRole('button', { name: 'Make Iris a favourite' }).waitFor();
    await eventually('she is none any more', async () => (await member.ask('GET', '/favorites')).items.length === 0);
  }),
];
