/**
 * `npm run journeys [-- words of a name]`: in real Chromium, three lanes beside each other. People mostly wait, for each
 * other and for the seconds of a call, so that two cores are done with all of them in little more than the longest takes.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { stopAll } from '../../scripts/stack/processes.ts';
import { prepareState } from '../../scripts/stack/stack.ts';
import { buildWeb } from '../../scripts/stack/web.ts';
import { buying } from './buying.ts';
import { captions } from './captions.ts';
import { chats } from './chats.ts';
import { defaultTariff } from './default-tariff.ts';
import { desk } from './desk.ts';
import { endings } from './endings.ts';
import { attempt, type Journey } from './harness.ts';
import { inbox } from './inbox.ts';
import { links } from './links.ts';
import { memberScreens } from './member-screens.ts';
import { members } from './members.ts';
import { models } from './models.ts';
import { panel } from './panel.ts';
import { portal } from './portal.ts';
import { push } from './push.ts';
import { screens } from './screens.ts';
import { shell } from './shell.ts';
import { shopDesk } from './shop-desk.ts';
import { takingBack } from './taking-back.ts';
import { throughRelay } from './through-relay.ts';
import { timetable } from './timetable.ts';
import { World } from './world.ts';

/** Journeys of a lane run one after the other in a world of their own: none sees another's calls, tariffs or settings. */
const lanes: Readonly<Record<string, readonly Journey[]>> = {
  // The default tariff first: the others put theirs in force beside it.
  calls: [defaultTariff, ...members, ...endings, ...models, ...buying],
  words: [...captions, ...links, ...inbox, ...chats, ...desk, ...portal, throughRelay],
  screens: [...push, ...screens, ...memberScreens, ...takingBack, ...shell, ...panel, ...timetable, ...shopDesk],
};
const words = process.argv.slice(2).join(' ');
const state = process.env.HEARTHLINE_STATE || '.hearthline-journeys';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    void stopAll().then(() => process.exit(130));
  });

const count = { passed: 0, failed: 0 };

async function runLane(lane: string, journeys: readonly Journey[], ready: string): Promise<void> {
  const world = await World.begin(join(state, lane), { copyOf: ready, webIsBuilt: true });
  try {
    for (const journey of journeys) {
      const began = performance.now();
      const error = await attempt(world, journey);
      console.log(`${error ? '✗' : '✓'} ${journey.name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
      count[error ? 'failed' : 'passed'] += 1;
      if (error) console.error(error.stack ?? error.message);
    }
  } finally {
    await world.end();
  }
}

rmSync(state, { recursive: true, force: true });
// What all worlds begin with is made once.
const ready = join(state, 'ready');
await Promise.all([prepareState(ready), buildWeb()]);
console.log('· databases, demo data, the Worker and the web apps are ready');
const running = Object.entries(lanes).flatMap(([lane, all]) => {
  const journeys = all.filter(({ name }) => name.includes(words));
  return journeys.length > 0 ? [runLane(lane, journeys, ready)] : [];
});
// All are over before a failure to begin is told.
for (const outcome of await Promise.allSettled(running)) if (outcome.status === 'rejected') throw outcome.reason;
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed > 0 || count.passed === 0 ? 1 : 0;
