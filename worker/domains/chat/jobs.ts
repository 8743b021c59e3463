import type { Job } from '../../platform/jobs.ts';
import { sweepMedia, tellDecided } from './media.ts';
import { tellBlocks } from './news.ts';
import { runOpenings } from './openings.ts';

export const jobs: readonly Job[] = [
  { name: 'chat.openings', everyMinutes: 1, run: runOpenings },
  { name: 'chat.tell_blocks', everyMinutes: 1, run: tellBlocks },
  { name: 'chat.tell_decided', everyMinutes: 1, run: tellDecided },
  { name: 'chat.sweep_media', everyMinutes: 60, run: sweepMedia },
];
