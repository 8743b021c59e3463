/** `npm run screenshot`: rings for real and takes docs/screenshot.png, the picture in the README. */
import { rmSync } from 'node:fs';
import { answer, connected, ring, talkedFor } from '../tests/journeys/call-steps.ts';
import { World } from '../tests/journeys/world.ts';

const state = '.hearthline-screenshot';
rmSync(state, { recursive: true, force: true });
const world = await World.begin(state);
try {
  const companion = await world.companion('grace@demo.test');
  const member = await world.signIn('app', 'ada@demo.test', { width: 1280 });
  await ring(member, 'Grace');
  await answer(companion);
  await connected(member, companion);
  await talkedFor(member, 12);
  await member.screenshot({ path: 'docs/screenshot.png' });
} finally {
  await world.end();
  rmSync(state, { recursive: true, force: true });
}
console.log('docs/screenshot.png');
