/** Puts the demo data in: `node scripts/stack/seed.ts <state folder>`. Runs the services in node over the local databases. */
import { join } from 'node:path';
import { getPlatformProxy } from 'wrangler';
import { seedDemo } from '../../db/seed/demo.ts';
import type { Env } from '../../worker/env.ts';
import { contextOf } from '../../worker/platform/context.ts';

const [state = ''] = process.argv.slice(2);
const { env, dispose } = await getPlatformProxy<Env>({
  configPath: 'wrangler.toml',
  environment: 'local',
  // The same folder that `wrangler dev --persist-to` makes.
  persist: { path: join(state, 'v3') },
});
const pending: Promise<unknown>[] = [];
try {
  await seedDemo(contextOf(env, { now: Date.now(), requestId: 'seed', waitUntil: (work) => pending.push(work) }));
  await Promise.all(pending);
} finally {
  await dispose();
}
