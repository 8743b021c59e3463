import type { Job } from '../../platform/jobs.ts';
import { clearOldDeliveries } from './clearing.ts';
import { followPayments } from './receipts.ts';
import { takeUpLeft } from './receiving.ts';
import { reconcile } from './reconciliation.ts';
import { finishRefunds } from './refunding.ts';
import { settleOverdue } from './settling.ts';
import { claimForSignUps } from './sign-ups.ts';

export const jobs: readonly Job[] = [
  { name: 'payment.take_up', cron: '* * * * *', missed: 'once', run: takeUpLeft },
  { name: 'payment.sign_ups', cron: '* * * * *', missed: 'once', run: claimForSignUps },
  { name: 'payment.follow', cron: '* * * * *', missed: 'once', run: followPayments },
  { name: 'payment.settle', cron: '* * * * *', missed: 'once', run: settleOverdue },
  { name: 'payment.refund', cron: '* * * * *', missed: 'once', run: finishRefunds },
  { name: 'payment.reconcile', cron: '30 3 * * *', missed: 'once', run: reconcile },
  { name: 'payment.clear_deliveries', cron: '10 4 * * *', missed: 'once', run: clearOldDeliveries },
];
