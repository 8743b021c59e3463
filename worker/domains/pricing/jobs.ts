import type { Job } from '../../platform/jobs.ts';
import { tellUntold } from './moves.ts';

export const jobs: readonly Job[] = [{ name: 'pricing.post_moves', cron: '*/5 * * * *', missed: 'once', run: tellUntold }];
