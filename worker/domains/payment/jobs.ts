import type { Job } from '../../platform/jobs.ts';
import { takeUpLeft } from './receiving.ts';
import { claimForSignUps } from './sign-ups.ts';

export const jobs: readonly Job[] = [
  { name: 'payment.take_up', cron: '* * * * *', missed: 'once', run: takeUpLeft },
  { name: 'payment.sign_ups', cron: '* * * * *', missed: 'once', run: claimForSignUps },
];
