/** The Worker's bindings in node, over the storage of a state folder whose Worker is not running. */
import { join } from 'node:path';
import { getPlatformProxy } from 'wrangler';
import type { Env } from '../../worker/env.ts';

/** `dispose` them when done. */
export const bindingsOf = (state: string) =>
  getPlatformProxy<Env>({
    configPath: 'wrangler.toml',
    environment: 'local',
    // The same folder that `wrangler dev --persist-to` makes.
    persist: { path: join(state, 'v3') },
  });
