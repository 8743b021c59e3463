/** `npm run reset`: deletes the local state, after making sure that nothing runs on it. */
import { existsSync, rmSync } from 'node:fs';
import { isLocked } from './lock.ts';

const state = process.env.HEARTHLINE_STATE || '.hearthline';
if (isLocked(state)) {
  console.error(`Hearthline is running on ${state}: stop it first.`);
  process.exitCode = 1;
} else {
  console.log(existsSync(state) ? `${state} is gone; npm start makes it afresh.` : `There is no ${state}; npm start makes it.`);
  rmSync(state, { recursive: true, force: true });
}
