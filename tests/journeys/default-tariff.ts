/** The golden example of the tariff, lived through in real time by two people. */
import assert from 'node:assert/strict';
import { answer, booksAgree, connected, hangUp, over, ring, talkedFor } from './call-steps.ts';
import { journey } from './harness.ts';
import { received } from './media-stats.ts';

export const defaultTariff = journey('ada rings grace; 70 seconds at the default tariff cost 129 coins and earn 60', async (world) => {
  const [ada, grace, alex] = await Promise.all(['ada', 'grace', 'alex'].map((name) => world.person(`${name}@demo.test`)));
  assert.ok(ada && grace && alex);
  const before = { payer: await ada.balance('COIN'), payee: await grace.balance('EARN') };
  const companion = await world.companion('grace@demo.test');
  const member = await world.signIn('app', 'ada@demo.test');
  await member.getByTestId('balance-COIN').getByText(String(before.payer)).waitFor();

  await ring(member, 'Grace', 'video');
  await companion.getByRole('alertdialog', { name: 'Ada is calling' }).waitFor();
  assert.deepEqual(await received(member), { framesDecoded: 0, samples: 0, audioEnergy: 0 }, 'no free talk while it rings');
  await answer(companion);
  await connected(member, companion);

  const marks = [5, 30, 62];
  let last = { member: await received(member), companion: await received(companion) };
  for (const mark of marks) {
    await talkedFor(member, mark);
    const next = { member: await received(member), companion: await received(companion) };
    for (const side of ['member', 'companion'] as const)
      for (const what of ['framesDecoded', 'samples', 'audioEnergy'] as const)
        assert.ok(
          next[side][what] > last[side][what],
          `${what} grows at the ${side}’s by ${mark} s: ${next[side][what]} after ${last[side][what]}`,
        );
    last = next;
  }
  await member.getByTestId('call-so-far').getByText('129 coins').waitFor();
  await companion.getByTestId('call-so-far').getByText('60 earning coins').waitFor();
  await talkedFor(member, 70);
  await hangUp(member);

  for (const page of [member, companion]) await over(page, 'The call was ended.');
  await member.getByTestId('receipt-total').getByText('It cost you 129 coins.').waitFor();
  await companion.getByTestId('receipt-total').getByText('You earned 60 earning coins.').waitFor();
  await member
    .getByTestId('balance-COIN')
    .getByText(String(before.payer - 129), { exact: true })
    .waitFor();
  await companion
    .getByTestId('balance-EARN')
    .getByText(String(before.payee + 60), { exact: true })
    .waitFor();
  await booksAgree({ payer: ada, payee: grace, staff: alex }, before, { paid: 129, earned: 60 });
  assert.deepEqual(
    (await ada.events('COIN')).slice(-3).map(({ amount }) => amount),
    [-9, -60, -60],
    'the checkpoints in the stream',
  );
});
