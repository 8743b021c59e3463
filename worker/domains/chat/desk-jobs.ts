import type { Job } from '../../platform/jobs.ts';
import { returnUnanswered, seatUnseated } from './desk-service.ts';

export const jobs: readonly Job[] = [
  { name: 'chat.return_unanswered', everyMinutes: 1, overlaps: true, run: returnUnanswered },
  { name: 'chat.seat_unseated', everyMinutes: 1, run: seatUnseated },
];
