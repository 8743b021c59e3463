/** Builds every web app into `web/dist`: `node web/build.ts`. */
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { appNames, configOf } from './apps.ts';
import { FIRST_LOAD_BUDGET, firstLoad } from './budget.ts';

for (const name of appNames) {
  await build({ ...configOf(name), logLevel: 'warn' });
  console.log(`${name} is built`);
}

const bytes = firstLoad(fileURLToPath(new URL('./dist/app', import.meta.url)));
console.log(`members' home: ${Math.round(bytes / 1000)} kB of script at first (at most ${FIRST_LOAD_BUDGET / 1000})`);
if (bytes > FIRST_LOAD_BUDGET) throw new Error("The members' home has grown over its budget: load something of it later.");
