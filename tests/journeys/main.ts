/** `npm run journeys [-- words of a name]`: a stack of its own, a real Chromium, one journey after the other. */
import { rmSync } from 'node:fs';
import { stopAll } from '../../scripts/stack/processes.ts';
import { defaultTariff } from './default-tariff.ts';
import { endings } from './endings.ts';
import { attempt, type Journey } from './harness.ts';
import { memberScreens } from './member-screens.ts';
import { members } from './members.ts';
import { panel } from './panel.ts';
import { portal } from './portal.ts';
import { screens } from './screens.ts';
import { shell } from './shell.ts';
import { throughRelay } from './through-relay.ts';
import { World } from './world.ts';

// The default tariff first: the others put theirs in force beside it.
const all: readonly Journey[] = [
  defaultTariff,
  ...members,
  ...memberScreens,
  ...shell,
  ...endings,
  throughRelay,
  ...screens,
  ...panel,
  ...portal,
];
const words = process.argv.slice(2).join(' ');
const chosen = all.filter(({ name }) => name.includes(words));
const state = process.env.HEARTHLINE_STATE || '.hearthline-journeys';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    void stopAll().then(() => process.exit(130));
  });

rmSync(state, { recursive: true, force: true });
let failed = 0;
const world = await World.begin(state);
try {
  for (const journey of chosen) {
    const began = performance.now();
    const error = await attempt(world, journey);
    console.log(`${error ? '✗' : '✓'} ${journey.name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    if (error) {
      failed += 1;
      console.error(error.stack ?? error.message);
    }
  }
} finally {
  await world.end();
}
console.log(`${chosen.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0;
