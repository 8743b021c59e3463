import type { Job } from '../../platform/jobs.ts';
import { expireLots } from './expiry.ts';

export const jobs: readonly Job[] = [
  { name: 'moments.expire', cron: '*/10 * * * *', missed: 'once', run: async (ctx) => void (await expireLots(ctx)) },
];
