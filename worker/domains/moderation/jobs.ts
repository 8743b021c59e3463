import type { Job } from '../../platform/jobs.ts';
import { openCases } from './service.ts';

export const jobs: readonly Job[] = [{ name: 'moderation.open_cases', cron: '* * * * *', missed: 'once', run: openCases }];
