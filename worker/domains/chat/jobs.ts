import type { Job } from '../../platform/jobs.ts';
import { sweepMedia, tellDecided } from './media.ts';
import { tellBlocks } from './news.ts';
import { runOpenings } from './openings.ts';

export const jobs: readonly Job[] = [
  { name: 'chat.openings', cron: '* * * * *', missed: 'once', run: runOpenings },
  { name: 'chat.tell_blocks', cron: '* * * * *', missed: 'once', run: tellBlocks },
  { name: 'chat.tell_decided', cron: '* * * * *', missed: 'once', run: tellDecided },
  { name: 'chat.sweep_media', cron: '23 * * * *', missed: 'once', run: sweepMedia },
];
