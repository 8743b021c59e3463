import type { Job } from '../../platform/jobs.ts';
import { returnUnanswered, seatUnseated } from './desk-service.ts';

export const jobs: readonly Job[] = [
  { name: 'chat.return_unanswered', cron: '* * * * *', missed: 'once', overlaps: true, run: returnUnanswered },
  { name: 'chat.seat_unseated', cron: '* * * * *', missed: 'once', run: seatUnseated },
];
