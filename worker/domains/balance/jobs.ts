/**
 * The ledger's scheduled work. A job whose finding must not be fails, and goes on failing until it is mended: so staff are told,
 * also where nobody looks at the ledger.
 */
import type { Job } from '../../platform/jobs.ts';
import { finishLeftOpen } from './adjustments.ts';
import { drainOutboxes, mustNotBeParked } from './outbox.ts';
import { mustHold, proveFurther } from './proof.ts';
import { sealWhatIsDue } from './seals.ts';

export const jobs: readonly Job[] = [
  {
    name: 'balance.drain_outboxes',
    cron: '* * * * *',
    missed: 'once',
    overlaps: true,
    run: async (ctx) => {
      await drainOutboxes(ctx);
      await mustNotBeParked(ctx);
    },
  },
  { name: 'balance.finish_adjustments', cron: '* * * * *', missed: 'once', run: finishLeftOpen },
  {
    name: 'balance.prove',
    cron: '*/5 * * * *',
    missed: 'once',
    run: async (ctx) => {
      await proveFurther(ctx);
      await mustHold(ctx);
    },
  },
  { name: 'balance.seal', cron: '*/10 * * * *', missed: 'once', run: sealWhatIsDue },
];
