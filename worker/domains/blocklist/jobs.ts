import type { Job } from '../../platform/jobs.ts';
import { endBlockedCalls } from './service.ts';

export const jobs: readonly Job[] = [
  { name: 'blocklist.end_calls', cron: '* * * * *', missed: 'once', overlaps: true, run: (ctx) => endBlockedCalls(ctx) },
];
