/** Puts the demo data in: `node scripts/stack/seed.ts <state folder>`. Runs the services in node over the local databases. */

import { seedDemo } from '../../db/seed/demo.ts';
import { contextOf } from '../../worker/platform/context.ts';
import { bindingsOf } from './bindings.ts';

const [state = ''] = process.argv.slice(2);
const { env, dispose } = await bindingsOf(state);
const pending: Promise<unknown>[] = [];
try {
  await seedDemo(contextOf(env, { now: Date.now(), requestId: 'seed', waitUntil: (work) => pending.push(work) }));
  await Promise.all(pending);
} finally {
  await dispose();
}
