import type { Job } from '../../platform/jobs.ts';
import { endBlockedCalls } from './service.ts';

export const jobs: readonly Job[] = [{ name: 'blocklist.end_calls', everyMinutes: 1, overlaps: true, run: (ctx) => endBlockedCalls(ctx) }];
