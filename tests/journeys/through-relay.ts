/** A call as it runs outside `local`: through a relay alone, so that neither browser learns the other's address. */
import assert from 'node:assert/strict';
import { answer, connected, hangUp, over, ring, talkedFor } from './call-steps.ts';
import { eventually, journey } from './harness.ts';
import { received, waysTaken } from './media-stats.ts';
import { startRelay } from './relay.ts';

export const throughRelay = journey('two browsers that take no way but the relay hear and see each other', async (world) => {
  const { stack } = world;
  const relay = await startRelay(stack.state);
  try {
    await stack.restartWorker(relay.variables);
    const { email } = await world.newMember(100);
    const [companion, member] = await Promise.all([
      world.companion('iris@demo.test', { relayOnly: true }),
      world.signIn('app', email, { relayOnly: true }),
    ]);
    await ring(member, 'Iris', 'video');
    await answer(companion);
    await connected(member, companion);
    await talkedFor(member, 1);
    const sides = { member, companion };
    for (const [side, page] of Object.entries(sides)) {
      const before = await received(page);
      for (const what of ['framesDecoded', 'samples', 'audioEnergy'] as const)
        await eventually(`${what} grows at the ${side}’s`, async () => (await received(page))[what] > before[what]);
      assert.deepEqual(await waysTaken(page), ['relay'], `the ${side}’s connection goes through the relay`);
    }
    await hangUp(member);
    for (const page of Object.values(sides)) await over(page, 'The call was ended.');
  } finally {
    await relay.stop();
    await stack.restartWorker();
  }
});
