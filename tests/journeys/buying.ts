/** Money comes in: by Checkout before a first call, by the saved card in the middle of one; and goes back. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answer, connected, hangUp, over, proofHolds, quickTariff, ring, settledCall, talkedFor } from './call-steps.ts';
import { eventually, journey } from './harness.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

/** Pays at the sandbox's page as at Stripe's, with the card that pays. */
export async function payThere(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Pay Hearthline' }).waitFor();
  assert.equal(await page.getByLabel('Card number').inputValue(), '4242424242424242');
  await page.getByRole('button', { name: /^Pay / }).click();
}

/** Somebody bought this product by Checkout, and their card is remembered; without any screen. */
export async function haveBought(person: Person, product: string, unit: 'COIN' | 'MOMENT' = 'COIN'): Promise<void> {
  const before = await person.balance(unit);
  const { shop } = await person.ask('GET', '/shop?platform=web');
  const { priceId } = shop.offers.find((offer: { product: string }) => offer.product === product);
  const { intent, url } = await person.ask('POST', '/shop/checkouts', { priceId });
  const form = new URLSearchParams({ number: '4242424242424242', name: 'A member' });
  const paid = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
  assert.equal(paid.status, 303, 'it is paid');
  await eventually('what was bought is there', async () => {
    const { intent: now } = await person.ask('GET', `/shop/intents/${intent.id}`);
    return now.state === 'succeeded' && (await person.balance(unit)) > before;
  });
}

async function callsByVoiceInSeconds(world: World): Promise<Person> {
  const staff = await world.person('alex@demo.test');
  const { items } = await staff.ask('GET', '/admin/tariffs?state=published&limit=100');
  if (!items.some(({ name }: { name: string }) => name === quickTariff.name)) await staff.putTariffInForce(quickTariff);
  return staff;
}

const paidFor = async (person: Person): Promise<number> => {
  const { totals } = await person.receipt((await settledCall(person)).id);
  return totals.payer.reduce((sum, { amount }) => sum + amount, 0);
};

export const buying = [
  journey('without coins a call leads to Checkout; they come, lead back, and the call can be made', async (world) => {
    const staff = await world.person('alex@demo.test');
    const { email, member } = await world.newMember(0);
    const companion = await world.companion('grace@demo.test');
    const page = await world.signIn('app', email, { width: 360 });
    await page.getByRole('link', { name: 'Talk to Grace' }).click();
    const person = page.url();
    await page.getByRole('button', { name: 'Call Grace', exact: true }).click();
    await page.getByRole('heading', { name: 'Before your first talk' }).waitFor();
    await page.getByRole('button', { name: /^300 coins for / }).click();
    await page.getByText(/^You pay .*12\.99 once\. Nothing more is taken later\.$/).waitFor();
    await page.getByRole('button', { name: /^Go to payment: .*12\.99/ }).click();
    await payThere(page);
    await page.getByRole('heading', { name: 'Thank you. You have 300 coins.' }).waitFor();
    await page.getByText('Now you have 300 coins.').waitFor();
    // Nothing is lost, and nothing comes twice.
    await page.reload();
    await page.getByRole('heading', { name: 'Thank you. You have 300 coins.' }).waitFor();
    assert.equal(await member.balance('COIN'), 300);
    await page.goto(person);

    await page.getByRole('button', { name: 'Call Grace', exact: true }).click();
    await answer(companion);
    await connected(page, companion);
    await talkedFor(page, 4);
    await hangUp(page);
    await over(page, 'The call was ended.');
    const paid = await paidFor(member);
    assert.ok(paid > 0, 'the call was paid with what was bought');
    await eventually('the books say so', async () => (await member.balance('COIN')) === 300 - paid);
    await proofHolds(staff);
  }),

  journey('at the warning one tap on the saved card adds coins, and the call goes on', async (world) => {
    const staff = await callsByVoiceInSeconds(world);
    const { email, member } = await world.newMember(0);
    await haveBought(member, 'coins-100');
    const companion = await world.companion('iris@demo.test');
    const page = await world.signIn('app', email);
    await ring(page, 'Iris');
    await answer(companion);
    await connected(page, companion);
    await page
      .getByText(/Your balance lasts about/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Add coins' }).first().click();
    const sheet = page.getByRole('dialog');
    await sheet.getByText(/One tap pays with Visa ending in 4242/).waitFor();
    await sheet.getByRole('button', { name: /^100 coins for .*4\.99/ }).click();
    await sheet.getByRole('heading', { name: 'Thank you. You have 100 coins.' }).waitFor();
    await sheet.getByRole('button', { name: 'Back to the call' }).click();
    const heard = await page.getByTestId('call-time').textContent();
    const [minutes = 0, seconds = 0] = (heard ?? '').split(':').map(Number);
    await talkedFor(page, minutes * 60 + seconds + 4);
    await hangUp(page);
    await over(page, 'The call was ended.');
    const paid = await paidFor(member);
    await eventually('two packs less the call are left', async () => (await member.balance('COIN')) === 200 - paid);
    const { items } = await member.ask('GET', '/me/purchases');
    assert.equal(items.length, 2, 'one tap, one purchase');
    await proofHolds(staff);
  }),

  journey('a refund at the store shows in the history, and a purchase can be said to be wrong', async (world) => {
    const { email, member } = await world.newMember(0);
    await haveBought(member, 'coins-100');
    const page = await world.signIn('app', email, { width: 360 });
    await page.goto(`${world.stack.origins.app}/wallet`);
    const bought = page.getByRole('region', { name: 'What you bought' });
    await bought.getByText('100 coins').first().waitFor();
    await bought.getByRole('button', { name: 'This is wrong: 100 coins' }).click();
    await bought.getByLabel('I bought it by mistake').check();
    await bought.getByRole('button', { name: 'Tell the team' }).click();
    await bought.getByText('A person of our team is looking at it.').waitFor();

    const shop = await world.page('shop');
    await shop.goto(`${world.stack.origins.sandbox}/shop`);
    await shop.getByRole('button', { name: new RegExp(`^Refund: .* of ${email}$`) }).click();
    await bought.getByText(/4\.99 were given back to you\. 100 coins were taken back for it\./).waitFor();
    await page.getByTestId('wallet-total').getByText('0 coins', { exact: true }).waitFor();
    await page.getByText('Refund: taken back for money that was returned').waitFor();
    assert.equal(await member.balance('COIN'), 0);
  }),
];
