/** The ledger's scheduled work. */
import type { Job } from '../../platform/jobs.ts';
import { finishLeftOpen } from './adjustments.ts';
import { drainOutboxes } from './outbox.ts';
import { proveFurther } from './proof.ts';
import { sealWhatIsDue } from './seals.ts';

export const jobs: readonly Job[] = [
  {
    name: 'balance.drain_outboxes',
    cron: '* * * * *',
    missed: 'once',
    overlaps: true,
    run: async (ctx) => void (await drainOutboxes(ctx)),
  },
  { name: 'balance.finish_adjustments', cron: '* * * * *', missed: 'once', run: finishLeftOpen },
  { name: 'balance.prove', cron: '*/5 * * * *', missed: 'once', run: (ctx) => proveFurther(ctx) },
  { name: 'balance.seal', cron: '*/10 * * * *', missed: 'once', run: sealWhatIsDue },
];
